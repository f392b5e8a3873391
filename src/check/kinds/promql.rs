use serde_json::{Value, json};

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
    },
    reader::{FiredAlert, Question, Trial, TrialSeries},
    scenario::{Promql, SeriesCase},
    text::Text,
};

/// Rules parse, and their alerts fire over bad series and are silent over good ones.
pub(in crate::check) fn eval_promql(spec: &Promql, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let objects = context.select(&spec.on)?;
    let reference = context.describe(&spec.on);
    if objects.is_empty() {
        findings.absent(reference);
        return Ok(findings.conclude());
    }
    let mut all = Vec::new();
    let mut sound = true;
    for object in objects {
        let groups = groups(object);
        let reference = object::reference(object);
        findings.evidence(evidence::of(object, &["/spec/groups"]));
        if let Some(why) = context.read(Question::Rules(file(&groups)))?.error() {
            sound = false;
            let text = Text::new(format!("규칙을 읽을 수 없습니다: {why}"), format!("the rules do not parse: {why}"));
            findings.add(Item::fails("does-not-parse", reference, text));
        } else {
            findings.add(Item::holds(reference, Text::new("규칙의 식이 올바릅니다", "the rules parse")));
        }
        all.extend(groups);
    }
    if sound && !(spec.fires.is_empty() && spec.silent.is_empty()) {
        try_out(spec, &all, &reference, context, &mut findings)?;
    }
    Ok(findings.conclude())
}

fn try_out(spec: &Promql, groups: &[Value], reference: &str, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let cases = spec.fires.iter().chain(&spec.silent).map(trial).collect();
    let answer = context.read(Question::Trials { rules: file(groups), cases })?;
    if let Some(why) = answer.error() {
        return Err(Trouble(format!("the alerts could not be tried out: {why}")));
    }
    for (at, fired) in answer.fired.iter().enumerate() {
        let should = at < spec.fires.len();
        let fired: Vec<&str> = fired.iter().filter(|alert| means(spec, alert)).map(|alert| alert.name.as_str()).collect();
        let (holds, names) = (fired.is_empty() != should, fired.join(", "));
        let (reason, text) = match (should, holds) {
            (true, true) => ("holds", Text::new(format!("나쁜 값에서 울립니다: {names}"), format!("fires over bad series: {names}"))),
            (true, false) => ("does-not-fire", Text::new("나쁜 값인데도 울리지 않습니다", "no such alert fires over bad series")),
            (false, true) => ("holds", Text::new("좋은 값에서 조용합니다", "silent over good series")),
            (false, false) => {
                ("fires-falsely", Text::new(format!("좋은 값인데도 울립니다: {names}"), format!("fires over good series: {names}")))
            }
        };
        findings.add(Item::new(holds, reason, reference, text).value("alerts", names));
    }
    Ok(())
}

/// The rule groups of an object, with what Prometheus itself does not know left out, under names that no other object has.
fn groups(object: &Value) -> Vec<Value> {
    let named = |group: &Value| {
        let mut group = group.clone();
        let name = format!("{}/{}/{}", object::namespace(object), object::name(object), object::text(&group, "/name"));
        if let Some(fields) = group.as_object_mut() {
            fields.remove("partial_response_strategy");
            fields.insert("name".into(), name.into());
        }
        group
    };
    object::list(object, "/spec/groups").iter().map(named).collect()
}

/// A file of rules: JSON is YAML.
fn file(groups: &[Value]) -> String {
    json!({ "groups": groups }).to_string()
}

fn trial(case: &SeriesCase) -> Trial {
    let series = case.series.iter().map(|(series, values)| TrialSeries { series: series.clone(), values: values.clone() });
    Trial { series: series.collect(), interval: format!("{}ms", case.interval.0.as_millis()), at: format!("{}ms", case.at.0.as_millis()) }
}

fn means(spec: &Promql, alert: &FiredAlert) -> bool {
    spec.alert.as_ref().is_none_or(|name| *name == alert.name)
        && spec.labels.iter().all(|(key, value)| alert.labels.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, object},
        reader::{Answer, FiredAlert, Question},
    };

    fn rule() -> Value {
        object(
            "PrometheusRule",
            "alerts",
            json!({"spec": {"groups": [{"name": "g", "partial_response_strategy": "warn", "rules": [{"alert": "High", "expr": "x > 1"}]}]}}),
        )
    }

    fn check() -> Value {
        let case = json!({"series": {"x": "0+1x10"}, "at": "5m"});
        json!({"promql": {"on": {"kind": "PrometheusRule", "name": "alerts"}, "labels": {"severity": "critical"}, "fires": [case], "silent": [case]}})
    }

    fn reason(fired: [&[&str]; 2], error: &str) -> String {
        let (error, fired) = (error.to_owned(), fired.map(|severities| severities.iter().map(|s| alert(s)).collect::<Vec<_>>()));
        let world = World::default().with(rule()).reads(move |question| match question {
            Question::Rules(text) => {
                assert!(text.contains("shop/alerts/g") && !text.contains("partial"), "{text}");
                Answer { errors: vec![error.clone()], ..Answer::default() }
            }
            _ => Answer { fired: fired.to_vec(), ..Answer::default() },
        });
        world.evaluate(check()).reason
    }

    fn alert(severity: &str) -> FiredAlert {
        FiredAlert { name: "High".into(), labels: [("severity".to_owned(), severity.to_owned())].into() }
    }

    #[test]
    fn alerts_fire_over_bad_series_and_are_silent_over_good_ones() {
        assert_eq!(reason([&["critical"], &[]], ""), "holds");
        assert_eq!(reason([&[], &[]], ""), "does-not-fire");
        assert_eq!(reason([&["warning"], &[]], ""), "does-not-fire");
        assert_eq!(reason([&["critical"], &["critical"]], ""), "fires-falsely");
        assert_eq!(reason([&["critical"], &[]], "1:1: parse error"), "does-not-parse");
    }

    #[test]
    fn no_rules_are_a_failure_and_a_reader_that_says_nothing_an_error() {
        assert_eq!(World::default().evaluate(check()).reason, "no-objects");
        assert_eq!(World::default().with(rule()).evaluate(check()).verdict, Verdict::Error);
    }
}
