//! A cohort of fourteen with every state that an entry can have, on an incident and a lab; scored by the real arithmetic.

use kubedrill::{
    attempt::{Attempt, AttemptId, AttemptState, Run, Tier, Verdict},
    gradebook::{AssignedCheck, Assignment, CheckOutcome, Entry, EntryState, FORMAT_VERSION, Gradebook, Learner, ProjectRole, Roster},
    scenario::Scenario,
    score::{self, Score},
    text::Text,
};

use crate::report::fixture::{at, attempt, challenge, lab, run};

pub const INCIDENT: &str = "c20-service-no-endpoints";
pub const LAB: &str = "lab-service-types";

/// A name that a spreadsheet would run.
pub const FORMULA: &str = "=HYPERLINK(\"http://evil.example\";\"click\")";

fn learner(number: usize, name: &str) -> Learner {
    let roles = [ProjectRole::PlatformEngineer, ProjectRole::DevopsEngineer, ProjectRole::Sre];
    Learner {
        id: format!("u{number:02}"),
        name: name.to_owned(),
        email: (number != 9).then(|| format!("u{number:02}@school.example")),
        sis_id: Some(format!("2026{number:03}")),
        platform_id: Some((1000 + number).to_string()),
        login: Some(format!("student{number:02}")),
        section: Some(if number <= 7 { "A" } else { "B" }.to_owned()),
        team: (number <= 5).then(|| if number <= 3 { "하늘팀" } else { "team-2" }.to_owned()),
        roles: if number <= 3 { vec![roles[number - 1]] } else { Vec::new() },
        lang: None,
    }
}

fn roster() -> Roster {
    let names = [
        "김하늘",
        "이서준",
        "박지우",
        FORMULA,
        "O'Neil, Mary \"May\"",
        "최민서",
        "정도윤",
        "강예린",
        "조현우",
        "윤채원",
        "Łukasz Żak",
        "임수아",
        "한지호",
        "오세영",
    ];
    Roster {
        cohort: "쿠버네티스 운영 3기".into(), learners: (1..).zip(names).map(|(number, name)| learner(number, name)).collect()
    }
}

fn assignment(scenario: &Scenario, due: i64) -> Assignment {
    let nothing = score::score(scenario, &attempt(scenario), None);
    let worth = |id: &str| nothing.checks.iter().find(|check| check.id == id).unwrap().earned.max;
    Assignment {
        id: scenario.id().to_owned(),
        title: scenario.file.metadata.title.clone(),
        kind: scenario.file.kind,
        level: scenario.file.spec.level,
        digest: scenario.digest.clone(),
        max: nothing.base.max,
        due: Some(at(due)),
        checks: scenario
            .checks()
            .map(|c| AssignedCheck { id: c.id.clone(), title: c.title.clone(), role: c.role, category: c.category, points: worth(&c.id) })
            .collect(),
    }
}

fn outcomes(score: &Score, run: &Run) -> Vec<CheckOutcome> {
    let outcome = |check: &score::CheckScore| {
        let result = run.result(&check.id).unwrap();
        let failed = check.verdict == Verdict::Fail;
        CheckOutcome {
            id: check.id.clone(),
            verdict: check.verdict,
            earned: check.earned,
            reason: result.reason.clone(),
            basis: result.basis,
            symptom: failed.then(|| Text::new(format!("{}: 기대와 다릅니다.", check.id), format!("{}: not as it should be.", check.id))),
        }
    };
    score.checks.iter().map(outcome).collect()
}

/// An entry that was judged, with the verdicts that are no pass.
fn judged(learner: &str, scenario: &Scenario, number: u16, verdicts: &[(&str, Verdict)]) -> Entry {
    let mut run = run(scenario, 900, verdicts);
    for result in run.results.iter_mut().filter(|result| result.verdict != Verdict::Pass) {
        result.reason = match (result.id.as_str(), result.verdict) {
            (_, Verdict::Error) => "api-unreachable",
            ("api-serves", _) => "selector-matches-nothing",
            ("ports-agree", _) => "port-not-opened",
            (_, Verdict::Blocked) => "needs-another",
            _ => "not-as-wanted",
        }
        .into();
        if result.id == "ports-agree" {
            (result.passed, result.total) = (2, 3);
        }
    }
    let attempt = Attempt { id: AttemptId::new(at(0), scenario.id(), number), state: AttemptState::Closed, ..attempt(scenario) };
    let score = score::score(scenario, &attempt, Some(&run));
    Entry {
        learner: learner.to_owned(),
        assignment: scenario.id().to_owned(),
        state: if score.is_final { EntryState::Graded } else { EntryState::Pending },
        reason: None,
        submitted: Some(at(800)),
        submission: Some("ab".repeat(32)),
        attempt: Some(attempt.id.clone()),
        attempts: vec![attempt.id],
        checks: outcomes(&score, &run),
        score: Some(score),
        tier: Some(Tier::T2),
    }
}

