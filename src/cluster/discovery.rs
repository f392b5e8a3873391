use std::path::Path;

use kube::client::{APIGroupDiscovery, APIGroupDiscoveryList, APIResourceDiscovery};
use serde::{Deserialize, Serialize};

use super::KindId;

/// One resource that the API server serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedKind {
    /// Its kind.
    pub id: KindId,
    /// What can be done with it.
    pub verbs: Vec<String>,
    /// Its subresources by their bare name, with what can be done with each.
    pub subresources: Vec<(String, Vec<String>)>,
    /// The version that its group prefers for it.
    pub preferred: bool,
}

/// Everything that the API server serves, in its own order of preference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Discovery {
    kinds: Vec<ServedKind>,
}

#[derive(Serialize, Deserialize)]
struct Cached {
    uid: String,
    discovery: Discovery,
}

impl Discovery {
    pub(super) fn of(lists: [APIGroupDiscoveryList; 2]) -> Self {
        let mut kinds: Vec<ServedKind> = Vec::new();
        for group in lists.into_iter().flat_map(|list| list.items) {
            add_group(&mut kinds, group);
        }
        Self { kinds }
    }

    /// The kind `Deployment` or `Prometheus.monitoring.coreos.com`, in its group's preferred version.
    pub(super) fn kind(&self, name: &str) -> Option<&KindId> {
        let (kind, group) = name.split_once('.').map_or((name, None), |(kind, group)| (kind, Some(group)));
        self.kinds.iter().map(|k| &k.id).find(|id| id.kind == kind && group.is_none_or(|g| g == id.group))
    }

    /// The kind that an object's `apiVersion` and `kind` name.
    pub(super) fn exact(&self, api_version: &str, kind: &str) -> Option<&KindId> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        self.kinds.iter().map(|k| &k.id).find(|id| id.kind == kind && id.group == group && id.version == version)
    }

    /// The resource `pods` or `prometheuses.monitoring.coreos.com`.
    pub(super) fn resource(&self, name: &str) -> Option<&ServedKind> {
        let (plural, group) = name.split_once('.').map_or((name, None), |(plural, group)| (plural, Some(group)));
        self.kinds.iter().find(|k| k.id.plural == plural && group.is_none_or(|g| g == k.id.group))
    }

    /// Every kind once, in its group's preferred version.
    pub(super) fn preferred(&self) -> impl Iterator<Item = &ServedKind> {
        self.kinds.iter().filter(|k| k.preferred)
    }

    /// What an earlier command stored for this cluster. Anything unreadable counts as nothing: it is asked for again.
    pub(super) fn load(file: &Path, uid: &str) -> Option<Self> {
        let cached: Cached = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        (cached.uid == uid).then_some(cached.discovery)
    }

    /// Stores it for later commands, whole or not at all.
    pub(super) fn save(&self, file: &Path, uid: &str) -> std::io::Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let cached = serde_json::to_vec(&Cached { uid: uid.to_owned(), discovery: self.clone() })?;
        let temporary = tempfile::NamedTempFile::new_in(folder)?;
        std::fs::write(temporary.path(), cached)?;
        temporary.persist(file)?;
        Ok(())
    }
}

fn add_group(kinds: &mut Vec<ServedKind>, group: APIGroupDiscovery) {
    let name = group.metadata.and_then(|m| m.name).unwrap_or_default();
    let first = kinds.len();
    for version in group.versions {
        let Some(number) = version.version else { continue };
        for resource in version.resources {
            if let Some(mut served) = served(&name, &number, resource) {
                served.preferred = !kinds[first..].iter().any(|k| k.id.plural == served.id.plural);
                kinds.push(served);
            }
        }
    }
}

fn served(group: &str, version: &str, resource: APIResourceDiscovery) -> Option<ServedKind> {
    let id = KindId {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: resource.response_kind?.kind?,
        plural: resource.resource?,
        namespaced: resource.scope.as_deref() == Some("Namespaced"),
    };
    let subresources = resource.subresources.into_iter().filter_map(|s| Some((s.subresource?, s.verbs))).collect();
    Some(ServedKind { id, verbs: resource.verbs, subresources, preferred: false })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn discovery() -> Discovery {
        let of = |v| serde_json::from_value(v).unwrap();
        Discovery::of([
            of(serde_json::json!({"items": [{"metadata": {"name": ""}, "versions": [{"version": "v1", "resources": [
                {"resource": "pods", "responseKind": {"kind": "Pod"}, "scope": "Namespaced", "verbs": ["list"], "subresources": [{"subresource": "exec", "verbs": ["create"]}]},
                {"resource": "events", "responseKind": {"kind": "Event"}, "scope": "Namespaced", "verbs": ["list"]}]}]}]})),
            of(serde_json::json!({"items": [
                {"metadata": {"name": "events.k8s.io"}, "versions": [{"version": "v1", "resources": [
                    {"resource": "events", "responseKind": {"kind": "Event"}, "scope": "Namespaced", "verbs": ["list"]}]}]},
                {"metadata": {"name": "autoscaling"}, "versions": [
                    {"version": "v2", "resources": [{"resource": "horizontalpodautoscalers", "responseKind": {"kind": "HorizontalPodAutoscaler"}, "scope": "Namespaced", "verbs": ["list"]}]},
                    {"version": "v1", "resources": [{"resource": "horizontalpodautoscalers", "responseKind": {"kind": "HorizontalPodAutoscaler"}, "scope": "Namespaced", "verbs": ["list"]}]}]}]})),
        ])
    }

    #[test]
    fn a_kind_is_found_in_its_preferred_group_and_version() {
        let discovery = discovery();
        assert_eq!(discovery.kind("Event").unwrap().group, "");
        assert_eq!(discovery.kind("Event.events.k8s.io").unwrap().group, "events.k8s.io");
        assert_eq!(discovery.kind("HorizontalPodAutoscaler").unwrap().version, "v2");
        assert_eq!(discovery.exact("autoscaling/v1", "HorizontalPodAutoscaler").unwrap().version, "v1");
        assert_eq!(discovery.kind("Prometheus"), None);
    }

    #[test]
    fn every_kind_is_preferred_once() {
        let names: Vec<String> = discovery().preferred().map(|k| format!("{}/{}", k.id.api_version(), k.id.plural)).collect();
        assert_eq!(names, ["v1/pods", "v1/events", "events.k8s.io/v1/events", "autoscaling/v2/horizontalpodautoscalers"]);
    }

    #[test]
    fn the_stored_answer_is_used_for_the_same_cluster_only() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("discovery.json");
        discovery().save(&file, "one").unwrap();
        assert_eq!(Discovery::load(&file, "one"), Some(discovery()));
        assert_eq!(Discovery::load(&file, "two"), None);
        std::fs::write(&file, "{").unwrap();
        assert_eq!(Discovery::load(&file, "one"), None);
    }
}
