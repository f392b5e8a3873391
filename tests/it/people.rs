//! What people give: a learner's answers and a grader's marks, from the command line to the report. No cluster is needed.

use std::{fs, path::Path, time::Duration};

use jiff::{SignedDuration, Timestamp};
use kubedrill::{
    attempt::{AWAITS_MARK, ApiCalls, Attempt, AttemptId, AttemptState, Basis, CheckResult, Run, Trigger, Verdict, Versions},
    scenario::{self, Scenario},
    store::Store,
};
use serde_json::{Value, json};

use crate::support::Drill;

const CHECKS: &str = "  checks:
    - id: root-cause
      title: {ko: 원인을 찾았다, en: The cause is known}
      role: info
      assert:
        answer:
          question: {ko: 어느 오브젝트가 원인인가요?, en: Which object is the cause?}
          right: {object: [{kind: Service, name: backend}]}
          tries: 2
    - id: report
      title: {ko: 보고서, en: The report}
      role: bonus
      points: 10
      assert:
        manual:
          criterion: {ko: 다음 사람이 다시 겪지 않게 썼다, en: Whoever is next on call will not live it again}
          levels: [{points: 5, text: {ko: 원인, en: the cause}}, {points: 10, text: {ko: 원인과 예방, en: cause and prevention}}]
";

pub struct Begun {
    pub drill: Drill,
    pack: tempfile::TempDir,
    pub scenario: Scenario,
    pub attempt: Attempt,
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An open attempt at a scenario that asks for the cause and has a report marked.
pub fn begun() -> Begun {
    let pack = tempfile::tempdir().unwrap();
    let name = "c20-service-no-endpoints";
    let dir = pack.path().join(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges").join(name), &dir);
    let file = dir.join("scenario.yaml");
    let text = fs::read_to_string(&file).unwrap().replacen("  checks:\n", CHECKS, 1);
    fs::write(&file, text).unwrap();
    let loaded = scenario::load(&dir);
    let scenario = loaded.scenario.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let started = Timestamp::now() - SignedDuration::from_mins(5);
    let attempt = Attempt {
        id: AttemptId::new(started, name, 1),
        scenario: name.into(),
        scenario_dir: dir.display().to_string(),
        environment: "default".into(),
        provider: "sandbox".into(),
        capabilities: Vec::new(),
        state: AttemptState::Open,
        cluster_uid: "uid".into(),
        namespaces: Default::default(),
        nonce: "nonce".into(),
        versions: Versions { scenario: scenario.digest.clone(), ..Versions::default() },
        started,
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    };
    let begun = Begun { drill: Drill::new(), pack, scenario, attempt };
    begun.write(async |store, begun| store.create_attempt(&begun.attempt).await.unwrap());
    begun
}

impl Begun {
    pub fn write(&self, work: impl AsyncFnOnce(&Store, &Self)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&self.drill.home().join("state/attempts.db")).await.unwrap();
            work(&store, self).await;
            store.close().await;
        });
    }

    /// The folder that holds the scenario's.
    pub fn pack(&self) -> &Path {
        self.pack.path()
    }

    /// Everything was repaired, and the attempt closed.
    pub fn finished(&self) {
        let results = self.scenario.checks().map(|check| {
            let by_hand = check.id == "report";
            CheckResult {
                id: check.id.clone(),
                step: None,
                role: check.role,
                verdict: if by_hand { Verdict::Skipped } else { Verdict::Pass },
                passed: u32::from(!by_hand),
                total: 1,
                reason: if by_hand { AWAITS_MARK } else { "holds" }.into(),
                blocked_by: Vec::new(),
                observations: Vec::new(),
                evidence: Vec::new(),
                basis: Basis::Observed,
                held_millis: 0,
                since_millis: 0,
                moving: false,
            }
        });
        let run = self.run(results.collect());
        self.write(async |store, begun| {
            store.append_run(&begun.attempt.id, &run).await.unwrap();
            store.close_attempt(&begun.attempt.id, Timestamp::now()).await.unwrap();
        });
    }

    /// A run a minute after the start.
    pub fn run(&self, results: Vec<CheckResult>) -> Run {
        Run {
            trigger: Trigger::Submit,
            started: self.attempt.started + Duration::from_secs(60),
            millis: 100,
            results,
            calls: ApiCalls::default(),
            resource_versions: Default::default(),
            provisional: false,
        }
    }

    pub fn total(&self) -> Value {
        self.drill.json(&["report"]).1["score"]["total"].clone()
    }
}

#[test]
fn a_question_is_answered_in_the_learners_own_spelling_and_never_judged_at_once() {
    let begun = begun();
    let listed = begun.drill.expect(0, &["answer", "--lang", "ko"]).out;
    assert!(listed.contains("어느 오브젝트가 원인인가요?") && listed.contains("2번까지"), "{listed}");
    let answered = begun.drill.expect(0, &["answer", "root-cause", "svc", "backend", "-n", "shop"]).out;
    assert!(answered.contains("service/shop/backend") && answered.contains("1 other"), "{answered}");
    assert!(!answered.contains("right") && !answered.contains("wrong"), "{answered}");
    let (_, questions) = begun.drill.json(&["answer"]);
    assert_eq!((&questions["questions"][0]["answer"], &questions["questions"][0]["left"]), (&json!("service/shop/backend"), &json!(1)));
    begun.drill.expect(2, &["answer", "root-cause", "backend"]);
    begun.drill.expect(2, &["answer", "no-such", "svc/backend"]);
    begun.drill.expect(0, &["answer", "root-cause", "deploy/backend"]);
    begun.drill.expect(0, &["answer", "root-cause", "services/backend"]);
    let refused = begun.drill.expect(2, &["answer", "root-cause", "cm/backend"]);
    assert!(refused.err.contains("no more answers"), "{}", refused.err);
}

#[test]
fn a_mark_may_come_after_the_end_and_until_then_the_score_is_a_range() {
    let begun = begun();
    begun.finished();
    assert_eq!((&begun.total()["low"], &begun.total()["high"]), (&json!(100), &json!(110)));
    let waits = begun.drill.expect(0, &["report", "--lang", "ko"]).out;
    assert!(waits.contains("채점자의 점수를 기다립니다"), "{waits}");
    let listed = begun.drill.expect(0, &["mark"]).out;
    assert!(listed.contains("not marked yet") && listed.contains("cause and prevention"), "{listed}");
    for wrong in ["0.3", "10.5", "-1", "ten"] {
        begun.drill.expect(2, &["mark", "report", "--", wrong]);
    }
    begun.drill.expect(2, &["mark", "root-cause", "1"]);
    begun.drill.expect(0, &["mark", "report", "10", "--by", "lee"]);
    begun.drill.expect(0, &["mark", "report", "7.5", "--by", "kim", "--comment", "no word on prevention"]);
    assert_eq!(begun.total(), json!({"points": 107.5, "low": 107.5, "high": 107.5, "max": 110}));
    let report = begun.drill.expect(0, &["report", "--format", "markdown"]).out;
    assert!(report.contains("no word on prevention") && report.contains("kim"), "{report}");
}
