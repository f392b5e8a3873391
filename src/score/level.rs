use crate::{points::Points, scenario::Level};

/// The points that pass a scenario.
pub const PASS_MARK: Points = Points::whole(60);

/// The level that so many points reach; thresholds are inclusive.
#[must_use]
pub fn level_of(points: Points) -> Option<Level> {
    [Level::Advanced, Level::Intermediate, Level::Beginner].into_iter().find(|level| points >= threshold(*level))
}

/// The points from which a level is reached.
pub(super) const fn threshold(level: Level) -> Points {
    match level {
        Level::Beginner => PASS_MARK,
        Level::Intermediate => Points::whole(75),
        Level::Advanced => Points::whole(90),
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, Points, level_of};

    #[test]
    fn thresholds_are_inclusive() {
        for (hundredths, level) in [
            (0, None),
            (5999, None),
            (6000, Some(Level::Beginner)),
            (7499, Some(Level::Beginner)),
            (7500, Some(Level::Intermediate)),
            (8999, Some(Level::Intermediate)),
            (9000, Some(Level::Advanced)),
            (11500, Some(Level::Advanced)),
        ] {
            assert_eq!(level_of(Points::hundredths(hundredths)), level, "{hundredths}");
        }
    }
}
