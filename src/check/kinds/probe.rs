use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        live, object,
        pattern::found_if_asked,
    },
    cluster::LiveAnswer,
    scenario::{Probe, ProbeFailure, ProbeTarget},
    text::Text,
};

/// The version of what the prober prints that is understood here.
const SCHEMA: u32 = 1;

/// What the prober inside a container prints: one line of JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    schema: u32,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    error: String,
    #[serde(default)]
    message: String,
}

/// What the network answers when a pod asks.
pub(in crate::check) fn eval_probe(spec: &Probe, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::of_network(context.snapshot.real);
    let Some(pod) = live::ready_pod(&spec.from, context)? else {
        let reference = context.describe(&spec.from);
        let text = Text::new("요청을 보내 볼 준비된 파드가 없습니다", "there is no ready pod to ask from");
        findings.add(Item::fails("nobody-to-ask", reference, text));
        return Ok(findings.conclude());
    };
    let LiveAnswer::Exec { code, stdout, stderr } = live::answer(&live::probe(spec, pod), context)? else {
        return Err(Trouble("a probe was answered with logs".into()));
    };
    let answer: Answer = serde_json::from_str(stdout.trim())
        .map_err(|_| Trouble(format!("the prober in {} gave no answer (exit {code}): {}", object::reference(pod), stderr.trim())))?;
    if answer.schema != SCHEMA {
        return Err(Trouble(format!("the prober in {} speaks version {}, not {SCHEMA}", object::reference(pod), answer.schema)));
    }
    findings.evidence(evidence::of_answer(pod, &evidence_of(spec, &answer)));
    findings.add(judge(spec, pod, &answer)?);
    Ok(findings.conclude())
}

fn target(to: &ProbeTarget) -> &str {
    let (ProbeTarget::Http(target) | ProbeTarget::Tcp(target) | ProbeTarget::Dns(target)) = to;
    target
}

fn judge(spec: &Probe, pod: &Value, answer: &Answer) -> Result<Item, Trouble> {
    let (target, name) = (target(&spec.to), object::name(pod));
    let (holds, reason) = verdict(spec, answer)?;
    let seen = match (answer.error.as_str(), answer.status) {
        ("", Some(status)) => Text::new(format!("HTTP {status}"), format!("HTTP {status}")),
        ("", None) if answer.address.is_empty() => Text::new(answer.addresses.join(", "), answer.addresses.join(", ")),
        ("", None) => Text::new(format!("응답함 ({})", answer.address), format!("it answers ({})", answer.address)),
        ("refused", _) => Text::new("연결 거부됨", "connection refused"),
        ("timeout", _) => Text::new("시간 초과", "timed out"),
        ("no-such-host", _) => Text::new("없는 이름", "no such host"),
        (other, _) => Text::new(format!("실패: {other}: {}", answer.message), format!("failed: {other}: {}", answer.message)),
    };
    let text = Text::new(format!("파드 {name}에서 {target}: {}", seen.ko), format!("{target} from pod {name}: {}", seen.en));
    let status = answer.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let item = Item::new(holds, reason, object::reference(pod), text).value("status", status).value("target", target).value("pod", name);
    Ok(item.value("error", if answer.error.is_empty() { "-" } else { &answer.error }))
}

fn verdict(spec: &Probe, answer: &Answer) -> Result<(bool, &'static str), Trouble> {
    let expect = &spec.expect;
    if let Some(failure) = expect.failure {
        let wanted = match failure {
            ProbeFailure::Any => !answer.error.is_empty(),
            ProbeFailure::Refused => answer.error == "refused",
            ProbeFailure::Timeout => answer.error == "timeout",
            ProbeFailure::NoSuchHost => answer.error == "no-such-host",
        };
        return Ok((wanted, if answer.error.is_empty() { "reached" } else { "failed-otherwise" }));
    }
    match answer.error.as_str() {
        "" => {}
        "refused" => return Ok((false, "refused")),
        "timeout" => return Ok((false, "timeout")),
        "no-such-host" => return Ok((false, "no-such-host")),
        _ => return Ok((false, "failed")),
    }
    let status_fits = match (expect.status, answer.status) {
        (Some(wanted), status) => status == Some(wanted),
        (None, Some(status)) => (200..400).contains(&status),
        (None, None) => true,
    };
    if !status_fits {
        return Ok((false, "wrong-status"));
    }
    let body_fits = found_if_asked(expect.body.as_deref(), &answer.body)?;
    Ok((body_fits, if body_fits { "holds" } else { "wrong-body" }))
}

