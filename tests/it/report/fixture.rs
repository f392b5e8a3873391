//! Three attempts: an incident half repaired, the same solved, and a lab.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::Timestamp;
use kubedrill::{
    attempt::{
        ApiCalls, Attempt, AttemptId, AttemptState, Basis, CheckResult, Evidence, HintOpened, LogEntry, LogKind, Observation, Run, Trigger,
        Verdict, Versions,
    },
    points::Points,
    report::{Report, ReportInput},
    scenario::{Role, Say, Scenario, ScenarioFile},
    text::Text,
};
use serde_json::{Value, json};

/// A moment, so many seconds after the attempts began.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_263_545 + seconds).unwrap()
}

fn scenario(file: Value) -> Scenario {
    let file: ScenarioFile = serde_json::from_value(file).unwrap();
    let texts = (Text::default(), Text::default());
    Scenario {
        dir: PathBuf::from("challenges").join(&file.metadata.name),
        digest: "sha256:4f5c2a0e9d".into(),
        file,
        story: texts.0,
        debrief: texts.1,
        solutions: Vec::new(),
        cheats: Vec::new(),
        names: Default::default(),
    }
}

fn check(id: &str, ko: &str, en: &str, extra: Value) -> Value {
    let mut check = json!({"id": id, "title": {"ko": ko, "en": en}, "assert": {"exists": {"on": {"kind": "Service", "name": "web"}}}});
    check.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    check
}

/// The incident: 40 and 30 (partial) functionality, 20 operability, 10 reliability, a bonus of 5, two guards.
pub fn challenge() -> Scenario {
    scenario(json!({
        "apiVersion": "kubedrill.dev/v1alpha1", "kind": "Challenge",
        "metadata": {
            "name": "c20-service-no-endpoints", "code": "C20", "checkpoints": ["D3-1"],
            "title": {"ko": "엔드포인트 없는 서비스", "en": "A Service with nobody behind"},
        },
        "spec": {
            "summary": {"ko": "배포 뒤 쇼핑몰의 API가 응답하지 않습니다.", "en": "After a release the shop's API does not answer."},
            "level": "beginner", "minutes": 15, "namespaces": ["shop"], "stage": [],
            "hints": [
                {"text": {"ko": "파드는 정상인데 요청이 닿지 않는다면, 둘 사이를 잇는 오브젝트를 보세요.",
                          "en": "The pods are well but no request arrives: look at what connects the two."}},
                {"text": {"ko": "서비스의 셀렉터와 파드의 레이블을 나란히 놓고 비교해 보세요.",
                          "en": "Put the Service's selector and the pods' labels side by side."}, "cost": 5},
            ],
            "checks": [
                check("api-serves", "API 서비스에 준비된 백엔드가 있다", "The API Service has ready backends", json!({"points": 40, "category": "functionality"})),
                check("ports-agree", "서비스의 모든 포트가 파드가 여는 포트로 이어진다 (http | metrics)",
                      "Every port of the Service leads to a port that the pods open (http | metrics)",
                      json!({"points": 30, "category": "functionality", "partial": true})),
                check("metrics-scraped", "모니터링이 API를 수집한다", "Monitoring scrapes the API", json!({"points": 20, "category": "operability", "needs": ["api-serves"]})),
                check("budget-holds", "중단 예산이 API 파드를 지킨다", "The disruption budget covers the API pods", json!({"points": 10, "category": "reliability"})),
                check("labels-standard", "권장 레이블을 쓴다", "Recommended labels are used", json!({"points": 5, "role": "bonus"})),
                check("same-app", "API 애플리케이션이 그대로다", "It is still the same API", json!({"role": "guard"})),
                check("frontend-untouched", "프런트엔드는 건드리지 않는다", "The frontend is not touched", json!({"role": "guard", "onBreach": {"deduct": 10}})),
            ],
        },
    }))
}

