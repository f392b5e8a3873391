use super::{page::Page, unnoticed};
use crate::{
    report::{Fate, MutationScore, Noticed, ProofReport, ProvenMutant},
    text::{Style, Text},
};

/// The share that ought to be noticed, in hundredths.
const AIM: usize = 90;

/// How many of a scenario's mutants were noticed, and each one that was not, with its place and what would notice it.
pub(super) fn mutation(page: &mut Page, score: &MutationScore) {
    sum(page, 4, score.all, score.whole, score.parts);
    for survivor in score.survivors() {
        listed(page, &score.file, survivor, "~");
        page.text(6, Style::Dim, page.say(&unnoticed::needed(&survivor.mutation)));
    }
    let unjudged: Vec<&ProvenMutant> = score.mutants.iter().filter(|mutant| mutant.fate == Fate::Unjudged).collect();
    if !unjudged.is_empty() {
        let count = unjudged.len();
        let text = Text::new(
            format!("판정하지 못해 점수에 넣지 않은 변이 {count}개: 마지막에 본 것만으로는 알 수 없습니다"),
            format!("{count} mutants were not judged and count for nothing: what was seen last does not tell"),
        );
        page.text(4, Style::Dim, page.say(&text));
        unjudged.iter().for_each(|mutant| listed(page, &score.file, mutant, "?"));
    }
    let unnamed = score.mutants.iter().filter(|mutant| !mutant.unnamed_by.is_empty()).count();
    if unnamed > 0 {
        let text = Text::new(
            format!(
                "알아챈 변이 가운데 {unnamed}개는 결과만 달라지고 증명은 깨지지 않습니다. 편법의 `stoppedBy`에 그 검사도 적으면 깨집니다."
            ),
            format!(
                "{unnamed} of those noticed change a result and break no proof; naming the check in a cheat's `stoppedBy` makes them break it."
            ),
        );
        page.text(4, Style::Dim, page.say(&text));
    }
}

/// The mutants of all scenarios together; nothing where none were made.
pub(super) fn total(page: &mut Page, report: &ProofReport) {
    let scores: Vec<&MutationScore> = report.scenarios.iter().filter_map(|s| s.mutation.as_ref()).collect();
    if !scores.is_empty() {
        let of = |part: fn(&MutationScore) -> Noticed| scores.iter().copied().map(part).sum();
        sum(page, 1, of(|score| score.all), of(|score| score.whole), of(|score| score.parts));
    }
}

/// The share of mutants that is noticed: of all, of whole checks, and of their parts.
fn sum(page: &mut Page, indent: usize, all: Noticed, whole: Noticed, parts: Noticed) {
    let share = |noticed: Noticed| format!("{}/{} ({} %)", noticed.killed, noticed.judged, noticed.percent().unwrap_or(100));
    let (score, checks, parts) = (share(all), share(whole), share(parts));
    let text = Text::new(
        format!("변이 점수 {score} · 검사 전체 {checks} · 검사의 부분 {parts}"),
        format!("Mutation score {score} · whole checks {checks} · parts of checks {parts}"),
    );
    let style = if all.percent().is_none_or(|percent| percent >= AIM) { Style::Green } else { Style::Yellow };
    page.text(indent, style, page.say(&text));
}

fn listed(page: &mut Page, file: &str, mutant: &ProvenMutant, sign: &str) {
    let place = match (mutant.line, mutant.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        _ => format!("{file}#{}", mutant.pointer),
    };
    let mark = page.paint(Style::Yellow, sign);
    let detail = if mutant.detail.is_empty() { String::new() } else { format!(": {}", mutant.detail) };
    page.item(4, &mark, Style::Plain, &format!("{} · {}{detail}", mutant.check, mutant.mutation));
    // A broken path cannot be opened.
    page.line(&format!("      {place}"));
}
