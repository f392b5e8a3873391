use std::collections::BTreeMap;

use super::{
    ProvisionError,
    object::{carries, name, namespace},
};
use crate::{
    cluster::{Cluster, ClusterError, Freshness, KindId},
    scenario::{ObjectRef, Scenario},
};

/// The objects that a reference points at.
pub(super) struct Targets {
    /// Their kind.
    pub(super) kind: KindId,
    /// Namespace and name of each.
    pub(super) names: Vec<(String, String)>,
}

impl Targets {
    pub(super) fn namespace_of<'a>(&self, name: &'a (String, String)) -> Option<&'a str> {
        self.kind.namespaced.then_some(name.0.as_str())
    }
}

/// A reference with its alias and its default namespace filled in.
pub(super) struct Place {
    pub(super) kind: KindId,
    /// `None` for a cluster-scoped kind and for all namespaces.
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
}

/// Where a reference points, without reading objects.
pub(super) async fn locate(cluster: &Cluster, scenario: &Scenario, place: &str, on: &ObjectRef) -> Result<Place, ProvisionError> {
    let unknown = |why: String| ProvisionError::Target { place: place.to_owned(), why };
    let on = match &on.baseline {
        None => on,
        Some(alias) => {
            let subject = scenario.file.spec.baseline.iter().find(|b| b.alias == *alias);
            &subject.ok_or_else(|| unknown(format!("there is no baseline subject `{alias}`")))?.on
        }
    };
    let kind_name = on.kind.as_deref().ok_or_else(|| unknown("it names neither a kind nor a baseline subject".into()))?;
    let kind = cluster.kind(kind_name).await?.ok_or_else(|| ProvisionError::Action {
        place: place.to_owned(),
        source: ClusterError::UnknownKind { what: format!("find {}", describe(on)), kind: kind_name.to_owned() },
    })?;
    let namespace = match on.namespace.as_deref() {
        _ if !kind.namespaced => None,
        Some("*") => None,
        Some(namespace) => Some(namespace.to_owned()),
        None => scenario.file.spec.namespaces.first().cloned(),
    };
    Ok(Place { kind, namespace, name: on.name.clone(), labels: on.labels.clone() })
}

/// The objects that a reference points at, as they are now. One that is named counts whether it is there or not.
pub(super) async fn resolve(cluster: &Cluster, scenario: &Scenario, place: &str, on: &ObjectRef) -> Result<Targets, ProvisionError> {
    let Place { kind, namespace: wanted, name: wanted_name, labels } = locate(cluster, scenario, place, on).await?;
    if let (Some(wanted_name), true) = (&wanted_name, labels.is_empty() && (wanted.is_some() || !kind.namespaced)) {
        return Ok(Targets { kind, names: vec![(wanted.unwrap_or_default(), wanted_name.clone())] });
    }
    let listed = cluster.list(&kind, wanted.as_deref(), Freshness::Consistent).await?;
    let names = listed.objects.iter().filter(|o| carries(o, &labels) && wanted_name.as_deref().is_none_or(|n| n == name(o)));
    let names = names.map(|o| (namespace(o).unwrap_or_default().to_owned(), name(o).to_owned())).collect();
    Ok(Targets { kind, names })
}

/// A reference in words.
pub(super) fn describe(on: &ObjectRef) -> String {
    if let Some(alias) = &on.baseline {
        return format!("baseline {alias}");
    }
    let mut words = on.kind.clone().unwrap_or_default();
    if let Some(name) = &on.name {
        words.push_str(&format!(" {name}"));
    }
    if !on.labels.is_empty() {
        let labels: Vec<String> = on.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        words.push_str(&format!(" with {}", labels.join(",")));
    }
    if let Some(namespace) = &on.namespace {
        words.push_str(&format!(" in namespace {namespace}"));
    }
    words
}
