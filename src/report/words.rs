//! The words that every format uses.

use super::{CaseKind, CaseVerdict, CheckReport, Report, time};
use crate::{
    attempt::{AttemptState, Basis, Verdict},
    scenario::{Kind, Role},
    score::{Overridden, Score, level_of},
    text::Text,
};

pub(super) fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Pass => Text::new("통과", "passed"),
        Verdict::Fail => Text::new("실패", "failed"),
        Verdict::Error => Text::new("확인 불가", "could not check"),
        Verdict::Blocked => Text::new("대기", "blocked"),
        Verdict::Skipped => Text::new("실행 안 함", "not run"),
    }
}

/// A sign that takes one column and needs no colour.
pub(super) fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✗",
        Verdict::Error => "?",
        Verdict::Blocked => "⋯",
        Verdict::Skipped => "-",
    }
}

/// Why a check did not pass, in one sentence: what it waits for, the author's words, or else what was seen.
pub(super) fn message(report: &Report, check: &CheckReport) -> Option<Text> {
    let named = verdict(check.verdict);
    match check.verdict {
        Verdict::Pass => None,
        Verdict::Blocked => {
            let titles: Vec<Text> = check.blocked_by.iter().map(|id| report.title_of(id)).collect();
            let join = |pick: fn(&Text) -> &str| titles.iter().map(pick).collect::<Vec<_>>().join(", ");
            Some(Text::new(format!("{}: {}", named.ko, join(|t| &t.ko)), format!("{}: {}", named.en, join(|t| &t.en))))
        }
        _ => {
            let seen = || check.observations.iter().find(|o| !o.holds).map(|o| o.text.clone());
            Some(check.symptom.clone().or_else(seen).unwrap_or(named))
        }
    }
}

/// A challenge's sections, in order.
pub(super) fn sections() -> [(Role, Text); 4] {
    [
        (Role::Objective, Text::new("목표", "Objectives")),
        (Role::Guard, Text::new("보호 조건", "Guards")),
        (Role::Bonus, Text::new("가산점", "Bonus")),
        (Role::Info, Text::new("참고", "Information")),
    ]
}

pub(super) fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Lab => Text::new("실습", "Lab"),
        Kind::Challenge => Text::new("챌린지", "Challenge"),
    }
}

pub(super) fn basis(basis: Basis) -> Text {
    match basis {
        Basis::Observed => Text::new("관찰", "observed"),
        Basis::Evaluated => Text::new("계산", "evaluated"),
        Basis::Probed => Text::new("실측", "probed"),
        Basis::Modelled => Text::new("모의", "modelled"),
        Basis::Marked => Text::new("평가자", "marked"),
    }
}

/// What each basis means, for a legend.
pub(super) fn basis_meaning(basis: Basis) -> Text {
    match basis {
        Basis::Observed => Text::new("오브젝트를 읽었습니다", "an object was read"),
        Basis::Evaluated => Text::new("오브젝트에서 효과를 계산했습니다", "an effect was computed from objects"),
        Basis::Probed => Text::new("실제로 측정했습니다", "it was measured live"),
        Basis::Modelled => Text::new("샌드박스가 대신한 동작입니다", "a stand-in of the sandbox"),
        Basis::Marked => Text::new("사람이 점수를 주었습니다", "a person gave the mark"),
    }
}

/// The level that the score reaches, `미달성` below all of them.
pub(super) fn level(report: &Report) -> Text {
    reached(&report.score)
}

/// The same of a score.
pub(super) fn reached(score: &Score) -> Text {
    let title = match score.grade.level {
        Some(level) => level.title(),
        None if level_of(score.total.high).is_some() => Text::new("아직 모름", "Undecided"),
        None => Text::new("미달성", "Not yet"),
    };
    match score.grade {
        grade if grade.at_least && grade.level.is_some() => Text::new(format!("{} 이상", title.ko), format!("at least {}", title.en)),
        _ => title,
    }
}

/// Passed, not passed, or not decided yet.
pub(super) fn outcome(report: &Report) -> Text {
    match (&report.score.grade.passed, report.score.is_final) {
        (true, true) => Text::new("통과", "Passed"),
        (true, false) => Text::new("통과 예상 · 확정 전", "Passing so far · not final"),
        (false, true) if report.attempt.state == AttemptState::Closed => Text::new("통과하지 못함", "Not passed"),
        (false, true) => Text::new("아직 통과 전", "Not passed yet"),
        (false, false) => Text::new("확정 전", "Not final"),
    }
}

