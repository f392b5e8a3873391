use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::super::SandboxError;

#[derive(RustEmbed)]
#[folder = "sandbox/"]
#[include = "go.mod"]
#[include = "go.sum"]
#[include = "cmd/*"]
#[include = "internal/*"]
#[include = "third_party/*"]
#[exclude = "cmd/cel/*"]
#[exclude = "*_test.go"]
#[exclude = "*/testdata/*"]
#[exclude = "*.md"]
struct SandboxFiles;

#[derive(RustEmbed)]
#[folder = "sandbox/addons/"]
#[exclude = "*_test.go"]
#[exclude = "*.md"]
struct AddonFiles;

#[derive(RustEmbed)]
#[folder = "sandbox/reader/"]
#[exclude = "*_test.go"]
#[exclude = "*.md"]
struct ReaderFiles;

/// The file that says what an add-on is and how it is run.
const DESCRIPTION: &str = "addon.yaml";
const ONLY_APP: &[&str] = &["cmd/app/", "internal/oci/", "internal/real/"];
const ONLY_SANDBOX: &[&str] = &[
    "cmd/control-plane/",
    "cmd/node/",
    "internal/apiserver/",
    "internal/demands/",
    "internal/drive/",
    "internal/follow/",
    "internal/hub/",
    "internal/kubelet/",
    "internal/link/",
    "internal/metrics/",
    "internal/probe/",
    "internal/ready/",
    "internal/runtime/",
    "internal/serving/",
];

/// Go sources inside this binary: content by path.
pub struct Sources(BTreeMap<String, Cow<'static, [u8]>>);

impl Sources {
    /// Control plane and node.
    pub fn sandbox() -> Result<Self, SandboxError> {
        Self::without(ONLY_APP, "the sandbox")
    }

    /// The program of application images.
    pub fn app() -> Result<Self, SandboxError> {
        Self::without(ONLY_SANDBOX, "the application image")
    }

    /// What is built from one module, less the folders that are nothing to it: a change there is no reason to build again.
    fn without(folders: &[&str], name: &str) -> Result<Self, SandboxError> {
        let is_left_out = |path: &str| folders.iter().any(|folder| path.starts_with(folder));
        let files = SandboxFiles::iter()
            .filter(|path| !is_left_out(path))
            .filter_map(|path| SandboxFiles::get(&path).map(|file| (path.into_owned(), file.data)));
        Self::of(files.collect(), name)
    }

    /// What the programs of one add-on are built from.
    pub fn addon(name: &str) -> Result<Self, SandboxError> {
        let of_addon = |path: Cow<'static, str>| {
            let inside = path.strip_prefix(name)?.strip_prefix('/')?.to_owned();
            // How it is run is no reason to build it again.
            if inside == DESCRIPTION { None } else { Some((inside, AddonFiles::get(&path)?.data)) }
        };
        Self::of(AddonFiles::iter().filter_map(of_addon).collect(), name)
    }

    /// The reader of configurations.
    pub fn reader() -> Result<Self, SandboxError> {
        let files = ReaderFiles::iter().filter_map(|path| ReaderFiles::get(&path).map(|file| (path.into_owned(), file.data)));
        Self::of(files.collect(), "the reader")
    }

    /// What add-ons there are: each has a folder with its description, by path.
    pub fn addon_descriptions() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
        let is_description = |path: &str| path.split_once('/').is_some_and(|(_, file)| file == DESCRIPTION);
        let paths = AddonFiles::iter().filter(move |path| is_description(path));
        paths.filter_map(|path| Some((format!("sandbox/addons/{path}"), AddonFiles::get(&path)?.data)))
    }

    /// The objects with which a cluster of containers runs an add-on, with `{image}` to fill in; `None` for one that only a sandbox
    /// runs.
    pub fn manifest(name: &str) -> Option<String> {
        let file = AddonFiles::get(&format!("manifests/{name}.yaml"))?;
        Some(String::from_utf8_lossy(&file.data).into_owned())
    }

    fn of(files: BTreeMap<String, Cow<'static, [u8]>>, name: &str) -> Result<Self, SandboxError> {
        if files.contains_key("go.mod") { Ok(Self(files)) } else { Err(missing(&format!("the go.mod of {name}"))) }
    }

    /// The Go version that the module asks for.
    pub fn go_version(&self) -> String {
        let text = self.0.get("go.mod").map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        text.lines().find_map(|line| line.strip_prefix("go ")).unwrap_or("1.26").trim().to_owned()
    }

    /// A short name for exactly these sources, built with these words for this kind of machine.
    pub fn key(&self, words: &[&str]) -> String {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        for word in words.iter().chain(&[std::env::consts::OS, std::env::consts::ARCH]) {
            add(word.as_bytes());
        }
        for (path, content) in &self.0 {
            add(path.as_bytes());
            add(content);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Writes them below a folder.
    pub fn unpack(&self, folder: &Path) -> Result<(), SandboxError> {
        for (path, content) in &self.0 {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(SandboxError::file("make the folder", parent))?;
            }
            fs::write(&path, content).map_err(SandboxError::file("write", &path))?;
        }
        Ok(())
    }
}

fn missing(what: &str) -> SandboxError {
    SandboxError::Stored { path: what.into(), reason: "it is not inside this binary".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_are_complete_and_hold_no_tests() {
        let sources = Sources::sandbox().expect("they are inside");
        for file in ["go.sum", "cmd/control-plane/main.go", "cmd/node/main.go", "third_party/kmsg/go.mod"] {
            assert!(sources.0.contains_key(file), "{file} is missing");
        }
        let app = Sources::app().expect("they are inside");
        assert!(
            app.0.contains_key("cmd/app/main.go") && !app.0.contains_key("cmd/node/main.go") && !sources.0.contains_key("cmd/app/main.go")
        );
        assert!(!sources.0.keys().any(|path| path.ends_with("_test.go") || path.starts_with("addons/")));
    }

    #[test]
    fn every_package_that_a_source_imports_is_among_them() {
        for sources in [Sources::sandbox().expect("they are inside"), Sources::app().expect("they are inside")] {
            for (path, content) in sources.0.iter().filter(|(path, _)| path.ends_with(".go")) {
                let text = String::from_utf8_lossy(content);
                for package in text.lines().filter_map(|line| line.split("\"kubedrill.dev/sandbox/").nth(1)?.strip_suffix('"')) {
                    let folder = format!("{package}/");
                    assert!(sources.0.keys().any(|known| known.starts_with(&folder)), "{path} imports {package}, which is left out");
                }
            }
        }
    }

    #[test]
    fn the_key_follows_the_content_and_the_flags() {
        let sources = |content: &'static [u8]| Sources(BTreeMap::from([("go.mod".to_owned(), Cow::Borrowed(content))]));
        assert_eq!(sources(b"a").key(&["x"]), sources(b"a").key(&["x"]));
        assert_ne!(sources(b"a").key(&["x"]), sources(b"b").key(&["x"]));
        assert_ne!(sources(b"a").key(&["x"]), sources(b"a").key(&["y"]));
    }
}
