use crate::{
    attempt::Outcome,
    check::{
        compose,
        context::{Context, Trouble},
        findings::{Findings, Item, could_not_look},
    },
    cluster::{Review, ReviewAnswer},
    scenario::{Access, AccessRow, AccessSubject},
    text::Text,
};

/// A subject is allowed and denied what the rows say, by the authorizer's own answers.
pub(in crate::check) fn eval_access(spec: &Access, context: &Context) -> Result<Outcome, Trouble> {
    let rows: Vec<Outcome> = spec.rows.iter().map(|row| judge(spec, row, context)).collect();
    Ok(compose::all(&rows))
}

/// The question that a row asks.
pub(in crate::check) fn review_of(spec: &Access, row: &AccessRow) -> Review {
    Review {
        subject: spec.subject.clone(),
        verb: row.verb.clone(),
        resource: row.resource.clone(),
        namespace: row.namespace.clone(),
        name: row.name.clone(),
    }
}

fn judge(spec: &Access, row: &AccessRow, context: &Context) -> Outcome {
    let asked = review_of(spec, row);
    let subject = match &spec.subject {
        AccessSubject::ServiceAccount(name) => format!("ServiceAccount/{name}"),
        AccessSubject::User(name) => format!("User/{name}"),
        AccessSubject::Group(name) => format!("Group/{name}"),
    };
    let (allowed, why) = match context.snapshot.reviews.iter().find(|(review, _)| *review == asked) {
        Some((_, ReviewAnswer::Answered { allowed, reason })) => (*allowed, reason.as_str()),
        Some((_, ReviewAnswer::Unanswered(why))) => return could_not_look(why),
        None => return could_not_look("the access review was not part of this snapshot"),
    };
    let place = row.namespace.as_deref().unwrap_or("*");
    let what = format!("{} {} ({place}{})", row.verb, row.resource, row.name.as_deref().map(|n| format!("/{n}")).unwrap_or_default());
    let because = if why.is_empty() { String::new() } else { format!(" — {why}") };
    let text = if allowed {
        Text::new(format!("{what}: 허용됨{because}"), format!("{what}: allowed{because}"))
    } else {
        Text::new(format!("{what}: 거부됨"), format!("{what}: denied"))
    };
    let mut findings = Findings::evaluated();
    let reason = if allowed { "allowed-too-much" } else { "denied" };
    findings.add(Item::new(allowed == row.allowed, reason, subject, text).value("verb", &row.verb).value("resource", &row.resource));
    findings.conclude()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::World,
        cluster::{Review, ReviewAnswer},
        scenario::AccessSubject,
    };

    fn world(answers: &[(&str, Option<bool>)]) -> World {
        answers.iter().fold(World::default(), |world, (verb, allowed)| {
            let review = Review {
                subject: AccessSubject::ServiceAccount("shop/ci".into()),
                verb: (*verb).into(),
                resource: "pods".into(),
                namespace: Some("shop".into()),
                name: None,
            };
            let answer = match allowed {
                Some(allowed) => ReviewAnswer::Answered { allowed: *allowed, reason: String::new() },
                None => ReviewAnswer::Unanswered("connection refused".into()),
            };
            world.review(review, answer)
        })
    }

    fn check() -> Value {
        let row = |verb: &str, allowed: bool| json!({"verb": verb, "resource": "pods", "namespace": "shop", "allowed": allowed});
        json!({"access": {"subject": {"serviceAccount": "shop/ci"}, "rows": [row("list", true), row("delete", false)]}})
    }

    #[test]
    fn allowed_and_denied_rows_both_count() {
        let of = |list, delete| {
            let outcome = world(&[("list", list), ("delete", delete)]).evaluate(check());
            (outcome.verdict, outcome.passed)
        };
        assert_eq!(of(Some(true), Some(false)), (Verdict::Pass, 2));
        assert_eq!(of(Some(true), Some(true)), (Verdict::Fail, 1));
        assert_eq!(of(Some(false), Some(false)), (Verdict::Fail, 1));
    }

    #[test]
    fn trap_in01_an_unanswered_review_is_an_error_unless_another_row_fails() {
        let of = |list, delete| world(&[("list", list), ("delete", delete)]).evaluate(check()).verdict;
        assert_eq!(of(Some(true), None), Verdict::Error);
        assert_eq!(of(None, Some(true)), Verdict::Fail);
        assert_eq!(world(&[("list", Some(true))]).evaluate(check()).verdict, Verdict::Error);
    }
}