/// Time, hints, resets, and whether a solution was seen.
pub(super) fn facts(report: &Report) -> Vec<Text> {
    let attempt = &report.attempt;
    let plural = |count: usize, noun: &str| if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") };
    let (hints, resets) = (report.hints.len(), usize::try_from(attempt.resets).unwrap_or(usize::MAX));
    let mut facts = vec![
        time::used(&report.time),
        Text::new(format!("힌트 {hints}개"), plural(hints, "hint")),
        Text::new(format!("되돌리기 {resets}번"), plural(resets, "reset")),
        Text::new(format!("검사 {}번", attempt.runs), plural(attempt.runs, "run")),
    ];
    facts.extend(report.time.recovery.as_ref().map(time::recovery));
    if attempt.assisted {
        facts.push(Text::new("풀이를 봄", "solution seen"));
    }
    facts
}

/// What there is to know about the time: work that came after the limit, and pauses with their reasons.
pub(super) fn notes(report: &Report) -> Vec<Text> {
    let time = report.at_limit.map(time::late).into_iter().chain(report.time.pauses.iter().map(time::pause));
    time.chain(report.score.overrides.iter().map(overridden)).collect()
}

/// What a person put in the place of a computed value: old, new, reason and author.
fn overridden(one: &Overridden) -> Text {
    let (title, from, to, by, reason) = (&one.title, one.from, one.to, &one.by, &one.reason);
    Text::new(
        format!("{}: 사람이 정한 점수 {to}점 (계산한 점수 {from}점) · {by}: {reason}", title.ko),
        format!("{}: {to} points by a person's decision (computed: {from}) · {by}: {reason}", title.en),
    )
}

/// Trust, attempt, environment and run, by name.
pub(super) fn about(report: &Report) -> Vec<(Text, Text)> {
    let (environment, trust) = (&report.environment, &report.trust);
    let same = |text: String| Text::new(text.clone(), text);
    let mut fields = vec![
        (
            Text::new("신뢰 등급", "Trust"),
            Text::new(format!("{:?} · {}", trust.tier, trust.text.ko), format!("{:?} · {}", trust.tier, trust.text.en)),
        ),
        (Text::new("시도", "Attempt"), same(format!("{} · {}", report.attempt.id, report.attempt.started.strftime("%Y-%m-%d %H:%M UTC")))),
        (
            Text::new("환경", "Environment"),
            same(format!("{} · Kubernetes {} · {}", environment.provider, environment.kubernetes, report.generated_by)),
        ),
    ];
    if let Some(run) = &report.run {
        let (seconds, calls) = (seconds(run.millis), run.calls.total());
        fields.push((
            Text::new("검사", "Checks"),
            Text::new(format!("{seconds}초 · API 호출 {calls}번"), format!("{seconds} s · {calls} API calls")),
        ));
    }
    fields.push((Text::new("시나리오", "Scenario"), same(format!("{} · {}", report.scenario.id, report.scenario.digest))));
    if let Some(head) = &report.log_head {
        fields.push((Text::new("기록 해시", "Log hash"), same(head.clone())));
    }
    fields
}

/// Milliseconds as seconds with one decimal.
pub(super) fn seconds(millis: u64) -> String {
    let tenths = (millis + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `+12:30` since the learner could begin.
pub(super) fn clock(seconds: i64) -> String {
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    match seconds / 3600 {
        0 => format!("{sign}{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{sign}{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

pub(super) fn case_kind(kind: CaseKind) -> Text {
    match kind {
        CaseKind::Healthy => Text::new("정상 상태", "healthy"),
        CaseKind::Broken => Text::new("고장 상태", "broken"),
        CaseKind::Nothing => Text::new("아무것도 안 함", "nothing done"),
        CaseKind::Solution => Text::new("풀이", "solution"),
        CaseKind::Cheat => Text::new("편법", "cheat"),
        CaseKind::Repeat => Text::new("다시 시작", "repeat"),
        CaseKind::Reset => Text::new("되돌리기", "reset"),
        CaseKind::Cleanup => Text::new("정리", "cleanup"),
        CaseKind::Arithmetic => Text::new("계산", "arithmetic"),
        CaseKind::Languages => Text::new("두 언어", "languages"),
    }
}

pub(super) fn case_verdict(verdict: CaseVerdict) -> Verdict {
    match verdict {
        CaseVerdict::Pass => Verdict::Pass,
        CaseVerdict::Fail => Verdict::Fail,
        CaseVerdict::Error => Verdict::Error,
        CaseVerdict::Skipped => Verdict::Skipped,
    }
}
