use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{ProvisionError, names};
use crate::{
    cluster::{Cluster, OwnRights, Review, ReviewAnswer, ServedKind},
    scenario::{AccessSubject, RuleSpec, Scenario},
    territory::{Holding, Territory},
};

/// What a learner may do with the objects of the scenario's namespaces.
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
/// The subresources that a learner may use. Writing `status` is never among them: it would fake what controllers say.
const SUBRESOURCES: [&str; 10] =
    ["scale", "log", "exec", "attach", "portforward", "proxy", "eviction", "ephemeralcontainers", "resize", "token"];
/// What holds a learner's pods within the share that the cluster's owner gave: to be read, not to be lifted.
const HOLDING: [(&str, &str); 2] = [("", "resourcequotas"), ("", "limitranges")];
/// How long the authorizer may take to know of new rights.
const EFFECTIVE_WITHIN: Duration = Duration::from_secs(10);

/// Gives the learner the rights of a scenario, and nothing else of an earlier one. Idempotent; called again when new kinds
/// have appeared.
///
/// # Errors
/// The rights cannot be written, or do not become effective.
pub async fn grant(cluster: &Cluster, territory: &Territory, scenario: &Scenario, user: &str) -> Result<(), ProvisionError> {
    let served = cluster.served().await?;
    if let Territory::Namespaces(holding) = territory {
        return grant_in_namespaces(cluster, holding, &served, user).await;
    }
    let spec = &scenario.file.spec;
    let view = role("ClusterRole", names::LEARNER_VIEW, view_rules(&served, &spec.learner.cluster_rules));
    let edit = role("ClusterRole", names::LEARNER_EDIT, edit_rules(&served));
    let bindings = std::iter::once(binding("ClusterRoleBinding", None, names::LEARNER_VIEW, user))
        .chain(spec.namespaces.iter().map(|namespace| binding("RoleBinding", Some(namespace), names::LEARNER_EDIT, user)));
    futures::try_join!(cluster.apply(&view), cluster.apply(&edit))?;
    futures::future::try_join_all(bindings.map(async |binding| cluster.apply(&binding).await)).await?;
    for namespace in &spec.namespaces {
        effective(cluster, namespace, user).await?;
    }
    Ok(())
}

/// Gives the learner rights in the namespaces alone, each by a role that lies there, and none that we do not have ourselves.
async fn grant_in_namespaces(cluster: &Cluster, holding: &Holding, served: &[ServedKind], user: &str) -> Result<(), ProvisionError> {
    futures::future::try_join_all(holding.namespaces.iter().map(async |namespace| {
        let own = cluster.own_rights(namespace).await?;
        let mut role = role("Role", names::LEARNER_EDIT, own_rules(served, &own));
        role["metadata"]["namespace"] = namespace.as_str().into();
        let mut binding = binding("RoleBinding", Some(namespace), names::LEARNER_EDIT, user);
        binding["roleRef"]["kind"] = "Role".into();
        cluster.apply(&role).await?;
        cluster.apply(&binding).await?;
        effective(cluster, namespace, user).await
    }))
    .await
    .map(drop)
}

