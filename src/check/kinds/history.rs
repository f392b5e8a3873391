use jiff::Timestamp;
use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        availability::{self, Availability},
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, workload,
    },
    scenario::{Floor, History},
    text::Text,
};

/// What became of baseline subjects since the start. What nobody has written down is an error, never a guess.
pub(in crate::check) fn eval_history(spec: &History, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    match spec {
        History::Kept(aliases) => {
            for alias in aliases {
                let subject = Subject::find(alias, context, &mut findings)?;
                findings.add(subject.same().unwrap_or_else(|| subject.holds(Text::new("지워진 적이 없습니다", "it was never deleted"))));
            }
        }
        History::RolledBack(alias) => {
            let subject = Subject::find(alias, context, &mut findings)?;
            let item = match subject.same() {
                Some(item) => item,
                None => rolled_back(&subject, context)?,
            };
            findings.add(item);
        }
        History::NeverBelow(floor) => {
            let subject = Subject::find(&floor.subject, context, &mut findings)?;
            let item = match subject.same() {
                Some(item) => item,
                None => never_below(floor, &subject, context)?,
            };
            findings.add(item);
        }
    }
    Ok(findings.conclude())
}

/// A baseline subject as it was at the start and as it is now.
struct Subject<'a> {
    then: &'a Value,
    now: Option<&'a Value>,
    began: Timestamp,
}

impl<'a> Subject<'a> {
    fn find(alias: &str, context: &Context<'a>, findings: &mut Findings) -> Result<Self, Trouble> {
        let recorded = context.subject(alias)?;
        let then = &recorded.broken;
        if then.is_null() {
            return Err(Trouble(format!("the subject `{alias}` was not there at the start, so it has no history")));
        }
        let now = context.current_of(alias)?.filter(|object| !object::terminating(object));
        findings.evidence(match now {
            Some(now) => {
                evidence::of(now, &["/metadata/creationTimestamp", "/metadata/generation", "/spec/replicas", "/spec/strategy", "/status"])
            }
            None => evidence::of_absence(&object::reference(then)),
        });
        let began = context.snapshot.given.began.unwrap_or(context.now);
        Ok(Self { then, now, began })
    }

    fn reference(&self) -> String {
        object::reference(self.then)
    }

    fn holds(&self, text: Text) -> Item {
        Item::holds(self.reference(), text)
    }

    fn fails(&self, reason: &'static str, text: Text) -> Item {
        Item::fails(reason, self.reference(), text)
    }

    /// Why it is not the object any more that it was.
    fn same(&self) -> Option<Item> {
        match self.now {
            None => Some(self.fails("gone", Text::new("없습니다", "it is gone"))),
            Some(now) if object::uid(now) != object::uid(self.then) => {
                let at = object::text(now, "/metadata/creationTimestamp");
                let text = Text::new(format!("지워졌다가 {at}에 새로 만들어졌습니다"), format!("it was deleted, and made anew at {at}"));
                Some(self.fails("made-anew", text))
            }
            Some(_) => None,
        }
    }
}

/// What it runs now is not what it ran at the start, and was there before.
fn rolled_back(subject: &Subject, context: &Context) -> Result<Item, Trouble> {
    let Some(now) = subject.now else { return Ok(subject.fails("gone", Text::new("없습니다", "it is gone"))) };
    if workload::same_template(subject.then, now) {
        let text = Text::new("시작할 때와 같은 리비전입니다", "it runs the revision that it had at the start");
        return Ok(subject.fails("not-rolled-back", text));
    }
    let Some(revision) = workload::current_revision(now, context)? else {
        let text = Text::new("컨트롤러가 아직 이 변경을 반영하지 않았습니다", "its controller has not acted on the change yet");
        return Ok(subject.fails("not-observed-yet", text).changing());
    };
    let made = object::time(revision, "/metadata/creationTimestamp");
    Ok(if made.is_some_and(|at| at <= subject.began) {
        subject.holds(Text::new("예전 리비전으로 돌아갔습니다", "it went back to an earlier revision"))
    } else {
        let text = Text::new("예전 리비전이 아니라 새 리비전입니다", "it runs a new revision, not an earlier one");
        subject.fails("new-revision", text)
    })
}

