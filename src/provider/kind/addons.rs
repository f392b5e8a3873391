use std::{fs::File, io::Read, path::Path};

use sha2::{Digest, Sha256};

use super::{KindError, autoscaler, cluster::OurCluster, driver, engine::Engine, node::Node, setup::ADMIN};
use crate::{
    event::Phase,
    paths::Paths,
    provider::{
        CUSTOM_METRICS,
        files::{FileError, write_private},
        sandbox::{self, ContainedAddon},
    },
};

/// Where an add-on's files lie in a node while it is put in.
const WORK: &str = "/var/tmp/kubedrill";

/// Makes an add-on run in a cluster: its program becomes an image on every node, so that no registry is needed.
pub async fn install(cluster: &OurCluster<'_>, paths: &Paths, nodes: &[Node], control_plane: &Node, name: &str) -> Result<(), KindError> {
    let (engine, programs, events) = (cluster.engine, &cluster.settings.programs, cluster.events);
    let machine = engine.info().await?.arch;
    let app = sandbox::ensure_app(paths, programs, &machine, events).await?;
    let addon = sandbox::ensure_contained(paths, programs, name, &machine, events).await?;
    let image = image(&addon)?;
    let manifest = cluster.folder.file(&format!("{name}.yaml"));
    let mut objects = addon.manifest.replace("{image}", &image);
    if name == CUSTOM_METRICS {
        objects = objects.replace("{secret}", &driver::secret(cluster.folder)?);
    }
    write_private(&manifest, objects)?;
    let work = async {
        if name == CUSTOM_METRICS {
            autoscaler::quicken(engine, nodes, cluster.settings.patience).await?;
        }
        let nodes = nodes.iter().filter(|node| node.is_kubernetes());
        futures::future::try_join_all(nodes.map(|node| give_image(engine, node, &app, &addon, &image))).await?;
        start(cluster, control_plane, &addon, &manifest).await
    };
    events.phase(Phase::Addons, work).await
}

/// A name that changes with the program.
fn image(addon: &ContainedAddon) -> Result<String, KindError> {
    let mut hash = Sha256::new();
    let mut file = File::open(&addon.program).map_err(FileError::new("read", &addon.program))?;
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part).map_err(FileError::new("read", &addon.program))? {
            0 => break,
            length => hash.update(&part[..length]),
        }
    }
    let tag: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("kubedrill.dev/{}:{tag}", addon.name))
}

async fn give_image(engine: Engine, node: &Node, app: &Path, addon: &ContainedAddon, image: &str) -> Result<(), KindError> {
    engine.exec(node, &["mkdir", "-p", WORK]).await?;
    engine.copy(app, node, &format!("{WORK}/app")).await?;
    engine.copy(&addon.program, node, &format!("{WORK}/{}", addon.name)).await?;
    engine.exec(node, &["sh", "-c", &image_script(addon, image)]).await.map(drop)
}

fn image_script(addon: &ContainedAddon, image: &str) -> String {
    let (name, arguments) = (&addon.name, addon.arguments.join(" "));
    format!(
        "set -e
cd {WORK}
chmod 755 app
./app program --reference {image} --binary {name} --output image.tar {arguments}
ctr --namespace k8s.io images import image.tar
rm app {name} image.tar
"
    )
}

/// Its definitions first: operators look for them once.
async fn start(cluster: &OurCluster<'_>, control_plane: &Node, addon: &ContainedAddon, manifest: &Path) -> Result<(), KindError> {
    let (engine, patience) = (cluster.engine, cluster.settings.patience.as_secs());
    let definitions = format!("{WORK}/definitions");
    engine.exec(control_plane, &["sh", "-c", &format!("rm -rf {definitions} && mkdir -p {definitions}")]).await?;
    for (number, definition) in addon.definitions.iter().enumerate() {
        engine.copy(definition, control_plane, &format!("{definitions}/{number}.yaml")).await?;
    }
    engine.copy(manifest, control_plane, &format!("{WORK}/manifest.yaml")).await?;
    for command in start_commands(addon, &definitions, patience) {
        engine.exec(control_plane, &["sh", "-c", &command]).await.map_err(|error| match error {
            KindError::Command { said, .. } => {
                let name = &addon.name;
                let what = format!("the add-on {name} did not start (`kubectl -n kube-system describe deployment {name}` may tell why)");
                KindError::NotReady { what, seconds: patience, said }
            }
            other => other,
        })?;
    }
    Ok(())
}

fn start_commands(addon: &ContainedAddon, definitions: &str, seconds: u64) -> Vec<String> {
    let (kubectl, within) = (format!("kubectl {ADMIN}"), format!("--timeout={seconds}s"));
    let apply = |what: &str| format!("{kubectl} apply --server-side --force-conflicts -f {what}");
    let mut commands = Vec::new();
    if !addon.definitions.is_empty() {
        commands.push(apply(definitions));
        commands.push(format!("{kubectl} wait --for=condition=Established {within} -f {definitions}"));
    }
    commands.push(apply(&format!("{WORK}/manifest.yaml")));
    commands.push(format!("{kubectl} -n kube-system rollout status deployment/{} {within}", addon.name));
    commands.push(format!("{kubectl} wait --for=condition=Available {within} apiservice --all"));
    commands.push(format!("rm -rf {WORK}"));
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addon(definitions: &[&str]) -> ContainedAddon {
        ContainedAddon {
            name: "metrics-server".into(),
            program: "/cache/bin/control-plane".into(),
            arguments: vec!["metrics-server".into()],
            definitions: definitions.iter().map(Into::into).collect(),
            manifest: String::new(),
        }
    }

    #[test]
    fn a_program_of_several_roles_becomes_an_image_of_one() {
        let script = image_script(&addon(&[]), "kubedrill.dev/metrics-server:1");
        assert!(script.contains("--reference kubedrill.dev/metrics-server:1 --binary metrics-server --output image.tar metrics-server\n"));
    }

    #[test]
    fn an_operator_starts_when_its_definitions_are_served() {
        let commands = start_commands(&addon(&["/files/a.yaml"]), "/d", 9);
        let at = |what: &str| commands.iter().position(|command| command.contains(what));
        assert!(at("Established --timeout=9s -f /d").is_some_and(|waits| Some(waits) < at("manifest.yaml")), "{commands:?}");
        assert!(start_commands(&addon(&[]), "/d", 9).iter().all(|command| !command.contains("Established")));
    }
}