fn unscored(learner: &str, scenario: &Scenario, state: EntryState, reason: Option<Text>) -> Entry {
    Entry {
        learner: learner.to_owned(),
        assignment: scenario.id().to_owned(),
        state,
        reason,
        submitted: (state != EntryState::Missing).then(|| at(810)),
        submission: None,
        attempt: None,
        attempts: Vec::new(),
        score: None,
        tier: None,
        checks: Vec::new(),
    }
}

/// The whole cohort.
pub fn gradebook() -> Gradebook {
    use Verdict::{Blocked, Error, Fail};
    let (incident, lab) = (challenge(), lab());
    let of = |number: usize| -> Entry {
        let id = format!("u{number:02}");
        let judge = |verdicts: &[(&str, Verdict)]| judged(&id, &incident, u16::try_from(number).unwrap(), verdicts);
        match number {
            // One submission of a team.
            1..=3 => judged(&id, &incident, 1, &[]),
            4 => judge(&[("api-serves", Fail), ("metrics-scraped", Blocked), ("labels-standard", Fail)]),
            5 => judge(&[("ports-agree", Fail)]),
            6 => judge(&[("budget-holds", Error), ("labels-standard", Fail)]),
            7 => unscored(&id, &incident, EntryState::Missing, None),
            8 => {
                unscored(&id, &incident, EntryState::Failed, Some(Text::new("환경을 시작하지 못했습니다", "the environment did not start")))
            }
            9 => unscored(&id, &incident, EntryState::Refused, Some(Text::new("압축을 풀면 너무 큽니다", "it is too large when unpacked"))),
            10 => {
                let all = ["api-serves", "ports-agree", "budget-holds", "labels-standard"];
                let mut verdicts: Vec<_> = all.iter().map(|id| (*id, Fail)).collect();
                verdicts.push(("metrics-scraped", Blocked));
                let reason = Text::new("YAML이 아닌 파일입니다: fix.txt", "a file is no YAML: fix.txt");
                Entry { state: EntryState::Unusable, reason: Some(reason), ..judge(&verdicts) }
            }
            11 => judge(&[("frontend-untouched", Fail), ("labels-standard", Fail)]),
            12 => judge(&[("same-app", Fail)]),
            13 => judge(&[("api-serves", Fail), ("metrics-scraped", Blocked), ("ports-agree", Fail)]),
            _ => judge(&[("budget-holds", Fail), ("labels-standard", Fail)]),
        }
    };
    let in_lab = |number: usize| -> Entry {
        let id = format!("u{number:02}");
        let judge = |verdicts: &[(&str, Verdict)]| judged(&id, &lab, u16::try_from(100 + number).unwrap(), verdicts);
        match number {
            7 => unscored(&id, &lab, EntryState::Missing, None),
            8 => unscored(&id, &lab, EntryState::Waiting, None),
            n if n % 4 == 0 => judge(&[("node-port-serves", Fail), ("external-name-set", Fail)]),
            _ => judge(&[]),
        }
    };
    Gradebook {
        format_version: FORMAT_VERSION,
        generated_by: "kubedrill 0.1.0".into(),
        generated_at: at(2000),
        roster: roster(),
        assignments: vec![assignment(&incident, 3600), assignment(&lab, 7200)],
        entries: (1..=14).flat_map(|number| [of(number), in_lab(number)]).collect(),
    }
}

/// The cohort's file, for commands.
pub fn gradebook_file(folder: &std::path::Path) -> String {
    let file = folder.join("gradebook.json");
    std::fs::write(&file, serde_json::to_string_pretty(&gradebook()).unwrap()).unwrap();
    file.display().to_string()
}
