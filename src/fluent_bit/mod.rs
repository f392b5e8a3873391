//! The configuration of Fluent Bit, read as Fluent Bit reads it: classic and YAML, variables, includes, and which records go where.
//!
//! Pure: it is handed the files that a container sees and the variables of its environment, and knows nothing of clusters. Both come
//! from learners, so that sizes and depths are bounded.

mod classic;
mod config;
mod error;
mod glob;
mod route;
mod variables;
mod yaml;

use std::collections::BTreeMap;

pub use config::{Config, Properties};
pub use error::FluentBitError;
pub use glob::matches as glob_matches;

/// Includes within includes.
const DEEPEST: usize = 8;
/// Files of one configuration.
const MOST_FILES: usize = 64;
/// Properties of one configuration.
const MOST_PROPERTIES: usize = 10_000;

/// What a container sees: files by absolute path.
pub type Files = BTreeMap<String, String>;

/// Reads the configuration that starts with one file.
///
/// # Errors
/// Fluent Bit would not start with it.
pub fn read(path: &str, files: &Files, environment: &BTreeMap<String, String>) -> Result<Config, FluentBitError> {
    let mut reader = Reader { files, config: Config::default(), open: Vec::new(), read: 0 };
    reader.file(path)?;
    let mut config = reader.config;
    variables::resolve(&mut config, environment);
    Ok(config)
}

struct Reader<'a> {
    files: &'a Files,
    config: Config,
    open: Vec<String>,
    read: usize,
}

impl Reader<'_> {
    fn file(&mut self, path: &str) -> Result<(), FluentBitError> {
        let Some(text) = self.files.get(path) else { return Err(FluentBitError::NoFile { file: path.to_owned() }) };
        if self.open.iter().any(|open| open == path) || self.open.len() >= DEEPEST {
            return Err(FluentBitError::IncludedAgain { file: path.to_owned() });
        }
        self.read += 1;
        if self.read > MOST_FILES {
            return Err(FluentBitError::TooLarge);
        }
        self.open.push(path.to_owned());
        let includes = if is_yaml(path) { yaml::read(path, text, &mut self.config)? } else { classic::read(path, text, &mut self.config)? };
        if self.config.size() > MOST_PROPERTIES {
            return Err(FluentBitError::TooLarge);
        }
        for include in includes {
            for found in self.included(path, &include)? {
                self.file(&found)?;
            }
        }
        self.open.pop();
        Ok(())
    }

    /// The files that an include means, from the folder of the file that says so. A pattern may mean none.
    fn included(&self, from: &str, include: &str) -> Result<Vec<String>, FluentBitError> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let wanted = if include.starts_with('/') { include.to_owned() } else { format!("{folder}/{include}") };
        let wanted = wanted.replace("/./", "/");
        if wanted.contains('*') {
            return Ok(self.files.keys().filter(|path| glob::path_matches(&wanted, path)).cloned().collect());
        }
        if self.files.contains_key(&wanted) { Ok(vec![wanted]) } else { Err(FluentBitError::NoFile { file: wanted }) }
    }
}

fn is_yaml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"))
}

#[cfg(test)]
mod tests;
