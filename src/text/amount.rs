use std::time::Duration;

use super::Text;
use crate::points::Points;

/// A length of time as a person says it, to the second: `12분 30초`, `12 min 30 s`.
#[must_use]
pub fn duration(length: Duration) -> Text {
    let secs = length.as_secs();
    let parts = [(secs / 3600, "시간", "h"), (secs / 60 % 60, "분", "min"), (secs % 60, "초", "s")];
    let said = |part: fn(&(u64, &str, &str)) -> String| {
        let parts: Vec<String> = parts.iter().filter(|(count, ..)| *count > 0).map(part).collect();
        parts.join(" ")
    };
    if secs == 0 {
        return Text::new("1초 미만", "under 1 s");
    }
    Text::new(said(|(count, ko, _)| format!("{count}{ko}")), said(|(count, _, en)| format!("{count} {en}")))
}

/// Points as a person says them: `15점`, `15 points`.
#[must_use]
pub fn points(points: Points) -> Text {
    let unit = if points == Points::whole(1) { "point" } else { "points" };
    Text::new(format!("{points}점"), format!("{points} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_points_read_naturally() {
        assert_eq!(duration(Duration::from_millis(400)), Text::new("1초 미만", "under 1 s"));
        assert_eq!(duration(Duration::from_secs(750)), Text::new("12분 30초", "12 min 30 s"));
        assert_eq!(duration(Duration::from_secs(3600)), Text::new("1시간", "1 h"));
        assert_eq!(points(Points::whole(1)), Text::new("1점", "1 point"));
        assert_eq!(points(Points::hundredths(750)), Text::new("7.5점", "7.5 points"));
    }
}
