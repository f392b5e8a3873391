//! What snapshots cost and how they survive a bad server, against an API server that follows a script.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use kubedrill::cluster::{Cluster, ClusterError, KindState, Snapshot, SnapshotRequest, SnapshotSource};
use serde_json::{Value, json};

/// Answers each request with what the script says for its path and query: a status and lines of a body.
struct ScriptedServer {
    cluster: Cluster,
    asked: Arc<Mutex<Vec<String>>>,
    _home: tempfile::TempDir,
}

impl ScriptedServer {
    fn new(script: impl Fn(&str, usize) -> (u16, Vec<Value>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, script) = (asked.clone(), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (log.clone(), script.clone());
                std::thread::spawn(move || serve(stream, &log, &*script));
            }
        });
        let home = tempfile::tempdir().unwrap();
        let kubeconfig = home.path().join("kubeconfig");
        let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "users": [{"name": "u", "user": {}}]});
        std::fs::write(&kubeconfig, config.to_string()).unwrap();
        Self { cluster: Cluster::connect(&kubeconfig).unwrap(), asked, _home: home }
    }

    fn asked(&self, word: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|path| path.contains(word)).count()
    }
}

/// What a fake server answers: a status and the lines of its body, by the path and by how often it was asked.
type Script = dyn Fn(&str, usize) -> (u16, Vec<Value>);

fn serve(stream: std::net::TcpStream, log: &Mutex<Vec<String>>, script: &Script) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let before = {
        let mut log = log.lock().unwrap();
        log.push(path.clone());
        log.iter().filter(|p| **p == path).count() - 1
    };
    let (status, lines) = match path.as_str() {
        "/api" => (200, vec![discovery()]),
        "/apis" => (200, vec![json!({"items": []})]),
        _ => script(&path, before),
    };
    let mut stream = stream;
    let head = format!("HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    for line in lines {
        // A watcher that has gone away is no failure of the server.
        if writeln!(stream, "{line}").is_err() {
            return;
        }
    }
    if path.contains("watch=1") && status == 200 {
        std::thread::sleep(Duration::from_secs(5));
    }
}

fn discovery() -> Value {
    json!({"items": [{"metadata": {"name": ""}, "versions": [{"version": "v1", "resources": [
        {"resource": "pods", "responseKind": {"kind": "Pod"}, "scope": "Namespaced", "verbs": ["list", "watch"]}]}]}]})
}

fn list(version: &str, names: &[&str]) -> (u16, Vec<Value>) {
    let items: Vec<Value> =
        names.iter().map(|name| json!({"metadata": {"name": name, "namespace": "shop", "resourceVersion": "1"}})).collect();
    (200, vec![json!({"metadata": {"resourceVersion": version}, "items": items})])
}

fn failure(code: u16, message: &str) -> (u16, Vec<Value>) {
    (code, vec![json!({"kind": "Status", "status": "Failure", "code": code, "message": message})])
}

fn request(kinds: &[&str]) -> SnapshotRequest {
    SnapshotRequest {
        kinds: kinds.iter().map(|kind| ((*kind).to_owned(), Some(vec!["shop".to_owned()]))).collect(),
        ..SnapshotRequest::default()
    }
}

fn names(snapshot: &Snapshot) -> Vec<String> {
    snapshot.objects("Pod").unwrap().iter().map(|o| o["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_look_costs_one_list_from_the_cache_and_no_watch() {
    let server = ScriptedServer::new(|_, _| list("5", &["b", "a"]));
    let snapshot = server.cluster.plane(request(&["Pod"])).snapshot().await;
    assert_eq!(names(&snapshot), ["a", "b"]);
    assert_eq!(snapshot.objects("Pod").unwrap()[0]["kind"], "Pod");
    assert_eq!((server.asked("/pods?resourceVersion=0"), server.asked("watch=1")), (1, 0));
    assert_eq!((snapshot.calls.list, snapshot.calls.watch), (1, 0));
}

#[tokio::test]
async fn a_change_is_heard_by_one_watch_that_goes_on_where_the_list_ended() {
    let server = ScriptedServer::new(|path, _| match path.contains("watch=1") {
        false => list("5", &["a"]),
        true => (200, vec![json!({"type": "ADDED", "object": {"metadata": {"name": "b", "namespace": "shop", "resourceVersion": "6"}}})]),
    });
    let mut plane = server.cluster.plane(request(&["Pod"]));
    plane.snapshot().await;
    assert!(plane.changed(Duration::from_secs(5)).await);
    assert_eq!(names(&plane.snapshot().await), ["a", "b"]);
    assert!(!plane.changed(Duration::from_millis(300)).await, "nothing more has happened");
    assert_eq!((server.asked("/pods?resourceVersion=0"), server.asked("resourceVersion=5")), (1, 1));
}

#[tokio::test]
async fn a_watch_that_is_too_old_is_replaced_by_a_new_list() {
    let gone = || json!({"type": "ERROR", "object": {"kind": "Status", "status": "Failure", "code": 410, "reason": "Expired", "message": "too old"}});
    let server = ScriptedServer::new(move |path, _| match path {
        p if p.contains("resourceVersion=0") => list("5", &["a"]),
        p if p.contains("watch=1") && p.contains("resourceVersion=5") => (200, vec![gone()]),
        p if p.contains("watch=1") => (200, vec![]),
        _ => list("9", &["a", "late"]),
    });
    let mut plane = server.cluster.plane(request(&["Pod"]));
    plane.snapshot().await;
    assert!(plane.changed(Duration::from_secs(5)).await);
    assert_eq!(names(&plane.snapshot().await), ["a", "late"]);
}

#[tokio::test]
async fn what_is_not_served_is_unknown_and_what_is_refused_is_unreadable() {
    let server = ScriptedServer::new(|_, _| failure(403, "pods is forbidden"));
    let snapshot = server.cluster.plane(request(&["Pod", "Prometheus.monitoring.coreos.com"])).snapshot().await;
    assert!(matches!(snapshot.kinds["Prometheus.monitoring.coreos.com"], KindState::Unknown));
    assert!(snapshot.objects("Pod").unwrap_err().contains("pods is forbidden"));
}

#[tokio::test]
async fn a_dead_server_is_named_with_the_way_out() {
    let home = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let kubeconfig = home.path().join("kubeconfig");
    let config = format!(
        "current-context: c\nclusters: [{{name: c, cluster: {{server: 'http://127.0.0.1:{port}'}}}}]\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n"
    );
    std::fs::write(&kubeconfig, config).unwrap();
    let error = Cluster::connect(&kubeconfig).unwrap().uid().await.unwrap_err();
    assert!(matches!(error, ClusterError::Unreachable { .. }) && error.is_transient(), "{error}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")) && error.to_string().contains("kubedrill start"), "{error}");
    let missing = Cluster::connect(&home.path().join("none")).unwrap_err();
    assert!(matches!(missing, ClusterError::Kubeconfig { .. }), "{missing}");
}
