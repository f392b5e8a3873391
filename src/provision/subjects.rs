use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    ProvisionError,
    object::{name, namespace, text},
    target,
};
use crate::{
    attempt::Subject,
    cluster::{Cluster, KindId},
    scenario::Scenario,
};

/// Where each baseline subject is, fixed while all is well: later it is looked for by its name only.
pub(super) struct Subjects(BTreeMap<String, (KindId, (String, String))>);

impl Subjects {
    /// Finds them; each must be exactly one object.
    pub(super) async fn find(cluster: &Cluster, scenario: &Scenario) -> Result<Self, ProvisionError> {
        let mut found = BTreeMap::new();
        for subject in &scenario.file.spec.baseline {
            let place = format!("baseline {}", subject.alias);
            let mut targets = target::resolve(cluster, scenario, &place, &subject.on).await?;
            let described = target::describe(&subject.on);
            let count = targets.names.len();
            match (targets.names.pop(), count) {
                (Some(name), 1) => found.insert(subject.alias.clone(), (targets.kind, name)),
                _ => {
                    let found = format!("{count} objects fit {described}");
                    return Err(ProvisionError::Baseline { alias: subject.alias.clone(), found });
                }
            };
        }
        Ok(Self(found))
    }

    /// The subjects of a baseline, where they were when it was taken.
    pub(super) async fn find_named(
        cluster: &Cluster,
        scenario: &Scenario,
        subjects: &BTreeMap<String, Subject>,
    ) -> Result<Self, ProvisionError> {
        let mut found = BTreeMap::new();
        for subject in &scenario.file.spec.baseline {
            let Some(Subject { healthy, .. }) = subjects.get(&subject.alias) else { continue };
            let kind = cluster.kind_of(healthy).await?;
            let name = (namespace(healthy).unwrap_or_default().to_owned(), name(healthy).to_owned());
            found.insert(subject.alias.clone(), (kind, name));
        }
        Ok(Self(found))
    }

    /// The subjects as they are now; null for one that is gone.
    pub(super) async fn read(&self, cluster: &Cluster) -> Result<BTreeMap<String, Value>, ProvisionError> {
        let reads = self.0.iter().map(async |(alias, (kind, name))| {
            let namespace = kind.namespaced.then_some(name.0.as_str());
            let object = cluster.get(kind, namespace, &name.1).await?;
            Ok::<_, ProvisionError>((alias.clone(), object.unwrap_or(Value::Null)))
        });
        Ok(futures::future::try_join_all(reads).await?.into_iter().collect())
    }

    /// The subjects while all is well. A subject that is not there would make a guard that never fires.
    pub(super) async fn healthy(&self, cluster: &Cluster) -> Result<BTreeMap<String, Subject>, ProvisionError> {
        let read = self.read(cluster).await?;
        if let Some((alias, _)) = read.iter().find(|(_, object)| object.is_null()) {
            return Err(ProvisionError::Baseline { alias: alias.clone(), found: "it is not there".into() });
        }
        Ok(read.into_iter().map(|(alias, healthy)| (alias, Subject { broken: healthy.clone(), healthy })).collect())
    }
}

/// Puts the subjects' present state into a baseline. An object that `reset` created again has a new uid; it is the same
/// subject to the checks.
pub(super) fn update(subjects: &mut BTreeMap<String, Subject>, now: BTreeMap<String, Value>) {
    for (alias, object) in now {
        let Some(subject) = subjects.get_mut(&alias) else { continue };
        let uid = text(&object, "/metadata/uid");
        if !uid.is_empty() && uid != text(&subject.healthy, "/metadata/uid") {
            subject.healthy["metadata"]["uid"] = uid.into();
        }
        subject.broken = object;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_subject_that_was_created_again_keeps_its_healthy_spec_under_its_new_uid() {
        let object = |uid: &str, value: i64| json!({"metadata": {"uid": uid}, "spec": {"replicas": value}});
        let mut subjects = BTreeMap::from([("web".to_owned(), Subject { healthy: object("a", 2), broken: object("a", 0) })]);
        update(&mut subjects, BTreeMap::from([("web".to_owned(), object("b", 0))]));
        assert_eq!(subjects["web"], Subject { healthy: object("b", 2), broken: object("b", 0) });
    }
}
