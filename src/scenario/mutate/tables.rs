use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    edit::{Change, Edit, escaped},
    edits::Edits,
};

/// What says the same of several things. It is weakened by what it means, not by the cell: nobody forgets the verb `watch` on Services in
/// one namespace of three, but a namespace, or that something must be denied there, is forgotten.
impl Edits<'_> {
    /// Rows that say the same of one namespace go together.
    pub fn access(&mut self, spec: &Value, at: &str) {
        self.classes(&spec["rows"], &format!("{at}/rows"), |row| {
            let place = row["namespace"].as_str().unwrap_or("the cluster");
            format!("{} in {place}", said(row))
        });
    }

    /// Rows that say the same of one way go together: from the same namespace, or address, to the same port of the same pods.
    pub fn reach(&mut self, spec: &Value, at: &str) {
        self.classes(&spec["rows"], &format!("{at}/rows"), |row| {
            let protocol = row["protocol"].as_str().unwrap_or("TCP");
            format!("{} from {} to {} {protocol}/{}", said(row), home(&row["from"]), end(&row["to"]), row["port"])
        });
    }

    fn classes(&mut self, rows: &Value, at: &str, class: impl Fn(&Value) -> String) {
        let rows = rows.as_array().map_or(&[] as &[Value], Vec::as_slice);
        let classes: Vec<String> = rows.iter().map(class).collect();
        let distinct: BTreeSet<&String> = classes.iter().collect();
        // The only class is the check itself.
        if distinct.len() < 2 {
            return;
        }
        for one in distinct {
            let of_it = classes.iter().enumerate().filter(|(_, class)| *class == one);
            let changes = of_it.map(|(number, _)| Change { pointer: format!("{at}/{number}"), instead: None }).collect();
            self.found.push(Edit { mutation: "rows-dropped", detail: one.clone(), changes });
        }
    }

    /// What is kept of subjects: an aspect is forgotten for all of them that one check keeps.
    pub fn kept_aspects(&mut self, assert: &Value) {
        let parts: Vec<(String, &Value)> = match (&assert["preserved"], assert["all"].as_array()) {
            (Value::Object(_), _) => vec![("/preserved".into(), &assert["preserved"])],
            (_, Some(parts)) => {
                let kept = parts.iter().enumerate().filter(|(_, part)| part["preserved"].is_object());
                kept.map(|(number, part)| (format!("/all/{number}/preserved"), &part["preserved"])).collect()
            }
            _ => return,
        };
        // A subject without pods has no containers to keep.
        let parts: Vec<_> = parts.into_iter().filter(|(_, spec)| self.has_pods(spec)).collect();
        for (mutation, aspect) in
            [("image-ignored", "image"), ("command-ignored", "command"), ("ports-ignored", "ports"), ("probes-ignored", "probes")]
        {
            let kept = parts.iter().filter(|(_, spec)| spec[aspect] == true);
            self.together(mutation, kept.map(|(at, _)| Change { pointer: format!("{at}/{aspect}"), instead: Some(json!(false)) }));
        }
        let counted = parts.iter().filter(|(_, spec)| self.is_scaled(spec) && spec["minReplicas"] != 0);
        let counted: Vec<_> = counted.map(|(at, _)| Change { pointer: format!("{at}/minReplicas"), instead: Some(json!(0)) }).collect();
        self.together("replicas-ignored", counted.into_iter());
    }

    fn together(&mut self, mutation: &'static str, changes: impl Iterator<Item = Change>) {
        let changes: Vec<Change> = changes.collect();
        if !changes.is_empty() {
            self.found.push(Edit { mutation, detail: String::new(), changes });
        }
    }

    fn has_pods(&self, spec: &Value) -> bool {
        ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"].contains(&self.kind_of(spec))
    }

    fn is_scaled(&self, spec: &Value) -> bool {
        !["DaemonSet", "Pod"].contains(&self.kind_of(spec))
    }

    fn kind_of(&self, spec: &Value) -> &str {
        let alias = spec["subject"].as_str().unwrap_or_default();
        let subject = self.baseline.iter().find(|subject| subject.alias == alias);
        subject.and_then(|subject| subject.on.bare_kind()).unwrap_or_default()
    }

    pub fn promql(&mut self, spec: &Value, at: &str) {
        let cases = ["fires", "silent"].map(|list| spec[list].as_array().map_or(0, Vec::len));
        for list in ["fires", "silent"] {
            self.drop_each("case-dropped", &spec[list], &format!("{at}/{list}"), if cases.iter().sum::<usize>() > 1 { 1 } else { 2 });
        }
        self.drop("alert-name-ignored", spec, at, "/alert");
        for name in spec["labels"].as_object().into_iter().flat_map(Map::keys) {
            self.push("label-ignored", format!("{at}/labels/{}", escaped(name)), None, name.clone());
        }
    }

    pub fn footprint(&mut self, spec: &Value, at: &str) {
        self.drop_each("subject-dropped", &spec["watch"], &format!("{at}/watch"), 2);
        for (number, allowance) in spec["allow"].as_array().into_iter().flatten().enumerate() {
            self.drop("fields-unbounded", allowance, &format!("{at}/allow/{number}"), "/fields");
        }
    }
}

fn said(row: &Value) -> &'static str {
    if row["allowed"] == true { "allowed" } else { "denied" }
}

/// The namespace of an end.
fn home(end: &Value) -> String {
    let place = end.pointer("/pods/namespace").or_else(|| end.pointer("/like/namespace")).or_else(|| end.get("address"));
    place.and_then(Value::as_str).unwrap_or("here").to_owned()
}

fn end(end: &Value) -> String {
    let name = |at: &str| end.pointer(at).and_then(Value::as_str);
    match name("/pods/name").or_else(|| name("/pods/baseline")) {
        Some(name) => format!("{}/{name}", home(end)),
        None => match end.pointer("/like/labels").and_then(Value::as_object) {
            Some(labels) => format!("{}/{}", home(end), labels.values().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
            None => home(end),
        },
    }
}
