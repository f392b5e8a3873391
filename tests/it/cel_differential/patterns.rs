use serde_json::json;

use super::table::{Section, Table, quoted};

impl Table {
    pub(super) fn patterns(&mut self) {
        let texts = ["", "abc 123", "123 abc 456", "가나다 가나", "각\u{1100}\u{1161}", "a\nb", "aaa", "A-b_c.d", "app-7d9f8c6b5-x2x4q"];
        let patterns = [
            "[0-9]*",
            "[0-9]+",
            "xyz",
            "",
            "a*",
            "a+?",
            "(a|b)+",
            "^a",
            "b$",
            "(?m)^b",
            ".",
            "가.",
            "[가-힣]+",
            "(?i)A",
            "[[:alpha:]]+",
            "\\pL+",
            "[^a-z]",
            "(",
            "[",
            "a{2}",
            "a{,2}",
            "(?P<n>a)(b)?",
            "\\.",
            "-[a-z0-9]+-[a-z0-9]{5}$",
            "x|",
            "(?s).+",
            "a??",
            "\\x61",
            "*",
            "(?!a)",
            "\\1",
        ];
        for text in texts {
            for pattern in patterns {
                let section = if pattern == "a{,2}" { Section::OpenRepetitions } else { Section::Libraries };
                let (text, pattern) = (quoted(text), quoted(pattern));
                for call in ["find(@)", "findAll(@)", "findAll(@, 2)", "matches(@)"] {
                    self.add(section, format!("{text}.{}", call.replace('@', &pattern)), json!({}));
                }
            }
            for most in ["0", "-1", "1", "9223372036854775807"] {
                self.library(format!("{}.findAll('[a-z가-힣]', {most})", quoted(text)));
            }
        }
    }
}