/// The lab: three required steps and an optional one.
pub fn lab() -> Scenario {
    let step = |id: &str, ko: &str, en: &str, optional: bool, checks: Vec<Value>| json!({"id": id, "title": {"ko": ko, "en": en}, "text": {"ko": "", "en": ""}, "optional": optional, "checks": checks});
    scenario(json!({
        "apiVersion": "kubedrill.dev/v1alpha1", "kind": "Lab",
        "metadata": {"name": "lab-service-types", "title": {"ko": "서비스의 종류", "en": "Kinds of Services"}},
        "spec": {
            "summary": {"ko": "서비스 세 가지를 만들어 봅니다.", "en": "Make three kinds of Services."},
            "level": "beginner", "minutes": 30, "namespaces": ["shop"], "stage": [],
            "steps": [
                step("cluster-ip", "ClusterIP 서비스 만들기", "Make a ClusterIP Service", false,
                     vec![check("cluster-ip-serves", "web 서비스가 파드로 이어진다", "The web Service leads to pods", json!({}))]),
                step("node-port", "NodePort로 열기", "Open it with a NodePort", false, vec![
                    check("node-port-open", "노드 포트 30080이 열려 있다", "Node port 30080 is open", json!({"points": 1})),
                    check("node-port-serves", "노드 포트가 파드로 이어진다", "The node port leads to pods", json!({"points": 2})),
                ]),
                step("headless", "헤드리스 서비스 만들기", "Make a headless Service", false,
                     vec![check("headless-resolves", "파드마다 이름이 있다", "Every pod has a name", json!({}))]),
                step("external-name", "ExternalName 써 보기", "Try an ExternalName", true,
                     vec![check("external-name-set", "외부 이름을 가리킨다", "It points at an outside name", json!({}))]),
            ],
        },
    }))
}

/// An open attempt without hints.
pub fn attempt(scenario: &Scenario) -> Attempt {
    Attempt {
        id: AttemptId::new(at(0), scenario.id(), 0x7f3a),
        scenario: scenario.id().into(),
        scenario_dir: "challenges/c20-service-no-endpoints".into(),
        environment: "default".into(),
        provider: "sandbox".into(),
        capabilities: ["api", "nodes", "metrics", "components", "cluster-admin"].map(String::from).into(),
        state: AttemptState::Open,
        namespaces: Default::default(),
        cluster_uid: "5b0f3c1e-7a52-4a53-9c0d-1f2e3d4c5b6a".into(),
        nonce: "n0nce".into(),
        versions: Versions { kubedrill: "0.1.0".into(), kubernetes: "v1.36.3".into(), scenario: scenario.digest.clone() },
        started: at(0),
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    }
}

/// A run in which all checks pass, save those given.
pub fn run(scenario: &Scenario, seconds: i64, verdicts: &[(&str, Verdict)]) -> Run {
    let steps = scenario.file.spec.steps.iter().flat_map(|s| s.checks.iter().map(move |c| (c, Some(s.id.clone()))));
    let checks = scenario.file.spec.checks.iter().map(|c| (c, None)).chain(steps);
    let result = |(check, step): (&kubedrill::scenario::CheckSpec, Option<String>)| {
        let verdict = verdicts.iter().find(|(id, _)| *id == check.id).map_or(Verdict::Pass, |(_, v)| *v);
        CheckResult {
            id: check.id.clone(),
            step,
            role: check.role,
            verdict,
            passed: u32::from(verdict == Verdict::Pass),
            total: 1,
            reason: if verdict == Verdict::Pass { "holds" } else { "as-seen" }.into(),
            blocked_by: if verdict == Verdict::Blocked { check.needs.clone() } else { Vec::new() },
            observations: Vec::new(),
            evidence: Vec::new(),
            basis: Basis::Observed,
            held_millis: if verdict == Verdict::Pass && check.role == Role::Objective { 10_000 } else { 0 },
            since_millis: 0,
            moving: false,
        }
    };
    Run {
        trigger: Trigger::Submit,
        started: at(seconds),
        millis: 11_240,
        results: checks.map(result).collect(),
        calls: ApiCalls { list: 5, watch: 5, get: 0, review: 1, live: 0 },
        resource_versions: [("EndpointSlice", "812"), ("Pod", "840"), ("Service", "811")].map(|(k, v)| (k.into(), v.into())).into(),
        provisional: false,
    }
}

fn seen(object: &str, ko: &str, en: &str, holds: bool) -> Observation {
    Observation { object: object.into(), text: Text::new(ko, en), values: BTreeMap::new(), holds }
}

fn log(entries: &[(i64, LogKind, Value)]) -> Vec<LogEntry> {
    let entry = |((seconds, kind, data), seq): (&(i64, LogKind, Value), i64)| LogEntry {
        seq,
        at: at(*seconds),
        kind: *kind,
        data: data.clone(),
        hash: format!("{seq:064x}"),
    };
    entries.iter().zip(1..).map(entry).collect()
}

