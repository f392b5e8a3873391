//! P1, P2 and P5: what templates say of each container.

use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::{
        object,
        posture::{self, Breach, Part, Pod},
    },
    scenario::PosturePack,
    text::{Lang, Text},
};

/// The breaches of a workload in one line.
pub(super) fn said(breaches: &[Breach]) -> Text {
    const MOST: usize = 4;
    let more = breaches.len().saturating_sub(MOST);
    let line = |lang: Lang, and_more: String| {
        let mut parts: Vec<String> = breaches.iter().take(MOST).map(|breach| breach.text().get(lang).to_owned()).collect();
        if more > 0 {
            parts.push(and_more);
        }
        parts.join("; ")
    };
    Text::new(line(Lang::Ko, format!("외 {more}건")), line(Lang::En, format!("and {more} more")))
}

pub(super) fn no_workloads() -> Found {
    Found::not_applicable(Text::new("대상 네임스페이스에 워크로드가 없습니다", "there are no workloads in these namespaces"))
}

pub(in crate::audit) fn resources(facts: &Facts) -> Result<Found, Unread> {
    let (workloads, ranges) = (facts.workloads()?, facts.in_scope("LimitRange")?);
    if workloads.is_empty() {
        return Ok(no_workloads());
    }
    let mut found = Found::default();
    for pod in &workloads {
        let ranges: Vec<&Value> =
            ranges.iter().copied().filter(|range| object::namespace(range) == object::namespace(pod.workload)).collect();
        let reference = object::reference(pod.workload);
        let breaches = posture::resources(pod, &ranges);
        if !breaches.is_empty() {
            let fix = Text::new(
                "평소 사용량에 맞춰 requests(cpu, memory)와 limits(memory)를 적거나, 네임스페이스에 LimitRange 기본값을 두세요",
                "write requests for CPU and memory and a limit of memory after the usual usage, or give the namespace a LimitRange with defaults",
            );
            found.fails(&reference, said(&breaches), fix);
        }
        let free: Vec<&str> = pod
            .containers()
            .filter(|c| c.part != Part::Ephemeral && !posture::is_set(pod, c, &ranges, "limits", "cpu"))
            .map(|c| c.name())
            .collect();
        if !free.is_empty() {
            let list = free.join(", ");
            let fact = Text::new(format!("CPU limit 없음: {list}"), format!("no CPU limit: {list}"));
            let fix = Text::new(
                "CPU limit을 적거나, 쓰지 않기로 했다면 그 이유를 문서로 남기세요",
                "write a CPU limit, or write down why there is none",
            );
            found.warns(&reference, fact, fix);
        }
    }
    Ok(found)
}

pub(in crate::audit) fn probes(facts: &Facts) -> Result<Found, Unread> {
    let running: Vec<Pod<'_>> = facts.workloads()?.into_iter().filter(|pod| !pod.ends()).collect();
    if running.is_empty() {
        let why = Text::new("계속 실행되는 워크로드가 없습니다", "no workload runs on and on");
        return Ok(Found::not_applicable(why));
    }
    let mut found = Found::default();
    for pod in &running {
        let reference = object::reference(pod.workload);
        for judged in posture::judge(PosturePack::Probes, pod.workload, &[]).unwrap_or_default().iter().filter(|j| !j.breaches.is_empty()) {
            let fact = said(&judged.breaches);
            match judged.rule {
                "readiness" => found.fails(
                    &reference,
                    fact,
                    Text::new(
                        "요청을 처리할 준비가 되었을 때만 성공하는 readinessProbe를 추가하세요",
                        "add a readinessProbe that succeeds only once the container can serve",
                    ),
                ),
                "liveness" => found.warns(
                    &reference,
                    fact,
                    Text::new(
                        format!(
                            "멈춘 프로세스를 재시작하는 livenessProbe를 추가하거나, 두지 않는 이유를 `{}` 어노테이션에 적으세요",
                            posture::WAIVER
                        ),
                        format!(
                            "add a livenessProbe that restarts a hung process, or say why there is none in the annotation `{}`",
                            posture::WAIVER
                        ),
                    ),
                ),
                _ => found.fails(
                    &reference,
                    fact,
                    Text::new(
                        "컨테이너가 선언한 포트 이름을 쓰거나 그 이름의 포트를 선언하세요",
                        "use the name of a port that the container declares, or declare it",
                    ),
                ),
            }
        }
        let shared = posture::shared_deep_probe(pod);
        if !shared.is_empty() {
            let fix = Text::new(
                "livenessProbe는 프로세스 자신만 보는 가벼운 경로로 나누세요. 의존 서비스의 장애가 재시작으로 번집니다",
                "give the livenessProbe a light path of its own: what fails behind the readiness path would restart the container",
            );
            found.warns(&reference, said(&shared), fix);
        }
    }
    Ok(found)
}

pub(in crate::audit) fn images(facts: &Facts) -> Result<Found, Unread> {
    let workloads = facts.workloads()?;
    if workloads.is_empty() {
        return Ok(no_workloads());
    }
    let mut found = Found::default();
    for pod in &workloads {
        let reference = object::reference(pod.workload);
        let loose: Vec<Breach> = posture::judge(PosturePack::Images, pod.workload, &[])
            .unwrap_or_default()
            .into_iter()
            .flat_map(|judged| judged.breaches)
            .collect();
        if !loose.is_empty() {
            let fix = Text::new("버전 태그나 다이제스트(@sha256:…)를 적으세요", "write the tag of a version, or a digest (@sha256:…)");
            found.fails(&reference, said(&loose), fix);
        }
        for (_, image) in posture::references(pod).filter(|(_, image)| posture::is_retired(image)) {
            let fact = Text::new(format!("더 이상 관리되지 않는 저장소: {image}"), format!("a registry that is kept up no more: {image}"));
            let fix = Text::new(
                "registry.k8s.io 또는 유지 관리되는 배포판의 이미지로 옮기세요",
                "move to registry.k8s.io, or to an image that somebody maintains",
            );
            found.warns(&reference, fact, fix);
        }
    }
    let statuses: Vec<&Value> = facts.in_scope("Pod")?.into_iter().flat_map(|pod| object::list(pod, "/status/containerStatuses")).collect();
    let known = statuses.iter().filter(|status| !object::text(status, "/imageID").is_empty()).count();
    let all = statuses.len();
    found.fact(Text::new(
        format!("컨테이너 {all}개 가운데 {known}개의 imageID가 기록되어 있습니다"),
        format!("the imageID of {known} of {all} containers is on record"),
    ));
    Ok(found)
}
