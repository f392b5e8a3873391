use serde::{Deserialize, Serialize};

use crate::{attempt::Observation, scenario::Assert};

/// An expression of a check, with what its parts were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedExpression {
    /// As its author wrote it.
    pub source: String,
    /// The parts that decided, with their values.
    pub parts: Vec<ExplainedPart>,
}

/// A part of an expression, and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedPart {
    /// The part.
    pub part: String,
    /// Its value, in short; none when it is not there.
    pub value: Option<String>,
    /// Where the part begins in the source, in characters from 0; none when it is written otherwise there.
    pub start: Option<usize>,
    /// How many characters of the source it takes.
    pub length: usize,
}

/// The expressions of an assertion, each with the values that were seen of its parts.
pub(super) fn expressions(assert: &Assert, seen: &[Observation]) -> Vec<ExplainedExpression> {
    let mut sources = Vec::new();
    collect(assert, &mut sources);
    let mut known: Vec<(String, Option<String>)> = Vec::new();
    for part in seen.iter().filter(|observation| !observation.holds).flat_map(parts) {
        if !known.iter().any(|(text, _)| *text == part.0) {
            known.push(part);
        }
    }
    let explained = |source: &str| {
        let parts = known.iter().filter_map(|(part, value)| {
            let (start, length) = find(source, part)?;
            Some(ExplainedPart { part: part.clone(), value: value.clone(), start: Some(start), length })
        });
        let mut parts: Vec<ExplainedPart> = parts.collect();
        parts.sort_by_key(|part| part.start);
        ExplainedExpression { source: source.to_owned(), parts }
    };
    let mut found: Vec<ExplainedExpression> = sources.iter().map(|source| explained(source)).collect();
    // What the source writes otherwise belongs to the only expression that there is.
    if let [only] = found.as_mut_slice() {
        let lost = known.into_iter().filter(|(part, _)| !only.parts.iter().any(|p| p.part == *part)).collect::<Vec<_>>();
        only.parts.extend(lost.into_iter().map(|(part, value)| ExplainedPart { part, value, start: None, length: 0 }));
    }
    found
}

/// The parts that an observation knows with their values: all of them, or the one that it is about.
fn parts(observation: &Observation) -> Vec<(String, Option<String>)> {
    let value = |name: &str| observation.values.get(name);
    let all: Option<Vec<(String, String)>> = value(Observation::PARTS).and_then(|parts| serde_json::from_str(parts).ok());
    if let Some(all) = all {
        return all.into_iter().map(|(part, value)| (part, Some(value))).collect();
    }
    let one = value("part").map(|part| (part.clone(), value("value").cloned()));
    one.or_else(|| value("path").map(|path| (path.clone(), None))).into_iter().collect()
}

fn collect<'a>(assert: &'a Assert, sources: &mut Vec<&'a str>) {
    match assert {
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().for_each(|part| collect(part, sources)),
        Assert::AtLeast(spec) => spec.of.iter().for_each(|part| collect(part, sources)),
        Assert::Expr(spec) => sources.push(&spec.that),
        Assert::Parse(spec) if spec.that != "true" => sources.push(&spec.that),
        _ => {}
    }
}

/// Where a part stands in a source, spaces and sorts of quotes aside: the first character and how many.
fn find(source: &str, part: &str) -> Option<(usize, usize)> {
    let plain = |text: &str| -> Vec<(usize, char)> {
        let quoted = |c: char| if c == '\'' { '"' } else { c };
        text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).map(|(at, c)| (at, quoted(c))).collect()
    };
    let (source, part) = (plain(source), plain(part));
    if part.is_empty() {
        return None;
    }
    let same = |window: &[(usize, char)]| window.iter().zip(&part).all(|(a, b)| a.1 == b.1);
    let window = source.windows(part.len()).find(|window| same(window))?;
    let (first, last) = (window.first()?.0, window.last()?.0);
    Some((first, last - first + 1))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_part_is_found_however_it_is_spaced_and_quoted() {
        assert_eq!(find("size( pods ) == 2", "size(pods)"), Some((0, 12)));
        assert_eq!(find("a.b == 'x' && c['한글'] > 1", "c[\"한글\"]"), Some((14, 7)));
        assert_eq!(find("a == 1", "b"), None);
    }
}
