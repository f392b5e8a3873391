//! Who holds which rules: bindings with their roles, for the items about permissions.

use serde_json::Value;

use crate::{
    audit::{Facts, found::Unread},
    check::object,
};

/// A binding, its role's rules, and those of its subjects that an audit is about.
pub(super) struct Grant<'a> {
    pub(super) binding: &'a Value,
    pub(super) rules: &'a [Value],
    pub(super) subjects: Vec<&'a Value>,
}

/// Every grant to a subject that is not the cluster's own. What Kubernetes itself sets up at its start does not count, nor what kubedrill
/// gives a learner.
pub(super) fn grants(facts: &Facts) -> Result<Vec<Grant<'_>>, Unread> {
    let bindings = facts.of_cluster("ClusterRoleBinding")?.into_iter().chain(facts.in_scope("RoleBinding")?);
    let (cluster_roles, roles) = (facts.of_cluster("ClusterRole")?, facts.in_scope("Role")?);
    let mut found = Vec::new();
    for binding in bindings.filter(|binding| !is_provided(binding)) {
        let (kind, name) = (object::text(binding, "/roleRef/kind"), object::text(binding, "/roleRef/name"));
        let role = match kind {
            "ClusterRole" => cluster_roles.iter().find(|role| object::name(role) == name),
            _ => roles.iter().find(|role| object::name(role) == name && object::namespace(role) == object::namespace(binding)),
        };
        let subjects: Vec<&Value> = object::list(binding, "/subjects").iter().filter(|subject| counts(subject, facts)).collect();
        if let (Some(role), false) = (role, subjects.is_empty()) {
            found.push(Grant { binding, rules: object::list(role, "/rules"), subjects });
        }
    }
    Ok(found)
}

fn is_provided(binding: &Value) -> bool {
    object::label(binding, "kubernetes.io/bootstrapping").is_some() || object::label(binding, "kubedrill.dev/owned").is_some()
}

/// Whether a subject is one that somebody may give rights to: not a part of the control plane, nor outside of the scope.
fn counts(subject: &Value, facts: &Facts) -> bool {
    match object::kind(subject) {
        "ServiceAccount" => facts.scope.holds(object::text(subject, "/namespace")),
        _ if is_anonymous(subject) => true,
        "Group" => {
            let name = object::text(subject, "/name");
            !name.starts_with("system:") || name == "system:authenticated" || name.starts_with("system:serviceaccounts")
        }
        _ => !object::text(subject, "/name").starts_with("system:"),
    }
}

/// Whoever has not said who it is.
pub(super) fn is_anonymous(subject: &Value) -> bool {
    matches!(object::text(subject, "/name"), "system:anonymous" | "system:unauthenticated")
}

/// The subject as a person would name it.
pub(super) fn name(subject: &Value) -> String {
    let (kind, name) = (object::kind(subject), object::text(subject, "/name"));
    match object::text(subject, "/namespace") {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    }
}

/// Whether one of the rules gives one of these verbs on one of these resources, by name or by a wildcard.
pub(super) fn gives(rules: &[Value], verbs: &[&str], resources: &[&str]) -> bool {
    rules.iter().any(|rule| has(rule, "/verbs", verbs) && has(rule, "/resources", resources))
}

/// Whether a rule names one of these words, or all of them.
pub(super) fn has(rule: &Value, list: &str, words: &[&str]) -> bool {
    object::list(rule, list).iter().filter_map(Value::as_str).any(|word| word == "*" || words.contains(&word))
}
