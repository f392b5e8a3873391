use serde_json::Value;

use super::{TimelineEntry, time::pause_reason};
use crate::{
    attempt::{Attempt, LogEntry, LogKind},
    score::PauseReason,
    text::Text,
};

/// The attempt's log in words. Of runs in a row that came to the same, as in a watch, the first is enough.
/// `late` says whether a run, by its number from 0, came after the time limit.
pub(super) fn timeline(attempt: &Attempt, log: &[LogEntry], late: &dyn Fn(usize) -> bool) -> Vec<TimelineEntry> {
    let entry = |e: &LogEntry| {
        let run = e.data["run"].as_u64().and_then(|run| usize::try_from(run.checked_sub(1)?).ok());
        let text = words(e.kind, &e.data);
        let text = match run.is_some_and(late) {
            true => Text::new(format!("{} · 제한 시간 뒤", text.ko), format!("{} · after the time limit", text.en)),
            false => text,
        };
        TimelineEntry { at: e.at, seconds: e.at.duration_since(attempt.started).as_secs(), kind: e.kind, text }
    };
    let mut entries: Vec<TimelineEntry> = log.iter().map(entry).collect();
    entries.dedup_by(|next, first| next.kind == LogKind::Checked && first.kind == next.kind && first.text == next.text);
    entries
}

fn words(kind: LogKind, data: &Value) -> Text {
    let word = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| data.get(key).and_then(Value::as_u64);
    match kind {
        LogKind::Started => Text::new("장애를 확인하고 시작했습니다", "The fault was confirmed, the attempt began"),
        LogKind::Checked => match (number("passed"), number("total")) {
            (Some(passed), Some(total)) if passed == total => {
                Text::new(format!("검사 {total}개를 모두 통과했습니다"), format!("All {total} checks passed"))
            }
            (Some(passed), Some(total)) => {
                Text::new(format!("검사 {total}개 중 {passed}개를 통과했습니다"), format!("{passed} of {total} checks passed"))
            }
            _ => Text::new("검사를 실행했습니다", "The checks ran"),
        },
        LogKind::HintOpened => match number("rung") {
            Some(rung) => Text::new(format!("힌트 {rung}단계를 열었습니다"), format!("Hint {rung} was opened")),
            None => Text::new("힌트를 열었습니다", "A hint was opened"),
        },
        LogKind::Answered => named("질문에 답했습니다", "A question was answered", word("check")),
        LogKind::Marked => named("채점자가 점수를 주었습니다", "A grader gave a mark", word("check")),
        LogKind::MarksPosted => named("점수를 공개했습니다", "The marks were posted", word("by")),
        LogKind::Overridden => {
            decided("점수를 사람이 정했습니다", "A person put points in the place of computed ones", &target(&data["target"]), data)
        }
        LogKind::OverrideUndone => {
            decided("사람이 정한 점수를 거두었습니다", "The computed points count again", &target(&data["target"]), data)
        }
        LogKind::Adjusted => decided("점수를 조정했습니다", "Points were adjusted", &data["amount"].to_string(), data),
        LogKind::AdjustmentUndone => decided("점수 조정을 거두었습니다", "An adjustment was taken back", &data["number"].to_string(), data),
        LogKind::Regraded => {
            let (before, after) = (&data["before"]["points"], &data["after"]["points"]);
            decided("다시 채점했습니다", "The score was computed anew", &format!("{before} → {after}"), data)
        }
        LogKind::SolutionShown => named("풀이를 보았습니다", "A solution was shown", word("solution")),
        LogKind::SolutionApplied => named("풀이를 적용했습니다", "A solution was applied", word("solution")),
        LogKind::Reset => Text::new("고장 난 상태로 되돌렸습니다", "Back to the broken state"),
        LogKind::Paused => {
            let reason = serde_json::from_value(data["reason"].clone()).unwrap_or(PauseReason::EnvironmentDown);
            let why = pause_reason(reason);
            Text::new(format!("시계를 멈췄습니다: {}", why.ko), format!("The clock was stopped: {}", why.en))
        }
        LogKind::Repaired => {
            Text::new("실습 환경이 다시 정상이라 시계가 다시 갑니다", "The environment works again, and the clock goes on")
        }
        LogKind::Finished => Text::new("이 시나리오를 마치고 다음으로 넘어갔습니다", "The part was finished"),
        LogKind::Submitted => named("제출물을 적용했습니다", "What was handed in was applied", word("learner")),
        LogKind::Rechecked => named("강사가 다시 검사했습니다", "An instructor checked it again", word("learner")),
        LogKind::Closed => Text::new("시도를 마쳤습니다", "The attempt was closed"),
    }
}

fn named(ko: &str, en: &str, name: &str) -> Text {
    if name.is_empty() { Text::new(ko, en) } else { Text::new(format!("{ko} ({name})"), format!("{en} ({name})")) }
}

/// What a person decided, about what, who and why.
fn decided(ko: &str, en: &str, about: &str, data: &Value) -> Text {
    let word = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
    let (by, reason) = (word("by"), word("reason"));
    Text::new(format!("{ko} ({about}, {by}: {reason})"), format!("{en} ({about}, {by}: {reason})"))
}

fn target(target: &Value) -> String {
    let inner = target.as_str().or_else(|| target.as_object().and_then(|object| object.values().next()).and_then(Value::as_str));
    inner.unwrap_or_default().to_owned()
}
