//! Our CEL against Kubernetes' own, over a large generated table: the same value, or no answer from both.

mod addresses;
mod exceptions;
mod formats;
mod lists;
mod numbers;
mod objects;
mod patterns;
mod quantities;
mod table;
mod texts;
mod urls;
mod versions;

use std::{
    collections::HashSet,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use kubedrill::cel::{Bindings, CelFailure, Expression};
use serde::Deserialize;
use serde_json::json;

use table::{Row, Section};

/// What Kubernetes' CEL made of an expression.
#[derive(Debug, Deserialize)]
struct Answer {
    /// The value, as an expression.
    value: Option<String>,
    /// Why it does not compile.
    refused: Option<String>,
    /// Why it has no value.
    failed: Option<String>,
}

/// Where ours answers otherwise, on purpose. Each must be seen at least once.
const EXCEPTIONS: &[(&str, Section)] = &[
    (
        "quantities have `<`, also with numbers: what authors wrote before `isLessThan` was there keeps its meaning",
        Section::OrderedQuantities,
    ),
    ("`x.sign()` is what Kubernetes documents; it has `sign(x)` only", Section::DocumentedSign),
    ("Kubernetes takes no sum on the right of `==`, an oversight: its sums are pointers there", Section::SumsOnTheRight),
    ("Kubernetes refuses texts by their types before it evaluates them; ours refuses such comparisons in the lint", Section::Types),
    (r"`\d`, `\w`, `\s` and `\b` know the letters of every script, so that Korean names are words", Section::Scripts),
    ("`a{,2}` is no repetition: Kubernetes looks for these very letters, ours refuses it", Section::OpenRepetitions),
    ("`indexOf` from beyond the end and a `lists.range` of less than nothing are errors in newer CEL, which ours is", Section::NewerCel),
    (
        "of the library that ours rests on: `has` asked of what is no object, and a key twice, are errors; hours are those of the zone \
         that is written; doubles become texts without an exponent; `uint('+1')` is 1",
        Section::OurLibrary,
    ),
];

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

#[test]
fn our_cel_gives_what_kubernetes_gives() {
    let rows = table::rows(SEED);
    assert!(rows.len() > 5000, "{} rows are no large table", rows.len());
    compare(&rows);
}

/// Takes minutes. `docs/checks.md` says how to run it, and what came of it.
#[test]
#[ignore = "takes minutes"]
fn our_cel_gives_what_kubernetes_gives_over_many_tables() {
    let mut seen = HashSet::new();
    let tables = (0..60).flat_map(|number| table::rows(SEED.wrapping_add(number)));
    let rows: Vec<Row> = tables.filter(|row| seen.insert((row.expression.clone(), row.bindings.to_string()))).collect();
    eprintln!("{} different rows", rows.len());
    compare(&rows);
}

fn compare(rows: &[Row]) {
    let Some(answers) = kubernetes(rows) else { return };
    assert_eq!(answers.len(), rows.len());
    let shares = rows.len().div_ceil(2);
    let differences: Vec<(Section, String)> = thread::scope(|scope| {
        let halves: Vec<_> =
            rows.chunks(shares).zip(answers.chunks(shares)).map(|(rows, answers)| scope.spawn(move || compared(rows, answers))).collect();
        halves.into_iter().flat_map(|half| half.join().expect("the comparison goes on")).collect()
    });
    let unexpected: Vec<&str> =
        differences.iter().filter(|(of, _)| !EXCEPTIONS.iter().any(|(_, section)| section == of)).map(|(_, text)| text.as_str()).collect();
    let shown = unexpected.iter().take(150).copied().collect::<Vec<_>>().join("\n");
    assert!(unexpected.is_empty(), "{} of {} rows differ:\n{shown}", unexpected.len(), rows.len());
    for (why, section) in EXCEPTIONS {
        assert!(differences.iter().any(|(of, _)| of == section), "no row shows that {why}");
    }
}

/// Runs the table through Kubernetes' CEL; none without Go.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn kubernetes(rows: &[Row]) -> Option<Vec<Answer>> {
    if Command::new("go").arg("version").output().is_err() {
        eprintln!("SKIPPED: without Go there is no Kubernetes CEL to compare with");
        return None;
    }
    let mut go = Command::new("go")
        .args(["run", "./cmd/cel"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox"))
        .envs([("CGO_ENABLED", "0"), ("GOFLAGS", "-trimpath"), ("GOWORK", "off")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Go runs");
    let table: Vec<_> = rows.iter().map(|row| json!({"expression": row.expression, "bindings": row.bindings})).collect();
    let table = serde_json::to_vec(&table).expect("a table");
    go.stdin.take().expect("an input").write_all(&table).expect("it reads the table");
    let ran = go.wait_with_output().expect("it ends");
    assert!(ran.status.success(), "the helper failed");
    Some(serde_json::from_slice(&ran.stdout).expect("answers"))
}

fn compared(rows: &[Row], answers: &[Answer]) -> Vec<(Section, String)> {
    let differs = |(row, answer): (&Row, &Answer)| difference(row, answer).map(|text| (row.section, text));
    rows.iter().zip(answers).filter_map(differs).collect()
}

/// How ours differs from what Kubernetes gave.
fn difference(row: &Row, answer: &Answer) -> Option<String> {
    let mut bindings = Bindings::default();
    for (name, value) in row.bindings.as_object().expect("an object") {
        bindings = bindings.with(name, value);
    }
    let eval = |text: &str| {
        let compiled = Expression::compile(text).map_err(|problem| CelFailure::Failed(problem.message.en))?;
        compiled.eval(&bindings)
    };
    let text = &row.expression;
    let same = match answer.value.as_deref() {
        Some("double('NaN')") => eval(&format!("math.isNaN({text})")) == Ok(true),
        // Equal is not enough: 1 == 1.0.
        Some(value) => eval(&format!("({text}) == {value} && type({text}) == type({value})")) == Ok(true),
        None => eval(&format!("type({text}) == type({text})")).is_err(),
    };
    let theirs = answer.value.as_ref().or(answer.refused.as_ref()).or(answer.failed.as_ref());
    (!same).then(|| format!("{text}\n    ours: {:?}\n    Kubernetes: {}", eval(text), theirs.map_or("", |theirs| theirs.trim())))
}
