use serde_json::{Map, Value, json};

use super::{
    conjuncts,
    edit::{Edit, escaped},
    mutant::short,
};
use crate::scenario::BaselineSpec;

/// Everything that can be weakened in an assertion, by the pointer below it.
pub(super) fn edits(written: &Value, baseline: &[BaselineSpec]) -> Vec<Edit> {
    let mut edits = Edits { baseline, found: Vec::new() };
    edits.assert(written, "");
    edits.found
}

struct Edits<'a> {
    baseline: &'a [BaselineSpec],
    found: Vec<Edit>,
}

impl Edits<'_> {
    fn assert(&mut self, assert: &Value, at: &str) {
        let Some((kind, spec)) = assert.as_object().and_then(|fields| fields.iter().next()) else { return };
        let at = &format!("{at}/{kind}");
        match kind.as_str() {
            "all" => {
                self.drop_each("condition-dropped", spec, at, 2);
                self.parts(spec, at);
            }
            "any" => self.parts(spec, at),
            // Weaker parts would make it stronger.
            "none" => self.drop_each("condition-dropped", spec, at, 2),
            "atLeast" => {
                if let Some(count) = spec["count"].as_u64().filter(|count| *count > 1) {
                    self.set("count-lowered", &format!("{at}/count"), json!(count - 1), short(&spec["count"]));
                }
                self.parts(&spec["of"], &format!("{at}/of"));
            }
            "exists" => self.exists(spec, at),
            "field" => self.field(spec, at),
            "expr" => self.expression("/that", spec, at),
            "condition" => {
                self.quantifier(spec, at);
                self.drop("reason-ignored", spec, at, "/reason");
            }
            "rollout" => {
                self.lower("min-dropped", spec, at, "/min");
                self.drop("steadiness-ignored", spec, at, "/steadyFor");
            }
            "endpoints" => self.lower("min-dropped", spec, at, "/min"),
            "reach" | "access" => self.drop_each("row-dropped", &spec["rows"], &format!("{at}/rows"), 2),
            "config" => self.config(spec, at),
            "selects" => self.selects(spec, at),
            "parse" => self.parse(spec, at),
            "promql" => self.promql(spec, at),
            "probe" => {
                for (name, part) in [("status-ignored", "/expect/status"), ("body-ignored", "/expect/body")] {
                    self.drop(name, spec, at, part);
                }
                self.replace("failure-unspecified", spec, at, "/expect/failure", "any");
            }
            "logs" => {
                self.lower("min-dropped", spec, at, "/min");
                self.replace("pattern-ignored", spec, at, "/matches", ".");
            }
            "exec" => self.drop("output-ignored", spec, at, "/prints"),
            "admits" => self.drop("refusal-ignored", spec, at, "/because"),
            "disruption" => {
                self.bounds(&spec["keeps"], &format!("{at}/keeps"));
                self.drop("budget-ignored", spec, at, "/keeps");
            }
            "preserved" => self.preserved(spec, at),
            "untouched" => self.drop_each("subject-dropped", &spec["subjects"], &format!("{at}/subjects"), 2),
            // `absent` and `resolves` have nothing to spare, and what autoscaling does is not seen at one moment.
            _ => {}
        }
    }

    fn parts(&mut self, parts: &Value, at: &str) {
        for (number, part) in parts.as_array().into_iter().flatten().enumerate() {
            self.assert(part, &format!("{at}/{number}"));
        }
    }

    fn exists(&mut self, spec: &Value, at: &str) {
        self.lower("min-dropped", spec, at, "/min");
        let mut leaves = Vec::new();
        leaves_of(&spec["like"], &format!("{at}/like"), &mut leaves);
        if let [_] = leaves.as_slice() {
            return self.drop("shape-dropped", spec, at, "/like");
        }
        for (pointer, value) in leaves {
            self.push("shape-dropped", pointer, None, short(value));
        }
    }

    fn field(&mut self, spec: &Value, at: &str) {
        self.quantifier(spec, at);
        if spec["of"] != "none" {
            self.comparator(&spec["is"], &format!("{at}/is"));
        }
    }

    fn comparator(&mut self, is: &Value, at: &str) {
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
    fn bounds(&mut self, spec: &Value, at: &str) {
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

    fn quantifier(&mut self, spec: &Value, at: &str) {
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

    fn expression(&mut self, part: &str, spec: &Value, at: &str) {
        let Some(text) = spec.pointer(part).and_then(Value::as_str) else { return };
        for weaker in conjuncts::weakened(text) {
            self.push(weaker.mutation, format!("{at}{part}"), Some(weaker.text.into()), short(&weaker.part.into()));
        }
    }

    fn config(&mut self, spec: &Value, at: &str) {
        for (name, comparator) in spec["env"].as_object().into_iter().flatten() {
            let place = format!("{at}/env/{}", escaped(name));
            self.push("variable-dropped", place.clone(), None, name.clone());
            self.comparator(comparator, &place);
        }
    }

    fn selects(&mut self, spec: &Value, at: &str) {
        let (objects, canary) = (spec["objects"].as_array().map_or(0, Vec::len), !spec["canary"].is_null());
        self.drop_each("object-dropped", &spec["objects"], &format!("{at}/objects"), if canary { 1 } else { 2 });
        if objects > 0 {
            self.drop("canary-dropped", spec, at, "/canary");
        }
    }

    fn parse(&mut self, spec: &Value, at: &str) {
        self.expression("/that", spec, at);
        if spec["that"] != "true" {
            self.set("content-ignored", &format!("{at}/that"), json!("true"), short(&spec["that"]));
        }
        self.drop("hosts-ignored", spec, at, "/hosts");
        self.switch_off("freshness-ignored", spec, at, "/mounted/fresh");
        self.lower("min-dropped", spec, at, "/mounted/min");
    }

    fn promql(&mut self, spec: &Value, at: &str) {
        let cases = ["fires", "silent"].map(|list| spec[list].as_array().map_or(0, Vec::len));
        for list in ["fires", "silent"] {
            self.drop_each("case-dropped", &spec[list], &format!("{at}/{list}"), if cases.iter().sum::<usize>() > 1 { 1 } else { 2 });
        }
        self.drop("alert-name-ignored", spec, at, "/alert");
        for name in spec["labels"].as_object().into_iter().flat_map(Map::keys) {
            self.push("label-ignored", format!("{at}/labels/{}", escaped(name)), None, name.clone());
        }
    }

    /// A subject without pods has no containers to keep.
    fn preserved(&mut self, spec: &Value, at: &str) {
        let alias = spec["subject"].as_str().unwrap_or_default();
        let subject = self.baseline.iter().find(|subject| subject.alias == alias);
        let kind = subject.and_then(|subject| subject.on.bare_kind()).unwrap_or_default();
        if !["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"].contains(&kind) {
            return;
        }
        for (name, part) in
            [("image-ignored", "/image"), ("command-ignored", "/command"), ("ports-ignored", "/ports"), ("probes-ignored", "/probes")]
        {
            self.switch_off(name, spec, at, part);
        }
        if !["DaemonSet", "Pod"].contains(&kind) && spec["minReplicas"] != 0 {
            self.set("replicas-ignored", &format!("{at}/minReplicas"), json!(0), String::new());
        }
    }

    /// Drops each item of a list of at least so many.
    fn drop_each(&mut self, mutation: &'static str, list: &Value, at: &str, least: usize) {
        let items = list.as_array().map_or(&[] as &[Value], Vec::as_slice);
        if items.len() >= least {
            for (number, item) in items.iter().enumerate() {
                self.push(mutation, format!("{at}/{number}"), None, short(item));
            }
        }
    }

    fn drop(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str) {
        if let Some(value) = spec.pointer(part).filter(|value| !value.is_null()) {
            self.push(mutation, format!("{at}{part}"), None, short(value));
        }
    }

    /// Asks for one where more were asked for.
    fn lower(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str) {
        if let Some(value) = spec.pointer(part).filter(|value| value.as_u64().is_some_and(|min| min > 1)) {
            self.set(mutation, &format!("{at}{part}"), json!(1), short(value));
        }
    }

    fn switch_off(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str) {
        if spec.pointer(part) == Some(&Value::Bool(true)) {
            self.set(mutation, &format!("{at}{part}"), json!(false), String::new());
        }
    }

    fn replace(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str, instead: &str) {
        if let Some(value) = spec.pointer(part).filter(|value| value.is_string() && *value != instead) {
            self.set(mutation, &format!("{at}{part}"), json!(instead), short(value));
        }
    }

    fn set(&mut self, mutation: &'static str, pointer: &str, instead: Value, detail: String) {
        self.push(mutation, pointer.to_owned(), Some(instead), detail);
    }

    fn push(&mut self, mutation: &'static str, pointer: String, instead: Option<Value>, detail: String) {
        self.found.push(Edit { mutation, detail, pointer, instead });
    }
}

/// The single values of a shape with their pointers.
fn leaves_of<'a>(shape: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    match shape {
        Value::Null => {}
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(key, value)| leaves_of(value, &format!("{at}/{}", escaped(key)), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(number, item)| leaves_of(item, &format!("{at}/{number}"), found));
        }
        leaf => found.push((at.to_owned(), leaf)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::edits;

    fn named(assert: Value) -> Vec<(&'static str, String)> {
        let baseline: Vec<_> = serde_json::from_value(json!([{"alias": "web", "on": {"kind": "Deployment", "name": "web"}}])).unwrap();
        edits(&assert, &baseline).into_iter().map(|edit| (edit.mutation, edit.pointer)).collect()
    }

    #[test]
    fn each_kind_has_its_own_small_mutations() {
        let on = json!({"kind": "Pod"});
        let field = json!({"field": {"on": on, "of": "each", "path": "$.a", "is": {"int": {"min": 2, "max": 5}}}});
        assert_eq!(
            named(json!({"all": [field, {"exists": {"on": on, "min": 1}}]})),
            [
                ("condition-dropped", "/all/0".to_owned()),
                ("condition-dropped", "/all/1".into()),
                ("each-to-any", "/all/0/field/of".into()),
                ("min-dropped", "/all/0/field/is/int/min".into()),
                ("max-dropped", "/all/0/field/is/int/max".into()),
                ("comparison-dropped", "/all/0/field/is".into()),
            ],
            "a minimum of one has nothing to spare"
        );
        let names = |assert| named(assert).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let preserved = json!({"preserved": {"subject": "web", "image": true, "command": false, "ports": true, "probes": false}});
        assert_eq!(names(preserved), ["image-ignored", "ports-ignored", "replicas-ignored"]);
        let shape = json!({"exists": {"on": on, "like": {"spec": {"type": "NodePort", "ports": [{"port": 80}]}}}});
        assert_eq!(names(shape), ["shape-dropped"; 2]);
        assert_eq!(names(json!({"reach": {"rows": [{"port": 1}]}})), [""; 0], "its only row is the check itself");
    }
}
