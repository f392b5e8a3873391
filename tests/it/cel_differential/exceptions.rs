use serde_json::json;

use super::table::{Section, Table};

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
