//! kill -9 of anything at any moment: the next command repairs or cleans up. Needs the sandbox's programs.

use std::time::Duration;

use kubedrill::{
    process::{ProcessId, kill},
    provider::{Environment, Provider},
};

use super::sandbox_support::{Place, assert_free, eventually, output};

async fn note(environment: &Environment) -> String {
    output(environment, &["get", "configmap", "note", "-o", "jsonpath={.data.text}"]).await
}

async fn killed(id: &ProcessId) {
    kill(id);
    eventually("the process is gone", async || !id.is_alive()).await;
}

#[tokio::test]
async fn whatever_dies_comes_back_and_nothing_stored_is_lost() {
    let place = Place::new();
    let environment = place.ensure("default", 1).await.expect("it starts");
    output(&environment, &["create", "configmap", "note", "--from-literal=text=kept"]).await;

    for part in ["etcd", "kube-apiserver", "worker-1", "hub"] {
        let before = place.process("default", part);
        killed(&before).await;
        place.ensure("default", 1).await.unwrap_or_else(|error| panic!("after {part}: {error}"));
        assert_ne!(place.process("default", part), before);
        assert_eq!(note(&environment).await, "kept");
    }

    let (supervisor, apiserver) = (place.process("default", "supervise"), place.process("default", "kube-apiserver"));
    killed(&supervisor).await;
    killed(&place.process("default", "kube-scheduler")).await;
    place.ensure("default", 1).await.expect("a new supervisor takes over");
    assert_eq!(place.process("default", "kube-apiserver"), apiserver, "what ran was left alone");
    assert_ne!(place.process("default", "supervise"), supervisor);

    killed(&place.process("default", "supervise")).await;
    for process in place.processes("default") {
        kill(&process.id);
    }
    eventually("everything is gone", async || place.processes("default").is_empty()).await;
    let environment = place.ensure("default", 1).await.expect("it starts from what is stored");
    assert_eq!(note(&environment).await, "kept");

    let ports = place.ports("default");
    killed(&place.process("default", "supervise")).await;
    killed(&place.process("default", "etcd")).await;
    place.stop("default").await;
    assert_eq!(place.processes("default"), []);
    assert_free(&ports);
}

/// Starts an environment and drops the work as soon as etcd runs, long before anything is ready.
async fn cut_start(place: &Place) {
    let started = || place.processes("default").iter().any(|process| process.args.iter().any(|arg| arg == "etcd"));
    tokio::select! {
        result = place.ensure("default", 1) => panic!("it was not cut: {result:?}"),
        () = eventually("etcd runs", async || started()) => {}
    }
}

#[tokio::test]
async fn a_start_that_was_killed_is_cleaned_up_by_the_next_command() {
    let place = Place::new();
    // The command is gone, its supervisor works on.
    cut_start(&place).await;
    assert_eq!(place.provider.names().expect("names"), ["default"]);
    place.ensure("default", 1).await.expect("the next one continues");
    place.stop("default").await;
    assert_eq!(place.processes("default"), []);

    // The supervisor is gone as well, in the middle of a start.
    cut_start(&place).await;
    killed(&place.process("default", "supervise")).await;
    let orphan = place.process("default", "etcd");
    let environment = place.ensure("default", 1).await.expect("the next one starts over");
    assert!(!orphan.is_alive());
    assert_eq!(output(&environment, &["get", "--raw", "/readyz"]).await, "ok");

    // A stop that was killed in the middle: the supervisor is ending the parts.
    kubedrill::process::signal_terminate(&place.process("default", "supervise"));
    place.stop("default").await;
    assert_eq!(place.processes("default"), []);
    assert!(place.provider.names().expect("names").is_empty());
}

#[tokio::test]
async fn two_commands_at_once_on_one_environment_do_not_mix() {
    let place = Place::new();
    let (first, second) = tokio::join!(place.ensure("default", 1), async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        place.ensure("default", 1).await
    });
    first.expect("the first goes on");
    let error = second.expect_err("the second is told").to_string();
    assert!(error.contains(&format!("pid {}, `start`", std::process::id())), "{error}");
    place.stop("default").await;
}
