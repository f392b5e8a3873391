use std::{fs, net::TcpListener};

use super::{SandboxSettings, programs};
use crate::{
    paths::Paths,
    provider::{
        Diagnosis, Finding, ProviderName,
        machine::{available_memory, inotify_instances},
    },
    text::Text,
};

/// A sandbox of four nodes with room for a scenario, in MiB.
const MEMORY_MIB: u64 = 700;
/// Its built programs, and what an environment writes, in MiB. A first build takes more, which it asks for itself.
const DISK_MIB: u64 = 700;

/// What one of four nodes takes of the inotify instances that a user may have.
const INOTIFY: u64 = 24;

/// How many sandboxes this machine bears, and what bounds them. One is always tried.
pub fn room() -> Option<(usize, Text)> {
    let memory = available_memory().map(|free| {
        let why = Text::new(format!("메모리 {free} MiB가 남아 있습니다"), format!("{free} MiB of memory are available"));
        (free / MEMORY_MIB, why)
    });
    let inotify = inotify_instances().map(|limit| {
        let why = Text::new(
            format!("fs.inotify.max_user_instances가 {limit}입니다. `sudo sysctl fs.inotify.max_user_instances=512`로 늘리세요"),
            format!("fs.inotify.max_user_instances is {limit}; raise it with `sudo sysctl fs.inotify.max_user_instances=512`"),
        );
        (limit / INOTIFY, why)
    });
    let (fits, why) = memory.into_iter().chain(inotify).min_by_key(|(fits, _)| *fits)?;
    Some((usize::try_from(fits).unwrap_or(usize::MAX).max(1), why))
}

/// Looks at everything that the sandbox needs of this machine. Builds and starts nothing.
pub async fn diagnose(paths: &Paths, settings: &SandboxSettings) -> Diagnosis {
    let findings = vec![platform(), built(paths, settings).await, memory(), folder(paths), loopback()];
    Diagnosis::new(ProviderName::Sandbox, MEMORY_MIB, DISK_MIB, findings)
}

fn platform() -> Finding {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    if os == "linux" {
        return Finding::good(format!("플랫폼: {os} {arch}"), format!("platform: {os} {arch}"));
    }
    Finding::bad(
        Text::new(
            format!("플랫폼: {os} {arch}. kubelet은 리눅스에서만 빌드됩니다"),
            format!("platform: {os} {arch}. The kubelet builds on Linux only"),
        ),
        Text::new(
            "리눅스 가상 머신이나 컨테이너 안에서 실행하세요. docs/sandbox.md를 보세요",
            "run it in a Linux virtual machine or container; see docs/sandbox.md",
        ),
    )
}

async fn built(paths: &Paths, settings: &SandboxSettings) -> Finding {
    match programs::readiness(paths, settings).await {
        Ok(true) => Finding::good("샌드박스 프로그램: 준비됨", "the sandbox's programs: ready"),
        Ok(false) => Finding::good(
            "샌드박스 프로그램: 처음 시작할 때 빌드합니다 (Go와 디스크 공간 확인됨, 몇 분 걸립니다)",
            "the sandbox's programs: built at the first start (Go and room are there; it takes some minutes)",
        ),
        Err(error) => Finding::bad(
            Text::new("샌드박스 프로그램을 빌드할 수 없습니다", "the sandbox's programs cannot be built"),
            Text::new(error.to_string(), error.to_string()),
        ),
    }
}

fn memory() -> Finding {
    let Some(free) = available_memory() else { return Finding::good("메모리: 알 수 없음", "memory: not known") };
    if free >= MEMORY_MIB {
        return Finding::good(
            format!("메모리: {free} MiB 사용 가능 (샌드박스 하나에 약 {MEMORY_MIB} MiB)"),
            format!("memory: {free} MiB available (one sandbox takes about {MEMORY_MIB} MiB)"),
        );
    }
    Finding::bad(
        Text::new(format!("메모리: {free} MiB만 사용 가능"), format!("memory: only {free} MiB available")),
        Text::new(
            format!("{MEMORY_MIB} MiB가 되도록 다른 프로그램을 닫으세요"),
            format!("close other programs until {MEMORY_MIB} MiB are available"),
        ),
    )
}

fn folder(paths: &Paths) -> Finding {
    let state = paths.state.display();
    match fs::create_dir_all(&paths.state).and_then(|()| tempfile::tempfile_in(&paths.state)) {
        Ok(_) => Finding::good(format!("기록 폴더: {state}"), format!("folder for records: {state}")),
        Err(error) => Finding::bad(
            Text::new(format!("기록 폴더 {state}에 쓸 수 없습니다: {error}"), format!("the folder {state} cannot be written to: {error}")),
            Text::new(
                "권한을 고치거나 KUBEDRILL_HOME을 다른 폴더로 지정하세요",
                "mend its permissions, or point KUBEDRILL_HOME at another folder",
            ),
        ),
    }
}

fn loopback() -> Finding {
    match TcpListener::bind(("127.0.0.1", 0)) {
        Ok(_) => Finding::good("루프백 포트: 열 수 있음", "loopback ports: can be opened"),
        Err(error) => Finding::bad(
            Text::new(format!("루프백 포트를 열 수 없습니다: {error}"), format!("no loopback port can be opened: {error}")),
            Text::new("127.0.0.1을 막는 방화벽이나 샌드박스 설정을 푸세요", "lift whatever keeps programs from 127.0.0.1"),
        ),
    }
}
