//! Somebody else's cluster, played by a sandbox in which somebody works already: learners come, work and go, and it is as it was.

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use serde_json::{Value, json};

use crate::support::{Drill, Ran};

const C20: &str = "c20-service-no-endpoints";
const MONITORING: &str = "c5-2-monitoring-blind";
const KINDS: &str = "namespaces,deployments,statefulsets,services,configmaps,secrets,serviceaccounts,roles,rolebindings,clusterroles,\
                     clusterrolebindings,resourcequotas,limitranges,networkpolicies,persistentvolumeclaims,pods";

/// The cluster of others, with its owner's rights.
struct Host<'a> {
    drill: &'a Drill,
    config: PathBuf,
}

impl<'a> Host<'a> {
    /// A sandbox in which somebody has a challenge open, and a kubeconfig with its owner's context.
    fn new(drill: &'a Drill) -> Self {
        drill.expect(0, &["start", C20]);
        drill.expect(0, &["env"]);
        let config = drill.home().join("config");
        let host = Self { drill, config };
        host.contexts(&[]);
        host
    }

    fn folder(&self) -> PathBuf {
        self.drill.home().join("state/environments/default")
    }

    fn kubectl(&self, args: &[&str]) -> String {
        let output = Command::new(self.folder().join("path/kubectl"))
            .arg("--kubeconfig")
            .arg(self.folder().join("admin.kubeconfig"))
            .args(args)
            .output()
            .expect("kubectl runs");
        assert!(output.status.success(), "kubectl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a learner's own kubectl says.
    fn learner(&self, env: &str, args: &[&str]) -> (i32, String) {
        let kubeconfig = self.drill.home().join("state/existing").join(env).join("learner.kubeconfig");
        let output = Command::new(self.folder().join("path/kubectl")).arg("--kubeconfig").arg(kubeconfig).args(args).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8(said).unwrap())
    }

    /// Writes the kubeconfig: the owner's context, and one for each token.
    fn contexts(&self, tokens: &[(&str, String)]) {
        let mut config: Value = serde_saphyr::from_str(&std::fs::read_to_string(self.folder().join("admin.kubeconfig")).unwrap()).unwrap();
        let cluster = config["clusters"][0]["name"].clone();
        config["contexts"][0]["name"] = "owner".into();
        for (name, token) in tokens {
            config["users"].as_array_mut().unwrap().push(json!({"name": name, "user": {"token": token}}));
            config["contexts"].as_array_mut().unwrap().push(json!({"name": name, "context": {"cluster": cluster, "user": name}}));
        }
        config["current-context"] = "nobodys".into();
        std::fs::write(&self.config, config.to_string()).unwrap();
    }

    /// A user who may do nothing yet.
    fn teacher(&self, name: &str) -> String {
        self.kubectl(&["create", "serviceaccount", name, "-n", "default"]);
        self.kubectl(&["create", "token", name, "-n", "default", "--duration=1h"]).trim().to_owned()
    }

    /// What there is, by kind, name and identity; the pods of others go and come by themselves.
    fn dump(&self) -> BTreeSet<String> {
        let columns = "custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name,U:.metadata.uid,G:.metadata.generation";
        self.kubectl(&["get", KINDS, "-A", "-o", columns, "--no-headers"]).lines().map(str::to_owned).collect()
    }

    fn run(&self, context: &str, env: &str, args: &[&str]) -> Ran {
        let config = self.config.display().to_string();
        self.drill.run(&[args, &["--provider", "existing", "--context", context, "--kubeconfig", &config, "--env", env]].concat())
    }

    fn expect(&self, code: i32, context: &str, env: &str, args: &[&str]) -> Ran {
        let ran = self.run(context, env, args);
        assert_eq!(ran.code, code, "{args:?} as {context}\n{}{}", ran.out, ran.err);
        ran
    }
}

#[test]
fn a_context_must_be_named_and_must_be_there() {
    let drill = Drill::new();
    let ran = drill.expect(6, &["start", C20, "--provider", "existing"]);
    assert!(ran.err.contains("--context NAME"), "{}", ran.err);
    let ran = drill.expect(6, &["start", C20, "--provider", "existing", "--context", "x"]);
    assert!(ran.err.contains("there is no kubeconfig at") && ran.err.contains(".kube/config"), "{}", ran.err);
    assert_eq!(drill.expect(2, &["start", C20, "--context", "x"]).out, "");
    let ran = drill.expect(0, &["prepare", "--for", "alice", "--for", "bob", "--user", "group:students", C20]);
    let names: Vec<&str> = ran.out.lines().filter_map(|line| line.trim().strip_prefix("name: ")).collect();
    assert!(["alice-kubedrill", "alice-shop", "bob-shop"].iter().all(|name| names.contains(name)), "{}", ran.out);
}

#[test]
fn learners_come_work_and_go_and_the_cluster_is_as_it_was() {
    let drill = Drill::with_sandbox();
    let host = Host::new(&drill);
    let untouched = host.dump();
    two_learners_of_the_owner(&host, &untouched);
    a_scenario_that_needs_an_operator_is_refused(&host, &untouched);
    one_learner_without_the_owners_rights(&host);
}

/// With the right to make namespaces: each learner gets their own, and they do not reach each other's.
fn two_learners_of_the_owner(host: &Host, untouched: &BTreeSet<String>) {
    host.expect(0, "owner", "bob", &["start", C20]);
    let shown = host.expect(0, "owner", "carol", &["start", C20]);
    assert!(!shown.out.contains("-n shop"), "{}", shown.out);
    let quota = host.kubectl(&["get", "resourcequota,limitrange,networkpolicy", "-n", "carol-shop", "-o", "name"]);
    assert_eq!(quota.lines().count(), 3, "{quota}");
    let (_, own) = host.learner("carol", &["get", "service", "db", "-o", "jsonpath={.spec.externalName}"]);
    assert_eq!(own, "db.old.svc.cluster.local");
    for (namespace, verb, what) in [
        ("bob-shop", "get", "pods"),
        ("shop", "get", "secrets"),
        ("carol-kubedrill", "get", "configmaps"),
        ("carol-shop", "delete", "resourcequota/kubedrill-share"),
    ] {
        let (code, said) = host.learner("carol", &[verb, what, "-n", namespace]);
        assert!(code != 0 && said.contains("orbidden"), "{verb} {what} in {namespace}: {said}");
    }
    // Whatever the user's kubeconfig says from now on, the attempt goes on where it began.
    std::fs::write(&host.config, "{").unwrap();
    host.drill.expect(0, &["solve", "fix-services", "--apply", "--env", "carol"]);
    let (code, checked) = host.drill.json(&["check", "--env", "carol"]);
    assert_eq!((code, checked["score"]["total"]["points"].as_f64()), (0, Some(100.0)), "{checked}");
    assert_eq!(host.drill.json(&["check", "--now", "--env", "bob"]).0, 3, "bob's is as broken as it was");
    host.drill.expect(0, &["reset", "--env", "carol"]);
    assert_eq!(host.drill.json(&["check", "--now", "--env", "carol"]).0, 3);
    host.drill.expect(0, &["stop", "--env", "bob"]);
    host.drill.expect(0, &["stop", "--env", "carol"]);
    assert_eq!(&host.dump(), untouched);
    host.contexts(&[]);
}

/// What the cluster does not serve is no failure of a scenario.
fn a_scenario_that_needs_an_operator_is_refused(host: &Host, untouched: &BTreeSet<String>) {
    let refused = host.expect(6, "owner", "dan", &["start", MONITORING]);
    assert!(refused.err.contains("does not serve") && refused.err.contains("ServiceMonitor"), "{}", refused.err);
    let proven = host.expect(3, "owner", "dan", &["prove", MONITORING, "--output", "json"]);
    let proof: Value = serde_json::from_str(&proven.out).unwrap();
    let lacks = proof["scenarios"][0]["refused"].as_array().unwrap();
    assert!(lacks.iter().any(|kind| kind == "monitoring.coreos.com/v1 ServiceMonitor"), "{lacks:?}");
    assert_eq!(proof["scenarios"][0]["cases"], json!([]));
    assert_eq!(&host.dump(), untouched);
}

/// With rights in prepared namespaces only.
fn one_learner_without_the_owners_rights(host: &Host) {
    let token = host.teacher("alice");
    host.contexts(&[("alice", token)]);
    let refused = host.expect(6, "alice", "alice", &["start", C20]);
    assert!(refused.err.contains("alice-kubedrill") && refused.err.contains("kubedrill prepare"), "{}", refused.err);
    assert!(!host.drill.home().join("state/existing/alice").exists(), "a refusal leaves nothing");
    let refused = host.expect(6, "alice", "alice", &["start", C20, "--namespaces", "shop=kube-system"]);
    assert!(refused.err.contains("never a learner's"), "{}", refused.err);

    let prepare = ["prepare", "--for", "alice", "--user", "serviceaccount:default/alice", C20];
    host.expect(0, "owner", "x", &[&prepare[..], &["--apply"]].concat());
    host.kubectl(&["create", "configmap", "precious", "-n", "alice-shop"]);
    let refused = host.expect(6, "alice", "alice", &["start", C20]);
    assert!(refused.err.contains("alice-shop is not empty") && refused.err.contains("precious"), "{}", refused.err);
    host.kubectl(&["delete", "configmap", "precious", "-n", "alice-shop"]);

    let prepared = host.dump();
    host.expect(0, "alice", "alice", &["start", C20]);
    let taken = host.expect(6, "alice", "other", &["start", C20, "--learner", "alice"]);
    assert!(taken.err.contains("in use by another"), "{}", taken.err);
    host.drill.expect(0, &["solve", "fix-services", "--apply", "--env", "alice"]);
    let (code, checked) = host.drill.json(&["check", "--env", "alice"]);
    assert_eq!((code, checked["score"]["total"]["points"].as_f64()), (0, Some(100.0)), "{checked}");
    host.drill.expect(0, &["reset", "--env", "alice"]);
    host.drill.expect(0, &["stop", "--env", "alice"]);
    assert_eq!(host.dump(), prepared);

    host.kubectl(&["delete", "rolebinding", "kubedrill:work", "-n", "alice-shop"]);
    let refused = host.expect(6, "alice", "alice", &["start", C20]);
    assert!(refused.err.contains("in alice-shop:") || refused.err.contains("alice-shop"), "{}", refused.err);
}
