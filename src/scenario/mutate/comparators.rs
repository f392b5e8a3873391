use serde_json::{Value, json};

use super::{edits::Edits, mutant::short};

/// Values, and how many objects must have them.
impl Edits<'_> {
    pub fn field(&mut self, spec: &Value, at: &str) {
        self.quantifier(spec, at);
        if spec["of"] != "none" {
            self.comparator(&spec["is"], &format!("{at}/is"));
        }
    }

    pub fn comparator(&mut self, is: &Value, at: &str) {
        let Some((kind, spec)) = is.as_object().and_then(|fields| fields.iter().next()) else { return };
        match kind.as_str() {
            "int" | "quantity" => {
                self.bounds(spec, &format!("{at}/{kind}"));
                self.set("comparison-dropped", at, json!({"present": true}), short(is));
            }
            "image" => {
                let repository = !spec["repository"].is_null();
                if repository && spec["pinned"] == true {
                    self.switch_off("pin-ignored", spec, &format!("{at}/image"), "/pinned");
                    self.drop("repository-ignored", spec, &format!("{at}/image"), "/repository");
                }
                self.set("comparison-dropped", at, json!({"present": true}), short(is));
            }
            "present" => {}
            _ => self.set("comparison-dropped", at, json!({"present": true}), short(is)),
        }
    }

    /// Of two bounds each is dropped; a single one is turned round.
    pub fn bounds(&mut self, spec: &Value, at: &str) {
        match (&spec["min"], &spec["max"]) {
            (Value::Null, Value::Null) => {}
            (min, Value::Null) => self.set("bound-flipped", at, json!({"max": min}), short(spec)),
            (Value::Null, max) => self.set("bound-flipped", at, json!({"min": max}), short(spec)),
            _ => {
                self.drop("min-dropped", spec, at, "/min");
                self.drop("max-dropped", spec, at, "/max");
            }
        }
    }

    pub fn quantifier(&mut self, spec: &Value, at: &str) {
        let (on, of) = (&spec["on"], &spec["of"]);
        let single = !on["name"].is_null() || !on["baseline"].is_null();
        let place = format!("{at}/of");
        if of == "each" && !single {
            self.set("each-to-any", &place, json!("any"), String::new());
        } else if let Some(count) = of.get("count").filter(|count| !count["max"].is_null()) {
            if count["min"].as_u64().is_some_and(|min| min > 0) {
                self.set("min-dropped", &place, json!({"count": {"max": count["max"]}}), short(count));
            }
            self.set("max-dropped", &place, json!({"count": {"min": count["min"]}}), short(count));
        }
    }
}