fn evidence_of(spec: &Probe, answer: &Answer) -> Value {
    json!({"probe": spec.to, "status": answer.status, "body": answer.body, "address": answer.address, "addresses": answer.addresses, "error": answer.error, "message": answer.message})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Basis, Verdict},
        check::fixture::{World, deployment},
        cluster::{LiveAnswer, LiveQuestion},
    };

    fn probe(to: Value, expect: Value) -> Value {
        json!({"probe": {"from": {"kind": "Deployment", "name": "web"}, "to": to, "expect": expect}})
    }

    fn world() -> World {
        World::default().workload(deployment("web").replicas(1))
    }

    fn answered(mut answer: Value) -> World {
        answer["schema"] = json!(1);
        world().exec("probe", LiveAnswer::Exec { code: 0, stdout: format!("{answer}\n"), stderr: String::new() })
    }

    fn judged(answer: Value, expect: Value) -> (Verdict, String) {
        let outcome = answered(answer).evaluate(probe(json!({"http": "http://api/"}), expect));
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn a_page_with_a_good_status_is_reached() {
        assert_eq!(judged(json!({"status": 200, "body": "ok"}), json!({})), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(json!({"status": 503}), json!({})), (Verdict::Fail, "wrong-status".into()));
        assert_eq!(judged(json!({"status": 503}), json!({"status": 503})), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(json!({"status": 200, "body": "v2"}), json!({"body": "^v1"})), (Verdict::Fail, "wrong-body".into()));
        assert_eq!(judged(json!({"error": "refused"}), json!({})), (Verdict::Fail, "refused".into()));
    }

    #[test]
    fn a_failure_that_is_expected_must_be_that_failure() {
        assert_eq!(judged(json!({"error": "timeout"}), json!({"failure": "timeout"})).0, Verdict::Pass);
        assert_eq!(judged(json!({"error": "refused"}), json!({"failure": "timeout"})), (Verdict::Fail, "failed-otherwise".into()));
        assert_eq!(judged(json!({"status": 200}), json!({"failure": "any"})), (Verdict::Fail, "reached".into()));
    }

    #[test]
    fn an_answer_of_another_version_is_not_understood() {
        let outcome = world()
            .exec("probe", LiveAnswer::Exec { code: 0, stdout: json!({"schema": 2, "status": 200}).to_string(), stderr: String::new() })
            .evaluate(probe(json!({"http": "http://api/"}), json!({})));
        assert_eq!(outcome.verdict, Verdict::Error);
    }

    #[test]
    fn it_is_probed_only_where_the_network_is_real() {
        let spec = || probe(json!({"tcp": "db:5432"}), json!({}));
        assert_eq!(answered(json!({"address": "10.0.0.1:5432"})).evaluate(spec()).basis, Basis::Evaluated);
        assert_eq!(answered(json!({"address": "10.0.0.1:5432"})).real().evaluate(spec()).basis, Basis::Probed);
    }

    #[test]
    fn nobody_ready_to_ask_is_a_failure_and_a_prober_that_is_not_there_an_error() {
        let spec = || probe(json!({"dns": "db"}), json!({}));
        let down = World::default().workload(deployment("web").replicas(1).pods("CrashLoopBackOff", 1));
        assert_eq!(down.evaluate(spec()).reason, "nobody-to-ask");
        assert_eq!(world().evaluate(spec()).verdict, Verdict::Error, "it was not asked");
        let foreign = world().exec("probe", LiveAnswer::Unanswered("no such file".into()));
        assert_eq!(foreign.evaluate(spec()).verdict, Verdict::Error);
    }

    #[test]
    fn the_question_goes_to_the_first_ready_pod() {
        let scenario = crate::check::fixture::scenario(vec![
            json!({"id": "a", "title": {"ko": "", "en": ""}, "assert": probe(json!({"tcp": "db:5432"}), json!({}))}),
        ]);
        let live = crate::check::request(&scenario).live.unwrap();
        let questions = live.about(&world().snapshot());
        let [LiveQuestion::Exec { namespace, command, .. }] = &questions[..] else { panic!("{questions:?}") };
        assert_eq!((namespace.as_str(), command[1..].join(" ").as_str()), ("shop", "probe tcp db:5432"));
    }
}
