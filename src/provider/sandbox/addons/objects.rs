use std::{fs, path::Path};

use serde_json::Value;

use crate::provider::sandbox::{SandboxError, api::Api};

/// Objects on their way into the cluster.
#[derive(Debug, Default)]
pub struct Objects(Vec<Pending>);

#[derive(Debug)]
struct Pending {
    object: Value,
    /// Where it was made.
    path: Option<String>,
    is_served: bool,
}

impl Objects {
    /// Those of a text.
    pub fn read(yaml: &str, from: &Path) -> Result<Self, SandboxError> {
        let objects: Result<Vec<Value>, _> = serde_saphyr::from_multiple(yaml);
        let objects = objects.map_err(|error| SandboxError::Stored { path: from.to_owned(), reason: error.to_string() })?;
        let pending = |object| Pending { object, path: None, is_served: false };
        Ok(Self(objects.into_iter().filter(Value::is_object).map(pending).collect()))
    }

    /// Those of all files in a folder, and of a text.
    pub fn read_with(folder: &Path, yaml: &str) -> Result<Self, SandboxError> {
        let mut all = Self::default();
        for entry in fs::read_dir(folder).map_err(SandboxError::file("list", folder))?.flatten() {
            let path = entry.path();
            let text = fs::read_to_string(&path).map_err(SandboxError::file("read", &path))?;
            all.0.extend(Self::read(&text, &path)?.0);
        }
        all.0.extend(Self::read(yaml, folder)?.0);
        Ok(all)
    }

    /// Makes those that were not made yet, and says whether the API server has and serves them all.
    pub async fn make(&mut self, api: &Api) -> Result<bool, SandboxError> {
        for pending in self.0.iter_mut().filter(|pending| !pending.is_served) {
            let path = match &pending.path {
                Some(path) => path,
                None => {
                    let path = api.path_of(&pending.object).await?;
                    api.apply(&path, pending.object.to_string().as_bytes()).await?;
                    pending.path.insert(path)
                }
            };
            pending.is_served = match serving_condition(&pending.object) {
                None => true,
                Some(condition) => api.get(path).await?.is_some_and(|found| is_true(&found, condition)),
            };
        }
        Ok(self.0.iter().all(|pending| pending.is_served))
    }
}

/// What tells that an object is not only stored but does its work.
fn serving_condition(object: &Value) -> Option<&'static str> {
    match object["kind"].as_str()? {
        "CustomResourceDefinition" => Some("Established"),
        "APIService" => Some("Available"),
        _ => None,
    }
}

fn is_true(object: &Value, condition: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array().map_or(&[][..], Vec::as_slice);
    conditions.iter().any(|found| found["type"] == condition && found["status"] == "True")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_of_a_text_is_an_object() {
        let objects = Objects::read("# about\n---\nkind: A\n---\nkind: B\n---\n", Path::new("x.yaml")).expect("it is YAML");
        let kinds: Vec<_> = objects.0.iter().map(|pending| pending.object["kind"].as_str()).collect();
        assert_eq!(kinds, [Some("A"), Some("B")]);
        assert!(Objects::read("", Path::new("x.yaml")).expect("nothing is fine").0.is_empty());
    }
}
