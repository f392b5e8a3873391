use super::page::Page;
use crate::{
    report::{Fate, MutationScore, Noticed, ProofReport, ProvenMutant},
    text::{Style, Text},
};

/// How many of a scenario's mutants were noticed, and each one that was not, with its place.
pub(super) fn mutation(page: &mut Page, score: &MutationScore) {
    sum(page, 4, score.whole, score.parts);
    score.survivors().for_each(|mutant| survivor(page, &score.file, mutant));
    let unjudged = score.mutants.iter().filter(|mutant| mutant.fate == Fate::Unjudged).count();
    if unjudged > 0 {
        let text = Text::new(
            format!("판정하지 못한 변이 {unjudged}개: 본 것만으로는 알 수 없습니다"),
            format!("{unjudged} mutants were not judged: what was seen does not tell"),
        );
        page.text(4, Style::Dim, page.say(&text));
    }
}

/// The mutants of all scenarios together; nothing where none were made.
pub(super) fn total(page: &mut Page, report: &ProofReport) {
    let scores: Vec<&MutationScore> = report.scenarios.iter().filter_map(|s| s.mutation.as_ref()).collect();
    if !scores.is_empty() {
        sum(page, 1, scores.iter().map(|score| score.whole).sum(), scores.iter().map(|score| score.parts).sum());
    }
}

/// The share of whole checks whose loss is noticed, and of their parts.
fn sum(page: &mut Page, indent: usize, whole: Noticed, parts: Noticed) {
    let share = |noticed: Noticed| format!("{}/{} ({} %)", noticed.killed, noticed.judged, noticed.percent().unwrap_or(100));
    let (checks, parts) = (share(whole), share(parts));
    let text = Text::new(
        format!("약해지면 알아챔: 검사 전체 {checks} · 검사의 부분 {parts}"),
        format!("Noticed when weaker: whole checks {checks} · parts of checks {parts}"),
    );
    let style = if whole.percent().is_none_or(|percent| percent >= 90) { Style::Green } else { Style::Yellow };
    page.text(indent, style, page.say(&text));
}

fn survivor(page: &mut Page, file: &str, mutant: &ProvenMutant) {
    let place = match (mutant.line, mutant.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        _ => format!("{file}#{}", mutant.pointer),
    };
    let mark = page.paint(Style::Yellow, "~");
    let detail = if mutant.detail.is_empty() { String::new() } else { format!(": {}", mutant.detail) };
    page.item(4, &mark, Style::Plain, &format!("{} · {}{detail}", mutant.check, mutant.mutation));
    // A broken path cannot be opened.
    page.line(&format!("      {place}"));
    if !mutant.unnamed_by.is_empty() {
        let cheats = mutant.unnamed_by.join(", ");
        let text = Text::new(
            format!("편법 {cheats}도 이 검사가 막습니다. 그 `stoppedBy`에 이 검사를 적으면 알아챕니다."),
            format!("The check stops the cheat {cheats} as well: naming it in `stoppedBy` there would notice."),
        );
        page.text(6, Style::Dim, page.say(&text));
    }
}
