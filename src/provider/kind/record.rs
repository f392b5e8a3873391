use std::{fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{EngineName, KindError, folder::Folder, node::Node};
use crate::provider::files::{FileError, write_private};

const VERSION: u32 = 1;
const FILE: &str = "record.json";

/// What was made for an environment: written before anything is, so that whatever an interrupted command left is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    /// Of this format.
    version: u32,
    /// A random word that lies in a mount of every node.
    nonce: String,
    /// The engine that runs the nodes.
    pub engine: EngineName,
    /// How far its making has come.
    pub stage: Stage,
    /// The node image that was asked for.
    pub image: Option<String>,
    /// Worker nodes.
    pub workers: u32,
    /// Its containers.
    pub nodes: Vec<RecordedNode>,
    /// The image catalogue whose images its nodes can pull.
    pub catalogue: Option<PathBuf>,
    /// The add-ons that run in it.
    #[serde(default)]
    pub addons: Vec<String>,
    /// A kubectl that fits: program and first arguments.
    pub kubectl: Option<Vec<String>>,
}

/// How far the making of a cluster has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// kind is at work, or was interrupted.
    Creating,
    /// kind is done; what we add is not there yet.
    Created,
    /// It can be used.
    Ready,
}

/// A container of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordedNode {
    /// The engine's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Record {
    /// Of a cluster that is about to be made.
    pub fn new(engine: EngineName, image: Option<String>, workers: u32) -> Self {
        let nonce = format!("{:032x}", rand::random::<u128>());
        Self {
            version: VERSION,
            nonce,
            engine,
            stage: Stage::Creating,
            image,
            workers,
            nodes: Vec::new(),
            catalogue: None,
            addons: Vec::new(),
            kubectl: None,
        }
    }

    /// Reads it; `None` when nothing was made.
    pub fn read(folder: &Folder) -> Result<Option<Self>, KindError> {
        let path = folder.file(FILE);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(FileError::new("read", &path))?,
        };
        let stored = |reason: String| KindError::Stored { path: path.clone(), reason };
        let record: Self = serde_json::from_slice(&bytes).map_err(|error| stored(error.to_string()))?;
        if record.version == VERSION { Ok(Some(record)) } else { Err(stored(format!("it is of version {}", record.version))) }
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, folder: &Folder) -> Result<(), KindError> {
        folder.create()?;
        let path = folder.file(FILE);
        let bytes = serde_json::to_vec_pretty(self).map_err(|error| KindError::Stored { path: path.clone(), reason: error.to_string() })?;
        Ok(write_private(&path, bytes)?)
    }

    /// The name of the folder that every node has mounted.
    pub fn mark(&self) -> String {
        format!("mark-{}", self.nonce)
    }

    /// These are the nodes of this cluster and of no other: each carries the mark. kind's own load balancer goes with them.
    pub fn owns(&self, nodes: &[Node]) -> bool {
        let mark = self.mark();
        nodes.iter().any(|node| node.carries(&mark)) && nodes.iter().all(|node| node.carries(&mark) || !node.is_kubernetes())
    }

    /// The names of its containers that are not among these.
    pub fn missing(&self, nodes: &[Node]) -> Vec<String> {
        self.nodes.iter().filter(|known| nodes.iter().all(|node| node.id != known.id)).map(|known| known.name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(mark: &str) -> Vec<Node> {
        let node = |name: &str, role: &str, source: &str| {
            format!(
                r#"{{"Id":"id-{name}","Name":"/{name}","State":{{"Running":true}},"Config":{{"Labels":{{"io.x-k8s.kind.role":"{role}"}}}},"Mounts":[{{"Source":"{source}"}}]}}"#
            )
        };
        let (cp, lb) = (node("cp", "control-plane", &format!("/s/{mark}")), node("lb", "external-load-balancer", "/lib"));
        Node::read(&format!("[{cp},{lb}]")).expect("it can be read")
    }

    #[test]
    fn a_cluster_of_the_same_name_without_the_mark_is_not_ours() {
        let record = Record::new(EngineName::Docker, None, 1);
        assert!(record.owns(&nodes(&record.mark())));
        assert!(!record.owns(&nodes("mark-of-another")));
        assert!(!record.owns(&[]));
        let mut mixed = nodes(&record.mark());
        mixed.extend(nodes("other"));
        assert!(!record.owns(&mixed), "one strange node is one too many");
    }

    #[test]
    fn what_is_written_is_read_and_what_is_missing_is_named() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(root.path().join("a"));
        assert_eq!(Record::read(&folder).expect("nothing is fine"), None);
        let mut record = Record::new(EngineName::Podman, Some("node:1".into()), 2);
        record.nodes =
            vec![RecordedNode { id: "id-cp".into(), name: "cp".into() }, RecordedNode { id: "gone".into(), name: "worker".into() }];
        record.write(&folder).expect("it can be written");
        assert_eq!(Record::read(&folder).expect("it can be read"), Some(record.clone()));
        assert_eq!(record.missing(&nodes("x")), ["worker"]);
    }
}
