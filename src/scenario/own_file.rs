use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::{document, mutate::nearest, schema, yaml::Node};
use crate::{
    diagnostic::{Code, Diagnostic, codes},
    text::Text,
};

/// The most that such a file may have.
const MOST_BYTES: u64 = 4 << 20;

/// One of our own YAML files outside of a scenario's folder, with the places of its values.
#[derive(Debug)]
pub struct OwnFile<T> {
    /// What it says.
    pub data: T,
    file: PathBuf,
    node: Node,
}

/// Reads one of our own YAML files by its format.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn read_own<T: DeserializeOwned + schemars::JsonSchema>(file: &Path, title: &str) -> Result<OwnFile<T>, Vec<Diagnostic>> {
    let unreadable = |reason: String| {
        let message = Text::new(format!("파일을 읽지 못했습니다: {reason}"), format!("the file cannot be read: {reason}"));
        vec![Diagnostic::error(codes::UNREADABLE, file, None, message)]
    };
    let meta = std::fs::metadata(file).map_err(|e| unreadable(e.to_string()))?;
    if !meta.is_file() || meta.len() > MOST_BYTES {
        return Err(unreadable(format!("it is no regular file of at most {MOST_BYTES} bytes")));
    }
    let text = std::fs::read_to_string(file).map_err(|e| unreadable(e.to_string()))?;
    let mut found = Vec::new();
    let schema = schema::generate::<T>(title);
    let document = document::read::<T>(&text, file, &schema, &mut found);
    match (document.data, document.node) {
        (Some(data), Some(node)) if found.is_empty() => Ok(OwnFile { data, file: file.to_path_buf(), node }),
        _ => Err(found),
    }
}

impl<T> OwnFile<T> {
    /// A mistake in the value at a JSON pointer.
    #[must_use]
    pub fn mistake(&self, code: Code, place: &str, message: Text) -> Diagnostic {
        Diagnostic::error(code, &self.file, Some(nearest(&self.node, place)), message)
    }
}
