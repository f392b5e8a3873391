use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
        pattern::found_if_asked,
        workload,
    },
    scenario::{ObjectRef, Recorded},
    text::Text,
};

/// API servers forget events after an hour, unless they were told otherwise.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// What controllers draw the random ends of names from.
const SUFFIX: &str = "bcdfghjklmnpqrstvwxz2456789";

/// How often events of this sort were recorded since a moment.
pub(in crate::check) fn eval_events(spec: &Recorded, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let objects = context.select(&spec.on)?;
    let subjects = Subjects::new(spec, &objects, context)?;
    let Some(since) = context.since(&spec.since)? else {
        findings.absent(context.describe(&spec.on));
        return Ok(findings.conclude());
    };
    let mut seen = Vec::new();
    for event in context.objects("Event")?.iter().map(AsRef::as_ref) {
        if subjects.include(event) && is_asked_for(spec, event)? && last(event).is_some_and(|at| at >= since) {
            seen.push(event);
        }
    }
    seen.sort_by_key(|event| std::cmp::Reverse(last(event)));
    let (least, most) = count(seen.iter(), since);
    // The server keeps whole seconds: in that of a change, nobody knows what came first, and the learner has the benefit of it.
    let (surely_least, surely_most) = count(seen.iter().filter(|event| last(event) > Some(since)), since);
    let (min, max) = (spec.times.min.unwrap_or(0), spec.times.max.unwrap_or(i64::MAX));
    if objects.is_empty() && seen.is_empty() {
        // That nothing was recorded about what is not there says nothing.
        findings.absent(context.describe(&spec.on));
        return Ok(findings.conclude());
    }
    let forgotten = context.now.duration_since(since) > KEPT;
    if forgotten && (least < min || (surely_least <= max && spec.times.max.is_some())) {
        return Err(Trouble(format!("events are kept for an hour: how often it was recorded since {since} cannot be told")));
    }
    if (least < min && most >= min) || (surely_least <= max && surely_most > max) {
        return Err(Trouble(format!("events are counted together: it was recorded between {least} and {most} times since {since}")));
    }
    let holds = least >= min && surely_most <= max;
    seen.iter().for_each(|event| findings.evidence(evidence::of(event, &EVIDENCE)));
    findings.add(item(spec, &seen, least, holds, context));
    Ok(findings.conclude())
}

/// How often these were recorded since a moment, at least and at most: of events that are counted together and began earlier, only the
/// last is known to have come since.
fn count<'e>(events: impl Iterator<Item = &'e &'e Value>, since: Timestamp) -> (i64, i64) {
    events.map(|event| times(event, since)).fold((0, 0), |(least, most), (a, b)| (least + a, most + b))
}

/// What is kept of an event.
const EVIDENCE: [&str; 8] = ["/involvedObject", "/type", "/reason", "/message", "/count", "/series", "/firstTimestamp", "/lastTimestamp"];

fn item(spec: &Recorded, seen: &[&Value], times: i64, holds: bool, context: &Context) -> Item {
    let Some(latest) = seen.first() else {
        let text = Text::new("이런 이벤트가 기록되지 않았습니다", "no such event was recorded");
        return Item::new(holds, "not-seen", context.describe(&spec.on), text).value("count", 0);
    };
    let (reason, message) = (object::text(latest, "/reason"), object::text(latest, "/message"));
    let ago = last(latest).map_or(0, |at| context.now.duration_since(at).as_secs().max(0));
    let text = Text::new(
        format!("이벤트 {reason} {times}회, 마지막은 {ago}초 전: {message}"),
        format!("event {reason} recorded {times} times, last {ago} s ago: {message}"),
    );
    let why = if spec.times.min.is_some_and(|min| times < min) { "too-few" } else { "seen" };
    Item::new(holds, why, about(latest), text).value("count", times).value("reason", reason).value("message", message).value("ago", ago)
}

fn is_asked_for(spec: &Recorded, event: &Value) -> Result<bool, Trouble> {
    let fits = spec.reason.as_deref().is_none_or(|reason| reason == object::text(event, "/reason"))
        && spec.event_type.is_none_or(|wanted| wanted.name() == object::text(event, "/type"));
    Ok(fits && found_if_asked(spec.matches.as_deref(), object::text(event, "/message"))?)
}

