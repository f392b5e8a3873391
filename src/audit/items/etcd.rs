//! T1: backups of etcd.

use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::{object, workload},
    text::Text,
};

/// How old the latest snapshot may be.
const SNAPSHOT: SignedDuration = SignedDuration::from_hours(24);
/// How long ago a snapshot must have been restored as a test.
const RESTORE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Where a team writes down when it last restored a snapshot as a test.
const TESTED: &str = "kubedrill.dev/restore-tested";

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    if !facts.scope.is_cluster() {
        return Ok(Found::not_applicable(Text::new(
            "네임스페이스만 점검합니다. etcd는 클러스터 전체의 것입니다",
            "only namespaces are audited; etcd is the whole cluster's",
        )));
    }
    let jobs: Vec<&Value> = facts.anywhere("CronJob")?.into_iter().filter(|job| commands(job).contains("snapshot save")).collect();
    let runs_here = facts.own.objects("Pod")?.iter().any(|pod| object::label(pod, "component") == Some("etcd"));
    if jobs.is_empty() && !runs_here {
        return Ok(Found::not_applicable(Text::new(
            "etcd가 이 클러스터의 파드로 돌지 않습니다. 백업은 컨트롤 플레인을 운영하는 쪽의 몫입니다",
            "etcd does not run in pods of this cluster; whoever runs the control plane backs it up",
        )));
    }
    let mut found = Found::default();
    if jobs.is_empty() {
        let fact = Text::new("`etcdctl snapshot save`를 실행하는 CronJob이 없습니다", "no CronJob runs `etcdctl snapshot save`");
        let fix = Text::new(
            "하루 한 번 이상 스냅숏을 만들어 클러스터 밖에 보관하는 CronJob을 두세요. 노드의 cron으로 한다면 그 기록을 확인하세요",
            "add a CronJob that saves a snapshot once a day or more and keeps it elsewhere; if a node's own cron does, look at its record",
        );
        found.fails("etcd", fact, fix);
    }
    for job in jobs {
        of_job(job, facts, &mut found);
    }
    Ok(found)
}

/// The commands and arguments of a job's containers.
fn commands(job: &Value) -> String {
    let words = |container: &Value| {
        let of = |field: &str| object::list(container, field).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        format!("{} {}", of("/command"), of("/args"))
    };
    workload::template(job).into_iter().flat_map(workload::containers).map(words).collect::<Vec<_>>().join("\n")
}

fn of_job(job: &Value, facts: &Facts, found: &mut Found) {
    let reference = object::reference(job);
    if job.pointer("/spec/suspend").is_some_and(|value| value == true) {
        let fact = Text::new("중지(suspend)되어 있습니다", "is suspended");
        return found.fails(&reference, fact, Text::new("suspend를 false로 되돌리세요", "set suspend to false"));
    }
    match object::time(job, "/status/lastSuccessfulTime") {
        Some(time) if facts.now().duration_since(time) <= SNAPSHOT => {
            found.fact(Text::new(format!("{reference}: 마지막 성공 {time}"), format!("{reference}: last succeeded at {time}")));
        }
        Some(time) => {
            let fact = Text::new(
                format!("마지막 성공이 24시간보다 오래되었습니다: {time}"),
                format!("last succeeded more than 24 hours ago: {time}"),
            );
            found.fails(&reference, fact, Text::new("실패한 Job의 로그를 보고 고치세요", "look at the logs of the jobs that failed"));
        }
        None => {
            let fact = Text::new("한 번도 성공하지 않았습니다", "has never succeeded");
            found.fails(&reference, fact, Text::new("Job의 로그를 보고 고치세요", "look at its jobs' logs, and mend it"));
        }
    }
    if !commands(job).contains("snapshot status") {
        let fact = Text::new("만든 스냅숏을 검증하지 않습니다", "does not verify the snapshots that it saves");
        let fix = Text::new(
            "저장한 뒤 `etcdutl snapshot status`로 해시를 확인하세요",
            "check each with `etcdutl snapshot status` once it is saved",
        );
        found.warns(&reference, fact, fix);
    }
    let tested = object::pairs(job, "/metadata/annotations")
        .find(|(key, _)| *key == TESTED)
        .and_then(|(_, time)| time.parse::<jiff::Timestamp>().ok());
    if tested.is_none_or(|time| facts.now().duration_since(time) > RESTORE) {
        let fact = Text::new("최근 30일 안에 복원해 본 기록이 없습니다", "no restore was tried within the last 30 days");
        let fix = Text::new(
            format!("복원을 연습하고 `{TESTED}` 어노테이션에 그 시각(RFC 3339)을 적으세요"),
            format!("restore one as a test, and write when into the annotation `{TESTED}` (RFC 3339)"),
        );
        found.warns(&reference, fact, fix);
    }
}
