//! P4: RBAC.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rights::{self, Grant};
use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let grants = rights::grants(facts)?;
    let mut found = Found::default();
    for grant in &grants {
        of_grant(grant, &mut found);
    }
    idle_tokens(facts, &grants, &mut found)?;
    let (bindings, subjects) =
        (grants.len(), grants.iter().flat_map(|g| &g.subjects).map(|s| rights::name(s)).collect::<BTreeSet<_>>().len());
    found.fact(Text::new(
        format!("사용자가 만든 바인딩 {bindings}개, 주체 {subjects}개를 보았습니다"),
        format!("looked at {bindings} bindings of {subjects} subjects"),
    ));
    Ok(found)
}

fn of_grant(grant: &Grant<'_>, found: &mut Found) {
    let reference = object::reference(grant.binding);
    let who = grant.subjects.iter().map(|subject| rights::name(subject)).collect::<Vec<_>>().join(", ");
    let role = object::text(grant.binding, "/roleRef/name");
    if grant.subjects.iter().any(|subject| rights::is_anonymous(subject)) {
        let fact = Text::new(format!("인증하지 않은 요청에 {role} 부여"), format!("gives {role} to whoever has not said who it is"));
        found.fails(&reference, fact, Text::new("이 바인딩을 지우세요", "delete this binding"));
    }
    if role == "cluster-admin" {
        let fact = Text::new(format!("cluster-admin: {who}"), format!("cluster-admin for {who}"));
        let fix =
            Text::new("실제로 쓰는 동사와 리소스만 담은 Role로 바꾸세요", "give a Role with the verbs and resources that are really used");
        return found.fails(&reference, fact, fix);
    }
    let wide = |list: &str| grant.rules.iter().any(|rule| object::list(rule, list).iter().any(|word| word == "*"));
    let wildcards: Vec<&str> = ["verbs", "resources"].into_iter().filter(|list| wide(&format!("/{list}"))).collect();
    if !wildcards.is_empty() {
        let list = wildcards.join(", ");
        let fact = Text::new(format!("{role}: {list}에 `*` ({who})"), format!("{role} has `*` in {list} ({who})"));
        found.fails(
            &reference,
            fact,
            Text::new("`*` 대신 필요한 이름을 하나씩 적으세요", "write the names that are needed in place of `*`"),
        );
    }
    let named = |verb: &&&str| grant.rules.iter().any(|rule| object::list(rule, "/verbs").iter().any(|word| word == **verb));
    let steps: Vec<&str> = ["escalate", "bind", "impersonate"].iter().filter(named).copied().collect();
    if !steps.is_empty() {
        let list = steps.join(", ");
        let fact = Text::new(
            format!("{role}: {list} ({who}) — 스스로 권한을 늘릴 수 있습니다"),
            format!("{role} has {list} ({who}): a way to more rights"),
        );
        found.fails(&reference, fact, Text::new("이 동사를 빼세요", "take these verbs away"));
    }
}

/// Pods that carry a token by which their service account may do nothing.
fn idle_tokens(facts: &Facts, grants: &[Grant<'_>], found: &mut Found) -> Result<(), Unread> {
    let accounts = facts.in_scope("ServiceAccount")?;
    let refuses = |object: Option<&Value>, at: &str| object.and_then(|o| o.pointer(at)).is_some_and(|value| value == false);
    let granted = |namespace: &str, name: &str| {
        let is = |subject: &&&Value| {
            let group = format!("system:serviceaccounts:{namespace}");
            match object::kind(subject) {
                "ServiceAccount" => object::text(subject, "/namespace") == namespace && object::text(subject, "/name") == name,
                _ => [group.as_str(), "system:serviceaccounts", "system:authenticated"].contains(&object::text(subject, "/name")),
            }
        };
        grants.iter().flat_map(|grant| &grant.subjects).any(|subject| is(&subject))
    };
    for pod in facts.workloads()? {
        let namespace = object::namespace(pod.workload);
        let name = match object::text(pod.template, "/spec/serviceAccountName") {
            "" => "default",
            name => name,
        };
        let account = accounts.iter().copied().find(|a| object::name(a) == name && object::namespace(a) == namespace);
        let own = pod.spec("/automountServiceAccountToken");
        let mounted = own.map_or_else(|| !refuses(account, "/automountServiceAccountToken"), |value| value == true);
        if mounted && !granted(namespace, name) {
            let fact = Text::new(
                format!("아무 권한도 없는 서비스 어카운트 {name}의 토큰을 마운트합니다"),
                format!("mounts the token of the service account {name}, which may do nothing"),
            );
            let fix = Text::new("automountServiceAccountToken: false로 두세요", "set automountServiceAccountToken: false");
            found.warns(object::reference(pod.workload), fact, fix);
        }
    }
    Ok(())
}
