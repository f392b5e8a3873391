//! P3: security contexts.

use super::containers::{no_workloads, said};
use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::{
        object,
        posture::{self, Breach, Part},
    },
    scenario::PosturePack,
    text::Text,
};

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let workloads = facts.workloads()?;
    if workloads.is_empty() {
        return Ok(no_workloads());
    }
    let mut found = Found::default();
    for pod in &workloads {
        let reference = object::reference(pod.workload);
        let judged = posture::judge(PosturePack::Restricted, pod.workload, &[]).unwrap_or_default();
        let broken: Vec<&str> = judged.iter().filter(|j| !j.breaches.is_empty()).map(|j| j.rule).collect();
        let breaches: Vec<Breach> = judged.iter().flat_map(|j| j.breaches.clone()).collect();
        if !broken.is_empty() {
            let (rules, said) = (broken.join(", "), said(&breaches));
            let fact = Text::new(format!("{rules} ({})", said.ko), format!("{rules} ({})", said.en));
            found.fails(&reference, fact, fix(&broken));
        }
        let writable: Vec<&str> = pod
            .containers()
            .filter(|c| c.part != Part::Ephemeral && c.field("/securityContext/readOnlyRootFilesystem").is_none_or(|value| value != true))
            .map(|c| c.name())
            .collect();
        if !writable.is_empty() {
            let list = writable.join(", ");
            let fact =
                Text::new(format!("루트 파일 시스템에 쓸 수 있음: {list}"), format!("a root filesystem that can be written to: {list}"));
            let fix = Text::new(
                "readOnlyRootFilesystem: true로 두고, 써야 하는 경로에는 emptyDir을 마운트하세요",
                "set readOnlyRootFilesystem: true, and mount an emptyDir where something must be written",
            );
            found.warns(&reference, fact, fix);
        }
    }
    let enforcing = |namespace: &&str| {
        facts
            .namespace_labels(namespace)
            .is_ok_and(|labels| labels.get("pod-security.kubernetes.io/enforce").is_some_and(|l| l == "restricted"))
    };
    let populated = facts.populated()?;
    let (count, all) = (populated.iter().filter(|namespace| enforcing(namespace)).count(), populated.len());
    found.fact(Text::new(
        format!("네임스페이스 {all}개 가운데 {count}개가 Pod Security restricted를 강제합니다"),
        format!("{count} of {all} namespaces enforce Pod Security restricted"),
    ));
    Ok(found)
}

/// What to write for the first of the rules that are broken, from the worst.
fn fix(broken: &[&str]) -> Text {
    let hardening = ["run-as-non-root", "run-as-user", "privilege-escalation", "capabilities", "seccomp", "volume-types"];
    if broken.iter().all(|rule| hardening.contains(rule)) {
        return Text::new(
            "파드에 runAsNonRoot: true와 seccompProfile RuntimeDefault를, 컨테이너마다 allowPrivilegeEscalation: false와 capabilities.drop [ALL]을 적으세요",
            "give the pod runAsNonRoot: true and seccompProfile RuntimeDefault, and each container allowPrivilegeEscalation: false and capabilities.drop [ALL]",
        );
    }
    Text::new(
        "호스트 네임스페이스, 호스트 경로와 포트, privileged, 추가 capability를 없애세요. 꼭 필요한 에이전트라면 전용 네임스페이스로 분리하세요",
        "do without host namespaces, host paths and ports, privileged and added capabilities; an agent that cannot belongs in a namespace of its own",
    )
}