fn never_below(floor: &Floor, subject: &Subject, context: &Context) -> Result<Item, Trouble> {
    let Some(now) = subject.now else { return Ok(subject.fails("gone", Text::new("없습니다", "it is gone"))) };
    if object::kind(now) != "Deployment" {
        return Err(Trouble(format!("{}: only Deployments write down since when they are available", subject.reference())));
    }
    let wanted = i64::from(floor.available);
    Ok(match availability::since(subject.began, subject.then, now, wanted, context)? {
        Availability::Held => subject.holds(Text::new("쓸 수 있는 파드가 줄곧 충분했습니다", "it always had enough available pods")),
        Availability::Broken(Some(at)) => {
            let text = Text::new(
                format!("쓸 수 있는 파드가 모자랐습니다. {at}에 다시 찼습니다"),
                format!("it had too few available pods, until {at}"),
            );
            subject.fails("was-below", text).value("until", at)
        }
        Availability::Broken(None) => subject.fails("is-below", Text::new("쓸 수 있는 파드가 모자랍니다", "it has too few available pods")),
        Availability::Unknown(why) => return Err(Trouble(format!("{}: {why}", subject.reference()))),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{Deployment, World, ago, deployment},
    };

    /// Three pods, one of which may be away, available since so many seconds.
    fn web(available: &str, since: u32, generation: i64, revision: i64) -> Value {
        let condition = json!({"type": "Available", "status": available, "lastTransitionTime": ago(since)});
        let mut object = shape(generation).condition(condition).object();
        object["metadata"]["annotations"] = json!({"deployment.kubernetes.io/revision": revision.to_string()});
        object["spec"]["strategy"] = json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}});
        object
    }

    fn shape(generation: i64) -> Deployment {
        deployment("web").replicas(3).generation(generation, generation)
    }

    fn world(now: &Value) -> World {
        let then = web("True", 3600, 4, 2);
        World::default().began(600).subject("web", "Deployment", then.clone(), then).with(now.clone())
    }

    fn judged(world: &World, history: Value) -> (Verdict, String) {
        let outcome = world.evaluate(json!({"history": history}));
        (outcome.verdict, outcome.reason)
    }

    fn floor(available: u32) -> Value {
        json!({"neverBelow": {"subject": "web", "available": available}})
    }

    #[test]
    fn what_was_available_since_before_the_start_always_was() {
        assert_eq!(judged(&world(&web("True", 3600, 4, 2)), floor(2)), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(&world(&web("True", 3600, 6, 4)), floor(2)).0, Verdict::Pass, "two rollouts later");
        assert_eq!(judged(&world(&web("True", 60, 5, 3)), floor(2)), (Verdict::Fail, "was-below".into()));
        assert_eq!(judged(&world(&web("False", 60, 5, 3)), floor(2)), (Verdict::Fail, "is-below".into()));
    }

    #[test]
    fn what_nobody_wrote_down_is_an_error() {
        assert_eq!(judged(&world(&web("True", 3600, 6, 2)), floor(2)).0, Verdict::Error, "scaled to nothing and back, perhaps");
        assert_eq!(judged(&world(&web("True", 3600, 4, 2)), floor(3)).0, Verdict::Error, "the strategy lets one go");
        assert_eq!(judged(&world(&web("False", 60, 5, 3)), floor(1)).0, Verdict::Error, "fewer than two may be one");
    }

    #[test]
    fn pods_that_were_ready_all_the_time_prove_it_whatever_was_changed() {
        let ready = |since: u32| {
            let mut now = web("True", 60, 9, 2);
            now["spec"]["replicas"] = json!(5);
            let plain = World::default().workload(shape(4)).objects("Pod");
            let steady = |mut pod: Value| {
                pod["status"]["conditions"][0]["lastTransitionTime"] = json!(ago(since));
                pod
            };
            let sets = World::default().workload(shape(4)).objects("ReplicaSet");
            plain.into_iter().map(steady).chain(sets).fold(world(&now), World::with)
        };
        assert_eq!(judged(&ready(3000), floor(3)).0, Verdict::Pass);
        assert_eq!(judged(&ready(30), floor(3)).0, Verdict::Error);
    }

    #[test]
    fn an_object_that_was_made_anew_is_another() {
        let mut anew = web("True", 3600, 1, 1);
        assert_eq!(judged(&world(&anew), json!({"kept": ["web"]})).0, Verdict::Pass);
        anew["metadata"]["uid"] = json!("another");
        for history in [json!({"kept": ["web"]}), floor(2), json!({"rolledBack": "web"})] {
            assert_eq!(judged(&world(&anew), history), (Verdict::Fail, "made-anew".into()));
        }
        let gone = world(&anew).without("Deployment");
        assert_eq!(judged(&gone, json!({"kept": ["web"]})), (Verdict::Fail, "gone".into()));
    }

    #[test]
    fn a_rollback_runs_what_was_there_before() {
        let back = json!({"rolledBack": "web"});
        let at = |image: &str| {
            let mut now = web("True", 3600, 5, 3);
            now["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
            World::default().workload(shape(4)).objects("ReplicaSet").into_iter().fold(world(&now), World::with)
        };
        assert_eq!(judged(&at("before:1"), back.clone()), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(&at("web:1"), back.clone()), (Verdict::Fail, "not-rolled-back".into()));
        assert_eq!(judged(&at("web:2"), back.clone()), (Verdict::Fail, "not-observed-yet".into()));
        let mut new = World::default().workload(shape(4)).objects("ReplicaSet")[0].clone();
        new["metadata"]["creationTimestamp"] = json!(ago(60));
        new["metadata"]["name"] = json!("web-3");
        new["spec"]["template"]["spec"]["containers"][0]["image"] = json!("web:2");
        assert_eq!(judged(&at("web:2").with(new), back), (Verdict::Fail, "new-revision".into()));
    }
}
