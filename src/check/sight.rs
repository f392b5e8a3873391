//! What a run saw last, as it is kept beside it: redacted, compressed and bounded, so that a changed check can be judged anew without
//! the cluster. Whatever cannot be kept is left out, and then tells nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    sync::Arc,
};

use base64::Engine as _;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{object, redact, request};
use crate::{
    attempt::{Answered, ApiCalls, Given},
    cluster::{KindState, LiveAnswer, LiveQuestion, Review, ReviewAnswer, Snapshot},
    reader::{Answer, Question},
    scenario::{Scenario, ScenarioFile},
};

/// The most that is kept of one run, before it is compressed.
const MOST_BYTES: usize = 8 << 20;

/// What a run saw last, and what it was asked to look at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sight {
    /// What the scenario said when the run was judged, under the names that its namespaces had.
    pub(super) file: ScenarioFile,
    /// Its digest.
    digest: String,
    taken: Timestamp,
    /// What was read of each kind; nothing of one that the server does not serve.
    kinds: BTreeMap<String, Option<Vec<Value>>>,
    /// In which namespaces each kind was read; everywhere for none.
    pub(super) asked: BTreeMap<String, Option<Vec<String>>>,
    /// Kinds of which an object holds a value that was hidden.
    pub(super) hidden: BTreeSet<String>,
    reviews: Vec<(Review, ReviewAnswer)>,
    live: Vec<(LiveQuestion, LiveAnswer)>,
    readings: Vec<(Question, Result<Answer, String>)>,
    real: bool,
    began: Option<Timestamp>,
    answers: Vec<Answered>,
}

impl Sight {
    /// Keeps what the last look at a scenario's environment saw.
    #[must_use]
    pub fn new(scenario: &Scenario, snapshot: &Snapshot) -> Self {
        let mut secrets = Vec::new();
        let mut hidden = BTreeSet::new();
        let mut kinds = BTreeMap::new();
        for (kind, state) in &snapshot.kinds {
            let objects = match state {
                KindState::Read { objects, .. } => Some(objects),
                KindState::Unknown => None,
                KindState::Unreadable(_) => continue,
            };
            let mut kept = Vec::new();
            for object in objects.into_iter().flatten() {
                secrets.extend(secrets_of(object));
                let (part, hid) = redact::kept(object);
                if hid {
                    hidden.insert(kind.clone());
                }
                kept.push(part);
            }
            kinds.insert(kind.clone(), objects.map(|_| kept));
        }
        let tells_none = |text: Result<String, serde_json::Error>| text.is_ok_and(|text| redact::masked(&text, &secrets) == text);
        Self {
            file: scenario.file.clone(),
            digest: scenario.digest.clone(),
            taken: snapshot.taken,
            kinds,
            asked: request(scenario).kinds,
            reviews: snapshot.reviews.clone(),
            live: snapshot.live.iter().filter(|one| tells_none(serde_json::to_string(one))).cloned().collect(),
            readings: snapshot.readings.iter().filter(|one| tells_none(serde_json::to_string(one))).cloned().collect(),
            hidden,
            real: snapshot.real,
            began: snapshot.given.began,
            answers: snapshot.given.answers.clone(),
        }
    }

    /// The scenario as it was when the run was judged, without its texts and solutions.
    #[must_use]
    pub fn scenario(&self, dir: &std::path::Path) -> Scenario {
        Scenario {
            dir: dir.to_path_buf(),
            digest: self.digest.clone(),
            file: self.file.clone(),
            story: Default::default(),
            debrief: Default::default(),
            solutions: Vec::new(),
            cheats: Vec::new(),
            names: Default::default(),
        }
    }

    /// As it is stored; nothing where it is too large to be kept.
    #[must_use]
    pub fn packed(&self) -> Option<Vec<u8>> {
        let text = serde_json::to_vec(self).ok().filter(|text| text.len() <= MOST_BYTES)?;
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&text).ok()?;
        packer.finish().ok()
    }

    /// What was stored.
    ///
    /// # Errors
    /// It is damaged, or another program wrote it.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, String> {
        let mut text = Vec::new();
        let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
        GzDecoder::new(bytes).take(most).read_to_end(&mut text).map_err(|e| e.to_string())?;
        serde_json::from_slice(&text).map_err(|e| e.to_string())
    }

    /// The look, as far as it was kept.
    #[must_use]
    pub(super) fn snapshot(&self) -> Snapshot {
        let state = |objects: &Option<Vec<Value>>| match objects {
            Some(objects) => KindState::Read { resource_version: String::new(), objects: objects.iter().cloned().map(Arc::new).collect() },
            None => KindState::Unknown,
        };
        Snapshot {
            taken: self.taken,
            kinds: self.kinds.iter().map(|(kind, objects)| (kind.clone(), state(objects))).collect(),
            reviews: self.reviews.clone(),
            live: self.live.clone(),
            readings: self.readings.clone(),
            real: self.real,
            given: Given { began: self.began, answers: self.answers.clone(), files: BTreeMap::new(), folder: String::new() },
            calls: ApiCalls::default(),
        }
    }
}

/// What nobody may read in what containers answered: values that a person would call secret, also decoded.
fn secrets_of(object: &Value) -> Vec<String> {
    let mut secrets = redact::secrets_of(object);
    if object::kind(object) == "Secret" {
        let values = ["data", "stringData"].into_iter().filter_map(|field| object.get(field)?.as_object()).flat_map(|map| map.values());
        for value in values.filter_map(Value::as_str) {
            secrets.push(value.to_owned());
            let decoded = base64::engine::general_purpose::STANDARD.decode(value).ok();
            secrets.extend(decoded.and_then(|bytes| String::from_utf8(bytes).ok()));
        }
    }
    secrets
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Sight;
    use crate::check::fixture::{World, object, scenario};

    #[test]
    fn what_is_kept_can_be_read_back_and_holds_no_secret() {
        let exists = |id: &str, kind: &str| json!({"id": id, "title": {"ko": "", "en": ""}, "assert": {"exists": {"on": {"kind": kind, "name": "a"}}}});
        let scenario = scenario(vec![exists("secret", "Secret"), exists("map", "ConfigMap")]);
        let world = World::default().with(object("Secret", "a", json!({"data": {"user": "aHVudGVyMg=="}}))).with(object(
            "ConfigMap",
            "a",
            json!({"data": {"mode": "fast"}}),
        ));
        let sight = Sight::new(&scenario, &world.snapshot());
        let packed = sight.packed().unwrap();
        let read = Sight::unpacked(&packed).unwrap();
        let text = serde_json::to_string(&read).unwrap();
        assert!(!text.contains("aHVudGVyMg") && text.contains("fast"), "{text}");
        assert_eq!(read.hidden.into_iter().collect::<Vec<_>>(), ["Secret"]);
        assert!(Sight::unpacked(&packed[..packed.len() / 2]).is_err());
    }
}
