//! A sandbox from its start to its end: what is there, and that nothing is left. Needs the sandbox's programs.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use kubedrill::{
    event::Events,
    provider::{EnvironmentRequest, Provider},
};

use super::sandbox_support::{Place, assert_free, eventually, kubectl, output};

#[tokio::test]
async fn a_sandbox_is_a_whole_cluster_and_leaves_nothing() {
    let place = Place::new();
    let environment = place.ensure("default", 3).await.expect("it starts");
    let ports = place.ports("default");

    let nodes = output(&environment, &["get", "nodes", "-o", "jsonpath={range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {.metadata.labels.topology\\.kubernetes\\.io/zone} {.spec.taints[?(@.key==\"node-role.kubernetes.io/control-plane\")].effect} {.status.capacity.cpu}{\"\\n\"}{end}"]).await;
    let expected = [
        "control-plane-1 v1.36.3 zone-a NoSchedule 4",
        "worker-1 v1.36.3 zone-a  4",
        "worker-2 v1.36.3 zone-b  4",
        "worker-3 v1.36.3 zone-c  4",
    ];
    assert_eq!(nodes.lines().collect::<Vec<_>>(), expected);
    let version = output(&environment, &["get", "--raw", "/version"]).await;
    assert!(version.contains("\"gitVersion\": \"v1.36.3\""), "{version}");
    let roles = output(&environment, &["get", "nodes", "-l", "node-role.kubernetes.io/control-plane", "-o", "name"]).await;
    assert_eq!(roles, "node/control-plane-1");
    let classes = output(&environment, &["get", "storageclasses", "-o", "name"]).await;
    assert_eq!(classes.lines().count(), 2, "{classes}");
    output(&environment, &["create", "deployment", "web", "--image=nginx", "--replicas=2"]).await;
    output(&environment, &["wait", "deployment/web", "--for=condition=Available", "--timeout=30s"]).await;

    let status = place.provider.status("default").await.expect("it can be read").expect("it is there");
    assert!(status.usable && status.parts.iter().filter(|part| part.name != "metrics-server").all(|part| part.running), "{status:?}");
    #[cfg(target_os = "linux")]
    assert!(status.memory_bytes > 100 << 20 && status.peak_memory_bytes >= status.memory_bytes, "{status:?}");

    let again = Instant::now();
    assert_eq!(place.ensure("default", 3).await.expect("it is there"), environment);
    assert!(again.elapsed() < Duration::from_secs(1), "a running sandbox took {:?}", again.elapsed());

    eventually("metrics-server answers for the nodes", async || {
        kubectl(&environment, &["get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes/worker-1"]).await.succeeded()
    })
    .await;

    place.stop("default").await;
    assert_eq!(place.processes("default"), []);
    assert_free(&ports);
    assert!(!place.folder("default").exists() && place.provider.names().expect("names").is_empty());
    place.stop("default").await;
}

#[tokio::test]
async fn a_component_that_was_stopped_stays_stopped() {
    let place = Place::new();
    let environment = place.ensure("default", 1).await.expect("it starts");
    place.provider.set_component("default", "kube-scheduler", false).await.expect("it stops");
    output(&environment, &["create", "deployment", "web", "--image=nginx"]).await;
    place.ensure("default", 1).await.expect("a missing component hinders nobody");
    let pods = || output(&environment, &["get", "pods", "-o", "jsonpath={.items[*].status.phase}"]);
    eventually("the pod is made", async || !pods().await.is_empty()).await;
    assert_eq!(pods().await, "Pending");
    place.provider.set_component("default", "kube-scheduler", true).await.expect("it starts");
    eventually("the pod is scheduled", async || pods().await == "Running").await;

    place.provider.set_component("default", "etcd", false).await.expect("it stops");
    place.provider.set_component("default", "etcd", true).await.expect("it starts");
    assert_eq!(pods().await, "Running");

    let error = place.provider.set_component("default", "kube-proxy", false).await.expect_err("there is none").to_string();
    assert!(error.contains("kube-proxy") && error.contains("kube-scheduler"), "{error}");
    place.stop("default").await;
}

#[tokio::test]
async fn a_port_that_a_stranger_takes_during_a_start_is_left_to_them() {
    let place = Place::new();
    let taken = async {
        let mut taken = None;
        eventually("the ports are assigned", async || {
            taken = place.ports_by_part("default").map(|ports| ports["worker-1"]);
            taken.is_some()
        })
        .await;
        // Long before a kubelet listens, which needs the API server.
        TcpListener::bind(("127.0.0.1", taken.expect("a port"))).expect("it is free")
    };
    let (environment, stranger) = tokio::join!(place.ensure("default", 1), taken);
    environment.expect("it starts with other ports");
    let port = stranger.local_addr().expect("its address").port();
    assert!(!place.ports("default").contains(&port));
    place.stop("default").await;
}

#[tokio::test]
async fn two_sandboxes_run_side_by_side_and_an_operator_in_one() {
    let place = Place::new();
    let first = place.ensure("first", 1).await.expect("it starts");
    let second = place.ensure_with("second", 1, &["prometheus-operator"]).await.expect("it starts");
    assert_eq!(place.provider.names().expect("names"), ["first", "second"]);
    assert!(!kubectl(&first, &["get", "prometheuses"]).await.succeeded(), "an add-on nobody asked for");

    let prometheus = place.folder("second").join("prometheus.yaml");
    std::fs::write(&prometheus, "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: main}\nspec: {}\n")
        .expect("a file");
    output(&second, &["apply", "-f", &prometheus.display().to_string()]).await;
    eventually("the operator makes the StatefulSet", async || {
        kubectl(&second, &["get", "statefulset", "prometheus-main"]).await.succeeded()
    })
    .await;

    place.stop("first").await;
    assert_eq!(output(&second, &["get", "--raw", "/readyz"]).await, "ok");
    place.stop("second").await;
    assert!(place.processes("first").is_empty() && place.processes("second").is_empty());
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_choices() {
    let place = Place::new();
    for name in ["", "../up", "UPPER", "-x"] {
        let error = place.ensure(name, 1).await.expect_err("a bad name").to_string();
        assert!(error.contains("cannot name an environment"), "{error}");
    }
    let error = place.ensure("a", 1000).await.expect_err("too many").to_string();
    assert!(error.contains("at most 9 worker nodes"), "{error}");
    let request = EnvironmentRequest { name: "a".into(), workers: Some(1), addons: vec!["nagios".into()], ..EnvironmentRequest::default() };
    let error = place.provider.ensure(&request, &Events::none()).await.expect_err("no such add-on").to_string();
    assert!(error.contains("nagios") && error.contains("prometheus-operator"), "{error}");
    assert!(place.provider.names().expect("names").is_empty(), "a refusal leaves nothing");
}
