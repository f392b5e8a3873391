use std::path::Path;

use super::walk;
use crate::{
    scenario::{
        schema,
        yaml::{Dialect, compose},
    },
    text::Lang,
};

/// The mistakes of a check that is otherwise whole, as `line:column code message | help`.
fn mistakes(check: &str) -> Vec<String> {
    let schema = schema::scenario_schema();
    let part = serde_json::json!({"$ref": "#/$defs/CheckSpec", "$defs": schema["$defs"]});
    let node = compose(check, Dialect::Core).documents.remove(0);
    walk(&part, &node, Path::new("f"))
        .iter()
        .map(|d| {
            let span = d.span.unwrap();
            let help = d.help.as_ref().map_or(String::new(), |h| format!(" | {}", h.get(Lang::En)));
            format!("{}:{} {} {}{help}", span.line, span.column, d.code, d.message.get(Lang::En))
        })
        .collect()
}

const GOOD: &str = "id: web\ntitle: {ko: 웹, en: Web}\npoints: 10\nassert: {rollout: {on: {kind: Deployment, name: web}}}\n";

#[test]
fn a_good_check_has_no_mistakes() {
    assert_eq!(mistakes(GOOD), [""; 0]);
}

#[test]
fn each_mistake_has_its_place_and_a_suggestion() {
    for (line, expected) in [
        ("pionts: 3", "5:1 KD0201 unknown key `pionts` | did you mean `points`?"),
        ("role: gaurd", "5:7 KD0204 `gaurd` is not a value that can stand here | did you mean `guard`?"),
        ("partial: yes", "5:10 KD0203 `true` or `false` belongs here, but there is the text `yes` | write `true`"),
        ("when: {hold: {for: 10, within: 1m}}", "5:20 KD0206 the duration `10` has no unit, such as `10s`"),
        ("when: {settle: {within: 10 s}}", "5:25 KD0206 `10 s` is not a duration such as 500ms, 90s, 5m or 1m30s"),
        ("when: now", "5:7 KD0203 `now` needs content of its own | write `now: { … }`, or `now: {}` when there is none"),
        ("say: {symptom: {ko: 가}}", "5:7 KD0205 the English text (`en`) is missing | write both languages: `{ko: \"…\", en: \"…\"}`"),
        ("say: {symptom: 가}", "5:16 KD0205 this text is not in Korean and English: `가` | write both languages: `{ko: \"…\", en: \"…\"}`"),
        ("needs: web", "5:8 KD0203 a list (`- …`) belongs here, but there is the text `web`"),
        ("onBreach: {void: [], flag: {}}", "5:22 KD0207 only one can stand here, and there are `void`, `flag`"),
    ] {
        assert_eq!(mistakes(&format!("{GOOD}{line}\n")), [expected], "{line}");
    }
}

#[test]
fn points_with_three_decimals_and_labels_without_quotes_are_refused() {
    assert_eq!(mistakes(&GOOD.replace("10", "1.005")), ["3:9 KD0206 points `1.005` are not a number with at most two decimals"]);
    assert_eq!(
        mistakes(&GOOD.replace("name: web}", "labels: {version: 1.20}}")),
        ["4:61 KD0203 a text belongs here, but there is the number `1.2` | put it in quotes to make it a text: `\"…\"`"]
    );
}

#[test]
fn a_misspelt_required_key_is_reported_once() {
    assert_eq!(mistakes(&GOOD.replace("assert:", "asert:")), ["4:1 KD0201 unknown key `asert` | did you mean `assert`?"]);
    assert_eq!(mistakes("id: web\ntitle: {ko: 웹, en: Web}\n"), ["1:1 KD0202 `assert` is missing"]);
}

#[test]
fn two_kinds_under_one_assert_say_how_to_combine_them() {
    let two = GOOD.replace("assert: {", "assert: {exists: {on: {kind: Pod}}, ");
    assert_eq!(
        mistakes(&two),
        ["4:37 KD0207 only one can stand here, and there are `exists`, `rollout` | to state several, put them into `all: [ … ]`"]
    );
}
