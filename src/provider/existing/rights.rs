use std::collections::BTreeSet;

use crate::cluster::{Cluster, ClusterError, KindId, OwnRights};

/// A group and a resource of it.
type Resource = (String, String);

/// What every scenario is watched by, and mostly made of.
const WORK: [(&str, &str); 11] = [
    ("", "configmaps"),
    ("", "persistentvolumeclaims"),
    ("", "pods"),
    ("", "secrets"),
    ("", "serviceaccounts"),
    ("", "services"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
];
const CHANGE: [&str; 7] = ["get", "list", "watch", "create", "update", "patch", "delete"];

/// The rights that are missing to work in these namespaces, a line each. Asks, and changes nothing.
pub async fn missing(cluster: &Cluster, home: &str, namespaces: &[String], kinds: &[KindId]) -> Result<Vec<String>, ClusterError> {
    let rbac = ["roles", "rolebindings"].map(|plural| ("rbac.authorization.k8s.io".to_owned(), plural.to_owned()));
    let own = kinds.iter().filter(|kind| kind.namespaced).map(|kind| (kind.group.clone(), kind.plural.clone()));
    let work: BTreeSet<Resource> = WORK.iter().map(|(g, r)| ((*g).to_owned(), (*r).to_owned())).chain(rbac).chain(own).collect();
    let mut lines = Vec::new();
    for namespace in namespaces {
        let rights = cluster.own_rights(namespace).await?;
        let wanted = work.iter().map(|resource| (resource.clone(), &CHANGE[..]));
        lines.extend(wanted.filter_map(|(resource, verbs)| line(namespace, &rights, &resource, verbs)));
    }
    let rights = cluster.own_rights(home).await?;
    let of = |resource: &str| (String::new(), resource.to_owned());
    let wanted = [
        (of("configmaps"), &["get", "create", "patch", "delete"][..]),
        (of("serviceaccounts"), &["create", "patch", "delete"]),
        (of("serviceaccounts/token"), &["create"]),
    ];
    lines.extend(wanted.iter().filter_map(|(resource, verbs)| line(home, &rights, resource, verbs)));
    Ok(lines)
}

fn line(namespace: &str, rights: &OwnRights, (group, resource): &Resource, verbs: &[&str]) -> Option<String> {
    let lacking: Vec<&str> = verbs.iter().copied().filter(|verb| !rights.allow(verb, group, resource)).collect();
    let dot = if group.is_empty() { "" } else { "." };
    (!lacking.is_empty()).then(|| format!("  in {namespace}: {} {resource}{dot}{group}", lacking.join(", ")))
}
