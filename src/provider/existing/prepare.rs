use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{ExistingError, Share, objects, settings::ExistingSettings, state};

/// What an administrator is asked to prepare.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    /// The learners.
    pub learners: Vec<String>,
    /// Who will run kubedrill: a user, a group (`group:NAME`) or a service account (`serviceaccount:NAMESPACE/NAME`). `{learner}`
    /// stands for each learner's own name.
    pub user: String,
    /// The namespaces of the scenarios, by their own names.
    pub namespaces: BTreeSet<String>,
    /// What the scenarios are made of.
    pub manifests: Vec<Value>,
}

/// The objects to apply, learner by learner: namespaces with their share and their fences, and the rights to work in them. Nothing
/// of it reaches beyond these namespaces.
///
/// # Errors
/// A name cannot be used.
pub fn prepare(wanted: &Preparation) -> Result<Vec<Value>, ExistingError> {
    let share = Share::of(&wanted.manifests);
    let groups: BTreeSet<String> = wanted
        .manifests
        .iter()
        .filter_map(|object| object["apiVersion"].as_str()?.split_once('/').map(|(group, _)| group.to_owned()))
        .filter(|group| group.contains('.') && !group.ends_with(".k8s.io"))
        .collect();
    let groups: Vec<String> = groups.into_iter().collect();
    let mut all = Vec::new();
    for learner in &wanted.learners {
        let settings = ExistingSettings { learner: Some(learner.clone()), ..ExistingSettings::default() };
        let names = state::Names::of(&settings, learner)?;
        let subject = subject(&wanted.user.replace("{learner}", learner));
        let namespaces: BTreeMap<String, String> = wanted.namespaces.iter().map(|n| (n.clone(), names.namespace(n))).collect();
        for namespace in [names.home()].iter().chain(namespaces.values()) {
            state::allowed(namespace)?;
            all.push(objects::namespace(namespace, learner, (objects::PREPARED, "true")));
            all.extend(objects::work_rights(namespace, &subject, &groups));
        }
        all.extend(namespaces.values().flat_map(|namespace| objects::fences(namespace, learner, &share)));
    }
    Ok(all)
}

fn subject(user: &str) -> Value {
    let group = "rbac.authorization.k8s.io";
    if let Some(name) = user.strip_prefix("group:") {
        return json!({"apiGroup": group, "kind": "Group", "name": name});
    }
    match user.strip_prefix("serviceaccount:").and_then(|account| account.split_once('/')) {
        Some((namespace, name)) => json!({"kind": "ServiceAccount", "namespace": namespace, "name": name}),
        None => json!({"apiGroup": group, "kind": "User", "name": user}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_learner_gets_namespaces_and_rights_that_end_at_them() {
        let wanted = Preparation {
            learners: vec!["alice".into(), "bob".into()],
            user: "{learner}@school".into(),
            namespaces: ["shop".to_owned()].into(),
            manifests: vec![json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor"})],
        };
        let objects = prepare(&wanted).unwrap();
        let of = |kind: &str| objects.iter().filter(|o| o["kind"] == kind).collect::<Vec<_>>();
        let names: Vec<_> = of("Namespace").iter().map(|o| o["metadata"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["alice-kubedrill", "alice-shop", "bob-kubedrill", "bob-shop"]);
        assert_eq!(of("RoleBinding")[1]["subjects"][0]["name"], "alice@school");
        assert!(of("Role")[0]["rules"].to_string().contains("monitoring.coreos.com"));
        assert!(objects.iter().all(|o| o["kind"] == "Namespace" || o["metadata"]["namespace"].is_string()), "nothing reaches beyond");
        assert!(prepare(&Preparation { learners: vec!["kube".into()], ..wanted }).is_err());
    }
}
