use std::{ffi::OsString, fmt, io, path::Path, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::{KindError, engine_info::EngineInfo, node::Node};
use crate::process::{Captured, Invocation};

/// For a question to the engine.
const SOON: Duration = Duration::from_secs(30);
/// For work of the engine: removing, starting, copying.
const LATER: Duration = Duration::from_secs(180);

/// A container engine that kind can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineName {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
}

impl EngineName {
    /// The command, which is also what kind calls it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }

    /// How it is started.
    pub fn start(self) -> &'static str {
        match self {
            Self::Docker => "`sudo systemctl start docker`, or open Docker Desktop",
            Self::Podman => "`systemctl --user start podman.socket`, or `podman machine start`",
        }
    }

    /// How a user gets the right to use it.
    pub fn rights(self) -> &'static str {
        match self {
            Self::Docker => {
                "let it with `sudo usermod -aG docker $USER` and log in again, or use Docker's rootless mode; kubedrill needs no root itself"
            }
            Self::Podman => "use the rootless Podman of this user, or check the owner of its socket",
        }
    }
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Docker => "Docker",
            Self::Podman => "Podman",
        })
    }
}

impl FromStr for EngineName {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        let found = [Self::Docker, Self::Podman].into_iter().find(|engine| engine.command() == name);
        found.ok_or_else(|| format!("`{name}` is no container engine that kubedrill can use; there are docker and podman"))
    }
}

/// A container engine, asked through its command.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    /// Which.
    pub name: EngineName,
}

impl Engine {
    /// The engine that was asked for, or the first one that is there.
    pub async fn find(asked: Option<EngineName>) -> Result<Self, KindError> {
        let candidates = asked.map_or_else(|| vec![EngineName::Docker, EngineName::Podman], |engine| vec![engine]);
        for name in candidates {
            match Invocation::new(name.command(), ["--version"]).run(SOON).await {
                Ok(_) => return Ok(Self { name }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(KindError::EngineDown { engine: name, said: error.to_string() }),
            }
        }
        Err(KindError::NoEngine { asked })
    }

    /// What it says about itself; its answer tells whether it runs and may be used.
    pub async fn info(self) -> Result<EngineInfo, KindError> {
        let format = match self.name {
            EngineName::Docker => "{{json .}}",
            EngineName::Podman => "json",
        };
        let printed = self.run(words(&["info", "--format", format]), SOON).await?;
        let info = EngineInfo::read(self.name, &printed).map_err(|said| self.failure("info", &said))?;
        match &info.trouble {
            Some(said) => Err(self.failure("info", said)),
            None => Ok(info),
        }
    }

    /// Every container of a kind cluster, running or not.
    pub async fn nodes(self, cluster: &str) -> Result<Vec<Node>, KindError> {
        let filter = format!("label={}={cluster}", Node::CLUSTER_LABEL);
        let list = words(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter]);
        let mut listed = self.run(list.clone(), SOON).await?;
        loop {
            let ids: Vec<String> = listed.split_whitespace().map(str::to_owned).collect();
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            match self.inspect(&ids).await {
                // One of them may have gone since the list: then the list is another one now.
                Err(KindError::Command { command, said }) => {
                    let again = self.run(list.clone(), SOON).await?;
                    if again == listed {
                        return Err(KindError::Command { command, said });
                    }
                    listed = again;
                }
                nodes => return nodes,
            }
        }
    }

    /// These containers.
    pub async fn inspect(self, ids: &[String]) -> Result<Vec<Node>, KindError> {
        let printed = self.run(on(&["container", "inspect"], ids), SOON).await?;
        Node::read(&printed).map_err(|said| self.failure("container inspect", &said))
    }

    /// Whether an image is here already.
    pub async fn has_image(self, image: &str) -> bool {
        self.run(words(&["image", "inspect", "--format", "{{.Id}}", image]), SOON).await.is_ok()
    }