/// What a learner may do, as far as we may do it ourselves: RBAC lets nobody give more than that.
fn own_rules(served: &[ServedKind], own: &OwnRights) -> Vec<Value> {
    let mut rules: BTreeMap<(String, Vec<&str>), Vec<String>> = BTreeMap::new();
    for (group, resources) in by_group(served.iter().filter(|k| k.id.namespaced), &SUBRESOURCES) {
        for resource in resources {
            let holds = !resource.contains('/') && HOLDING.contains(&(group, resource.as_str()));
            let verbs = if holds { &VERBS[..3] } else { &VERBS[..] };
            let allowed: Vec<&str> = verbs.iter().copied().filter(|verb| own.allow(verb, group, &resource)).collect();
            if !allowed.is_empty() {
                rules.entry((group.to_owned(), allowed)).or_default().push(resource);
            }
        }
    }
    let mut rules: Vec<Value> = rules
        .into_iter()
        .map(|((group, verbs), resources)| json!({"apiGroups": [group], "resources": resources, "verbs": verbs}))
        .collect();
    if own.allow("impersonate", "", "serviceaccounts") {
        rules.push(json!({"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]}));
    }
    rules
}

/// The authorizer hears of new roles by a watch of its own; there is nothing to wait on but its answer.
async fn effective(cluster: &Cluster, namespace: &str, user: &str) -> Result<(), ProvisionError> {
    let review = Review {
        subject: AccessSubject::User(user.to_owned()),
        verb: "create".into(),
        resource: "pods".into(),
        namespace: Some(namespace.to_owned()),
        name: None,
    };
    let deadline = tokio::time::Instant::now() + EFFECTIVE_WITHIN;
    loop {
        let answer = cluster.subject_access_review(&review).await;
        if matches!(answer, ReviewAnswer::Answered { allowed: true, .. }) {
            return Ok(());
        }
        if tokio::time::Instant::now() > deadline {
            let why = format!("the rights of user {user} in namespace {namespace} do not become effective: {answer:?}");
            return Err(ProvisionError::Target { place: "the learner's rights".into(), why });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Reading everything but the Secrets of others.
fn view_rules(served: &[ServedKind], extra: &[RuleSpec]) -> Vec<Value> {
    let read = ["get", "list", "watch"];
    let mut rules: Vec<Value> =
        by_group(served.iter().filter(|k| !(k.id.group.is_empty() && k.id.kind == "Secret")), &["log", "status", "scale"])
            .into_iter()
            .map(|(group, resources)| json!({"apiGroups": [group], "resources": resources, "verbs": read}))
            .collect();
    rules.push(json!({"apiGroups": ["metrics.k8s.io"], "resources": ["nodes", "pods"], "verbs": read}));
    rules.push(json!({"apiGroups": ["custom.metrics.k8s.io", "external.metrics.k8s.io"], "resources": ["*"], "verbs": read}));
    rules.push(json!({"apiGroups": ["authorization.k8s.io"], "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "verbs": ["create"]}));
    rules.extend(extra.iter().map(|r| json!({"apiGroups": r.api_groups, "resources": r.resources, "verbs": r.verbs})));
    rules
}

/// Everything on the objects of a namespace, by name of the resource: a wildcard would allow `*/status` too.
fn edit_rules(served: &[ServedKind]) -> Vec<Value> {
    let mut rules: Vec<Value> = by_group(served.iter().filter(|k| k.id.namespaced), &SUBRESOURCES)
        .into_iter()
        .map(|(group, resources)| json!({"apiGroups": [group], "resources": resources, "verbs": VERBS}))
        .collect();
    rules.push(json!({"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]}));
    rules
}

fn by_group<'a>(kinds: impl Iterator<Item = &'a ServedKind>, subresources: &[&str]) -> BTreeMap<&'a str, Vec<String>> {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in kinds {
        let resources = groups.entry(&kind.id.group).or_default();
        resources.push(kind.id.plural.clone());
        let wanted = kind.subresources.iter().filter(|(name, _)| subresources.contains(&name.as_str()));
        resources.extend(wanted.map(|(name, _)| format!("{}/{name}", kind.id.plural)));
    }
    groups
}

fn role(kind: &str, name: &str, rules: Vec<Value>) -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name, "labels": {names::OWNED: "learner"}},
        "rules": rules,
    })
}

fn binding(kind: &str, namespace: Option<&str>, role: &str, user: &str) -> Value {
    let mut binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": role, "labels": {names::OWNED: "learner"}},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
    });
    if let Some(namespace) = namespace {
        binding["metadata"]["namespace"] = namespace.into();
    }
    binding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::KindId;

    fn served(group: &str, kind: &str, plural: &str, namespaced: bool, subresources: &[&str]) -> ServedKind {
        ServedKind {
            id: KindId { group: group.into(), version: "v1".into(), kind: kind.into(), plural: plural.into(), namespaced },
            verbs: vec!["get".into()],
            subresources: subresources.iter().map(|s| ((*s).to_owned(), vec!["get".to_owned()])).collect(),
            preferred: true,
        }
    }

    fn all() -> Vec<ServedKind> {
        vec![
            served("", "Pod", "pods", true, &["status", "exec", "log", "binding"]),
            served("", "Secret", "secrets", true, &[]),
            served("", "Node", "nodes", false, &["status", "proxy"]),
            served("monitoring.coreos.com", "Prometheus", "prometheuses", true, &["status", "scale"]),
        ]
    }

    fn resources(rules: &[Value]) -> Vec<String> {
        let listed = rules.iter().filter(|r| r["verbs"].as_array().unwrap().iter().any(|v| v == "patch"));
        listed.flat_map(|r| r["resources"].as_array().unwrap()).map(|r| r.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_learner_never_writes_status_nodes_or_bindings() {
        let writable = resources(&edit_rules(&all()));
        assert_eq!(writable, ["pods", "pods/exec", "pods/log", "secrets", "prometheuses", "prometheuses/scale"]);
    }

    #[test]
    fn a_learner_reads_everything_but_secrets_and_has_the_scenarios_own_rules() {
        let extra = RuleSpec { api_groups: vec!["".into()], resources: vec!["nodes".into()], verbs: vec!["patch".into()] };
        let rules = view_rules(&all(), &[extra]);
        assert!(!Value::from(rules.clone()).to_string().contains("secrets"));
        assert!(Value::from(rules.clone()).to_string().contains("pods/log"));
        assert_eq!(resources(&rules), ["nodes"]);
    }
}
