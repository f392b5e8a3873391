use std::time::Duration;

use crate::{
    attempt::{CheckResult, Verdict},
    text::{Text, duration},
};

/// Why a check came to what it came to, in words.
pub(super) fn judgement(result: &CheckResult) -> Text {
    let held = duration(Duration::from_millis(result.held_millis));
    match result.verdict {
        Verdict::Pass if result.held_millis > 0 => Text::new(
            format!("조건을 만족했고, 그 상태가 {} 동안 이어졌습니다.", held.ko),
            format!("It holds, and held for {} without a break.", held.en),
        ),
        Verdict::Pass => Text::new("조건을 만족했습니다.", "It holds."),
        Verdict::Fail if result.reason == "did-not-hold" => Text::new(
            format!("마지막에는 조건을 만족했지만 {}만 이어졌습니다. 더 오래 끊김 없이 이어져야 합니다.", held.ko),
            format!("It was true at the end, but only for {}. It must stay true for longer, without a break.", held.en),
        ),
        Verdict::Fail => failed(result),
        _ if result.awaits_mark() => Text::new(
            "사람이 점수를 주어야 합니다. 그때까지 점수가 범위로 표시됩니다.",
            "A person has to mark it. Until then it makes the score a range.",
        ),
        Verdict::Error => Text::new(
            "확인할 수 없었습니다. 틀린 것으로 치지 않습니다: 점수가 범위로 표시됩니다.",
            "It could not be looked at. That never counts as wrong: it makes the score a range.",
        ),
        Verdict::Blocked => {
            let needs = result.blocked_by.join(", ");
            Text::new(
                format!("먼저 통과해야 하는 검사가 통과하지 못해 판정하지 않았습니다: {needs}"),
                format!("Not judged by itself: what it needs has not passed: {needs}"),
            )
        }
        Verdict::Skipped => Text::new("이번 실행에서는 보지 않았습니다.", "It was left out of this run."),
    }
}

fn failed(result: &CheckResult) -> Text {
    let (open, all) = (result.observations.iter().filter(|o| !o.holds).count(), result.observations.len());
    let seen = match (open, all) {
        (_, 0) => Text::new("조건을 만족하는 것이 없습니다", "Nothing that was seen satisfies it"),
        (0, _) => Text::new("항목은 만족하지만 개수가 맞지 않습니다", "The items hold, but there are too few or too many of them"),
        (open, all) => {
            let verb = if open == 1 { "does" } else { "do" };
            Text::new(
                format!("본 항목 {all}개 가운데 {open}개를 만족하지 않습니다"),
                format!("{open} of the {all} items that were seen {verb} not hold"),
            )
        }
    };
    let moving = match result.moving {
        true => Text::new(
            " 기다리는 시간이 끝났을 때에도 아직 바뀌는 중이었습니다.",
            " Things were still changing when the time to wait was over.",
        ),
        false => Text::default(),
    };
    Text::new(format!("{}.{}", seen.ko, moving.ko), format!("{}.{}", seen.en, moving.en))
}
