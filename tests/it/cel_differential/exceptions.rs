use serde_json::{Value, json};

use super::table::{Section, Table};

/// Whether an expression shows where the library that ours rests on answers otherwise.
pub(super) fn is_of_our_library(expression: &str, bindings: &Value) -> bool {
    match expression {
        "uint(text)" => bindings["text"] == "+1",
        "string(number)" => bindings["number"] == json!(1e21),
        "'%s'.format([{'가': 1}])"
        | "'%e'.format([1234.5])"
        | "string(1e308)"
        | "string(9007199254740993.0)"
        | "timestamp('2026-11-22T09:00:00+09:00').getHours()"
        | "has(object.spec.priority.value)"
        | "has(nothing.a)"
        | "has(object.kind.deeper)"
        | "has(object.metadata.generation.deeper)"
        | "{'a': 1, 'a': 2}" => true,
        _ => false,
    }
}

impl Table {
    pub(super) fn exceptions(&mut self) {
        for expression in
            ["quantity('500m') < quantity('1')", "quantity('1Gi') >= quantity('1G')", "quantity('100m') > 0.05", "quantity('2') <= 2"]
        {
            self.add(Section::OrderedQuantities, expression, json!({}));
        }
        self.add(Section::DocumentedSign, "quantity('-1').sign()", json!({}));
        self.add(Section::SumsOnTheRight, "quantity('3') == quantity('1').add(quantity('2'))", json!({}));
        for expression in
            ["1 == '1'", "[1, 'a'].size()", "{'a': 1, 'b': 'c'}.size()", "true || 1 + 'a' == 2", "quantity('1') == 1", "'a' in [1]"]
        {
            self.add(Section::Types, expression, json!({}));
        }
        for expression in [r"'한글'.matches('^\\w+$')", r"'한글 글'.find('\\w+')", r"'١'.find('\\d')", r"'한글'.findAll('\\b')"] {
            self.add(Section::Scripts, expression, json!({}));
        }
    }
}
