use serde_json::Value;

/// One small change of the written form of an assertion.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edit {
    /// The name of the operator that made it.
    pub mutation: &'static str,
    /// What it takes away.
    pub detail: String,
    /// What is changed, in the order of the file.
    pub changes: Vec<Change>,
}

/// One place that an edit changes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// Where, below the assertion.
    pub pointer: String,
    /// What is there instead; nothing when it is taken out.
    pub instead: Option<Value>,
}

impl Edit {
    /// Where it begins, below the assertion.
    pub fn pointer(&self) -> &str {
        self.changes.first().map_or("", |change| change.pointer.as_str())
    }

    /// The assertion with it.
    pub fn applied(&self, written: &Value) -> Option<Value> {
        let mut changed = written.clone();
        // From the end, so that what is taken out of a list moves nothing that is still to be changed.
        self.changes.iter().rev().try_for_each(|change| change.apply(&mut changed))?;
        Some(changed)
    }
}

impl Change {
    fn apply(&self, changed: &mut Value) -> Option<()> {
        let (parent, key) = self.pointer.rsplit_once('/')?;
        let key = key.replace("~1", "/").replace("~0", "~");
        match (changed.pointer_mut(parent)?, &self.instead) {
            (Value::Object(fields), Some(instead)) => {
                fields.insert(key, instead.clone());
            }
            (Value::Object(fields), None) => {
                fields.shift_remove(&key)?;
            }
            (Value::Array(items), Some(instead)) => *items.get_mut(key.parse::<usize>().ok()?)? = instead.clone(),
            (Value::Array(items), None) => {
                let at = key.parse::<usize>().ok().filter(|at| *at < items.len())?;
                items.remove(at);
            }
            _ => return None,
        }
        Some(())
    }
}

/// A key as a part of a pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
