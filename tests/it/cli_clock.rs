//! What a learner reads of the clock: time used and left, a limit that has passed, a failed environment. Attempts are put into the
//! records as they would be after so many minutes; no cluster is needed.

use std::{path::Path, time::Duration};

use jiff::{SignedDuration, Timestamp};
use kubedrill::{
    attempt::{ApiCalls, Attempt, AttemptId, AttemptState, Basis, CheckResult, LogKind, Run, Trigger, Verdict, Versions},
    scenario::{self, Scenario},
    store::Store,
};
use serde_json::{Value, json};

use crate::support::Drill;

/// Takes 15 minutes.
const SCENARIO: &str = "c20-service-no-endpoints";

/// An attempt that began so many minutes ago, on a learner's machine.
struct Begun {
    drill: Drill,
    attempt: Attempt,
    scenario: Scenario,
}

fn begun(minutes_ago: i64) -> Begun {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges").join(SCENARIO);
    let scenario = scenario::load(&dir).scenario.expect("the scenario loads");
    let started = Timestamp::now() - SignedDuration::from_mins(minutes_ago);
    let attempt = Attempt {
        id: AttemptId::new(started, SCENARIO, 1),
        scenario: SCENARIO.into(),
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
    let begun = Begun { drill: Drill::new(), attempt, scenario };
    begun.write(async |store, begun| {
        store.create_attempt(&begun.attempt).await.unwrap();
        store.append_event(&begun.attempt.id, started, LogKind::Started, &json!({})).await.unwrap();
    });
    begun
}

impl Begun {
    fn write(&self, work: impl AsyncFnOnce(&Store, &Self)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&self.drill.home().join("state/attempts.db")).await.unwrap();
            work(&store, self).await;
            store.close().await;
        });
    }

    /// A run so many minutes after the start, in which every check comes to this.
    fn ran(&self, minutes: u64, trigger: Trigger, verdict: Verdict) -> &Self {
        let results = self.scenario.checks().map(|check| CheckResult {
            id: check.id.clone(),
            step: None,
            role: check.role,
            verdict,
            passed: u32::from(verdict == Verdict::Pass),
            total: 1,
            reason: "as-given".into(),
            blocked_by: Vec::new(),
            observations: Vec::new(),
            evidence: Vec::new(),
            basis: Basis::Observed,
            held_millis: 0,
            since_millis: 0,
            moving: false,
        });
        let run = Run {
            trigger,
            started: self.attempt.started + Duration::from_secs(minutes * 60),
            millis: 90_000,
            results: results.collect(),
            calls: ApiCalls::default(),
            resource_versions: Default::default(),
            provisional: false,
        };
        self.write(async |store, begun| store.append_run(&begun.attempt.id, &run).await.unwrap());
        self
    }

    fn logged(&self, minutes: u64, kind: LogKind, data: &Value) -> &Self {
        let at = self.attempt.started + Duration::from_secs(minutes * 60);
        self.write(async |store, begun| store.append_event(&begun.attempt.id, at, kind, data).await.unwrap());
        self
    }
}

#[test]
fn status_tells_the_time_used_and_left_and_how_long_the_service_has_been_away() {
    let begun = begun(4);
    let (_, status) = begun.drill.json(&["status"]);
    let time = &status["time"];
    assert_eq!((&time["clock"], &time["limitSeconds"], &time["over"]), (&json!("running"), &json!(900), &json!(false)));
    assert!((240..300).contains(&time["usedSeconds"].as_u64().unwrap()), "{time}");
    assert_eq!((&time["recovery"]["targetSeconds"], &time["recovery"]["within"]), (&json!(300), &Value::Null));
    let en = begun.drill.expect(0, &["status"]).out;
    assert!(en.contains("Time 4 min") && en.contains("of 15 min") && en.contains("left") && en.contains("service away for 4 min"), "{en}");
    let ko = begun.drill.expect(0, &["status", "--lang", "ko"]).out;
    assert!(ko.contains("시간 4분") && ko.contains("/ 15분") && ko.contains("남음") && ko.contains("서비스 중단 4분"), "{ko}");
}

#[test]
fn after_the_limit_work_goes_on_and_is_marked_late_and_nothing_is_taken_off() {
    let begun = begun(30);
    begun.ran(10, Trigger::Learner, Verdict::Fail).ran(20, Trigger::Submit, Verdict::Pass);
    let (_, report) = begun.drill.json(&["report"]);
    assert_eq!((&report["score"]["total"]["points"], &report["run"]["late"]), (&json!(100), &json!(true)), "{report}");
    assert_eq!((&report["atLimit"]["points"], &report["attempt"]["secondsUsed"]), (&json!(0), &json!(1200)));
    assert_eq!(report["time"]["recovery"]["within"], json!(false));
    for (lang, said) in
        [("en", "The points count in full. At the limit it was 0 points."), ("ko", "점수는 그대로 칩니다. 제한 시간까지의 점수: 0점.")]
    {
        let flat = |format: &str| {
            let out = begun.drill.expect(0, &["report", "--format", format, "--lang", lang]).out;
            out.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert!(flat("text").contains(said), "{}", flat("text"));
        assert!(flat("markdown").contains(said) && flat("html").contains(said));
    }
    let text = begun.drill.expect(0, &["report"]).out;
    assert!(text.contains("after the time limit"), "the timeline marks it: {text}");
}

#[test]
fn a_check_that_was_asked_for_in_time_is_in_time() {
    let begun = begun(30);
    begun.ran(14, Trigger::Submit, Verdict::Pass);
    let (_, report) = begun.drill.json(&["report"]);
    assert_eq!((&report["run"]["late"], &report["atLimit"], &report["time"]["over"]), (&json!(false), &Value::Null, &json!(false)));
    assert_eq!(report["time"]["clock"], json!("stopped"));
}

#[test]
fn the_clock_stands_while_the_environment_fails_and_says_why() {
    let begun = begun(40);
    let since = begun.attempt.started + Duration::from_secs(5 * 60);
    begun.logged(35, LogKind::Paused, &json!({"since": since, "reason": "environmentDown"}));
    let (_, status) = begun.drill.json(&["status"]);
    assert_eq!((&status["time"]["clock"], &status["time"]["usedSeconds"]), (&json!("paused"), &json!(300)));
    let out = begun.drill.expect(0, &["status"]).out;
    assert!(out.contains("The clock stands") && out.contains("the environment did not run") && out.contains("10 min left"), "{out}");

    begun.logged(36, LogKind::Repaired, &json!({})).ran(44, Trigger::Submit, Verdict::Pass);
    let (_, report) = begun.drill.json(&["report"]);
    assert_eq!((&report["time"]["usedSeconds"], &report["run"]["late"]), (&json!(780), &json!(false)), "{}", report["time"]);
    assert_eq!(report["time"]["pauses"][0]["seconds"], json!(31 * 60));
    let text = begun.drill.expect(0, &["report", "--lang", "ko"]).out;
    assert!(text.contains("시계가 31분 동안 멈췄습니다: 실습 환경이 꺼져 있었습니다"), "{text}");
}
