//! T5: who has power, for a person to review.

use std::collections::{BTreeMap, BTreeSet};

use super::rights;
use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

/// What makes a subject powerful, by the words of a report.
const POWERS: [(&str, &[&str], &[&str]); 4] = [
    ("secrets", &["get", "list", "watch"], &["secrets"]),
    ("pods/exec", &["create", "get"], &["pods/exec", "pods/attach"]),
    ("rolebindings", &["create", "update", "patch"], &["rolebindings", "clusterrolebindings"]),
    ("tokens", &["create"], &["serviceaccounts/token"]),
];

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let mut powerful: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for grant in rights::grants(facts)? {
        let place = match object::namespace(grant.binding) {
            "" => "*",
            namespace => namespace,
        };
        let powers = POWERS.iter().filter(|(_, verbs, resources)| rights::gives(grant.rules, verbs, resources));
        let powers: Vec<String> = powers.map(|(power, ..)| format!("{power} ({place})")).collect();
        for subject in grant.subjects.iter().filter(|_| !powers.is_empty()) {
            powerful.entry(rights::name(subject)).or_default().extend(powers.iter().cloned());
        }
    }
    let mut found = Found::default();
    for (subject, powers) in powerful {
        let list = powers.into_iter().collect::<Vec<_>>().join(", ");
        let fact = Text::new(format!("강한 권한: {list}"), format!("has power over {list}"));
        let fix = Text::new(
            "아직 필요한지 담당자와 확인하고, 필요 없으면 바인딩을 지우세요",
            "ask its owner whether it is still needed, and delete the binding if not",
        );
        found.warns(subject, fact, fix);
    }
    stale(facts, &mut found)?;
    Ok(found)
}

/// Service accounts with rights that no pod uses.
fn stale(facts: &Facts, found: &mut Found) -> Result<(), Unread> {
    let bound: BTreeSet<String> =
        rights::grants(facts)?.iter().flat_map(|grant| &grant.subjects).map(|subject| rights::name(subject)).collect();
    let workloads = facts.workloads()?;
    for account in facts.in_scope("ServiceAccount")? {
        let (namespace, name) = (object::namespace(account), object::name(account));
        let used = workloads
            .iter()
            .any(|pod| object::namespace(pod.workload) == namespace && object::text(pod.template, "/spec/serviceAccountName") == name);
        if name != "default" && !used && bound.contains(&format!("ServiceAccount {namespace}/{name}")) {
            let fact = Text::new("권한은 있지만 쓰는 파드가 없습니다", "has rights, and no pod uses it");
            let fix = Text::new(
                "클러스터 밖에서 쓰는지 확인하고, 아니면 바인딩과 함께 지우세요",
                "find out whether something outside of the cluster uses it; delete it with its bindings if not",
            );
            found.warns(object::reference(account), fact, fix);
        }
    }
    Ok(())
}