/// An incident half repaired: a failure with its ladder, a partial one, one that nobody could judge, a blocked one, paid hints.
pub fn half_repaired() -> Report {
    let scenario = challenge();
    let hint = |rung, cost, seconds| HintOpened { step: None, rung, cost, at: at(seconds) };
    let attempt = Attempt {
        hints: vec![hint(1, Points::ZERO, 190), hint(2, Points::whole(5), 420)],
        resets: 1,
        assisted: true,
        ..attempt(&scenario)
    };
    let verdicts = [
        ("api-serves", Verdict::Fail),
        ("ports-agree", Verdict::Fail),
        ("metrics-scraped", Verdict::Blocked),
        ("budget-holds", Verdict::Error),
        ("labels-standard", Verdict::Fail),
    ];
    let mut run = run(&scenario, 725, &verdicts);
    let serves = &mut run.results[0];
    serves.reason = "selector-matches-nothing".into();
    serves.basis = Basis::Evaluated;
    serves.observations = vec![
        seen("Service/shop/api", "준비된 백엔드 0개", "0 ready backends", false),
        seen("Deployment/shop/api", "파드 3개 Ready", "3 pods are Ready", true),
    ];
    serves.evidence = vec![Evidence {
        kind: "Service".into(),
        namespace: "shop".into(),
        name: "api".into(),
        uid: "1c9e".into(),
        resource_version: "811".into(),
        part: json!({"spec": {"selector": {"app": "api", "tier": "<backend> & co"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}}),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
    }];
    let ports = &mut run.results[1];
    (ports.passed, ports.total, ports.moving) = (2, 3, true);
    ports.observations =
        vec![seen("Service/shop/api", "포트 metrics | 9090 에는 닿는 파드가 없습니다", "no pod answers on port metrics | 9090", false)];
    run.results[3].observations =
        vec![seen("PodDisruptionBudget/shop/api", "API 서버가 응답하지 않았습니다 (503)", "the API server did not answer (503)", false)];
    let feedback = BTreeMap::from([(
        "api-serves".to_owned(),
        Say {
            symptom: Some(Text::new("서비스의 준비된 백엔드: 0개", "The Service has 0 ready backends.")),
            look_at: Some(Text::new(
                "Service shop/api의 셀렉터와 파드의 레이블",
                "The selector of Service shop/api and the labels of the pods",
            )),
            concept: Some(Text::new(
                "서비스는 이름이 아니라 레이블로 파드를 찾습니다. 레이블 하나만 달라도 엔드포인트는 비어 버립니다.",
                "A Service finds pods by their labels, not by name. One label that differs is enough to leave it without endpoints.",
            )),
            link: Some("https://kubernetes.io/docs/concepts/services-networking/service/".into()),
        },
    )]);
    let log = log(&[
        (0, LogKind::Started, json!({})),
        (185, LogKind::Checked, json!({"passed": 2, "total": 6})),
        (190, LogKind::HintOpened, json!({"rung": 1})),
        (420, LogKind::HintOpened, json!({"rung": 2})),
        (480, LogKind::Reset, json!({})),
        (610, LogKind::SolutionShown, json!({"solution": "fix-selector"})),
        (725, LogKind::Checked, json!({"passed": 2, "total": 6})),
    ]);
    let runs = [run.clone()];
    Report::new(&ReportInput {
        scenario: &scenario,
        attempt: &attempt,
        runs: &runs,
        run: runs.last(),
        feedback: &feedback,
        log: &log,
        generated: at(740),
    })
}

/// The same incident, solved and closed.
pub fn solved() -> Report {
    let scenario = challenge();
    let attempt = Attempt { state: AttemptState::Closed, ended: Some(at(1400)), ..attempt(&scenario) };
    let mut runs = [run(&scenario, 185, &[("api-serves", Verdict::Fail)]), run(&scenario, 734, &[("labels-standard", Verdict::Fail)])];
    runs[1].results[0].basis = Basis::Evaluated;
    let log = log(&[
        (0, LogKind::Started, json!({})),
        (185, LogKind::Checked, json!({"passed": 5, "total": 6})),
        (745, LogKind::Checked, json!({"passed": 6, "total": 6})),
        (1400, LogKind::Closed, json!({})),
    ]);
    let feedback = BTreeMap::new();
    Report::new(&ReportInput {
        scenario: &scenario,
        attempt: &attempt,
        runs: &runs,
        run: runs.last(),
        feedback: &feedback,
        log: &log,
        generated: at(1405),
    })
}

/// A lab with one of its three required steps open.
pub fn lab_underway() -> Report {
    let scenario = lab();
    let attempt = attempt(&scenario);
    let runs = [run(&scenario, 300, &[("node-port-serves", Verdict::Fail), ("external-name-set", Verdict::Fail)])];
    let feedback = BTreeMap::new();
    Report::new(&ReportInput {
        scenario: &scenario,
        attempt: &attempt,
        runs: &runs,
        run: runs.last(),
        feedback: &feedback,
        log: &[],
        generated: at(320),
    })
}
