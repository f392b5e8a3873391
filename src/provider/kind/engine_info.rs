use std::path::PathBuf;

use serde_json::Value;

use super::{EngineName, version::Version};

/// What a container engine says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineInfo {
    /// Its version.
    pub version: Option<Version>,
    /// Memory of the machine that it runs on, in bytes.
    pub memory: u64,
    /// Where it keeps its data, on the machine that it runs on.
    pub root: PathBuf,
    /// The version of the control groups there: 1 or 2.
    pub cgroup: u8,
    /// The processor there, as Go names it.
    pub arch: String,
    /// It runs without root.
    pub rootless: bool,
    /// Why it cannot be asked, in its own words.
    pub trouble: Option<String>,
}

impl EngineInfo {
    /// Reads the output of `docker info` or `podman info`, which are told to write JSON.
    pub fn read(engine: EngineName, printed: &str) -> Result<Self, String> {
        let info: Value = serde_json::from_str(printed.trim()).map_err(|error| format!("its answer cannot be read: {error}"))?;
        Ok(match engine {
            EngineName::Docker => docker(&info),
            EngineName::Podman => podman(&info),
        })
    }
}

fn docker(info: &Value) -> EngineInfo {
    let text = |key: &str| info[key].as_str().unwrap_or_default();
    let listed = |key: &str| info[key].as_array().into_iter().flatten().filter_map(Value::as_str);
    EngineInfo {
        version: Version::find(text("ServerVersion")),
        memory: info["MemTotal"].as_u64().unwrap_or_default(),
        root: text("DockerRootDir").into(),
        cgroup: cgroup(text("CgroupVersion")),
        arch: arch(text("Architecture")),
        rootless: listed("SecurityOptions").any(|option| option.contains("name=rootless")),
        // The command itself succeeds when the daemon does not answer.
        trouble: Some(listed("ServerErrors").collect::<Vec<_>>().join("; ")).filter(|errors| !errors.is_empty()),
    }
}

fn podman(info: &Value) -> EngineInfo {
    let text = |pointer: &str| info.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    EngineInfo {
        version: Version::find(text("/version/Version")),
        memory: info.pointer("/host/memTotal").and_then(Value::as_u64).unwrap_or_default(),
        root: text("/store/graphRoot").into(),
        cgroup: cgroup(text("/host/cgroupVersion")),
        arch: arch(text("/host/arch")),
        rootless: info.pointer("/host/security/rootless").and_then(Value::as_bool).unwrap_or_default(),
        trouble: None,
    }
}

fn cgroup(version: &str) -> u8 {
    if version.trim_start_matches('v') == "1" { 1 } else { 2 }
}

fn arch(name: &str) -> String {
    match name {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_and_podman_say_the_same_in_their_own_ways() {
        let docker = r#"{"ServerVersion":"20.10.24+dfsg1","MemTotal":25276411904,"DockerRootDir":"/var/lib/docker","CgroupVersion":"1",
            "Architecture":"x86_64","SecurityOptions":["name=seccomp,profile=default"]}"#;
        let podman = r#"{"host":{"arch":"amd64","cgroupVersion":"v1","memTotal":25276411904,"security":{"rootless":false}},
            "store":{"graphRoot":"/var/lib/docker"},"version":{"Version":"20.10.24"}}"#;
        let info = EngineInfo::read(EngineName::Docker, docker).expect("it can be read");
        assert_eq!(info, EngineInfo::read(EngineName::Podman, podman).expect("it can be read"));
        assert_eq!((info.version, info.cgroup, info.arch.as_str()), (Some(Version(20, 10, 24)), 1, "amd64"));
    }

    #[test]
    fn a_daemon_that_is_down_is_told_by_its_errors() {
        let printed =
            r#"{"ID":"","ServerErrors":["Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?"]}"#;
        let info = EngineInfo::read(EngineName::Docker, printed).expect("it can be read");
        assert!(info.trouble.is_some_and(|trouble| trouble.starts_with("Cannot connect")));
    }
}
