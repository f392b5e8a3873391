use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{
    shape,
    yaml::{Composed, Dialect, Node, YamlError, compose},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::Text,
};

/// One of our own YAML files: its tree, and its data when it has the right shape.
pub(crate) struct Document<T> {
    /// The file as a person would open it.
    pub file: PathBuf,
    /// The tree, whatever its shape.
    pub node: Option<Node>,
    /// The data.
    pub data: Option<T>,
}

/// Reads one of our own files against its schema.
pub(crate) fn read<T: DeserializeOwned>(text: &str, file: &Path, schema: &Json, found: &mut Vec<Diagnostic>) -> Document<T> {
    let Composed { mut documents, errors } = compose(text, Dialect::Core);
    let broken = errors.iter().any(|e| !matches!(e, YamlError::Duplicate { .. }));
    found.extend(errors.iter().map(|e| yaml_error(e, file)));
    if !broken && documents.len() != 1 {
        let message = Text::new(
            format!("YAML 문서가 하나여야 하는데 {}개입니다", documents.len()),
            format!("there must be one YAML document, and there are {}", documents.len()),
        );
        found.push(Diagnostic::error(codes::DOCUMENT_COUNT, file, documents.get(1).map(|d| d.span), message));
    }
    let mut document = Document { file: file.to_path_buf(), node: None, data: None };
    if documents.is_empty() || broken {
        return document;
    }
    let node = documents.swap_remove(0);
    let wrong = shape::walk(schema, &node, file);
    if wrong.is_empty() {
        match serde_json::from_value(node.to_json()) {
            Ok(data) => document.data = Some(data),
            Err(error) => {
                let message = Text::new(format!("형식에 맞지 않습니다: {error}"), format!("it does not fit the format: {error}"));
                found.push(Diagnostic::error(codes::BAD_VALUE, file, Some(node.span), message));
            }
        }
    }
    found.extend(wrong);
    document.node = Some(node);
    document
}

/// A mistake of YAML as a diagnostic.
pub(crate) fn yaml_error(error: &YamlError, file: &Path) -> Diagnostic {
    match error {
        YamlError::Syntax { span, reason } => {
            let message = Text::new(format!("YAML 문법 오류: {reason}"), format!("invalid YAML: {reason}"));
            let help = Text::new(
                "들여쓰기, 콜론 뒤의 빈칸, 따옴표의 짝을 확인하세요",
                "look at the indentation, the space after colons and the pairs of quotes",
            );
            Diagnostic::error(codes::YAML_SYNTAX, file, Some(*span), message).help(help)
        }
        YamlError::Budget { span } => {
            let message =
                Text::new("YAML이 지나치게 크거나 깊습니다(별칭을 펼친 크기 포함)", "the YAML is too large or too deep, aliases expanded");
            Diagnostic::error(codes::YAML_BUDGET, file, Some(*span), message)
        }
        YamlError::Duplicate { span, key, first } => {
            let message = Text::new(
                format!("`{key}` 키가 두 번 나옵니다. 처음은 {}번째 줄입니다", first.line),
                format!("the key `{key}` occurs twice; first on line {}", first.line),
            );
            Diagnostic::error(codes::DUPLICATE_KEY, file, Some(*span), message)
        }
    }
}
