//! What must be true of the checks of every scenario that ships.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::Timestamp;
use kubedrill::{
    attempt::{ApiCalls, Baseline, Given, Subject, Verdict},
    check,
    cluster::{KindState, ReviewAnswer, Snapshot},
    reader::Answer,
    scenario::{Action, Catalogue, Role, Scenario, read_manifests},
};
use serde_json::{Value, json};

fn shipped() -> Vec<Scenario> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (catalogue, _) = Catalogue::load(&[root.join("labs"), root.join("challenges")]);
    assert!(!catalogue.scenarios.is_empty());
    catalogue.scenarios
}

/// What the stage applies, as a server that runs no controller would hold it.
fn staged(scenario: &Scenario) -> Vec<Value> {
    let applied = scenario.file.spec.stage.iter().filter_map(|action| match action {
        Action::Apply(apply) => Some(read_manifests(scenario, &scenario.dir, &apply.path).unwrap()),
        _ => None,
    });
    let uid = |(index, mut object): (usize, Value)| {
        object["metadata"]["uid"] = json!(format!("uid-{index}"));
        object
    };
    applied.flatten().enumerate().map(uid).collect()
}

fn baseline(scenario: &Scenario, objects: &[Value]) -> Baseline {
    let home = scenario.file.spec.namespaces[0].as_str();
    let subject = |on: &kubedrill::scenario::ObjectRef| {
        let namespace = on.namespace.as_deref().unwrap_or(home);
        let is = |object: &&Value| {
            object["kind"].as_str() == on.bare_kind()
                && object["metadata"]["name"].as_str() == on.name.as_deref()
                && object["metadata"]["namespace"].as_str().unwrap_or(home) == namespace
        };
        objects.iter().find(is).cloned().unwrap_or_else(|| panic!("{}: the stage does not apply {on:?}", scenario.id()))
    };
    let subjects = scenario.file.spec.baseline.iter().map(|spec| {
        let healthy = subject(&spec.on);
        (spec.alias.clone(), Subject { broken: healthy.clone(), healthy })
    });
    Baseline { subjects: subjects.collect(), ..Baseline::default() }
}

/// Exactly what the scenario's checks asked for, and nothing else.
fn answered(scenario: &Scenario, objects: &[Value]) -> Snapshot {
    let request = check::request(scenario);
    let of = |kind: &str| {
        let bare = kind.split('.').next().unwrap_or(kind);
        let objects = objects.iter().filter(|object| object["kind"] == bare).cloned().map(Arc::new);
        KindState::Read { resource_version: "1".into(), objects: objects.collect() }
    };
    let kinds = request.kinds.keys().map(|kind| (kind.clone(), of(kind))).collect::<BTreeMap<_, _>>();
    let reviews = request.reviews.into_iter().map(|r| (r, ReviewAnswer::Answered { allowed: false, reason: String::new() })).collect();
    let (live, readings, calls) = (Vec::new(), Vec::new(), ApiCalls::default());
    let mut snapshot = Snapshot { taken: Timestamp::now(), kinds, reviews, live, readings, real: false, given: Given::default(), calls };
    if let Some(questions) = request.readings {
        snapshot.readings = questions.about(&snapshot).into_iter().map(|question| (question, Ok(Answer::default()))).collect();
    }
    snapshot
}

#[test]
fn trap_fp01_a_cluster_without_objects_passes_no_objective_and_keeps_no_guard() {
    for scenario in shipped() {
        let baseline = baseline(&scenario, &staged(&scenario));
        for result in check::look(&scenario, &baseline, &answered(&scenario, &[])) {
            if matches!(result.role, Role::Objective | Role::Guard) {
                assert_ne!(result.verdict, Verdict::Pass, "{}: {}", scenario.id(), result.id);
            }
        }
    }
}

#[test]
fn every_check_asks_for_all_that_it_reads() {
    for scenario in shipped() {
        let objects = staged(&scenario);
        let baseline = baseline(&scenario, &objects);
        for snapshot in [answered(&scenario, &objects), answered(&scenario, &[])] {
            for result in check::look(&scenario, &baseline, &snapshot) {
                assert_ne!(result.verdict, Verdict::Error, "{}: {}: {:?}", scenario.id(), result.id, result.observations);
            }
        }
    }
}

#[test]
fn guards_hold_in_the_healthy_world() {
    for scenario in shipped() {
        let objects = staged(&scenario);
        let baseline = baseline(&scenario, &objects);
        for result in check::look(&scenario, &baseline, &answered(&scenario, &objects)) {
            if result.role == Role::Guard {
                assert_eq!(result.verdict, Verdict::Pass, "{}: {}: {:?}", scenario.id(), result.id, result.observations);
            }
        }
    }
}

#[test]
fn what_was_seen_is_said_in_both_languages() {
    for scenario in shipped() {
        let objects = staged(&scenario);
        for result in check::look(&scenario, &baseline(&scenario, &objects), &answered(&scenario, &objects)) {
            assert!(!result.observations.is_empty(), "{}: {}", scenario.id(), result.id);
            for observation in &result.observations {
                assert!(!observation.text.ko.is_empty() && !observation.text.en.is_empty(), "{observation:?}");
            }
        }
    }
}
