//! YAML that a learner copies from a tutorial behaves as on a real cluster: started, probed, logged, reached, stored, cleaned up.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::support::Drill;

/// A cluster's administrator with kubedrill's own kubectl.
struct Admin {
    kubectl: PathBuf,
    kubeconfig: PathBuf,
}

impl Admin {
    fn of(drill: &Drill) -> Self {
        drill.expect(0, &["start", "lab-service-types"]);
        drill.expect(0, &["env"]);
        let environment = drill.home().join("state/environments/default");
        Self { kubectl: environment.join("path/kubectl"), kubeconfig: environment.join("admin.kubeconfig") }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.kubectl);
        command.args(["--namespace", "tutorial"]).args(args).env("KUBECONFIG", &self.kubeconfig).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> (bool, String) {
        let output = self.command(args).output().expect("kubectl runs");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), text)
    }

    fn expect(&self, args: &[&str]) -> String {
        let (ok, text) = self.run(args);
        assert!(ok, "kubectl {args:?}: {text}\n{}", self.run(&["get", "pods,events", "-o", "wide"]).1);
        text
    }

    fn apply(&self, name: &str) {
        let file = format!("{}/sandbox/testdata/tutorial/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        self.expect(&["apply", "-f", &file]);
    }
}

#[test]
fn what_tutorials_teach_works() {
    let drill = Drill::with_sandbox();
    let admin = Admin::of(&drill);
    admin.expect(&["create", "namespace", "tutorial"]);
    for name in ["busybox-loop", "cronjob", "daemonset", "init-nslookup", "job", "nginx-probes", "postgres-statefulset"] {
        admin.apply(name);
    }

    // A Deployment with probes, its Service, and every way to it.
    admin.expect(&["rollout", "status", "deployment/nginx", "--timeout=60s"]);
    let page = admin.expect(&["get", "--raw", "/api/v1/namespaces/tutorial/services/nginx:80/proxy/"]);
    assert!(page.to_lowercase().contains("nginx"), "services/proxy: {page}");
    let pod = admin.expect(&["get", "pods", "-l", "app=nginx", "-o", "jsonpath={.items[0].metadata.name}"]);
    let page = admin.expect(&["get", "--raw", &format!("/api/v1/namespaces/tutorial/pods/{pod}:80/proxy/")]);
    assert!(page.to_lowercase().contains("nginx"), "pods/proxy: {page}");
    assert!(forwarded(&admin, "service/nginx", 80).to_lowercase().contains("nginx"));

    // A loop with logs, exec, DNS and the network inside the pod.
    admin.expect(&["wait", "pod/counter", "--for=condition=Ready", "--timeout=60s"]);
    let first = first_line(admin.command(&["logs", "-f", "counter"]));
    assert!(first.starts_with("0: "), "logs -f: {first}");
    let seen = admin.expect(&[
        "exec",
        "counter",
        "--",
        "sh",
        "-c",
        "wget -qO- http://nginx.tutorial | head -n 5; cat /etc/hostname; nslookup nginx",
    ]);
    assert!(
        seen.to_lowercase().contains("nginx") && seen.contains("counter") && seen.contains("nginx.tutorial.svc.cluster.local"),
        "{seen}"
    );
    let (ok, missing) = admin.run(&["exec", "counter", "--", "nginxzz"]);
    assert!(!ok && missing.contains("executable file not found in $PATH"), "{missing}");

    // Work that ends, work that waits for a name, work on every node.
    admin.expect(&["wait", "job/hello", "--for=condition=Complete", "--timeout=60s"]);
    assert_eq!(admin.expect(&["logs", "job/hello"]), "Hello\nstep 1\nstep 2\nstep 3\ndone\n");
    admin.expect(&["wait", "pod/myapp", "--for=condition=Ready", "--timeout=60s"]);
    assert!(admin.expect(&["logs", "myapp"]).contains("The app is running!"));
    admin.expect(&["rollout", "status", "daemonset/node-logger", "--timeout=60s"]);
    let nodes = admin.expect(&["get", "daemonset", "node-logger", "-o", "jsonpath={.status.numberReady}"]);
    assert_eq!(nodes, "4", "one on every node, the control plane's included");
    admin.expect(&["create", "job", "--from=cronjob/hello", "by-hand"]);
    admin.expect(&["wait", "job/by-hand", "--for=condition=Complete", "--timeout=60s"]);
    assert!(admin.expect(&["logs", "job/by-hand"]).contains("Hello from the Kubernetes cluster"));

    // A database whose files outlive its pod.
    admin.expect(&["rollout", "status", "statefulset/postgres", "--timeout=60s"]);
    admin.expect(&["exec", "postgres-0", "--", "sh", "-c", "echo kept > /var/lib/postgresql/data/note"]);
    let before = admin.expect(&["get", "pod", "postgres-0", "-o", "jsonpath={.metadata.uid}"]);
    admin.expect(&["delete", "pod", "postgres-0"]);
    admin.expect(&["rollout", "status", "statefulset/postgres", "--timeout=60s"]);
    admin.expect(&["wait", "pod/postgres-0", "--for=condition=Ready", "--timeout=60s"]);
    assert_ne!(admin.expect(&["get", "pod", "postgres-0", "-o", "jsonpath={.metadata.uid}"]), before);
    assert_eq!(admin.expect(&["exec", "postgres-0", "--", "cat", "/var/lib/postgresql/data/note"]), "kept\n");

    // What goes wrong, goes wrong in the kubelet's own words.
    admin.expect(&["run", "typo", "--image=nginx:no-such-tag", "--restart=Never"]);
    admin.expect(&[
        "wait",
        "pod/typo",
        "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff",
        "--timeout=60s",
    ]);
    admin.expect(&["run", "crash", "--image=busybox:1.37", "--", "sh", "-c", "echo it broke >&2; exit 3"]);
    admin.expect(&[
        "wait",
        "pod/crash",
        "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff",
        "--timeout=60s",
    ]);
    assert_eq!(admin.expect(&["logs", "crash", "--previous"]), "it broke\n");
}

