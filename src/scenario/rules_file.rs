use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{ApiVersion, OwnFile, read_own, schema};
use crate::{
    attempt::Rules,
    diagnostic::{Diagnostic, codes},
    points::Points,
    text::Text,
};

/// What a file of rules says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RulesFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// Rules.
    pub kind: RulesKind,
    /// The rules.
    pub spec: Rules,
}

/// Says that a file holds rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum RulesKind {
    /// An instructor's options.
    Rules,
}

/// The JSON Schema of a file of rules.
#[must_use]
pub fn rules_schema() -> serde_json::Value {
    schema::generate::<RulesFile>("rules.yaml")
}

/// Reads an instructor's rules.
///
/// # Errors
/// Everything that is wrong with the file, each with its place.
pub fn read_rules(file: &Path) -> Result<Rules, Vec<Diagnostic>> {
    let read: OwnFile<RulesFile> = read_own(file, "rules.yaml")?;
    let found = mistakes(&read);
    if found.is_empty() { Ok(read.data.spec) } else { Err(found) }
}

fn mistakes(read: &OwnFile<RulesFile>) -> Vec<Diagnostic> {
    let rules = &read.data.spec;
    let mut shares = Vec::new();
    if let Some(late) = &rules.late {
        shares.extend([("/spec/late/percent", late.percent), ("/spec/late/cap", late.cap)]);
    }
    if let Some(early) = &rules.early {
        shares.extend([("/spec/early/percent", early.percent), ("/spec/early/cap", early.cap)]);
    }
    if let Some(marking) = &rules.marking {
        shares.push(("/spec/marking/apart", marking.apart));
    }
    let percent = |(place, share): (&str, Points)| {
        let message =
            Text::new(format!("{share}은(는) 0에서 100까지의 퍼센트가 아닙니다"), format!("{share} is no percentage from 0 to 100"));
        (share < Points::ZERO || share > Points::whole(100)).then(|| read.mistake(codes::BAD_VALUE, place, message))
    };
    let mut found: Vec<Diagnostic> = shares.into_iter().filter_map(percent).collect();
    for (price, at) in rules.hints.iter().flat_map(|hints| &hints.prices).zip(0..) {
        if *price < Points::ZERO {
            let message = Text::new("힌트 값은 음수일 수 없습니다", "the price of a hint is not negative");
            found.push(read.mistake(codes::BAD_VALUE, &format!("/spec/hints/prices/{at}"), message));
        }
    }
    if (rules.late.is_some() || rules.early.is_some()) && rules.due.is_empty() {
        let message = Text::new("마감이 없어 늦거나 이른 것을 알 수 없습니다", "nothing is due, so nothing is late or early");
        found.push(
            read.mistake(codes::MISSING_KEY, "/spec", message)
                .help(Text::new("`due`에 시나리오마다 마감을 적으세요", "say in `due` when each scenario is due")),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read_rules;
    use crate::{attempt::Unit, points::Points};

    fn read(text: &str) -> Result<super::Rules, Vec<String>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("apiVersion: kubedrill.dev/v1alpha1\nkind: Rules\nspec:\n{text}")).unwrap();
        read_rules(file.path()).map_err(|found| {
            found.iter().map(|one| format!("{}:{} {}", one.span.unwrap().line, one.span.unwrap().column, one.message.en)).collect()
        })
    }

    #[test]
    fn everything_is_off_unless_it_is_set() {
        assert_eq!(read("  {}\n").unwrap(), super::Rules::default());
    }

    #[test]
    fn reads_what_the_documentation_shows() {
        let rules = read(
            "  hints: {charge: deepest, prices: [5, 10, 20]}\n  late: {percent: 10, per: day, graceMinutes: 15, cap: 50}\n  \
             due: {c20-service-no-endpoints: 2026-11-25T18:00:00+09:00}\n  marking: {second: true, apart: 12.5}\n",
        );
        let rules = rules.unwrap();
        let late = rules.late.as_ref().unwrap();
        assert_eq!((late.percent, late.per, late.grace_minutes), (Points::whole(10), Unit::Day, 15));
        assert_eq!(rules.due["c20-service-no-endpoints"].to_string(), "2026-11-25T09:00:00Z");
        assert_eq!(rules.marking.unwrap().apart, Points::hundredths(1250));
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let found = read("  late: {percent: 110, per: week}\n").unwrap_err();
        assert!(found.len() == 1 && found[0].starts_with("4:"), "{found:?}");
        let found = read("  late: {percent: 110, per: day}\n  hints: {charge: sum, prices: [5, -1]}\n").unwrap_err();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("4:") && found[0].contains("110 is no percentage"), "{found:?}");
        assert!(found[1].starts_with("5:") && found[1].contains("the price of a hint"), "{found:?}");
        assert!(found[2].contains("nothing is due"), "{found:?}");
    }
}
