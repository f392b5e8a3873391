//! Scenarios, attempts and runs for tests of scores and reports.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::Timestamp;
use serde_json::json;

use crate::{
    attempt::{ApiCalls, Attempt, AttemptId, AttemptState, Basis, CheckResult, HintOpened, Run, Trigger, Verdict, Versions},
    points::Points,
    scenario::{Role, Scenario, ScenarioFile},
    text::Text,
};

/// A moment, so many seconds after the attempt of [`attempt`] began.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_263_540 + seconds).unwrap()
}

fn check(id: &str, extra: serde_json::Value) -> serde_json::Value {
    let mut check = json!({
        "id": id, "title": {"ko": format!("{id} 확인"), "en": format!("{id} holds")},
        "assert": {"exists": {"on": {"kind": "Service", "name": id}}},
    });
    check.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    check
}

fn scenario(kind: &str, extra: serde_json::Value) -> Scenario {
    let mut spec = json!({
        "summary": {"ko": "요약", "en": "Summary"}, "level": "beginner", "minutes": 15, "namespaces": ["shop"], "stage": [],
    });
    spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let file: ScenarioFile = serde_json::from_value(json!({
        "apiVersion": "kubedrill.dev/v1alpha1", "kind": kind,
        "metadata": {"name": "c20-service-no-endpoints", "title": {"ko": "엔드포인트 없는 서비스", "en": "A Service with nobody behind"}},
        "spec": spec,
    }))
    .unwrap();
    Scenario {
        dir: PathBuf::from("challenges/c20-service-no-endpoints"),
        digest: "sha256:0f1e".into(),
        file,
        story: Text::default(),
        debrief: Text::default(),
        solutions: Vec::new(),
        cheats: Vec::new(),
        names: Default::default(),
    }
}

/// A challenge: functionality 40 and 30 (partial, needs the first), reliability 30, one bonus of 5, and the guards given.
pub(crate) fn challenge(guards: &[(&str, serde_json::Value)]) -> Scenario {
    let mut checks = vec![
        check("web", json!({"points": 40, "category": "functionality"})),
        check("api", json!({"points": 30, "category": "functionality", "partial": true, "needs": ["web"]})),
        check("spread", json!({"points": 30, "category": "reliability"})),
        check("tidy", json!({"points": 5, "role": "bonus"})),
    ];
    checks.extend(guards.iter().map(|(id, on_breach)| check(id, json!({"role": "guard", "onBreach": on_breach}))));
    scenario("Challenge", json!({"checks": checks}))
}

/// A lab of three required steps, the second with two checks of weight 1 and 2, and an optional fourth.
pub(crate) fn lab() -> Scenario {
    let step = |id: &str, optional: bool, checks: Vec<serde_json::Value>| json!({"id": id, "title": {"ko": format!("{id} 단계"), "en": format!("Step {id}")}, "text": {"ko": "", "en": ""}, "optional": optional, "checks": checks});
    scenario(
        "Lab",
        json!({"steps": [
            step("one", false, vec![check("one-a", json!({}))]),
            step("two", false, vec![check("two-a", json!({"points": 1})), check("two-b", json!({"points": 2}))]),
            step("three", false, vec![check("three-a", json!({}))]),
            step("four", true, vec![check("four-a", json!({}))]),
        ]}),
    )
}

/// An open attempt without hints.
pub(crate) fn attempt() -> Attempt {
    Attempt {
        id: AttemptId("20261121-1219-c20-7f3a".into()),
        scenario: "c20-service-no-endpoints".into(),
        scenario_dir: "challenges/c20-service-no-endpoints".into(),
        environment: "default".into(),
        provider: "sandbox".into(),
        capabilities: vec!["api".into(), "nodes".into()],
        state: AttemptState::Open,
        namespaces: Default::default(),
        cluster_uid: "0c1d".into(),
        nonce: "n0nce".into(),
        versions: Versions { kubedrill: "0.1.0".into(), kubernetes: "v1.36.3".into(), scenario: "sha256:0f1e".into() },
        started: at(0),
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    }
}

/// A hint of a challenge that costs so much.
pub(crate) fn hint(rung: u32, cost: Points) -> HintOpened {
    HintOpened { step: None, rung, cost, at: at(120) }
}

/// A run over every check of a scenario in which all pass, save those given.
pub(crate) fn run(scenario: &Scenario, verdicts: &[(&str, Verdict)]) -> Run {
    let steps = scenario.file.spec.steps.iter().flat_map(|s| s.checks.iter().map(move |c| (c, Some(s.id.clone()))));
    let checks = scenario.file.spec.checks.iter().map(|c| (c, None)).chain(steps);
    let results = checks
        .map(|(c, step)| {
            let verdict = verdicts.iter().find(|(id, _)| *id == c.id).map_or(Verdict::Pass, |(_, v)| *v);
            CheckResult { step, ..result(&c.id, c.role, verdict, &c.needs) }
        })
        .collect();
    Run {
        trigger: Trigger::Submit,
        started: at(600),
        millis: 2_400,
        results,
        calls: ApiCalls { list: 4, watch: 4, get: 0, review: 0, live: 0 },
        resource_versions: BTreeMap::new(),
        provisional: false,
    }
}

fn result(id: &str, role: Role, verdict: Verdict, needs: &[String]) -> CheckResult {
    CheckResult {
        id: id.into(),
        step: None,
        role,
        verdict,
        passed: if verdict == Verdict::Pass { 3 } else { 0 },
        total: 3,
        reason: "as-given".into(),
        blocked_by: if verdict == Verdict::Blocked { needs.to_vec() } else { Vec::new() },
        observations: Vec::new(),
        evidence: Vec::new(),
        basis: Basis::Observed,
        held_millis: 0,
        since_millis: 0,
        moving: false,
    }
}
