use serde_json::json;

use super::table::{Section, Table, quoted};

impl Table {
    pub(super) fn texts(&mut self) {
        let texts = [
            "",
            "abc",
            "한글",
            "각",
            "\u{1112}\u{1161}\u{11ab}글",
            "a가b나",
            "e\u{301}e",
            "👩\u{200d}👩\u{200d}👧",
            "  앞뒤\t",
            "ＦＵＬＬ",
            "a.b.c",
            "Straße",
            "\"'\\",
        ];
        for text in texts {
            let of_one = [
                "size($)",
                "$.size()",
                "$.charAt(0)",
                "$.charAt(1)",
                "$.charAt(9)",
                "$.lowerAscii()",
                "$.upperAscii()",
                "$.trim()",
                "$.split('')",
                "$.split('.')",
                "$.substring(1)",
                "$.substring(0, 2)",
                "$.substring(2, 1)",
                "$.replace('a', '가')",
                "$.replace('', '-')",
                "$.replace('b', '', 1)",
                "$ + '끝'",
                "bytes($).size()",
                "string(bytes($))",
                "$ < '나'",
                "strings.quote($)",
                "$.split('', 2)",
                "$.substring(-1)",
                "string($)",
                "type($)== string",
            ];
            self.over(text, &of_one);
            for other in ["", "a", "가", "글", "\u{1161}", "b", "ab"] {
                for call in ["contains", "startsWith", "endsWith", "indexOf", "lastIndexOf"] {
                    self.library(format!("{}.{call}({})", quoted(text), quoted(other)));
                }
                let section = if text.chars().count() > 1 { Section::Libraries } else { Section::NewerCel };
                self.add(section, format!("{}.indexOf({}, 1)", quoted(text), quoted(other)), json!({}));
            }
        }
        for letters in 0..200 {
            let text = self.dice.text("가나다a b\u{1112}\u{1161}👧.", 8);
            let (from, to) = (letters % 5, letters % 7);
            for call in [format!("substring({from}, {to})"), format!("charAt({to})"), "size()".into(), "split(' ')".into()] {
                self.add(Section::Language, format!("text.{call}"), json!({"text": text}));
            }
            let section = if from < text.chars().count() { Section::Language } else { Section::NewerCel };
            self.add(section, format!("text.indexOf('a', {from})"), json!({"text": text}));
        }
        for format in [
            "'%s 개'.format(['세'])",
            "'%d'.format([3])",
            "'%.2f'.format([1.5])",
            "'%s'.format([[1, 2]])",
            "'%s'.format([{'가': 1}])",
            "'%x'.format([255])",
            "'%d'.format(['a'])",
            "'%s'.format([])",
            "'%%'.format([])",
            "['가', '나'].join('/')",
            "[1].join()",
            "'%s %s'.format(['a', true])",
            "'%e'.format([1234.5])",
            "'%b'.format([5])",
        ] {
            self.language(format);
        }
    }
}
