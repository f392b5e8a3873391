//! What a script says, read within bounds: its exit code alone says nothing.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::{
    evidence,
    findings::could_not_look,
    look::{Looked, result},
};
use crate::{
    attempt::{Basis, CheckResult, Observation, Outcome, Verdict},
    scenario::{CheckSpec, is_id},
    text::Text,
};

/// The most that it may say.
const MOST_ITEMS: usize = 50;
/// The longest of its texts.
const LONGEST: usize = 400;

/// What a script prints: what it has looked at, or why it could not look.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Said {
    format_version: u32,
    #[serde(default)]
    items: Vec<SaidItem>,
    #[serde(default)]
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidItem {
    #[serde(default)]
    object: String,
    holds: bool,
    reason: String,
    text: Text,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// What came of a script: what it printed, or why it printed nothing that counts.
#[must_use]
pub fn scripted(check: &CheckSpec, step: Option<&str>, printed: &Result<Vec<u8>, String>) -> CheckResult {
    let outcome = match printed.as_ref().map_err(Clone::clone).and_then(|printed| read(printed)) {
        Ok(items) => concluded(check, items),
        Err(why) => could_not_look(&why),
    };
    let looked = Looked { check, step, outcome };
    result(&looked, &looked.outcome)
}

fn read(printed: &[u8]) -> Result<Vec<SaidItem>, String> {
    let said: Said = serde_json::from_slice(printed).map_err(|e| format!("the script did not print what it should: {e}"))?;
    if said.format_version != 1 {
        return Err(format!("the script prints the format {}, which is not known", said.format_version));
    }
    if let Some(error) = said.error {
        return Err(format!("the script could not look: {}", error.chars().take(LONGEST).collect::<String>()));
    }
    let long = |text: &str| text.chars().count() > LONGEST;
    let wrong =
        |item: &SaidItem| !is_id(&item.reason) || long(&item.text.ko) || long(&item.text.en) || item.values.values().any(|v| long(v));
    match said.items.iter().position(wrong) {
        _ if said.items.len() > MOST_ITEMS => Err(format!("the script printed more than {MOST_ITEMS} items")),
        Some(at) => Err(format!("item {} of the script has no reason in kebab-case, or a text of more than {LONGEST} characters", at + 1)),
        None => Ok(said.items),
    }
}

/// It holds when every item does and there is at least one.
fn concluded(check: &CheckSpec, items: Vec<SaidItem>) -> Outcome {
    let count = |items: &[&SaidItem]| u32::try_from(items.len()).unwrap_or(u32::MAX);
    let holding = count(&items.iter().filter(|item| item.holds).collect::<Vec<_>>());
    let total = count(&items.iter().collect::<Vec<_>>()).max(1);
    let worst = items.iter().find(|item| !item.holds).map(|item| item.reason.clone());
    let holds = worst.is_none() && !items.is_empty();
    let kept: Vec<_> = items.iter().map(|item| json!({"object": item.object, "holds": item.holds, "reason": item.reason})).collect();
    let said = |item: SaidItem| Observation { object: item.object, text: item.text, values: item.values, holds: item.holds };
    let mut observations: Vec<Observation> = items.into_iter().map(said).collect();
    observations.sort_by_key(|observation| observation.holds);
    Outcome {
        verdict: if holds { Verdict::Pass } else { Verdict::Fail },
        passed: if holds { total } else { holding.min(total - 1) },
        total,
        reason: if holds { "holds".into() } else { worst.unwrap_or_else(|| "nothing-said".into()) },
        observations,
        evidence: vec![evidence::of_given("Script", &check.id, &json!({"items": kept}))],
        basis: Basis::Probed,
        moving: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::scripted;
    use crate::{attempt::Verdict, check::fixture::scenario};

    fn judged(printed: &str) -> (Verdict, String) {
        let check = json!({"id": "it", "title": {"ko": "", "en": ""}, "assert": {"script": {"run": ["sh", "scripts/look.sh"]}}});
        let scenario = scenario(vec![check]);
        let result = scripted(&scenario.file.spec.checks[0], None, &Ok(printed.into()));
        (result.verdict, result.reason)
    }

    fn item(holds: bool, reason: &str) -> Value {
        json!({"object": "Service/shop/web", "holds": holds, "reason": reason, "text": {"ko": "응답", "en": "answers"}, "values": {"status": "200"}})
    }

    fn items(items: &[Value]) -> String {
        json!({"formatVersion": 1, "items": items}).to_string()
    }

    #[test]
    fn what_it_has_seen_decides() {
        assert_eq!(judged(&items(&[item(true, "up")])), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(&items(&[item(true, "up"), item(false, "too-slow")])), (Verdict::Fail, "too-slow".into()));
        assert_eq!(judged(&items(&[])), (Verdict::Fail, "nothing-said".into()));
    }

    #[test]
    fn trap_ff10_what_is_not_understood_is_an_error_and_never_a_verdict() {
        for printed in [
            "",
            "PASS",
            "{}",
            r#"{"formatVersion": 2, "items": []}"#,
            r#"{"formatVersion": 1, "error": "no kubectl"}"#,
            r#"{"formatVersion": 1, "passed": true}"#,
        ] {
            assert_eq!(judged(printed).0, Verdict::Error, "{printed}");
        }
        assert_eq!(judged(&items(&[item(true, "Not Kebab")])).0, Verdict::Error);
        assert_eq!(judged(&items(&vec![item(true, "up"); 51])).0, Verdict::Error);
    }
}
