use serde_json::json;

use super::table::{Section, Table};

impl Table {
    pub(super) fn numbers(&mut self) {
        let numbers = [
            "0",
            "1",
            "-1",
            "2",
            "7",
            "-7",
            "9223372036854775807",
            "-9223372036854775807",
            "(-9223372036854775807 - 1)",
            "4294967296",
            "0u",
            "1u",
            "7u",
            "18446744073709551615u",
            "0.0",
            "1.0",
            "-1.5",
            "0.1",
            "1e308",
            "9007199254740993",
            "9007199254740993.0",
        ];
        for one in numbers {
            for other in numbers {
                let same_kind = |text: &str| (text.contains('.') || text.contains('e'), text.ends_with('u'));
                for operator in ["==", "!=", "<", "<=", ">", ">="] {
                    if self.dice.up_to(2) == 0 {
                        self.language(format!("dyn({one}) {operator} dyn({other})"));
                    }
                }
                if same_kind(one) == same_kind(other) {
                    for operator in ["+", "-", "*", "/"] {
                        self.language(format!("{one} {operator} {other}"));
                    }
                    if !one.contains('.') && !one.contains('e') {
                        self.language(format!("{one} % {other}"));
                    }
                }
            }
            for conversion in ["int", "uint", "double", "string", "type", "-"] {
                self.language(format!("{conversion}({one})"));
            }
        }
        for text in ["1", "-1", "1.5", "", "a", "9223372036854775808", "+1", " 1", "1e3", "0x10", "true", "１"] {
            for conversion in ["int", "uint", "double", "bool", "duration", "timestamp"] {
                self.add(Section::Language, format!("{conversion}(text)"), json!({"text": text}));
            }
        }
        for number in
            [json!(0), json!(3), json!(-3), json!(i64::MAX), json!(i64::MIN), json!(u64::MAX), json!(0.5), json!(2.0), json!(1e21)]
        {
            for expression in [
                "number",
                "type(number)",
                "number == 3",
                "number + 1",
                "number * 2",
                "number / 2",
                "number > 0.4",
                "number < 4",
                "string(number)",
                "int(number)",
            ] {
                self.add(Section::Language, expression, json!({"number": number}));
            }
        }
        for time in [
            "duration('1h30m')",
            "duration('90s')",
            "duration('-1.5s')",
            "timestamp('2026-11-22T09:00:00Z')",
            "timestamp('2026-11-22T09:00:00+09:00')",
        ] {
            for rest in [
                "",
                " + duration('1s')",
                " - duration('1s')",
                ".getHours()",
                ".getMinutes()",
                ".getSeconds()",
                " < duration('2h')",
                ".getFullYear()",
                ".getDayOfWeek()",
            ] {
                self.language(format!("{time}{rest}"));
            }
        }
    }
}
