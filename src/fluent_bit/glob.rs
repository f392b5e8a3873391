//! Patterns with `*`, in time that grows with the product of the lengths at most.

/// Whether a pattern means a text; `*` stands for any characters, dots and slashes too, as in `Match`.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    found(pattern.as_bytes(), text.as_bytes(), |_| true)
}

/// The same for files: `*` stays within one folder.
pub(super) fn path_matches(pattern: &str, path: &str) -> bool {
    found(pattern.as_bytes(), path.as_bytes(), |byte| byte != b'/')
}

fn found(pattern: &[u8], text: &[u8], may_skip: impl Fn(u8) -> bool) -> bool {
    // Which lengths of the text the pattern so far can have eaten.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for &byte in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match byte {
                b'*' => reached[at] || (at > 0 && next[at - 1] && may_skip(text[at - 1])),
                _ => at > 0 && reached[at - 1] && text[at - 1] == byte,
            };
        }
        reached = next;
    }
    reached[text.len()]
}
