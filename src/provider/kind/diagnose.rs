use super::{KindError, KindSettings, cluster::least_version, config, engine::Engine, engine_info::EngineInfo, room, tool};
use crate::{
    provider::{Diagnosis, Finding, ProviderName, machine},
    text::Text,
};

/// Enough inotify instances for several clusters; distributions set 128.
const INOTIFY_INSTANCES: u64 = 512;

/// Looks at everything that a cluster of kind needs of this machine. Makes and starts nothing.
pub async fn diagnose(settings: &KindSettings) -> Diagnosis {
    let mut findings = vec![kind(settings).await];
    let (mut workers, mut image_is_here) = (1, false);
    match engine(settings).await {
        Ok((engine, info)) => {
            workers = room::default_workers(&info);
            if let Some(image) = &settings.node_image {
                image_is_here = engine.has_image(image).await;
            }
            let (name, version) = (engine.name, info.version.map(|version| version.to_string()).unwrap_or_default());
            findings.extend([
                Finding::good(format!("{name} {version}: 응답함"), format!("{name} {version}: answers")),
                cgroup(engine, &info),
                memory(engine, &info, workers),
                disk(engine, &info, workers, image_is_here),
                image(settings, image_is_here),
            ]);
        }
        Err(error) => findings.push(failed("컨테이너 엔진을 쓸 수 없습니다", "the container engine cannot be used", &error)),
    }
    findings.extend(machine::inotify_instances().and_then(inotify));
    findings.extend(configuration(settings));
    Diagnosis::new(ProviderName::Kind, room::memory(workers), room::disk(workers, image_is_here), findings)
}

async fn kind(settings: &KindSettings) -> Finding {
    match tool::version(settings).await {
        Ok(version) => Finding::good(format!("kind {version}: 있음"), format!("kind {version}: found")),
        Err(error) => failed("kind를 쓸 수 없습니다", "kind cannot be used", &error),
    }
}

async fn engine(settings: &KindSettings) -> Result<(Engine, EngineInfo), KindError> {
    let engine = Engine::find(settings.engine).await?;
    let info = engine.info().await?;
    let least = least_version(engine.name);
    match info.version {
        Some(found) if found < least => Err(KindError::EngineOld { engine: engine.name, found, least }),
        _ => Ok((engine, info)),
    }
}

fn cgroup(engine: Engine, info: &EngineInfo) -> Finding {
    let name = engine.name;
    if info.cgroup != 1 {
        return Finding::good("cgroup v2", "cgroup v2");
    }
    if info.rootless {
        return Finding::bad(
            Text::new(
                format!("cgroup v1: 루트 없는 {name}에서는 kind가 돌지 않습니다"),
                format!("cgroup v1: kind does not run in a rootless {name} on it"),
            ),
            cgroup_cure(),
        );
    }
    Finding::note(
        Text::new(
            "cgroup v1: kubelet에 failCgroupV1: false를 주어 돌립니다. 쿠버네티스가 곧 지원을 끝냅니다",
            "cgroup v1: works by giving the kubelets failCgroupV1: false; Kubernetes is about to drop it",
        ),
        cgroup_cure(),
    )
}

fn cgroup_cure() -> Text {
    Text::new(
        "커널 매개변수 systemd.unified_cgroup_hierarchy=1로 부팅하면 cgroup v2를 씁니다",
        "boot with the kernel parameter systemd.unified_cgroup_hierarchy=1 to get cgroup v2",
    )
}

