use std::time::{Duration, Instant};

use super::{KindError, engine::Engine, node::Node};

/// Parts of the control plane that can be stopped and started: static pods of the control-plane nodes.
pub const COMPONENTS: [&str; 4] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Makes a part run, or not, on every control-plane node, and waits until it is so. What is stopped stays so over a restart.
pub async fn set(engine: Engine, nodes: &[Node], component: &str, running: bool, patience: Duration) -> Result<(), KindError> {
    if !COMPONENTS.contains(&component) {
        return Err(KindError::UnknownComponent { part: component.to_owned(), known: COMPONENTS.join(", ") });
    }
    for node in nodes.iter().filter(|node| node.is_control_plane()) {
        engine.exec(node, &["sh", "-c", &moving(component, running)]).await?;
    }
    for node in nodes.iter().filter(|node| node.is_control_plane()) {
        until(engine, node, component, running, patience).await?;
    }
    Ok(())
}

/// The kubelet runs what lies in its folder of manifests.
fn moving(component: &str, running: bool) -> String {
    let (there, away) = ("/etc/kubernetes/manifests", "/etc/kubernetes/kubedrill-stopped");
    let (from, to) = if running { (away, there) } else { (there, away) };
    format!("mkdir -p {away} && if [ -f {from}/{component}.yaml ]; then mv {from}/{component}.yaml {to}/; fi")
}

async fn until(engine: Engine, node: &Node, component: &str, running: bool, patience: Duration) -> Result<(), KindError> {
    let deadline = Instant::now() + patience;
    let name = format!("^{component}$");
    loop {
        let found = engine.exec(node, &["crictl", "ps", "--quiet", "--name", &name, "--state", "Running"]).await?;
        if found.trim().is_empty() != running {
            return Ok(());
        }
        if Instant::now() > deadline {
            let what = format!("{component} did not {} on {}", if running { "start" } else { "stop" }, node.name);
            return Err(KindError::NotReady { what, seconds: patience.as_secs(), said: format!("its containers: {}", found.trim()) });
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
