use unicode_width::UnicodeWidthChar;

use super::width;

/// The text in lines of at most so many columns, broken between words; a longer word is broken inside. Line breaks are kept.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrap_line(line, columns.max(2))).collect()
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let (mut lines, mut current) = (Vec::new(), String::new());
    for word in line.split(' ').flat_map(|word| pieces(word, columns)) {
        if !current.is_empty() && width(&current) + 1 + width(&word) > columns {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current += &word;
    }
    lines.push(current);
    lines
}

/// A word in pieces that fit a line.
pub(super) fn pieces(word: &str, columns: usize) -> Vec<String> {
    let (mut pieces, mut piece, mut used) = (Vec::new(), String::new(), 0);
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > columns {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        }
        piece.push(c);
        used += wide;
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{width, wrap};

    #[test]
    fn breaks_between_words_and_inside_long_ones() {
        assert_eq!(wrap("서비스의 준비된 백엔드가 없습니다", 16), ["서비스의 준비된", "백엔드가", "없습니다"]);
        assert_eq!(wrap("registry.example.com/shop/web", 12), ["registry.exa", "mple.com/sho", "p/web"]);
        assert_eq!(wrap("one\n\ntwo", 10), ["one", "", "two"]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(words in proptest::collection::vec("[a-z가-힣]{1,30}", 0..12), columns in 2_usize..40) {
            let text = words.join(" ");
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|l| width(l) <= columns));
            let joined = |s: &str| s.replace([' ', '\n'], "");
            prop_assert_eq!(joined(&lines.concat()), joined(&text));
        }
    }
}