#[test]
fn a_configuration_from_a_tutorial_is_what_nginx_does() {
    let drill = Drill::with_sandbox();
    let admin = Admin::of(&drill);
    admin.expect(&["create", "namespace", "tutorial"]);

    // nginx does not start while a name in its configuration is unknown.
    admin.apply("nginx-proxy");
    admin.expect(&["wait", "deployment/frontend", "--for=jsonpath={.status.replicas}=1", "--timeout=60s"]);
    let pod = admin.expect(&["get", "pods", "-l", "app=frontend", "-o", "name"]);
    let pod = pod.trim();
    let crashed = "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff";
    admin.expect(&["wait", pod, crashed, "--timeout=60s"]);
    let log = admin.expect(&["logs", "--previous", pod]);
    assert!(log.contains("nginx: [emerg] host not found in upstream \"backend:5678\" in /etc/nginx/conf.d/default.conf:2\n"), "{log}");
    let code = ["get", pod, "-o", "jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}"];
    assert_eq!(admin.expect(&code), "1");

    // With the Service there, it serves files and passes requests on.
    admin.apply("http-echo");
    admin.expect(&["rollout", "status", "deployment/backend", "--timeout=60s"]);
    admin.expect(&["delete", pod, "--now"]);
    admin.expect(&["rollout", "status", "deployment/frontend", "--timeout=60s"]);
    let proxied = |path: &str| admin.expect(&["get", "--raw", &format!("/api/v1/namespaces/tutorial/services/frontend:80/proxy/{path}")]);
    assert_eq!(proxied(""), "<h1>Hello from a ConfigMap</h1>\n");
    assert_eq!(proxied("a/page/of/the/app"), "<h1>Hello from a ConfigMap</h1>\n", "try_files");
    assert_eq!(proxied("api/orders"), "hello from the backend\n");
    let status = |path: &str| {
        let command = format!("curl -s -o /dev/null -w '%{{http_code}}' http://frontend{path}");
        admin.expect(&["exec", "deployment/frontend", "--", "sh", "-c", &command])
    };
    assert_eq!(status("/assets/none.css"), "404");
    let log = admin.expect(&["logs", "deployment/frontend"]);
    assert!(log.contains("\"GET /api/orders HTTP/1.1\" 200 "), "{log}");
    assert!(log.contains("open() \"/usr/share/nginx/html/assets/none.css\" failed (2: No such file or directory), client: "), "{log}");
    assert!(!log.contains("/healthz"), "{log}");
    let tested = admin.expect(&["exec", "deployment/frontend", "--", "nginx", "-t"]);
    assert!(tested.contains("nginx: configuration file /etc/nginx/nginx.conf test is successful"), "{tested}");
    admin.expect(&["exec", "deployment/frontend", "--", "nginx", "-s", "reload"]);

    // A Service without endpoints refuses.
    admin.expect(&["scale", "deployment/backend", "--replicas=0"]);
    admin.expect(&["wait", "pod", "-l", "app=backend", "--for=delete", "--timeout=60s"]);
    assert_eq!(status("/api/orders"), "502");
    let log = admin.expect(&["logs", "deployment/frontend"]);
    assert!(log.contains("connect() failed (111: Connection refused) while connecting to upstream"), "{log}");
}

/// The first line that a command prints; the command is ended then.
fn first_line(mut command: Command) -> String {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("kubectl runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    line
}

/// A page through `kubectl port-forward`.
fn forwarded(admin: &Admin, target: &str, port: u16) -> String {
    use std::io::{Read, Write};
    let mut child = admin.command(&["port-forward", target, &format!(":{port}")]).stdout(Stdio::piped()).spawn().expect("kubectl runs");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    out.read_line(&mut line).expect("a line");
    let local: u16 =
        line.split("127.0.0.1:").nth(1).and_then(|l| l.split(' ').next()).and_then(|p| p.parse().ok()).unwrap_or_else(|| panic!("{line}"));
    let mut connection = std::net::TcpStream::connect(("127.0.0.1", local)).expect("the forwarded port");
    connection.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").expect("a request");
    let mut page = String::new();
    connection.read_to_string(&mut page).expect("an answer");
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    page
}
