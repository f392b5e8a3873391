use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text takes on a terminal: Hangul takes two, colour codes none.
#[must_use]
pub fn width(text: &str) -> usize {
    visible(text).map(UnicodeWidthStr::width).sum()
}

/// The text with spaces after it, so that it takes at least so many columns.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces before it, so that it takes at least so many columns.
#[must_use]
pub fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text without colour codes, cut to at most so many columns; `…` shows that something is missing.
#[must_use]
pub fn truncate(text: &str, columns: usize) -> String {
    let plain: String = visible(text).collect();
    if width(&plain) <= columns {
        return plain;
    }
    let (mut cut, mut used) = (String::new(), 0);
    for c in plain.chars() {
        used += c.width().unwrap_or(0);
        if used > columns.saturating_sub(1) {
            break;
        }
        cut.push(c);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// The pieces of a text between its colour codes.
fn visible(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split("\x1b[").enumerate();
    pieces.map(|(n, piece)| if n == 0 { piece } else { piece.split_once('m').map_or(piece, |(_, rest)| rest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_takes_two_columns_and_colour_none() {
        assert_eq!(width("서비스 web"), 10);
        assert_eq!(width("\x1b[32m통과\x1b[0m"), 4);
        assert_eq!(pad("통과", 6), "통과  ");
        assert_eq!(pad_left("통과", 6), "  통과");
    }

    #[test]
    fn a_cut_text_never_takes_more_than_its_columns() {
        assert_eq!(truncate("엔드포인트", 10), "엔드포인트");
        assert_eq!(truncate("엔드포인트", 9), "엔드포인…");
        assert_eq!(truncate("엔드포인트", 8), "엔드포…");
        assert_eq!(truncate("web", 0), "");
        for columns in 1..12 {
            assert!(width(&truncate("엔드포인트 없는 서비스", columns)) <= columns);
        }
    }
}
