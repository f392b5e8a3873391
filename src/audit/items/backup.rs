//! P6: backups of data.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

const SCHEDULE: &str = "Schedule.velero.io";
const SNAPSHOTS: &str = "SnapshotSchedule.snapscheduler.backube";
/// Words by which a job of somebody's own is known as a backup.
const BACKUP_WORDS: [&str; 7] = ["backup", "pg_dump", "mysqldump", "mongodump", "restic", "kopia", "velero"];

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let mut claims: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for claim in facts.in_scope("PersistentVolumeClaim")? {
        claims.entry(object::namespace(claim)).or_default().push(object::name(claim));
    }
    if claims.is_empty() {
        return Ok(Found::not_applicable(Text::new("대상 네임스페이스에 PVC가 없습니다", "there are no claims in these namespaces")));
    }
    let (schedules, snapshots, jobs) = (facts.anywhere(SCHEDULE), facts.in_scope(SNAPSHOTS)?, facts.anywhere("CronJob"));
    let mut found = Found::default();
    let mut unseen = BTreeSet::new();
    for (namespace, names) in claims {
        let reference = format!("Namespace/{namespace}");
        let by_snapshots =
            snapshots.iter().find(|snapshot| object::namespace(snapshot) == namespace && !is_off(snapshot, "/spec/disabled"));
        let by_velero = schedules.iter().flatten().find(|schedule| covers(schedule, namespace));
        let by_job = jobs.iter().flatten().find(|job| object::namespace(job) == namespace && is_backup(job));
        match (by_velero, by_snapshots, by_job) {
            (Some(schedule), ..) => velero(schedule, namespace, &mut found),
            (_, Some(snapshot), _) => kept(
                snapshot,
                object::int(snapshot, "/spec/retention/maxCount").is_some()
                    || !object::text(snapshot, "/spec/retention/expires").is_empty(),
                &mut found,
            ),
            (.., Some(job)) => by_hand(job, &mut found),
            _ if schedules.is_err() || jobs.is_err() => drop(unseen.insert(namespace)),
            _ => {
                let list = names.join(", ");
                let fact = Text::new(format!("백업되지 않는 PVC: {list}"), format!("claims without a backup: {list}"));
                let fix = Text::new(
                    "Velero Schedule, VolumeSnapshot 일정, 백업 CronJob 가운데 하나로 이 네임스페이스를 보관 기간과 함께 백업하세요",
                    "cover the namespace by a Velero Schedule, a schedule of VolumeSnapshots or a backup CronJob, with a time to keep",
                );
                found.fails(&reference, fact, fix);
            }
        }
    }
    for namespace in unseen {
        found.unread(Text::new(
            format!("{namespace}: 다른 네임스페이스의 백업 일정을 읽을 수 없습니다"),
            format!("{namespace}: schedules in other namespaces could not be read"),
        ));
    }
    Ok(found)
}

fn is_off(object: &Value, pointer: &str) -> bool {
    object.pointer(pointer).is_some_and(|value| value == true)
}

/// No list means every namespace.
fn covers(schedule: &Value, namespace: &str) -> bool {
    let list = |at: &str| object::list(schedule, &format!("/spec/template/{at}")).iter().filter_map(Value::as_str).collect::<Vec<_>>();
    let (included, excluded) = (list("includedNamespaces"), list("excludedNamespaces"));
    !is_off(schedule, "/spec/paused")
        && (included.is_empty() || included.iter().any(|n| *n == "*" || *n == namespace))
        && !excluded.contains(&namespace)
}

fn velero(schedule: &Value, namespace: &str, found: &mut Found) {
    let reference = object::reference(schedule);
    found.fact(Text::new(format!("{namespace}: {reference}"), format!("{namespace}: {reference}")));
    if object::text(schedule, "/status/phase") == "FailedValidation" {
        let fact = Text::new("일정이 유효하지 않습니다(FailedValidation)", "the schedule is not valid (FailedValidation)");
        found.fails(
            &reference,
            fact,
            Text::new("`velero schedule describe`로 원인을 고치세요", "see `velero schedule describe`, and mend it"),
        );
    } else if object::text(schedule, "/status/lastBackup").is_empty() {
        let fact = Text::new("아직 한 번도 백업하지 않았습니다", "it has not made a backup yet");
        found.warns(&reference, fact, Text::new("첫 백업이 끝났는지 확인하세요", "see that the first one completes"));
    }
    kept(schedule, !object::text(schedule, "/spec/template/ttl").is_empty(), found);
}

fn kept(schedule: &Value, known: bool, found: &mut Found) {
    if !known {
        let fact = Text::new("보관 기간이 적혀 있지 않습니다", "says nothing about how long backups are kept");
        found.warns(object::reference(schedule), fact, Text::new("보관 기간이나 개수를 적으세요", "write how long, or how many, to keep"));
    }
}

fn is_backup(job: &Value) -> bool {
    let spec = job.pointer("/spec/jobTemplate").map(ToString::to_string).unwrap_or_default();
    let text = format!("{} {spec}", object::name(job)).to_ascii_lowercase();
    BACKUP_WORDS.iter().any(|word| text.contains(word)) && !is_off(job, "/spec/suspend")
}

fn by_hand(job: &Value, found: &mut Found) {
    let reference = object::reference(job);
    if object::time(job, "/status/lastSuccessfulTime").is_none() {
        let fact = Text::new("한 번도 성공하지 않았습니다", "has never succeeded");
        found.fails(&reference, fact, Text::new("Job의 로그를 보고 고치세요", "look at its jobs' logs, and mend it"));
    } else {
        let fact = Text::new("백업 보관 기간은 객체에 드러나지 않습니다", "how long its backups are kept shows in no object");
        found.warns(&reference, fact, Text::new("보관 기간을 확인해 백업 계획에 적으세요", "find out, and write it into the backup plan"));
    }
}
