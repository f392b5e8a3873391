use std::{path::PathBuf, time::Duration};

use serde::Deserialize;

use super::{super::SandboxSettings, BuildError};
use crate::process::Invocation;

/// A Go that can build the sandbox.
#[derive(Debug, Clone)]
pub struct Go {
    program: PathBuf,
    /// Where it keeps compiled packages.
    pub cache: PathBuf,
    /// Where it keeps downloaded modules.
    pub modules: PathBuf,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "GOVERSION", default)]
    version: String,
    #[serde(rename = "GOCACHE", default)]
    cache: PathBuf,
    #[serde(rename = "GOMODCACHE", default)]
    modules: PathBuf,
}

impl Go {
    /// Finds it and looks at its version.
    pub async fn find(settings: &SandboxSettings, needed: &str) -> Result<Self, BuildError> {
        let go = settings.go.clone();
        let needed = needed.to_owned();
        let this = Self { program: go.clone(), cache: PathBuf::new(), modules: PathBuf::new() };
        // Outside of any module: the one of the current folder is none of our business.
        let command = Invocation { folder: Some("/".into()), ..this.command(&["env", "-json", "GOVERSION", "GOCACHE", "GOMODCACHE"]) };
        let captured = match command.run(Duration::from_secs(60)).await {
            Ok(captured) => captured,
            Err(source) => return Err(BuildError::NoGo { go, source, needed }),
        };
        let answer = serde_json::from_slice::<Answer>(&captured.stdout).ok().filter(|answer| version(&answer.version).is_some());
        let Some(answer) = answer else {
            let answer =
                String::from_utf8_lossy(if captured.stderr.is_empty() { &captured.stdout } else { &captured.stderr }).trim().to_owned();
            return Err(BuildError::OddGo { go, answer, needed });
        };
        if version(&answer.version) < version(&format!("go{needed}")) {
            let found = answer.version.trim_start_matches("go").to_owned();
            return Err(BuildError::OldGo { go, found, needed });
        }
        Ok(Self { program: go, cache: answer.cache, modules: answer.modules })
    }

    /// A Go command that the user's own settings for other work do not disturb.
    pub fn command(&self, args: &[&str]) -> Invocation {
        let mut command = Invocation::new(&self.program, args);
        let set = [("CGO_ENABLED", "0"), ("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("GOWORK", "off"), ("GOOS", ""), ("GOARCH", "")];
        command.env = set.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        command
    }
}

/// `go1.26.4` as numbers; what follows a blank or a letter (`go1.27rc1`, `go1.26.4 X:…`) is left out.
fn version(text: &str) -> Option<Vec<u32>> {
    let numbers = text.strip_prefix("go")?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(numbers.len());
    numbers[..end].split('.').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version("go1.26.10") > version("go1.26.4"));
        assert!(version("go1.9") < version("go1.26"));
        assert_eq!(version("go1.27rc1"), Some(vec![1, 27]));
        assert_eq!(version("go1.26.4 X:nodwarf5"), Some(vec![1, 26, 4]));
        assert_eq!(version("devel +abc"), None);
    }
}