fn memory(engine: Engine, info: &EngineInfo, workers: u32) -> Finding {
    let (needed, (found, left)) = (room::memory(workers), room::memory_found(info));
    let (ko, en) = if left { ("사용 가능", "available") } else { ("전체", "in all") };
    let (nodes, name) = (workers + 1, engine.name);
    let what = Text::new(
        format!("메모리: {found} MiB {ko} (노드 {nodes}개 클러스터에 약 {needed} MiB)"),
        format!("memory: {found} MiB {en} (a cluster of {nodes} nodes takes about {needed} MiB)"),
    );
    if found == 0 || found >= needed {
        return Finding::good(what.ko, what.en);
    }
    Finding::bad(
        what,
        Text::new(
            format!("다른 프로그램을 닫거나 {name}에 메모리를 더 주세요 ({needed} MiB 이상)"),
            format!("close other programs, or give {name} more memory ({needed} MiB or more)"),
        ),
    )
}

fn disk(engine: Engine, info: &EngineInfo, workers: u32, image_is_here: bool) -> Finding {
    let needed = room::disk(workers, image_is_here);
    let (name, root) = (engine.name, info.root.display());
    let Some(found) = room::disk_found(info) else {
        return Finding::good(
            format!("디스크: {name}가 다른 머신에 있어 알 수 없음 (약 {needed} MiB 필요)"),
            format!("disk: not known, {name} keeps it elsewhere (about {needed} MiB are needed)"),
        );
    };
    let what = Text::new(
        format!("디스크: {root}에 {found} MiB 남음 (약 {needed} MiB 필요)"),
        format!("disk: {found} MiB free at {root} (about {needed} MiB are needed)"),
    );
    if found >= needed {
        return Finding::good(what.ko, what.en);
    }
    let command = engine.name.command();
    Finding::bad(
        what,
        Text::new(format!("`{command} system prune`으로 공간을 비우세요"), format!("free some with `{command} system prune`")),
    )
}

/// Every program of every node takes some of them, and all clusters of this machine share one limit.
fn inotify(instances: u64) -> Option<Finding> {
    (instances < INOTIFY_INSTANCES).then(|| {
        Finding::note(
            Text::new(
                format!("inotify 인스턴스: {instances}개. 클러스터를 여러 개 띄우면 kube-proxy가 \"too many open files\"로 죽습니다"),
                format!("inotify: {instances} instances; with several clusters kube-proxy dies of \"too many open files\""),
            ),
            Text::new(
                format!("`sudo sysctl fs.inotify.max_user_instances={INOTIFY_INSTANCES}`로 늘리세요"),
                format!("raise them with `sudo sysctl fs.inotify.max_user_instances={INOTIFY_INSTANCES}`"),
            ),
        )
    })
}

fn image(settings: &KindSettings, is_here: bool) -> Finding {
    match (&settings.node_image, is_here) {
        (Some(image), true) => Finding::good(format!("노드 이미지 {image}: 있음"), format!("node image {image}: here")),
        (Some(image), false) => Finding::good(
            format!("노드 이미지 {image}: 처음 시작할 때 내려받습니다"),
            format!("node image {image}: downloaded at the first start"),
        ),
        (None, _) => {
            Finding::good("노드 이미지: kind의 기본 이미지 (없으면 내려받습니다)", "node image: kind's own (downloaded if it is not here)")
        }
    }
}

fn configuration(settings: &KindSettings) -> Option<Finding> {
    let path = settings.config.as_ref()?;
    Some(match config::read(path) {
        Ok(_) => Finding::good(format!("kind 설정 파일 {}: 읽음", path.display()), format!("kind configuration {}: read", path.display())),
        Err(error) => failed("kind 설정 파일을 쓸 수 없습니다", "the configuration of kind cannot be used", &error),
    })
}

fn failed(ko: &str, en: &str, error: &KindError) -> Finding {
    let said = error.to_string();
    Finding::bad(Text::new(ko, en), Text::new(said.clone(), said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_inotify_instances_are_told_with_the_command_that_raises_them() {
        let note = inotify(128).expect("128 are few");
        assert!(note.ok && note.what.en.contains("128 instances"));
        assert!(note.remedy.expect("there is one").en.contains("sysctl fs.inotify.max_user_instances=512"));
        assert_eq!(inotify(512), None);
    }
}