/// What an event is about, as `Kind/namespace/name`.
fn about(event: &Value) -> String {
    let part = |at: &str| object::text(event, at).to_owned();
    let parts = [part("/involvedObject/kind"), part("/involvedObject/namespace"), part("/involvedObject/name")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

fn moments<'a>(event: &'a Value, at: &'a [&str]) -> impl Iterator<Item = Timestamp> + 'a {
    at.iter().filter_map(|at| object::time(event, at))
}

/// When it last happened.
fn last(event: &Value) -> Option<Timestamp> {
    let noted = moments(event, &["/lastTimestamp", "/series/lastObservedTime", "/eventTime", "/firstTimestamp"]).max();
    noted.or_else(|| object::time(event, "/metadata/creationTimestamp"))
}

/// How often one happened since a moment: at least and at most.
fn times(event: &Value, since: Timestamp) -> (i64, i64) {
    let count = object::int(event, "/series/count").or_else(|| object::int(event, "/count")).unwrap_or(1).max(1);
    let first = moments(event, &["/firstTimestamp", "/eventTime", "/metadata/creationTimestamp"]).next();
    if first.is_some_and(|first| first >= since) { (count, count) } else { (1, count) }
}

/// Whom events must be about.
struct Subjects<'a> {
    on: ObjectRef,
    namespace: String,
    uids: Vec<&'a str>,
    /// Owners in whose names pods begin that they made, also those that are gone.
    makers: Vec<(&'a str, &'a str)>,
}

impl<'a> Subjects<'a> {
    fn new(spec: &Recorded, objects: &[&'a Value], context: &Context<'a>) -> Result<Self, Trouble> {
        let on = context.meant(&spec.on);
        let namespace = on.namespace.clone().unwrap_or_else(|| context.home().to_owned());
        let (mut uids, mut makers): (Vec<_>, Vec<_>) = (objects.iter().map(|object| object::uid(object)).collect(), Vec::new());
        for workload in objects.iter().filter(|_| spec.owned) {
            let pods = workload::pods(workload, context)?;
            uids.extend(pods.current.into_iter().chain(pods.old).map(object::uid));
            let sets = if object::kind(workload) == "Deployment" { workload::replica_sets(workload, context)? } else { vec![*workload] };
            uids.extend(sets.iter().map(|set| object::uid(set)));
            makers.extend(sets.iter().map(|set| (object::namespace(set), object::name(set))));
        }
        Ok(Self { on, namespace, uids, makers })
    }

    fn include(&self, event: &Value) -> bool {
        let of = |at: &str| object::text(event, at);
        let (kind, namespace, name) = (of("/involvedObject/kind"), of("/involvedObject/namespace"), of("/involvedObject/name"));
        let by_name = self.on.labels.is_empty()
            && self.on.bare_kind() == Some(kind)
            && (self.namespace == "*" || namespace.is_empty() || namespace == self.namespace)
            && self.on.name.as_deref().is_none_or(|wanted| wanted == name);
        let uid = of("/involvedObject/uid");
        by_name
            || (!uid.is_empty() && self.uids.contains(&uid))
            || (kind == "Pod" && self.makers.iter().any(|(place, maker)| *place == namespace && is_made_by(maker, name)))
    }
}

/// Whether a controller would give a pod of this owner such a name.
fn is_made_by(maker: &str, pod: &str) -> bool {
    let Some(end) = pod.strip_prefix(maker).and_then(|rest| rest.strip_prefix('-')) else { return false };
    let random = end.len() == 5 && end.chars().all(|c| SUFFIX.contains(c));
    random || (!end.is_empty() && end.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, ago, deployment, object},
    };

    fn event(about: (&str, &str), reason: &str, first: u32, last: u32, count: u32) -> Value {
        object(
            "Event",
            &format!("{}.{reason}", about.1),
            json!({"involvedObject": {"kind": about.0, "namespace": "shop", "name": about.1}, "type": "Warning", "reason": reason,
                "message": format!("{reason} of {}", about.1), "count": count, "firstTimestamp": ago(first), "lastTimestamp": ago(last)}),
        )
    }

    fn world(events: &[Value]) -> World {
        events.iter().cloned().fold(World::default().workload(deployment("web")).began(600), World::with)
    }

    fn judged(world: &World, more: Value) -> (Verdict, String) {
        let mut spec = json!({"on": {"kind": "Deployment", "name": "web"}});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let outcome: Outcome = world.evaluate(json!({"events": spec}));
        (outcome.verdict, outcome.reason)
    }

    fn web(reason: &str, first: u32, last: u32, count: u32) -> Value {
        event(("Deployment", "web"), reason, first, last, count)
    }

    #[test]
    fn what_was_recorded_since_the_start_counts() {
        let seen = world(&[web("ScalingReplicaSet", 60, 60, 1)]);
        assert_eq!(judged(&seen, json!({"reason": "ScalingReplicaSet"})), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(&seen, json!({"reason": "Other"})), (Verdict::Fail, "not-seen".into()));
        assert_eq!(judged(&seen, json!({"type": "Normal"})).0, Verdict::Fail);
        assert_eq!(judged(&seen, json!({"matches": "of we."})).0, Verdict::Pass);
        assert_eq!(judged(&seen, json!({"times": {"max": 0}})), (Verdict::Fail, "seen".into()));
        let before = world(&[web("ScalingReplicaSet", 700, 700, 1)]);
        assert_eq!(judged(&before, json!({})), (Verdict::Fail, "not-seen".into()));
        assert_eq!(judged(&before, json!({"times": {"max": 0}})).0, Verdict::Pass);
    }

    #[test]
    fn events_that_are_counted_together_are_known_as_far_as_they_are() {
        let straddling = world(&[web("BackOff", 700, 60, 5)]);
        assert_eq!(judged(&straddling, json!({})).0, Verdict::Pass, "the last of them came since");
        assert_eq!(judged(&straddling, json!({"times": {"min": 3}})).0, Verdict::Error);
        assert_eq!(judged(&straddling, json!({"times": {"min": 9}})), (Verdict::Fail, "too-few".into()));
        assert_eq!(judged(&straddling, json!({"times": {"max": 0}})), (Verdict::Fail, "seen".into()));
        assert_eq!(judged(&world(&[web("BackOff", 60, 10, 5)]), json!({"times": {"min": 3}})).0, Verdict::Pass);
    }

    #[test]
    fn what_the_server_has_forgotten_is_not_known() {
        let old = || world(&[]).began(2 * 3600);
        assert_eq!(judged(&old(), json!({})).0, Verdict::Error);
        assert_eq!(judged(&old(), json!({"times": {"max": 0}})).0, Verdict::Error);
        let seen = old().with(web("BackOff", 60, 60, 1));
        assert_eq!(judged(&seen, json!({})).0, Verdict::Pass, "once seen is seen");
        assert_eq!(judged(&seen, json!({"times": {"max": 0}})).0, Verdict::Fail);
        assert_eq!(judged(&old(), json!({"since": {"ago": "2m"}, "times": {"max": 0}})).0, Verdict::Pass);
    }

    #[test]
    fn trap_fp21_what_came_before_the_fix_is_no_news_of_it() {
        let since = json!({"since": {"change": {"kind": "Deployment", "name": "web"}}, "times": {"max": 0}});
        let fixed =
            |seconds| World::default().workload(deployment("web").changed_ago(seconds)).began(600).with(web("BackOff", 100, 100, 1));
        assert_eq!(judged(&fixed(50), since.clone()).0, Verdict::Pass);
        assert_eq!(judged(&fixed(200), since).0, Verdict::Fail);
    }

    #[test]
    fn a_workloads_pods_count_also_when_they_are_gone() {
        let pods = |name: &str| world(&[event(("Pod", name), "BackOff", 60, 60, 1)]);
        assert_eq!(judged(&pods("web-new-x7k2p"), json!({"reason": "BackOff"})).0, Verdict::Fail);
        let owned = json!({"reason": "BackOff", "owned": true});
        assert_eq!(judged(&pods("web-new-x7k2p"), owned.clone()).0, Verdict::Pass);
        assert_eq!(judged(&pods("web-new-canary"), owned.clone()).0, Verdict::Fail);
        assert_eq!(judged(&pods("web-x7k2p"), owned).0, Verdict::Fail, "another Deployment's, or nobody's");
    }

    #[test]
    fn trap_fp01_silence_about_what_is_not_there_proves_nothing() {
        let gone = World::default().began(600);
        assert_eq!(judged(&gone, json!({"times": {"max": 0}})), (Verdict::Fail, "no-objects".into()));
        assert_eq!(judged(&gone.with(web("Killing", 60, 60, 1)), json!({})).0, Verdict::Pass, "it was seen before it went");
    }

    #[test]
    fn events_that_cannot_be_read_are_an_error() {
        assert_eq!(judged(&world(&[]).unreadable("Event"), json!({"times": {"max": 0}})).0, Verdict::Error);
    }
}
