//! The objects that surround a learner's work in somebody else's cluster. Plain data; the same for `prepare` and for namespaces
//! that kubedrill makes itself.

use serde_json::{Value, json};

use super::Share;

/// Says whose namespaces these are.
pub const LEARNER: &str = "kubedrill.dev/learner";
/// Says which environment made or holds something.
pub const HOLDER: &str = "kubedrill.dev/holder";
/// An administrator gave this namespace to kubedrill.
pub const PREPARED: &str = "kubedrill.dev/prepared";
/// The learner's service account in the home.
pub const ACCOUNT: &str = "learner";
/// The ConfigMap of the home that says who works here.
pub const CLAIM: &str = "kubedrill-claim";
/// The names of what holds a learner's work.
pub const QUOTA: &str = "kubedrill-share";
const ISOLATION: &str = "kubedrill-isolation";
/// What an administrator gives the user of kubedrill in prepared namespaces.
const WORK: &str = "kubedrill:work";

/// The kinds of the core group that a scenario may be made of, and what goes with them; quotas and limits are the owner's.
const CORE: [&str; 24] = [
    "bindings",
    "configmaps",
    "endpoints",
    "events",
    "persistentvolumeclaims",
    "pods",
    "pods/attach",
    "pods/ephemeralcontainers",
    "pods/eviction",
    "pods/exec",
    "pods/log",
    "pods/portforward",
    "pods/proxy",
    "pods/resize",
    "podtemplates",
    "replicationcontrollers",
    "replicationcontrollers/scale",
    "secrets",
    "serviceaccounts",
    "serviceaccounts/token",
    "services",
    "services/proxy",
    "pods/status",
    "services/status",
];
/// Other groups that every cluster serves.
const GROUPS: [&str; 8] =
    ["apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "networking.k8s.io", "policy"];
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/// A namespace of a learner.
pub fn namespace(name: &str, learner: &str, mark: (&str, &str)) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {LEARNER: learner, mark.0: mark.1}}})
}

/// What keeps a learner's work within its share and apart from the others: quota, defaults for pods that ask for nothing, and a
/// NetworkPolicy that lets in everybody but other learners.
pub fn fences(namespace: &str, learner: &str, share: &Share) -> Vec<Value> {
    let metadata = |name: &str| json!({"name": name, "namespace": namespace, "labels": {LEARNER: learner}});
    let mut hard = json!({"pods": share.pods.to_string(), "persistentvolumeclaims": "10", "services.loadbalancers": "2"});
    let mut objects = Vec::new();
    if let Some((cpu, memory)) = share.requests {
        hard["requests.cpu"] = format!("{cpu}m").into();
        hard["requests.memory"] = format!("{memory}Mi").into();
        objects.push(json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": metadata(QUOTA),
            "spec": {"limits": [{"type": "Container", "defaultRequest": {"cpu": "10m", "memory": "16Mi"}}]}}));
    }
    objects.push(json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata(QUOTA), "spec": {"hard": hard}}));
    if share.isolated {
        let own = json!({"namespaceSelector": {"matchLabels": {LEARNER: learner}}});
        let nobodys = json!({"namespaceSelector": {"matchExpressions": [{"key": LEARNER, "operator": "DoesNotExist"}]}});
        objects.push(json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata(ISOLATION),
            "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [own, nobodys]}]}}));
    }
    objects
}

/// The learner's identity.
pub fn account(home: &str, learner: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT, "namespace": home, "labels": {LEARNER: learner}}})
}

/// Says which environment works here.
pub fn claim(home: &str, learner: &str, holder: &str, environment: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": CLAIM, "namespace": home, "labels": {LEARNER: learner}},
        "data": {"holder": holder, "environment": environment}})
}

/// The user name of the learner's service account.
pub fn account_user(home: &str) -> String {
    format!("system:serviceaccount:{home}:{ACCOUNT}")
}

/// The name of the learner's view of what belongs to all.
pub fn view_name(learner: &str) -> String {
    format!("kubedrill:learner-view:{learner}")
}

/// Lets the learner read what lies outside of namespaces and holds no secret.
pub fn view(home: &str, learner: &str) -> [Value; 2] {
    let (name, group) = (view_name(learner), "rbac.authorization.k8s.io");
    let metadata = json!({"name": name, "labels": {LEARNER: learner}});
    let read = ["get", "list", "watch"];
    [
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": metadata, "rules": [
            {"apiGroups": [""], "resources": ["namespaces", "nodes", "persistentvolumes"], "verbs": read},
            {"apiGroups": ["storage.k8s.io"], "resources": ["storageclasses"], "verbs": read},
            {"apiGroups": ["scheduling.k8s.io"], "resources": ["priorityclasses"], "verbs": read},
            {"apiGroups": ["networking.k8s.io"], "resources": ["ingressclasses"], "verbs": read},
            {"apiGroups": ["apiextensions.k8s.io"], "resources": ["customresourcedefinitions"], "verbs": read},
            {"apiGroups": ["metrics.k8s.io"], "resources": ["nodes"], "verbs": read}]}),
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": metadata,
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": home}]}),
    ]
}

/// What the user of kubedrill needs in a prepared namespace: everything that scenarios are made of, here and nowhere else.
pub fn work_rights(namespace: &str, user: &Value, extra_groups: &[String]) -> [Value; 2] {
    let group = "rbac.authorization.k8s.io";
    let groups: Vec<&str> = GROUPS.into_iter().chain(extra_groups.iter().map(String::as_str)).collect();
    let rules = json!([
        {"apiGroups": [""], "resources": CORE, "verbs": VERBS},
        {"apiGroups": [""], "resources": ["namespaces", "resourcequotas", "limitranges"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]},
        {"apiGroups": groups, "resources": ["*"], "verbs": VERBS},
        {"apiGroups": [group], "resources": ["roles", "rolebindings"], "verbs": VERBS},
        {"apiGroups": ["authorization.k8s.io"], "resources": ["localsubjectaccessreviews"], "verbs": ["create"]},
        {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["get", "list"]},
    ]);
    [
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": WORK, "namespace": namespace, "labels": {PREPARED: "true"}}, "rules": rules}),
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": WORK, "namespace": namespace, "labels": {PREPARED: "true"}},
            "roleRef": {"apiGroup": group, "kind": "Role", "name": WORK}, "subjects": [user]}),
    ]
}

/// The name that a kind of fence has in every namespace.
pub fn fence_name(kind: &str) -> &'static str {
    if kind == "NetworkPolicy" { ISOLATION } else { QUOTA }
}
