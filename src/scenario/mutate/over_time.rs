use serde_json::{Value, json};

use super::{edits::Edits, mutant::short};

/// What has happened, what is tried out, and what a learner says or hands in.
impl Edits<'_> {
    /// Events that must not be there are looked for with everything that narrows them; without it the check would be stronger.
    pub fn events(&mut self, spec: &Value, at: &str) {
        if !spec["times"]["max"].is_null() {
            return;
        }
        for (mutation, part) in [("reason-ignored", "/reason"), ("type-ignored", "/type"), ("pattern-ignored", "/matches")] {
            self.drop(mutation, spec, at, part);
        }
        if spec["since"].get("start").is_none() {
            self.set("moment-ignored", &format!("{at}/since"), json!({"start": {}}), short(&spec["since"]));
        }
        self.lower("min-dropped", spec, at, "/times/min");
    }

    pub fn history(&mut self, spec: &Value, at: &str) {
        self.drop_each("subject-dropped", &spec["kept"], &format!("{at}/kept"), 2);
        self.lower("min-dropped", spec, at, "/neverBelow/available");
    }

    pub fn survives(&mut self, spec: &Value, at: &str) {
        self.drop_each("disturbance-dropped", &spec["after"], &format!("{at}/after"), 2);
        self.assert(&spec["then"], &format!("{at}/then"));
    }

    pub fn autoscale(&mut self, spec: &Value, at: &str) {
        self.drop("turns-ignored", spec, at, "/turns");
        let phases = spec["phases"].as_array().map_or(&[] as &[Value], Vec::as_slice);
        for (number, phase) in phases.iter().enumerate() {
            let place = format!("{at}/phases/{number}");
            for (mutation, part) in [
                ("ready-ignored", "/ready"),
                ("saturation-ignored", "/saturated"),
                ("state-ignored", "/until"),
                ("unrest-ignored", "/steady"),
            ] {
                self.drop(mutation, phase, &place, part);
            }
        }
    }

    /// Any answer that is well-formed will do, or one that misses a bound.
    pub fn answer(&mut self, spec: &Value, at: &str) {
        let right = &spec["right"];
        for kind in ["int", "quantity"] {
            self.bounds(&right[kind], &format!("{at}/right/{kind}"));
        }
        if let Some(options) = right["choice"]["options"].as_array() {
            let ids: Vec<&Value> = options.iter().map(|option| &option["id"]).collect();
            self.set("answer-ignored", &format!("{at}/right/choice/right"), json!(ids), short(&right["choice"]["right"]));
        }
    }

    pub fn artifact(&mut self, spec: &Value, at: &str) {
        self.shape(spec, at);
        self.expression("/that", spec, at);
        self.drop("content-ignored", spec, at, "/that");
        self.switch_off("acceptance-ignored", spec, at, "/accepted");
    }
}
