use serde_json::json;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        live,
        pattern::search,
    },
    cluster::LiveAnswer,
    scenario::Logs,
    text::Text,
};

/// How many matching lines are kept as evidence.
const MOST_LINES: usize = 5;

/// A workload's containers have logged lines like this.
pub(in crate::check) fn eval_logs(spec: &Logs, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::of_containers(context.snapshot.real);
    let wanted = search(&spec.matches)?;
    let mut found = 0u32;
    let mut troubles = Vec::new();
    for pod in live::logged_pods(&spec.on, context)? {
        let text = match live::answer(&live::logs(spec, pod), context) {
            Ok(LiveAnswer::Logs(text)) => text,
            Ok(_) => return Err(Trouble("logs were answered by a command".into())),
            // A container that was never restarted has no earlier log: that is an answer.
            Err(trouble) if spec.previous && trouble.0.contains("previous terminated container") => continue,
            Err(trouble) => {
                troubles.push(trouble);
                continue;
            }
        };
        let lines: Vec<&str> = text.lines().filter(|line| wanted.is_match(line)).collect();
        found = found.saturating_add(u32::try_from(lines.len()).unwrap_or(u32::MAX));
        let kept: Vec<&str> = lines.iter().take(MOST_LINES).copied().collect();
        findings.evidence(evidence::of_answer(pod, &json!({"logs": kept, "matching": lines.len(), "previous": spec.previous})));
    }
    if let (Some(trouble), true) = (troubles.pop(), found < spec.min) {
        return Err(trouble);
    }
    let text = Text::new(format!("찾는 로그 {found}줄"), format!("{found} log lines of that kind"));
    let reason = if found == 0 { "not-logged" } else { "too-few-lines" };
    let item = Item::new(found >= spec.min, reason, context.describe(&spec.on), text);
    findings.add(item.parts(found.min(spec.min), spec.min).value("lines", found));
    Ok(findings.conclude())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Basis, Verdict},
        check::fixture::{World, deployment, object},
        cluster::LiveAnswer,
    };

    fn logs(extra: Value) -> Value {
        let mut spec = json!({"on": {"kind": "Deployment", "name": "web"}, "matches": "^GET .* 200$"});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"logs": spec})
    }

    fn world(text: &str) -> World {
        World::default().workload(deployment("web").replicas(2)).logs(LiveAnswer::Logs(text.into()))
    }

    #[test]
    fn lines_are_counted_over_all_pods() {
        let two = world("start\nGET / 200\nGET /x 404\n");
        assert_eq!(two.evaluate(logs(json!({"min": 2}))).verdict, Verdict::Pass);
        let outcome = two.evaluate(logs(json!({"min": 3})));
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "too-few-lines"));
        assert_eq!(world("start\n").evaluate(logs(json!({}))).reason, "not-logged");
        assert_eq!(two.evaluate(logs(json!({}))).basis, Basis::Modelled);
        assert_eq!(two.real().evaluate(logs(json!({}))).basis, Basis::Probed);
    }

    #[test]
    fn logs_that_cannot_be_read_are_an_error_unless_enough_was_found() {
        let unreadable = World::default().workload(deployment("web").replicas(1)).logs(LiveAnswer::Unanswered("broken pipe".into()));
        assert_eq!(unreadable.evaluate(logs(json!({}))).verdict, Verdict::Error);
        let nothing = World::default().with(object("Deployment", "web", json!({})));
        assert_eq!(nothing.evaluate(logs(json!({}))).reason, "not-logged");
    }

    #[test]
    fn a_container_that_never_restarted_has_logged_nothing_before() {
        let never = World::default()
            .workload(deployment("web").replicas(1))
            .logs(LiveAnswer::Unanswered("previous terminated container \"app\" in pod \"web\" not found".into()));
        assert_eq!(never.evaluate(logs(json!({"previous": true}))).reason, "not-logged");
    }
}
