use std::time::{Duration, Instant};

use super::{
    KindError, access, addons,
    cluster::{OurCluster, Running},
    images, kubectl,
    node::Node,
    record::Stage,
};
use crate::{event::Phase, paths::Paths, provider::sandbox};

const LOOK_AGAIN: Duration = Duration::from_millis(300);
/// The access of the control plane's own administrator, inside its node.
pub const ADMIN: &str = "--kubeconfig=/etc/kubernetes/admin.conf";
/// The second storage class that scenarios may name beside kind's own `standard`.
const FAST: &str = "\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: rancher.io/local-path
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
";

/// Adds to a cluster of kind what scenarios and learners need, these add-ons among it, and waits until it can be used.
pub async fn setup(cluster: &OurCluster<'_>, paths: &Paths, running: &mut Running, wanted: &[String]) -> Result<(), KindError> {
    let Some(control_plane) = running.nodes.iter().find(|node| node.is_control_plane()).cloned() else {
        return Err(KindError::Command { command: "kind create cluster".into(), said: "the cluster has no control-plane node".into() });
    };
    let engine = cluster.engine;
    let ready = cluster.events.phase(Phase::Nodes, nodes_ready(cluster, &control_plane));
    futures::try_join!(ready, images_ready(cluster, paths, running))?;
    let apply = format!("printf '%s' '{FAST}' | kubectl {ADMIN} apply --server-side -f -");
    engine.exec(&control_plane, &["sh", "-c", &apply]).await?;
    access::learner(engine, &control_plane, cluster.folder).await?;
    for addon in wanted {
        if !running.record.addons.contains(addon) {
            addons::install(cluster, paths, &running.nodes, &control_plane, addon).await?;
            running.record.addons.push(addon.clone());
        }
    }
    running.record.kubectl = kubectl::fitting(paths, cluster.settings, engine, &control_plane).await?;
    running.record.catalogue = cluster.settings.programs.images.clone();
    running.record.stage = Stage::Ready;
    running.record.write(cluster.folder)
}

/// Makes every node able to pull the images of the catalogue.
async fn images_ready(cluster: &OurCluster<'_>, paths: &Paths, running: &Running) -> Result<(), KindError> {
    let (settings, engine, record) = (cluster.settings, cluster.engine, &running.record);
    if record.stage == Stage::Ready && record.catalogue == settings.programs.images {
        return Ok(());
    }
    let Some(catalogue) = &settings.programs.images else { return Ok(()) };
    let machine = engine.info().await?.arch;
    let program = sandbox::ensure_app(paths, &settings.programs, &machine, cluster.events).await?;
    let install = async {
        let nodes = running.nodes.iter().filter(|node| node.is_kubernetes());
        let installs = nodes.map(|node| images::install(engine, node, &program, catalogue, settings.patience));
        futures::future::try_join_all(installs).await.map(drop)
    };
    cluster.events.phase(Phase::Images, install).await
}

/// Waits until the API server answers, every node is ready, and names are resolved.
async fn nodes_ready(cluster: &OurCluster<'_>, control_plane: &Node) -> Result<(), KindError> {
    let patience = cluster.settings.patience;
    let timeout = format!("--timeout={}s", patience.as_secs());
    let deadline = Instant::now() + patience;
    loop {
        let answer = cluster.engine.exec(control_plane, &["kubectl", ADMIN, "get", "--raw=/readyz"]).await;
        match answer {
            Ok(_) => break,
            // Only the API server's own answer may change with time.
            Err(KindError::Command { said, .. }) if Instant::now() > deadline => {
                let what = format!("the API server in {} did not answer", control_plane.name);
                return Err(KindError::NotReady { what, seconds: patience.as_secs(), said });
            }
            Err(KindError::Command { .. }) => tokio::time::sleep(LOOK_AGAIN).await,
            Err(error) => return Err(error),
        }
    }
    let waits: [(&str, &[&str]); 2] = [
        ("the nodes did not become ready", &["wait", "node", "--all", "--for=condition=Ready", &timeout]),
        ("the cluster's name service did not come up", &["-n", "kube-system", "rollout", "status", "deployment/coredns", &timeout]),
    ];
    for (what, args) in waits {
        let command: Vec<&str> = ["kubectl", ADMIN].into_iter().chain(args.iter().copied()).collect();
        cluster.engine.exec(control_plane, &command).await.map_err(|error| match error {
            KindError::Command { said, .. } => KindError::NotReady { what: what.to_owned(), seconds: patience.as_secs(), said },
            other => other,
        })?;
    }
    Ok(())
}
