use serde_json::json;

use super::table::{Section, Table};

impl Table {
    pub(super) fn lists(&mut self) {
        let lists = [
            "[]",
            "[1]",
            "[1, 2, 3]",
            "[3, 1, 2]",
            "[1, 1, 2]",
            "[9223372036854775807, 1]",
            "[1u, 2u]",
            "[1.5, -2.5]",
            "['a', 'b', 'b', 'c']",
            "['나', '가']",
            "[true, false]",
            "[false, true]",
            "[duration('1m'), duration('1s')]",
            "[timestamp('2026-01-01T00:00:00Z')]",
            "[b'a', b'b']",
            "[[1], [2]]",
            "[null]",
            "[{'a': 1}]",
            "[dyn(1), dyn(2.5)]",
            "[dyn(1), dyn('a')]",
            "[-9223372036854775807, -5]",
            "[0.1, 0.2, 0.3]",
        ];
        let calls = ["isSorted()", "sum()", "min()", "max()", "size()", "distinct()", "sort()", "reverse()", "flatten()"];
        for list in lists {
            for call in calls {
                if list.contains("dyn(1), dyn('a')") && matches!(call, "min()" | "max()" | "isSorted()") {
                    // Kubernetes passes over elements that do not compare.
                    continue;
                }
                let of_lists = list == "[]" || list.starts_with("[[") || list.starts_with("[dyn");
                let section = if call == "flatten()" && !of_lists { Section::Types } else { Section::Libraries };
                self.add(section, format!("{list}.{call}"), json!({}));
            }
            for item in ["1", "2", "'b'", "2.5", "true", "null", "[2]"] {
                self.library(format!("{list}.indexOf(dyn({item}))"));
                self.library(format!("{list}.lastIndexOf(dyn({item}))"));
                self.library(format!("dyn({item}) in {list}"));
            }
            for other in lists {
                for set in ["contains", "equivalent", "intersects"] {
                    self.library(format!("sets.{set}(dyn({list}), dyn({other}))"));
                }
            }
        }
        let by_name = json!({"list": [3, 1, 2, 2], "nothing": []});
        for call in [
            "sum()",
            "min()",
            "max()",
            "isSorted()",
            "indexOf(2)",
            "lastIndexOf(2)",
            "sort()",
            "sortBy(x, -x)",
            "slice(1, 3)",
            "slice(2, 9)",
            "join()",
        ] {
            self.add(Section::Libraries, format!("list.{call}"), by_name.clone());
            self.add(Section::Libraries, format!("nothing.{call}"), by_name.clone());
        }
        for range in ["0", "3"] {
            self.library(format!("lists.range({range})"));
        }
        self.add(Section::NewerCel, "lists.range(-1)", json!({}));
    }
}
