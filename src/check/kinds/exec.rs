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
    cluster::LiveAnswer,
    scenario::Exec,
    text::Text,
};

/// How much of what a command printed is kept as evidence.
const MOST_CHARS: usize = 2000;

/// A command in a running container ends and prints as it should.
pub(in crate::check) fn eval_exec(spec: &Exec, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::of_containers(context.snapshot.real);
    let Some(pod) = live::ready_pod(&spec.on, context)? else {
        let text = Text::new("명령을 실행할 준비된 파드가 없습니다", "there is no ready pod to run the command in");
        findings.add(Item::fails("nobody-to-ask", context.describe(&spec.on), text));
        return Ok(findings.conclude());
    };
    let LiveAnswer::Exec { code, stdout, stderr } = live::answer(&live::exec(spec, pod), context)? else {
        return Err(Trouble("a command was answered with logs".into()));
    };
    let cut = |text: &str| text.chars().take(MOST_CHARS).collect::<String>();
    let answer = json!({"command": spec.command, "exitCode": code, "stdout": cut(stdout), "stderr": cut(stderr)});
    findings.evidence(evidence::of_answer(pod, &answer));
    let printed = found_if_asked(spec.prints.as_deref(), stdout)?;
    let reason = if *code == spec.exit_code { "wrong-output" } else { "wrong-exit-code" };
    let (command, name) = (spec.command.join(" "), object::name(pod));
    let text = Text::new(format!("파드 {name}에서 `{command}`: 종료 코드 {code}"), format!("`{command}` in pod {name}: exit code {code}"));
    let item = Item::new(*code == spec.exit_code && printed, reason, object::reference(pod), text);
    findings.add(item.value("exitCode", code).value("pod", name));
    Ok(findings.conclude())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, deployment},
        cluster::LiveAnswer,
    };

    fn ran(code: i32, stdout: &str, extra: Value) -> (Verdict, String) {
        let mut spec = json!({"on": {"kind": "Deployment", "name": "web"}, "command": ["cat", "/etc/app.conf"]});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let answer = LiveAnswer::Exec { code, stdout: stdout.into(), stderr: String::new() };
        let outcome = World::default().workload(deployment("web").replicas(1)).exec("cat", answer).evaluate(json!({"exec": spec}));
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn exit_code_and_output_both_count() {
        assert_eq!(ran(0, "mode=fast\n", json!({"prints": "mode=fast"})), (Verdict::Pass, "holds".into()));
        assert_eq!(ran(0, "mode=slow\n", json!({"prints": "mode=fast"})), (Verdict::Fail, "wrong-output".into()));
        assert_eq!(ran(1, "", json!({})), (Verdict::Fail, "wrong-exit-code".into()));
        assert_eq!(ran(1, "", json!({"exitCode": 1})), (Verdict::Pass, "holds".into()));
    }
}
