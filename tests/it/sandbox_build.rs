//! What a user reads when the sandbox's programs cannot be built. Needs neither Go nor a network.

use std::{os::unix::fs::PermissionsExt, path::Path};

use kubedrill::{
    event::Events,
    paths::Paths,
    provider::{
        EnvironmentRequest, Provider,
        sandbox::{SandboxProvider, SandboxSettings},
    },
};

async fn refusal(go: &Path) -> String {
    let home = tempfile::tempdir().expect("a folder");
    let settings = SandboxSettings { go: go.to_owned(), ..SandboxSettings::default() };
    let provider = SandboxProvider::new(Paths::below(home.path()), settings);
    let request = EnvironmentRequest { name: "default".into(), workers: Some(1), addons: vec![], ..EnvironmentRequest::default() };
    let error = provider.ensure(&request, &Events::none()).await.expect_err("it cannot be built").to_string();
    assert!(provider.names().expect("names").is_empty(), "a failed build leaves no environment");
    let unfinished = std::fs::read_dir(home.path().join("cache/sandbox")).into_iter().flatten().flatten();
    assert!(
        unfinished.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".build-")),
        "a failed build leaves no folder"
    );
    error
}

fn fake_go(folder: &Path, script: &str) -> std::path::PathBuf {
    let go = folder.join("go");
    std::fs::write(&go, format!("#!/bin/sh\n{script}\n")).expect("a file");
    std::fs::set_permissions(&go, std::fs::Permissions::from_mode(0o755)).expect("its mode can be set");
    go
}

const ENV: &str = r#"[ "$1" = env ] && { echo '{"GOVERSION": "go1.26.9", "GOCACHE": "/tmp", "GOMODCACHE": "/nonexistent"}'; exit; }"#;

#[tokio::test]
async fn without_go_the_way_out_is_named() {
    let error = refusal(Path::new("/nonexistent/go")).await;
    for word in ["/nonexistent/go", "install Go 1.26", "https://go.dev/dl/", "KUBEDRILL_SANDBOX_BIN"] {
        assert!(error.contains(word), "{word} is missing: {error}");
    }
}

#[tokio::test]
async fn an_old_go_is_told_by_its_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = refusal(&fake_go(folder.path(), r#"echo '{"GOVERSION": "go1.21.3", "GOCACHE": "/tmp", "GOMODCACHE": "/tmp"}'"#)).await;
    for word in ["is Go 1.21.3", "install Go 1.26", "KUBEDRILL_SANDBOX_BIN"] {
        assert!(error.contains(word), "{word} is missing: {error}");
    }
}

#[tokio::test]
async fn a_missing_network_is_told_with_gos_own_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("{ENV}\necho 'go: k8s.io/api: dial tcp: lookup proxy: no such host' >&2; exit 1");
    let error = refusal(&fake_go(folder.path(), &script)).await;
    for word in ["no such host", "check the network and GOPROXY", "sandbox.log"] {
        assert!(error.contains(word), "{word} is missing: {error}");
    }
}

/// The file system of processes has no space at all, whoever asks.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn too_little_space_is_told_before_anything_is_built() {
    let folder = tempfile::tempdir().expect("a folder");
    let asked = folder.path().join("asked");
    let env = r#"{"GOVERSION": "go1.26.9", "GOCACHE": "/proc/go-build", "GOMODCACHE": "/nonexistent"}"#;
    let error = refusal(&fake_go(folder.path(), &format!("echo \"$1\" >> {}\necho '{env}'", asked.display()))).await;
    for word in ["/proc/go-build", "it needs about 6 GB", "0.0 GB are free", "KUBEDRILL_HOME", "GOCACHE"] {
        assert!(error.contains(word), "{word} is missing: {error}");
    }
    let asked = std::fs::read_to_string(asked).expect("Go was asked where its caches are");
    assert!(asked.lines().all(|command| command == "env"), "Go was asked for more: {asked}");
}

#[tokio::test]
async fn a_full_disk_is_told_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("{ENV}\n[ \"$1\" = list ] && exit\necho 'write /x/y.a: no space left on device' >&2; exit 1");
    let error = refusal(&fake_go(folder.path(), &script)).await;
    for word in ["no space left on device", "the disk is full", "KUBEDRILL_HOME"] {
        assert!(error.contains(word), "{word} is missing: {error}");
    }
}

#[tokio::test]
async fn prebuilt_programs_that_are_missing_are_named() {
    let home = tempfile::tempdir().expect("a folder");
    let settings = SandboxSettings { programs: Some(home.path().join("programs")), ..SandboxSettings::default() };
    let provider = SandboxProvider::new(Paths::below(home.path()), settings);
    let request = EnvironmentRequest { name: "default".into(), workers: Some(1), addons: vec![], ..EnvironmentRequest::default() };
    let error = provider.ensure(&request, &Events::none()).await.expect_err("there are none").to_string();
    assert!(error.contains("KUBEDRILL_SANDBOX_BIN") && error.contains("programs/control-plane"), "{error}");
}
