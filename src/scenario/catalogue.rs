use super::Scenario;

/// Every scenario that was found, by id.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// In the order in which the course lists them: by code, then by id.
    pub scenarios: Vec<Scenario>,
}

impl Catalogue {
    /// The scenario with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id() == id)
    }
}
