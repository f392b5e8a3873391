use serde_json::{Value, json};

use super::{
    conjuncts,
    edit::{Change, Edit, escaped},
    mutant::short,
};
use crate::scenario::BaselineSpec;

/// Everything that can be weakened in an assertion, by the pointer below it.
pub(super) fn edits(written: &Value, baseline: &[BaselineSpec]) -> Vec<Edit> {
    let mut edits = Edits { baseline, found: Vec::new() };
    edits.kept_aspects(written);
    edits.assert(written, "");
    edits.found
}

pub(super) struct Edits<'a> {
    pub baseline: &'a [BaselineSpec],
    pub found: Vec<Edit>,
}

impl Edits<'_> {
    pub fn assert(&mut self, assert: &Value, at: &str) {
        let Some((kind, spec)) = assert.as_object().and_then(|fields| fields.iter().next()) else { return };
        let parent = at;
        let at = &format!("{at}/{kind}");
        match kind.as_str() {
            "all" => {
                self.drop_each("condition-dropped", spec, at, 2);
                self.any_instead(spec, parent);
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
            "endpoints" => self.endpoints(spec, at),
            "reach" => self.reach(spec, at),
            "access" => self.access(spec, at),
            "posture" => self.posture(spec, at),
            "config" => self.config(spec, at),
            "selects" => self.selects(spec, at),
            "parse" => self.parse(spec, at),
            "promql" => self.promql(spec, at),
            "probe" => self.probe(spec, at),
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
            "events" => self.events(spec, at),
            "history" => self.history(spec, at),
            "survives" => self.survives(spec, at),
            "autoscale" => self.autoscale(spec, at),
            "answer" => self.answer(spec, at),
            "artifact" => self.artifact(spec, at),
            "untouched" => self.drop_each("subject-dropped", &spec["subjects"], &format!("{at}/subjects"), 2),
            "footprint" => self.footprint(spec, at),
            // `absent` and `resolves` have nothing to spare, `manual` and `script` say nothing that could be weakened here, and what
            // `preserved` keeps is weakened for all subjects at once.
            _ => {}
        }
    }

    fn parts(&mut self, parts: &Value, at: &str) {
        for (number, part) in parts.as_array().into_iter().flatten().enumerate() {
            self.assert(part, &format!("{at}/{number}"));
        }
    }

    /// `any` where `all` is meant. Of a whole check only: inside of another part it is no more than a condition that is dropped.
    fn any_instead(&mut self, parts: &Value, at: &str) {
        if at.is_empty() && parts.as_array().is_some_and(|parts| parts.len() > 1) {
            let changes =
                vec![Change { pointer: "/any".into(), instead: Some(parts.clone()) }, Change { pointer: "/all".into(), instead: None }];
            self.found.push(Edit { mutation: "all-to-any", detail: String::new(), changes });
        }
    }

    fn exists(&mut self, spec: &Value, at: &str) {
        self.lower("min-dropped", spec, at, "/min");
        self.shape(spec, at);
    }

    pub fn shape(&mut self, spec: &Value, at: &str) {
        let mut leaves = Vec::new();
        leaves_of(&spec["like"], &format!("{at}/like"), &mut leaves);
        if let [_] = leaves.as_slice() {
            return self.drop("shape-dropped", spec, at, "/like");
        }
        for (pointer, value) in leaves {
            self.push("shape-dropped", pointer, None, short(value));
        }
    }

    pub fn expression(&mut self, part: &str, spec: &Value, at: &str) {
        let Some(text) = spec.pointer(part).and_then(Value::as_str) else { return };
        for weaker in conjuncts::weakened(text) {
            self.push(weaker.mutation, format!("{at}{part}"), Some(weaker.text.into()), short(&weaker.part.into()));
        }
    }

    fn endpoints(&mut self, spec: &Value, at: &str) {
        self.lower("min-dropped", spec, at, "/min");
        self.switch_off("template-ignored", spec, at, "/fromTemplate");
    }

    fn posture(&mut self, spec: &Value, at: &str) {
        if spec["pack"] == "restricted" {
            self.set("pack-lowered", &format!("{at}/pack"), json!("baseline"), String::new());
        }
        self.drop_each("label-ignored", &spec["labels"], &format!("{at}/labels"), 2);
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

    fn probe(&mut self, spec: &Value, at: &str) {
        for (name, part) in [("status-ignored", "/expect/status"), ("body-ignored", "/expect/body")] {
            self.drop(name, spec, at, part);
        }
        self.replace("failure-unspecified", spec, at, "/expect/failure", "any");
    }

    /// Drops each item of a list of at least so many.
    pub fn drop_each(&mut self, mutation: &'static str, list: &Value, at: &str, least: usize) {
        let items = list.as_array().map_or(&[] as &[Value], Vec::as_slice);
        if items.len() >= least {
            for (number, item) in items.iter().enumerate() {
                self.push(mutation, format!("{at}/{number}"), None, short(item));
            }
        }
    }

    pub fn drop(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str) {
        if let Some(value) = spec.pointer(part).filter(|value| !value.is_null()) {
            self.push(mutation, format!("{at}{part}"), None, short(value));
        }
    }

    /// Asks for one where more were asked for.
    pub fn lower(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str) {
        if let Some(value) = spec.pointer(part).filter(|value| value.as_u64().is_some_and(|min| min > 1)) {
            self.set(mutation, &format!("{at}{part}"), json!(1), short(value));
        }
    }

    pub fn switch_off(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str) {
        if spec.pointer(part) == Some(&Value::Bool(true)) {
            self.set(mutation, &format!("{at}{part}"), json!(false), String::new());
        }
    }

    fn replace(&mut self, mutation: &'static str, spec: &Value, at: &str, part: &str, instead: &str) {
        if let Some(value) = spec.pointer(part).filter(|value| value.is_string() && *value != instead) {
            self.set(mutation, &format!("{at}{part}"), json!(instead), short(value));
        }
    }

    pub fn set(&mut self, mutation: &'static str, pointer: &str, instead: Value, detail: String) {
        self.push(mutation, pointer.to_owned(), Some(instead), detail);
    }

    pub fn push(&mut self, mutation: &'static str, pointer: String, instead: Option<Value>, detail: String) {
        self.found.push(Edit { mutation, detail, changes: vec![Change { pointer, instead }] });
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
