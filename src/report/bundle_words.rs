//! The words of a bundle's report, in every format.

use super::{BundlePart, BundleReport, PartState, time};
use crate::{
    score::level_of,
    text::{Text, duration},
};

pub(super) fn parts() -> Text {
    Text::new("시나리오", "Parts")
}

pub(super) fn arithmetic() -> Text {
    Text::new("점수 계산", "How the points add up")
}

pub(super) fn this_report() -> Text {
    Text::new("이 보고서", "This report")
}

/// What sort of thing it is, where it belongs, how hard and how long it is, and its id.
pub(super) fn tags(report: &BundleReport) -> Vec<Text> {
    let same = |text: &String| Text::new(text.clone(), text.clone());
    let bundle = &report.bundle;
    let mut tags = vec![Text::new("묶음", "Bundle")];
    tags.extend(bundle.code.as_ref().map(same));
    tags.extend([bundle.level.title(), Text::new(format!("{}분", bundle.minutes), format!("{} min", bundle.minutes)), same(&bundle.id)]);
    tags
}

/// Points, level, and whether it is passed.
pub(super) fn result(report: &BundleReport) -> Text {
    let (total, grade) = (report.score.total, report.score.grade);
    let level = match grade.level {
        Some(level) if grade.at_least => Text::new(format!("{} 이상", level.title().ko), format!("at least {}", level.title().en)),
        Some(level) => level.title(),
        None if level_of(total.high).is_some() => Text::new("아직 모름", "Undecided"),
        None => Text::new("미달성", "Not yet"),
    };
    let outcome = match (grade.passed, report.score.is_final) {
        (true, true) => Text::new("통과", "Passed"),
        (true, false) => Text::new("통과 예상 · 확정 전", "Passing so far · not final"),
        (false, true) => Text::new("통과하지 못함", "Not passed"),
        (false, false) => Text::new("확정 전", "Not final"),
    };
    Text::new(format!("{total}점 · {} · {}", level.ko, outcome.ko), format!("{total} points · {} · {}", level.en, outcome.en))
}

/// What there is to know about the time: parts that came true late, and pauses with their reasons.
pub(super) fn notes(report: &BundleReport) -> Vec<Text> {
    let late = report.at_limit.map(|total| {
        Text::new(
            format!("제한 시간 뒤에 이루어진 시나리오가 있습니다. 점수는 그대로 칩니다. 제한 시간까지의 평균: {total}점."),
            format!("A part came true after its time limit. The points count in full. At the limits the mean was {total} points."),
        )
    });
    let over = report.time.over.then(|| {
        Text::new(
            "묶음의 제한 시간을 넘겼습니다. 점수는 그대로 칩니다.",
            "The time limit of the bundle was exceeded. The points count in full.",
        )
    });
    late.into_iter().chain(over).chain(report.time.pauses.iter().map(time::pause)).collect()
}

/// `80 / 100`, or nothing before the part was begun.
pub(super) fn points(part: &BundlePart) -> String {
    let total = part.report.as_ref().filter(|report| report.run.is_some()).map(|report| report.score.total);
    total.map(|total| format!("{total} / 100")).unwrap_or_default()
}

/// State, time, whether a solution was seen, and where the details are.
pub(super) fn part_facts(part: &BundlePart) -> Vec<(Text, Text)> {
    let state = match part.state {
        PartState::Ahead => Text::new("시작 전", "not begun"),
        PartState::Open => Text::new("진행 중", "open"),
        PartState::Broken => Text::new("중단됨 (다시 시작할 수 있습니다)", "broken off (it can be begun again)"),
        PartState::Finished => Text::new("끝", "finished"),
    };
    let assisted = part.report.as_ref().is_some_and(|report| report.attempt.assisted);
    let state = match assisted {
        true => Text::new(format!("{} · 풀이를 봄", state.ko), format!("{} · solution seen", state.en)),
        false => state,
    };
    let mut facts = vec![(Text::new("상태", "State"), state)];
    let limit = Text::new(format!("제한 {}분", part.minutes), format!("limit {} min", part.minutes));
    match &part.report {
        None => facts.push((Text::new("시간", "Time"), limit)),
        Some(report) => {
            let used = match part.used_seconds {
                0 => Text::new("0초", "0 s"),
                seconds => duration(std::time::Duration::from_secs(seconds)),
            };
            let late = if report.at_limit.is_some() { (" · 제한 시간 뒤", " · after the limit") } else { ("", "") };
            let said = Text::new(format!("{} · {}{}", used.ko, limit.ko, late.0), format!("{} · {}{}", used.en, limit.en, late.1));
            facts.push((Text::new("시간", "Time"), said));
            facts.extend(report.time.recovery.as_ref().map(|r| (Text::new("복구", "Recovery"), time::recovery(r))));
            let command = format!("kubedrill report {}", report.attempt.id);
            facts.push((Text::new("자세히", "Details"), Text::new(command.clone(), command)));
        }
    }
    facts
}

/// Trust, run and environment, by name.
pub(super) fn about(report: &BundleReport) -> Vec<(Text, Text)> {
    let same = |text: String| Text::new(text.clone(), text);
    let (run, trust) = (&report.run, &report.trust);
    vec![
        (
            Text::new("신뢰 등급", "Trust"),
            Text::new(format!("{:?} · {}", trust.tier, trust.text.ko), format!("{:?} · {}", trust.tier, trust.text.en)),
        ),
        (Text::new("묶음", "Bundle"), same(format!("{} · {}", run.id, run.started.strftime("%Y-%m-%d %H:%M UTC")))),
        (Text::new("환경", "Environment"), same(format!("{} · {}", run.environment, report.generated_by))),
        (Text::new("내용", "Content"), same(format!("{} · {}", run.bundle, run.digest))),
    ]
}
