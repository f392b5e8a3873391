//! The pace of autoscaling, which is the sandbox's where a load is driven: at that of the defaults a lesson would take ten minutes.

use std::time::{Duration, Instant};

use super::{KindError, engine::Engine, node::Node};

/// How often an HPA looks, how long it waits before it shrinks, and how soon a new pod counts.
const PACE: [&str; 4] = [
    "--horizontal-pod-autoscaler-sync-period=5s",
    "--horizontal-pod-autoscaler-downscale-stabilization=30s",
    "--horizontal-pod-autoscaler-cpu-initialization-period=10s",
    "--horizontal-pod-autoscaler-initial-readiness-delay=5s",
];
/// Succeeds when every flag of the file is one of the process, whose words the kernel keeps apart with zeros.
const RUNS: &str = r#"set -e
pid=$(pidof kube-controller-manager)
tr '\0' '\n' </proc/$pid/cmdline >/tmp/kubedrill-flags
sed -n 's/^ *- \(--horizontal-pod-autoscaler[^ ]*\)$/\1/p' /etc/kubernetes/manifests/kube-controller-manager.yaml | while read -r flag; do
  grep -qx -- "$flag" /tmp/kubedrill-flags || { echo "it runs without $flag" >&2; exit 1; }
done
"#;
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// Gives the controller manager this pace, unless it was made with another, and waits until it runs so. Idempotent.
pub async fn quicken(engine: Engine, nodes: &[Node], patience: Duration) -> Result<(), KindError> {
    for node in nodes.iter().filter(|node| node.is_control_plane()) {
        engine.exec(node, &["sh", "-c", &script()]).await?;
    }
    for node in nodes.iter().filter(|node| node.is_control_plane()) {
        let deadline = Instant::now() + patience;
        while let Err(error) = engine.exec(node, &["sh", "-c", RUNS]).await {
            match error {
                KindError::Command { said, .. } if Instant::now() > deadline => {
                    let what = format!("kube-controller-manager did not start again on {}", node.name);
                    return Err(KindError::NotReady { what, seconds: patience.as_secs(), said });
                }
                KindError::Command { .. } => tokio::time::sleep(LOOK_AGAIN).await,
                other => return Err(other),
            }
        }
    }
    Ok(())
}

/// The kubelet must not meet a half-written file: it is written elsewhere, and put in place at once.
fn script() -> String {
    let flags = PACE.join(" ");
    format!(
        "set -e
there=/etc/kubernetes/manifests/kube-controller-manager.yaml
fresh=/etc/kubernetes/kubedrill-controller-manager.yaml
cp $there $fresh
for flag in {flags}; do
  grep -q -- \"- ${{flag%%=*}}=\" $fresh || sed -i \"s/^\\( *\\)- kube-controller-manager\\$/&\\n\\1- $flag/\" $fresh
done
if cmp -s $fresh $there; then rm $fresh; else mv $fresh $there; fi
"
    )
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    const MANIFEST: &str = "spec:\n  containers:\n  - command:\n    - kube-controller-manager\n    - --allocate-node-cidrs=true\n    - --horizontal-pod-autoscaler-sync-period=7s\n";

    #[test]
    fn the_pace_is_set_once_and_what_was_chosen_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let manifests = folder.path().join("manifests");
        fs::create_dir(&manifests).expect("a folder");
        let manifest = manifests.join("kube-controller-manager.yaml");
        fs::write(&manifest, MANIFEST).expect("it can be written");
        let script = script().replace("/etc/kubernetes", &folder.path().display().to_string());
        for _ in 0..2 {
            let done = Command::new("sh").args(["-c", &script]).status().expect("a shell");
            assert!(done.success());
            let text = fs::read_to_string(&manifest).expect("it can be read");
            let flags: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    - --horizontal-pod-autoscaler-")).collect();
            assert_eq!(flags.len(), 4, "{text}");
            assert!(flags.contains(&"sync-period=7s") && flags.contains(&"downscale-stabilization=30s"), "{text}");
            assert!(text.starts_with("spec:\n  containers:\n  - command:\n    - kube-controller-manager\n    - --"), "{text}");
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
    }
}
