use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{KindError, engine::Engine, node::Node};

/// Where a node's registry listens: its own containerd alone can reach it.
const LISTEN: &str = "127.0.0.1:20510";
const PROGRAM: &str = "/usr/local/bin/kubedrill-app";
const CATALOGUE: &str = "/etc/kubedrill/images.yaml";
/// An image of our own that every node can pull only when all of this works.
const PROOF: &str = "kubedrill.dev/load:v1";
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Makes a node's containerd get the images of the catalogue from a registry on that node, and pulls one as the proof.
pub async fn install(engine: Engine, node: &Node, program: &Path, catalogue: &Path, patience: Duration) -> Result<(), KindError> {
    engine.exec(node, &["mkdir", "-p", "/etc/kubedrill"]).await?;
    // A program that runs cannot be written over.
    let fresh = format!("{PROGRAM}.new");
    engine.copy(program, node, &fresh).await?;
    engine.copy(catalogue, node, CATALOGUE).await?;
    engine.exec(node, &["sh", "-c", &script(&fresh)]).await?;
    let deadline = Instant::now() + patience;
    loop {
        match engine.exec(node, &["crictl", "pull", PROOF]).await {
            Ok(_) => return Ok(()),
            Err(KindError::Command { said, .. }) if Instant::now() > deadline => {
                let what = format!("the images of the catalogue could not be had on {}", node.name);
                return Err(KindError::NotReady { what, seconds: patience.as_secs(), said });
            }
            Err(KindError::Command { .. }) => tokio::time::sleep(LOOK_AGAIN).await,
            Err(error) => return Err(error),
        }
    }
}

fn script(fresh: &str) -> String {
    format!(
        "set -e
mv {fresh} {PROGRAM}
chmod 755 {PROGRAM}
{PROGRAM} hosts --catalogue {CATALOGUE} --listen {LISTEN} --output /etc/containerd/certs.d
cat >/etc/systemd/system/kubedrill-images.service <<'END'
[Unit]
Description=Images of the kubedrill catalogue
Before=kubelet.service

[Service]
ExecStart={PROGRAM} registry --catalogue {CATALOGUE} --listen {LISTEN}
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable --quiet kubedrill-images
systemctl restart kubedrill-images
{PROGRAM} pin --catalogue {CATALOGUE}
"
    )
}
