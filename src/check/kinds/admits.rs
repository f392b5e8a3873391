use serde_json::json;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        live, object,
        pattern::found_if_asked,
    },
    scenario::{Admission, Admits},
    text::Text,
};

/// The API server takes an object, or refuses it for the reason that it should.
pub(in crate::check) fn eval_admits(spec: &Admits, context: &Context) -> Result<Outcome, Trouble> {
    let tried = live::tried_object(spec, context.home());
    let mut findings = Findings::evaluated();
    let reference = object::reference(&tried);
    let (reason, holds, text) = match live::refusal(&live::creation(&tried), context)? {
        None => {
            findings.evidence(evidence::of_answer(&tried, &json!({"accepted": true})));
            let text = Text::new("API 서버가 받아들입니다", "the API server takes it");
            ("accepted", spec.expect == Admission::Accepted, text)
        }
        Some(why) => {
            findings.evidence(evidence::of_answer(&tried, &json!({"accepted": false, "message": why})));
            let text = Text::new(format!("API 서버가 거부합니다: {why}"), format!("the API server refuses it: {why}"));
            match spec.expect {
                Admission::Accepted => ("refused", false, text),
                Admission::Refused => ("refused-otherwise", found_if_asked(spec.because.as_deref(), why)?, text),
            }
        }
    };
    findings.add(Item::new(holds, reason, reference, text));
    Ok(findings.conclude())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::{fixture::World, request},
        cluster::{LiveAnswer, LiveQuestion},
    };

    fn check(expect: &str, because: Option<&str>) -> Value {
        let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe"}, "spec": {"hostNetwork": true}});
        let mut spec = json!({"try": object, "expect": expect});
        if let Some(because) = because {
            spec["because"] = because.into();
        }
        json!({"admits": spec})
    }

    fn judged(answer: LiveAnswer, check: Value) -> (Verdict, String) {
        let outcome = World::default().tried(answer).evaluate(check);
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn the_servers_answer_decides() {
        let refused = || LiveAnswer::Refused("violates PodSecurity \"restricted:latest\"".into());
        assert_eq!(judged(LiveAnswer::Accepted, check("accepted", None)), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(refused(), check("accepted", None)), (Verdict::Fail, "refused".into()));
        assert_eq!(judged(refused(), check("refused", None)), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(LiveAnswer::Accepted, check("refused", None)), (Verdict::Fail, "accepted".into()));
    }

    #[test]
    fn a_refusal_for_another_reason_does_not_count() {
        let quota = LiveAnswer::Refused("exceeded quota: shop".into());
        assert_eq!(judged(quota, check("refused", Some("PodSecurity"))), (Verdict::Fail, "refused-otherwise".into()));
    }

    #[test]
    fn no_answer_is_an_error() {
        assert_eq!(judged(LiveAnswer::Unanswered("connection refused".into()), check("refused", None)).0, Verdict::Error);
    }

    #[test]
    fn what_is_tried_belongs_to_the_first_namespace() {
        let scenario =
            crate::check::fixture::scenario(vec![json!({"id": "a", "title": {"ko": "", "en": ""}, "assert": check("refused", None)})]);
        let questions = request(&scenario).live.expect("it asks").about(&World::default().snapshot());
        let [LiveQuestion::Create { object }] = &questions[..] else { panic!("{questions:?}") };
        let object: Value = serde_json::from_str(object).unwrap();
        assert_eq!(object.pointer("/metadata/namespace"), Some(&json!("shop")));
    }
}
