//! Expressions made weaker, as texts: without one of the conditions that `&&` joins, or with `exists` in place of `all`.

use crate::cel::Expression;

/// A weaker expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weaker {
    pub mutation: &'static str,
    pub text: String,
    /// What was taken out or replaced.
    pub part: String,
}

/// Every expression that is weaker in one place. Below a `!`, where weaker parts make the whole stronger, nothing is changed.
pub(super) fn weakened(text: &str) -> Vec<Weaker> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, operands: Vec::new(), macros: Vec::new() };
    scan.group(false);
    let cut = |from: usize, to: usize, instead: &str| format!("{}{instead}{}", &text[..from], &text[to..]);
    let dropped = scan.operands.iter().map(|(from, to)| Weaker {
        mutation: "condition-dropped",
        text: cut(*from, *to, "true"),
        part: text[*from..*to].trim().to_owned(),
    });
    let loosened = scan.macros.iter().map(|at| Weaker {
        mutation: "all-to-exists",
        text: cut(*at, at + ALL.len(), ".exists("),
        part: text[*at..].chars().take(60).collect(),
    });
    let guards = |weaker: &Weaker| weaker.mutation == "condition-dropped" && (is_guard(&weaker.part) || is_key_guard(&weaker.part, text));
    dropped.chain(loosened).filter(|weaker| !guards(weaker) && Expression::compile(&weaker.text).is_ok()).collect()
}

const ALL: &str = ".all(";

/// Whether a condition only keeps another from reading what is not there.
fn is_guard(part: &str) -> bool {
    (part.starts_with("has(") && part.ends_with(')')) || part.ends_with("!= null") || part.ends_with(".hasValue()")
}

/// Whether a condition says that a map has a key which the expression goes on to read.
fn is_key_guard(part: &str, text: &str) -> bool {
    let Some((key, map)) = part.split_once(" in ") else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "()[]&|".contains(c));
    let field = key.trim_matches('\'');
    plain(key) && plain(map) && (text.contains(&format!("{map}[{key}]")) || (field != key && text.contains(&format!("{map}.{field}"))))
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// From where to where an operand of `&&` goes.
    operands: Vec<(usize, usize)>,
    /// Where `.all(` stands.
    macros: Vec<usize>,
}

impl Scan<'_> {
    /// Reads up to the bracket that ends the group. What is negated is read and not noted.
    fn group(&mut self, negated: bool) {
        let (mut chain, mut from) = (Vec::new(), self.at);
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'\'' | b'"' => self.string(byte),
                b'(' | b'[' | b'{' => {
                    let start = self.at + 1;
                    let below = negated || self.is_negated();
                    if !below && self.bytes[..start].ends_with(ALL.as_bytes()) {
                        self.macros.push(start - ALL.len());
                    }
                    self.at = start;
                    self.group(below);
                }
                b')' | b']' | b'}' => break,
                b'&' if self.bytes.get(self.at + 1) == Some(&b'&') => {
                    chain.push((from, self.at));
                    self.at += 2;
                    from = self.at;
                }
                b'|' if self.bytes.get(self.at + 1) == Some(&b'|') => {
                    self.note(&mut chain, (from, self.at), negated);
                    self.at += 2;
                    from = self.at;
                }
                // `.?` and `[?` read what may not be there.
                b'?' if !matches!(self.at.checked_sub(1).map(|before| self.bytes[before]), Some(b'.' | b'[')) => {
                    self.note(&mut chain, (from, self.at), negated);
                    self.at += 1;
                    from = self.at;
                }
                b',' | b':' => {
                    self.note(&mut chain, (from, self.at), negated);
                    self.at += 1;
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        let end = self.at;
        self.note(&mut chain, (from, end), negated);
        self.at += 1;
    }

    /// The end of a chain of operands: they count when there are several.
    fn note(&mut self, chain: &mut Vec<(usize, usize)>, last: (usize, usize), negated: bool) {
        if !chain.is_empty() && !negated {
            self.operands.append(chain);
            self.operands.push(last);
        }
        chain.clear();
        // Spaces stay where they are.
        for (from, to) in &mut self.operands {
            while *from < *to && self.bytes[*from].is_ascii_whitespace() {
                *from += 1;
            }
            while *to > *from && self.bytes[*to - 1].is_ascii_whitespace() {
                *to -= 1;
            }
        }
    }

    /// Whether what the bracket here belongs to has a `!` before it: `!(a)`, `!x.exists(…)`.
    fn is_negated(&self) -> bool {
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.?".contains(byte);
        let before = self.bytes[..self.at].iter().rposition(|byte| !word(byte));
        before.is_some_and(|at| self.bytes[at] == b'!')
    }

    fn string(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == quote {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::weakened;

    fn texts(text: &str) -> Vec<String> {
        weakened(text).into_iter().map(|weaker| weaker.text).collect()
    }

    #[test]
    fn each_condition_is_dropped_once_wherever_it_stands() {
        assert_eq!(texts("a == 1 && b == ' && '"), ["true && b == ' && '", "a == 1 && true"]);
        assert_eq!(
            texts("xs.all(x, x.a && x.b == '한')"),
            ["xs.all(x, true && x.b == '한')", "xs.all(x, x.a && true)", "xs.exists(x, x.a && x.b == '한')"]
        );
        assert_eq!(texts("a || b && c"), ["a || true && c", "a || b && true"]);
        assert_eq!(texts("a.?b.orValue(1) == 1"), [""; 0]);
    }

    #[test]
    fn what_would_make_it_stronger_or_only_guards_is_left_alone() {
        assert_eq!(texts("!(a && b)"), [""; 0]);
        assert_eq!(texts("!xs.exists(x, x.a && x.b)"), [""; 0]);
        assert_eq!(texts("x.y != null && x.y > 1"), ["x.y != null && true"]);
        assert_eq!(texts("'cpu' in c.limits && c.limits.cpu == '1'"), ["'cpu' in c.limits && true"]);
        assert_eq!(texts("k in m && m[k] == '1'"), ["k in m && true"]);
        assert_eq!(texts("k in m && n == '1'").len(), 2, "nothing is read by it");
    }
}
