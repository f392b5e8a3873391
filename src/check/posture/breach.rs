use serde_json::Value;

use crate::text::Text;

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    /// The container; none for what belongs to the whole pod.
    pub(crate) container: Option<String>,
    /// The field.
    pub(crate) field: String,
    /// What stands there; none where nothing does.
    pub(crate) found: Option<String>,
}

impl Breach {
    /// A field that says the wrong thing.
    pub(super) fn found(container: Option<&str>, field: &str, found: &Value) -> Self {
        let found = found.as_str().map_or_else(|| found.to_string(), ToOwned::to_owned);
        Self { container: container.map(ToOwned::to_owned), field: field.to_owned(), found: Some(found) }
    }

    /// A field that says nothing and should.
    pub(super) fn missing(container: Option<&str>, field: &str) -> Self {
        Self { container: container.map(ToOwned::to_owned), field: field.to_owned(), found: None }
    }

    /// The fact, without what would be right.
    pub(crate) fn text(&self) -> Text {
        let field = &self.field;
        let said = match &self.found {
            Some(found) => Text::new(format!("{field}: {found}"), format!("{field}: {found}")),
            None => Text::new(format!("{field} 설정 없음"), format!("{field} is not set")),
        };
        match &self.container {
            Some(name) => Text::new(format!("컨테이너 {name}: {}", said.ko), format!("container {name}: {}", said.en)),
            None => said,
        }
    }
}
