use crate::{
    attempt::{CheckResult, Observation, Verdict},
    scenario::{CheckSpec, Say, Show},
    text::{Lang, Text},
};

/// How many facts are said where the author wrote no symptom.
const MOST_FACTS: usize = 3;

/// What a learner reads about a check that has not passed: the author's texts with the observed values, or the facts
/// themselves. Empty for checks that passed, are blocked, or must not be shown yet.
#[must_use]
pub fn say(check: &CheckSpec, result: &CheckResult, lang: Lang) -> Vec<String> {
    let silent = matches!(result.verdict, Verdict::Pass | Verdict::Blocked | Verdict::Skipped) || check.show == Show::AfterClose;
    if silent {
        return Vec::new();
    }
    let mut lines = match &check.say.symptom {
        Some(symptom) if result.verdict == Verdict::Fail => vec![filled(symptom.get(lang), &result.observations, lang)],
        _ => facts(result, lang),
    };
    if result.verdict == Verdict::Fail {
        let more = [&check.say.look_at, &check.say.concept].into_iter().flatten();
        lines.extend(more.map(|text: &Text| filled(text.get(lang), &result.observations, lang)));
        lines.extend(check.say.link.clone());
    }
    lines
}

/// The author's texts of a check that has failed, in both languages, with the observed values filled in: what a report keeps.
#[must_use]
pub fn feedback(check: &CheckSpec, result: &CheckResult) -> Say {
    if result.verdict != Verdict::Fail || check.show == Show::AfterClose {
        return Say::default();
    }
    let both = |text: &Text| {
        let [ko, en] = Lang::ALL.map(|lang| filled(text.get(lang), &result.observations, lang));
        Text::new(ko, en)
    };
    let say = &check.say;
    Say {
        symptom: say.symptom.as_ref().map(both),
        look_at: say.look_at.as_ref().map(both),
        concept: say.concept.as_ref().map(both),
        link: say.link.clone(),
    }
}

fn facts(result: &CheckResult, lang: Lang) -> Vec<String> {
    let failing = result.observations.iter().filter(|o| !o.holds).take(MOST_FACTS);
    failing.map(|o| line(o, lang)).collect()
}

fn line(observation: &Observation, lang: Lang) -> String {
    let text = observation.text.get(lang);
    if observation.object.is_empty() || text.contains(&observation.object) {
        text.to_owned()
    } else {
        format!("{}: {text}", observation.object)
    }
}

/// Fills `{observed}` with the worst fact and `{observed.NAME}` with the first value of that name, worst facts first.
fn filled(text: &str, observations: &[Observation], lang: Lang) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{observed") {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            out.push_str("{observed");
            rest = after;
            continue;
        };
        let value = match name.strip_prefix('.') {
            Some(name) => observations.iter().find_map(|o| o.values.get(name)).cloned(),
            None => observations.first().map(|o| line(o, lang)),
        };
        out.push_str(value.as_deref().unwrap_or("-"));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::say;
    use crate::{
        check::fixture::{World, deployment, scenario},
        text::Lang,
    };

    fn said(extra: Value, lang: Lang) -> Vec<String> {
        let mut check =
            json!({"id": "up", "title": {"ko": "", "en": ""}, "assert": {"rollout": {"on": {"kind": "Deployment", "name": "web"}}}});
        check.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let scenario = scenario(vec![check]);
        let results = World::default().workload(deployment("web").replicas(2).pods("ImagePullBackOff", 2)).look(&scenario);
        say(&scenario.file.spec.checks[0], &results[0], lang)
    }

    #[test]
    fn trap_fb03_the_authors_text_comes_first_with_observed_values() {
        let say = json!({"say": {"symptom": {"ko": "준비된 파드: {observed.ready}개 {observed.nothing}", "en": "Ready pods: {observed.ready}, state {observed.state} {observed"},
            "lookAt": {"ko": "파드 이벤트를 보세요.", "en": "Look at the pods' events."}, "link": "https://kubernetes.io"}});
        assert_eq!(said(say.clone(), Lang::Ko), ["준비된 파드: 0개 -", "파드 이벤트를 보세요.", "https://kubernetes.io"]);
        assert_eq!(said(say, Lang::En)[0], "Ready pods: 0, state ImagePullBackOff {observed");
    }

    #[test]
    fn trap_fb02_without_an_authors_text_the_worst_facts_are_said_with_their_owner() {
        let lines = said(json!({}), Lang::En);
        assert_eq!(lines[0], "Deployment/shop/web: 0 ready pods of the current revision, 2 wanted");
        assert!(lines[1].contains("Deployment/shop/web → pod web-") && lines[1].contains("ImagePullBackOff"), "{lines:?}");
    }

    #[test]
    fn trap_fb01_checks_for_after_the_close_say_nothing() {
        assert_eq!(said(json!({"show": "after-close"}), Lang::En), Vec::<String>::new());
    }
}
