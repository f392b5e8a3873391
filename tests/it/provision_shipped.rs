//! A shipped challenge through its whole life in a sandbox, with the learner's own rights. The others go through it in `kubedrill prove`.

use std::path::Path;

use kubedrill::{
    attempt::{AttemptId, Baseline, Run, Trigger},
    check::{self, JudgeOptions, RealClock},
    cluster::Cluster,
    event::Events,
    provider::sandbox::SandboxSettings,
    provision::{self, Actor, Marker, NoComponents, ProvisionError, Provisioner},
    scenario::{self, Action, Scenario},
    territory::Territory,
};
use serde_json::json;

use super::sandbox_support::{Place, supervisor};

fn shipped(id: &str) -> Scenario {
    let loaded = scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges").join(id));
    loaded.scenario.unwrap_or_else(|| panic!("{id} does not load: {:?}", loaded.diagnostics))
}

async fn judged(cluster: &Cluster, scenario: &Scenario, baseline: &Baseline) -> Run {
    let mut plane = cluster.plane(check::request(scenario));
    let options = JudgeOptions { trigger: Trigger::Prove, provisional: false, only: None };
    check::judge(scenario, baseline, &mut plane, &RealClock::default(), &options, &Events::none()).await
}

async fn lives(id: &str) {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("labs/images.yaml");
    let place = Place::with(SandboxSettings { supervisor: supervisor(), images: Some(images), ..SandboxSettings::default() });
    let environment = place.ensure("default", 3).await.expect("it starts");
    let cluster = Cluster::connect(&environment.admin_kubeconfig).unwrap();
    let learner = Cluster::connect_as_learner(&environment.learner_kubeconfig).unwrap();
    let scenario = shipped(id);
    let events = Events::none();
    let provisioner = Provisioner {
        cluster: &cluster,
        territory: &Territory::WholeCluster,
        scenario: &scenario,
        learner: &environment.learner_user,
        components: &NoComponents,
        events: &events,
        request: check::request(&scenario),
        look: |baseline: &Baseline, snapshot: &_| check::look(&scenario, baseline, snapshot),
    };
    let started = provisioner.start(&AttemptId("a1".into()), "nonce").await.unwrap();
    let marker = Marker::read(&cluster, &Territory::WholeCluster).await.unwrap().unwrap();
    let mut baseline = started.baseline;
    for solution in &scenario.solutions {
        let actor = Actor { cluster: &learner, scenario: &scenario, dir: &solution.dir, list: &solution.name, components: &NoComponents };
        actor.run(&solution.file.actions).await.unwrap();
        let run = judged(&cluster, &scenario, &baseline).await;
        let failing: Vec<_> =
            run.results.iter().filter(|r| r.verdict != kubedrill::attempt::Verdict::Pass).map(|r| (&r.id, r.verdict, &r.reason)).collect();
        assert!(run.solved(), "{}: {failing:?}", solution.name);
        let reset = provisioner.reset(&marker, &baseline).await.unwrap();
        assert_eq!(reset.left, [], "after {}", solution.name);
        baseline = reset.baseline;
    }
    let actor = Actor { cluster: &learner, scenario: &scenario, dir: &scenario.dir, list: "test", components: &NoComponents };
    let forbidden: Vec<Action> = serde_json::from_value(json!([{"patch": {
        "on": {"kind": "ConfigMap", "namespace": provision::SYSTEM_NAMESPACE, "name": provision::MARKER},
        "type": "merge", "patch": {"data": {"nonce": "mine"}}}}]))
    .unwrap();
    let refused = actor.run(&forbidden).await.unwrap_err();
    assert!(matches!(refused, ProvisionError::Refused { .. }), "{refused}");
    place.stop("default").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c20_is_solved_and_reset_exactly_by_every_solution() {
    lives("c20-service-no-endpoints").await;
}