    /// Starts containers that were stopped.
    pub async fn start(self, ids: &[String]) -> Result<(), KindError> {
        self.run(on(&["start"], ids), LATER).await.map(drop)
    }

    /// Removes containers and their volumes, running or not.
    pub async fn remove(self, ids: &[String]) -> Result<(), KindError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.run(on(&["rm", "--force", "--volumes"], ids), LATER).await.map(drop)
    }

    /// Copies a file of this machine into a container.
    pub async fn copy(self, from: &Path, node: &Node, to: &str) -> Result<(), KindError> {
        let to = OsString::from(format!("{}:{to}", node.id));
        self.run(vec!["cp".into(), from.into(), to], LATER).await.map(drop)
    }

    /// Runs a command in a container.
    pub async fn exec(self, node: &Node, command: &[&str]) -> Result<String, KindError> {
        let mut args = words(&["exec", &node.id]);
        args.extend(words(command));
        self.run(args, LATER).await
    }

    async fn run(self, args: Vec<OsString>, within: Duration) -> Result<String, KindError> {
        let invocation = Invocation::new(self.name.command(), args);
        let words: Vec<_> = invocation.args.iter().take(6).map(|arg| arg.to_string_lossy()).collect();
        let words = words.join(" ");
        let done = invocation.run(within).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KindError::NoEngine { asked: Some(self.name) },
            _ => self.failure(&words, &error.to_string()),
        })?;
        if done.succeeded() {
            return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
        }
        Err(if done.timed_out {
            KindError::EngineDown { engine: self.name, said: format!("no answer to `{words}` within {} s", within.as_secs()) }
        } else {
            self.failure(&words, &said(&done))
        })
    }

    /// What a failure means, by the engine's own words.
    pub fn failure(self, command: &str, said: &str) -> KindError {
        let (engine, words) = (self.name, said.to_lowercase());
        let has = |needles: &[&str]| needles.iter().any(|needle| words.contains(needle));
        let said = said.trim().to_owned();
        if has(&["permission denied while trying to connect", "connect: permission denied"]) {
            return KindError::NoRights { engine, said };
        }
        if has(&[
            "cannot connect to the docker daemon",
            "cannot connect to podman",
            "is the docker daemon running",
            "error during connect",
            "unable to connect to podman",
        ]) {
            return KindError::EngineDown { engine, said };
        }
        if has(&["no space left on device", "disk quota exceeded"]) {
            return KindError::DiskFull { engine, said };
        }
        KindError::Command { command: format!("{} {command}", engine.command()), said }
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn on(command: &[&str], ids: &[String]) -> Vec<OsString> {
    words(command).into_iter().chain(ids.iter().map(OsString::from)).collect()
}

/// What a program said when it failed: its error output, or else its output.
fn said(done: &Captured) -> String {
    let text = [&done.stderr, &done.stdout].map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    // One container after the other may meet the same trouble.
    let once = |text: String| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.dedup();
        lines.join("\n")
    };
    let text = text.into_iter().find(|text| !text.is_empty()).map(once);
    text.unwrap_or_else(|| done.code.map_or_else(|| "a signal ended it".to_owned(), |code| format!("it ended with code {code}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_to_do_about_it() {
        let engine = Engine { name: EngineName::Docker };
        let down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
        let rights = "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied";
        let full = "Error response from daemon: mkdir /var/lib/docker/overlay2/x: no space left on device";
        assert!(matches!(engine.failure("info", down), KindError::EngineDown { .. }));
        assert!(matches!(engine.failure("info", rights), KindError::NoRights { .. }));
        assert!(matches!(engine.failure("run", full), KindError::DiskFull { .. }));
        let other = engine.failure("start x", "Error: No such container: x\n").to_string();
        assert_eq!(other, "`docker start x` failed: Error: No such container: x");
        assert!(engine.failure("info", down).to_string().contains("systemctl start docker"));
        assert!(engine.failure("info", rights).to_string().contains("usermod -aG docker"));
    }
}
