//! The sandbox needs no rights: as root, this test gives its own up first. Needs the sandbox's programs and, as root,
//! `setpriv`.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
    time::Duration,
};

use kubedrill::{
    event::Events,
    paths::Paths,
    process::Invocation,
    provider::{
        EnvironmentRequest, Provider,
        sandbox::{SandboxProvider, SandboxSettings},
    },
};

use super::sandbox_support::{Place, kubectl, output};

const NOBODY: u32 = 65534;

#[tokio::test]
async fn an_ordinary_user_runs_a_sandbox() {
    let place = Place::new();
    if !rustix::process::geteuid().is_root() {
        // Every other test shows it too then.
        place.ensure("default", 1).await.expect("it starts");
        return place.stop("default").await;
    }
    let environment = place.ensure("built", 0).await.expect("the programs are built");
    let built = environment.kubectl.expect("the sandbox brings one").remove(0);
    place.stop("built").await;

    // Nothing of root's own folders can be reached by the other user: everything is copied to a place of its own.
    let home = tempfile::tempdir().expect("a folder");
    let copy = |from: &Path, name: &str| {
        let to = home.path().join(name);
        fs::copy(from, &to).unwrap_or_else(|error| panic!("copy {}: {error}", from.display()));
        fs::set_permissions(&to, fs::Permissions::from_mode(0o755)).expect("its mode can be set");
        to
    };
    copy(Path::new(&built), "control-plane");
    copy(&Path::new(&built).with_file_name("node"), "node");
    copy(&super::sandbox_support::supervisor().0, "kubedrill");
    let test = copy(&std::env::current_exe().expect("this test"), "test");
    chown(home.path(), Some(NOBODY), Some(NOBODY)).expect("root may");
    let user = NOBODY.to_string();
    let mut dropped = Invocation::new("setpriv", [&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups"]);
    dropped.args.extend([test.into(), "--ignored".into(), "--exact".into(), "sandbox_ordinary_user::without_rights".into()]);
    dropped.folder = Some(home.path().to_owned());
    dropped.env = vec![("KUBEDRILL_TEST_HOME".into(), home.path().into())];
    let captured = dropped.run(Duration::from_secs(240)).await.expect("setpriv is there");
    let said = String::from_utf8_lossy(&captured.stdout);
    assert!(captured.succeeded() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&captured.stderr));
}

/// The part of the test above that runs without rights.
#[tokio::test]
#[ignore = "run by `an_ordinary_user_runs_a_sandbox`, as another user"]
async fn without_rights() {
    let home = std::path::PathBuf::from(std::env::var_os("KUBEDRILL_TEST_HOME").expect("the caller sets it"));
    assert_ne!(rustix::process::geteuid().as_raw(), 0);
    let mut settings = SandboxSettings { programs: Some(home.clone()), ..SandboxSettings::default() };
    settings.supervisor = (home.join("kubedrill"), super::sandbox_support::supervisor().1);
    let provider = SandboxProvider::new(Paths::below(home.join("own")), settings);
    let request = EnvironmentRequest { name: "default".into(), workers: Some(1), addons: vec![], ..EnvironmentRequest::default() };
    let environment = provider.ensure(&request, &Events::none()).await.expect("it starts");
    output(&environment, &["create", "deployment", "web", "--image=nginx"]).await;
    output(&environment, &["wait", "deployment/web", "--for=condition=Available", "--timeout=60s"]).await;
    let status = provider.status("default").await.expect("it can be read").expect("it is there");
    for part in status.parts.iter().filter_map(|part| part.pid) {
        let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(format!("/proc/{part}")).expect("it runs"));
        assert_eq!(owner, NOBODY);
    }
    provider.stop("default", &Events::none()).await.expect("it stops");
    assert!(!kubectl(&environment, &["get", "nodes"]).await.succeeded());
}
