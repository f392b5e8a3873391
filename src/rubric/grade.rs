use super::Levels;
use crate::{
    score::{Grade, Total, TraceLine, trace},
    text::Text,
};

/// The level that a figure reaches by the course's levels.
pub(super) fn grade(levels: &Levels, figure: Total) -> Grade {
    Grade {
        level: levels.reached(figure.low).map(|level| level.level),
        at_least: !figure.is_known(),
        passed: figure.low >= levels.pass_mark(),
    }
}

/// `92.5 ≥ 90`, under the level's name.
pub(super) fn level_line(levels: &Levels, figure: Total) -> TraceLine {
    let low = figure.low;
    let (title, formula) = match levels.reached(low) {
        Some(level) => (level.title.clone(), format!("{low} ≥ {}", level.from)),
        None => (levels.below.clone(), format!("{low} < {}", levels.pass_mark())),
    };
    let label = if figure.is_known() {
        Text::new(format!("수준: {}", title.ko), format!("Level: {}", title.en))
    } else {
        Text::new(format!("수준: 적어도 {}", title.ko), format!("Level: at least {}", title.en))
    };
    trace::line(label, formula, low)
}
