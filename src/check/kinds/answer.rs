use serde_json::json;

use crate::{
    attempt::Outcome,
    cel::Quantity,
    check::{
        answers::{folded, reference},
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
    },
    scenario::{Asked, Bounds, RightAnswer},
    text::Text,
};

/// The last of the learner's answers that count is right.
pub(in crate::check) fn eval_answer(spec: &Asked, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let tries = usize::try_from(spec.tries).unwrap_or(usize::MAX);
    let mut counted: Vec<&str> = Vec::new();
    let (mut last, mut given) = (None, Vec::new());
    for answer in context.snapshot.given.answers.iter().filter(|answer| answer.check == context.check).map(|a| a.answer.as_str()) {
        given.push(answer);
        if !counted.contains(&answer) {
            if counted.len() >= tries {
                continue;
            }
            counted.push(answer);
        }
        last = Some(answer);
    }
    findings.evidence(evidence::of_given("Answer", context.check, &json!({"answers": given})));
    let left = tries.saturating_sub(counted.len());
    let item = match last {
        None => {
            let (id, question) = (context.check, &spec.question);
            let text = Text::new(
                format!("아직 답하지 않았습니다: {} (`kubedrill answer {id} …`)", question.ko),
                format!("not answered yet: {} (`kubedrill answer {id} …`)", question.en),
            );
            Item::fails("not-answered", "", text)
        }
        Some(answer) => {
            let right = is_right(&spec.right, answer, context)?;
            let text =
                Text::new(format!("답: {answer} (남은 답변 기회 {left}번)"), format!("the answer is {answer} ({left} more answers count)"));
            Item::new(right, if left == 0 { "no-tries-left" } else { "wrong-answer" }, "", text).value("answer", answer)
        }
    };
    findings.add(item.value("left", left));
    Ok(findings.conclude())
}

fn is_right(right: &RightAnswer, answer: &str, context: &Context) -> Result<bool, Trouble> {
    Ok(match right {
        RightAnswer::Object(objects) => objects.iter().map(|on| context.meant(on)).any(|on| {
            let namespace = on.namespace.as_deref().unwrap_or_else(|| context.home());
            answer == reference(on.bare_kind().unwrap_or_default(), namespace, on.name.as_deref().unwrap_or_default())
        }),
        RightAnswer::Choice(choices) => choices.right.iter().any(|id| id == answer),
        RightAnswer::Int(Bounds { min, max }) => {
            let number: i64 = answer.parse().map_err(|_| Trouble(format!("the stored answer `{answer}` is not a number")))?;
            min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
        }
        RightAnswer::Quantity(Bounds { min, max }) => {
            let read = |text: &str| Quantity::parse(text).map_err(|e| Trouble(e.to_string()));
            let number = read(answer)?;
            let bound = |text: &Option<String>| text.as_deref().map(read).transpose();
            bound(min)?.is_none_or(|min| number >= min) && bound(max)?.is_none_or(|max| number <= max)
        }
        RightAnswer::Text(words) => words.iter().any(|word| folded(word) == answer),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{attempt::Verdict, check::fixture::World};

    fn judged(right: Value, answers: &[&str]) -> (Verdict, String) {
        let world = answers.iter().fold(World::default(), |world, answer| world.answered("it", answer));
        let outcome = world.evaluate(json!({"answer": {"question": {"ko": "왜?", "en": "why?"}, "right": right}}));
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn the_answer_decides_and_nobodys_answer_is_none() {
        let int = || json!({"int": {"min": 3, "max": 4}});
        assert_eq!(judged(int(), &[]), (Verdict::Fail, "not-answered".into()));
        assert_eq!(judged(int(), &["3"]), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(int(), &["5"]), (Verdict::Fail, "wrong-answer".into()));
        assert_eq!(judged(json!({"quantity": {"min": "512Mi", "max": "512Mi"}}), &["0.5Gi"]).0, Verdict::Pass);
    }

    #[test]
    fn trap_fp17_the_whole_answer_is_compared() {
        let object = || json!({"object": [{"kind": "ConfigMap", "name": "web"}, {"kind": "Node", "name": "worker-1"}]});
        for (answer, right) in [
            ("configmap/shop/web", true),
            ("node/worker-1", true),
            ("configmap/shop/web-2", false),
            ("configmap/pay/web", false),
            ("secret/shop/web", false),
        ] {
            assert_eq!(judged(object(), &[answer]).0 == Verdict::Pass, right, "{answer}");
        }
    }

    #[test]
    fn trap_ff03_each_of_several_right_answers_is_right() {
        let words = || json!({"text": ["Readiness probe", "준비성 프로브"]});
        for answer in ["readinessprobe", "준비성프로브"] {
            assert_eq!(judged(words(), &[answer]).0, Verdict::Pass);
        }
        assert_eq!(judged(words(), &["probe"]).0, Verdict::Fail);
    }

    #[test]
    fn guessing_comes_to_an_end_and_saying_it_again_costs_nothing() {
        let int = || json!({"int": {"min": 9, "max": 9}});
        assert_eq!(judged(int(), &["1", "2", "9"]).0, Verdict::Pass);
        assert_eq!(judged(int(), &["1", "2", "3", "9"]), (Verdict::Fail, "no-tries-left".into()));
        assert_eq!(judged(int(), &["1", "1", "1", "2", "9"]).0, Verdict::Pass);
        assert_eq!(judged(int(), &["9", "2"]).0, Verdict::Fail, "the last one is meant");
        assert_eq!(judged(int(), &["9", "2", "3", "4", "9"]).0, Verdict::Pass, "what was tried may be said again");
    }

    #[test]
    fn trap_fb01_a_wrong_answer_does_not_tell_the_right_one() {
        let world = World::default().answered("it", "5");
        let outcome =
            world.evaluate(json!({"answer": {"question": {"ko": "몇?", "en": "how many?"}, "right": {"int": {"min": 41, "max": 41}}}}));
        assert!(!serde_json::to_string(&outcome).unwrap().contains("41"));
    }
}
