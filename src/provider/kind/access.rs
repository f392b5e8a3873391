use serde_json::Value;

use super::{KindError, engine::Engine, folder::Folder, node::Node};
use crate::provider::files::{FileError, write_private};

/// The learner's name in the cluster.
pub const LEARNER: &str = "learner";
/// Its group, which has no rights of its own.
const GROUP: &str = "kubedrill:learners";
/// A class may go on for a term.
const VALIDITY: &str = "8760h";

/// Makes the learner's access: a certificate that the cluster's own authority signs, in a file of our own.
pub async fn learner(engine: Engine, control_plane: &Node, folder: &Folder) -> Result<(), KindError> {
    let file = folder.kubeconfig(LEARNER);
    if file.exists() {
        return Ok(());
    }
    let command = ["kubeadm", "kubeconfig", "user", "--config", "/kind/kubeadm.conf", "--client-name", LEARNER];
    let command: Vec<_> = command.into_iter().chain(["--org", GROUP, "--validity-period", VALIDITY]).collect();
    let printed = engine.exec(control_plane, &command).await?;
    let path = folder.kubeconfig("admin");
    let admin = std::fs::read_to_string(&path).map_err(FileError::new("read", &path))?;
    let kubeconfig = combined(&admin, &printed).map_err(|said| KindError::Command { command: command.join(" "), said })?;
    Ok(write_private(&file, kubeconfig)?)
}

/// The cluster of one kubeconfig, as it is reached from here, with the user of another.
fn combined(admin: &str, user: &str) -> Result<String, String> {
    let admin: Value = serde_saphyr::from_str(admin).map_err(|error| format!("kind's kubeconfig cannot be read: {error}"))?;
    let user: Value = serde_saphyr::from_str(user).map_err(|error| format!("its answer cannot be read: {error}"))?;
    let part = |config: &Value, pointer: &str| {
        let text = config.pointer(pointer).and_then(Value::as_str).map(|text| Value::from(text).to_string());
        text.ok_or_else(|| format!("{pointer} is missing in the kubeconfig"))
    };
    let server = part(&admin, "/clusters/0/cluster/server")?;
    let authority = part(&admin, "/clusters/0/cluster/certificate-authority-data")?;
    let certificate = part(&user, "/users/0/user/client-certificate-data")?;
    let key = part(&user, "/users/0/user/client-key-data")?;
    Ok(format!(
        "\
apiVersion: v1
kind: Config
clusters:
- name: kubedrill
  cluster: {{server: {server}, certificate-authority-data: {authority}}}
users:
- name: {LEARNER}
  user: {{client-certificate-data: {certificate}, client-key-data: {key}}}
contexts:
- name: kubedrill
  context: {{cluster: kubedrill, user: {LEARNER}}}
current-context: kubedrill
"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learner_reaches_the_cluster_from_here_with_a_key_of_its_own() {
        let admin = "clusters:\n- name: kind-x\n  cluster:\n    server: https://127.0.0.1:40001\n    certificate-authority-data: QQ==\n";
        let user = "clusters:\n- cluster: {server: 'https://x-control-plane:6443', certificate-authority-data: QQ==}\n  name: k\n\
            users:\n- name: learner\n  user: {client-certificate-data: Qg==, client-key-data: Qw==}\n";
        let made = combined(admin, user).expect("both are whole");
        let made: Value = serde_saphyr::from_str(&made).expect("it is YAML");
        assert_eq!(made["clusters"][0]["cluster"]["server"], "https://127.0.0.1:40001");
        assert_eq!(made["users"][0]["user"]["client-key-data"], "Qw==");
        assert!(combined(admin, "users: []").expect_err("no user").contains("client-certificate-data"));
    }
}
