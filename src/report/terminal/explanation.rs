use super::{TerminalOptions, attempt::style, carets::carets, page::Page};
use crate::{
    attempt::{Basis, Trigger, Verdict},
    report::{EvidenceRef, Explanation, words},
    text::{Style, Text},
};

/// Lines of a part of an object that are printed; all of them are in the JSON.
const MOST_LINES: usize = 24;

/// Why a check was judged as it was.
#[must_use]
pub fn render_explanation(explanation: &Explanation, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    head(&mut page, explanation);
    why(&mut page, explanation);
    items(&mut page, explanation);
    for expression in &explanation.expressions {
        page.heading(&Text::new("식", "Expression"));
        carets(&mut page, expression);
    }
    if !explanation.evidence.is_empty() {
        page.heading(&Text::new("증거", "Evidence"));
        explanation.evidence.iter().for_each(|evidence| part(&mut page, evidence));
    }
    page.finish()
}

fn head(page: &mut Page, explanation: &Explanation) {
    let (check, run) = (&explanation.check, &explanation.run);
    let mark = page.paint(style(explanation.verdict), words::sign(explanation.verdict));
    page.row(1, &mark, page.say(&check.title), page.say(&words::verdict(explanation.verdict)));
    let place = check.step.iter().map(String::as_str).chain([check.id.as_str()]).collect::<Vec<_>>().join(" / ");
    page.text(3, Style::Dim, &format!("{} · {place} · {}", explanation.scenario, explanation.attempt));
    let seen = run.seen.strftime("%Y-%m-%d %H:%M:%S UTC");
    let line = Text::new(
        format!("{}번째 실행(모두 {}번) · {} · {seen}", run.number, run.of, trigger(run.trigger).ko),
        format!("Run {} of {} · {} · {seen}", run.number, run.of, trigger(run.trigger).en),
    );
    page.text(3, Style::Dim, page.say(&line));
    if run.provisional {
        page.text(3, Style::Dim, page.say(&Text::new("한 번만 보고 기다리지 않았습니다.", "It looked once and did not wait.")));
    }
    if explanation.changed {
        page.text(
            3,
            Style::Yellow,
            page.say(&Text::new(
                "그 뒤로 시나리오 파일이 바뀌었습니다. 제목과 설명은 지금의 것입니다.",
                "The scenario's files have changed since: titles and texts are those of today.",
            )),
        );
    }
}

fn trigger(trigger: Trigger) -> Text {
    match trigger {
        Trigger::Learner => Text::new("직접 실행", "asked for"),
        Trigger::Watch => Text::new("변경 감지", "at a change"),
        Trigger::Submit => Text::new("채점", "for the score"),
        Trigger::Prove => Text::new("증명", "a proof"),
        Trigger::Confirm => Text::new("시작할 때의 확인", "the look at the start"),
        Trigger::Regrade => Text::new("재채점", "a regrade"),
    }
}

fn why(page: &mut Page, explanation: &Explanation) {
    page.heading(&Text::new("왜 이렇게 판정했나", "Why it was judged so"));
    let mut fields = vec![
        (Text::new("규칙", "Rule"), page.say(&explanation.rule).to_owned()),
        (Text::new("판정", "Verdict"), page.say(&explanation.judgement).to_owned()),
    ];
    if !explanation.reason.is_empty() {
        fields.push((Text::new("이유", "Reason"), explanation.reason.clone()));
    }
    let judged = !matches!(explanation.verdict, Verdict::Blocked | Verdict::Skipped);
    if judged {
        let basis = words::basis_meaning(explanation.basis);
        let modelled = matches!(explanation.basis, Basis::Observed | Basis::Probed | Basis::Marked);
        let name = if modelled { String::new() } else { format!("{} · ", page.say(&words::basis(explanation.basis))) };
        fields.push((Text::new("근거", "Basis"), format!("{name}{}", page.say(&basis))));
    }
    if explanation.total > 1 && judged {
        fields.push((Text::new("몫", "Share"), format!("{} / {}", explanation.passed, explanation.total)));
    }
    let say = &explanation.say;
    let ladder = [
        (Text::new("증상", "Symptom"), &say.symptom),
        (Text::new("살펴볼 곳", "Look at"), &say.look_at),
        (Text::new("개념", "Idea"), &say.concept),
    ];
    fields.extend(ladder.into_iter().filter_map(|(name, text)| text.as_ref().map(|text| (name, page.say(text).to_owned()))));
    page.fields(3, &fields);
}

fn items(page: &mut Page, explanation: &Explanation) {
    page.heading(&Text::new("무엇을 보았나", "What was seen"));
    if explanation.withheld {
        let text = Text::new("자세한 내용은 시도를 마친 뒤에 볼 수 있습니다.", "Details are shown after the attempt is closed.");
        return page.text(3, Style::Dim, page.say(&text));
    }
    if explanation.items.is_empty() {
        page.text(3, Style::Dim, page.say(&Text::new("아무것도 보지 않았습니다.", "Nothing was looked at.")));
    }
    for item in &explanation.items {
        let verdict = if item.holds { Verdict::Pass } else { explanation.verdict };
        let verdict = if !item.holds && verdict == Verdict::Pass { Verdict::Skipped } else { verdict };
        let mark = page.paint(style(verdict), if item.holds { "✓" } else { words::sign(verdict) });
        let object = if item.object.is_empty() { String::new() } else { format!("{}: ", item.object) };
        page.item(3, &mark, Style::Plain, &format!("{object}{}", page.say(&item.text)));
    }
    for (kind, version) in &explanation.resource_versions {
        let text = Text::new(format!("{kind}: 리소스 버전 {version}에서 읽음"), format!("{kind} read at resource version {version}"));
        page.text(3, Style::Dim, page.say(&text));
    }
}

fn part(page: &mut Page, evidence: &EvidenceRef) {
    let object = page.paint(Style::Bold, &evidence.object);
    page.line(&format!("   {object}"));
    if evidence.part.is_null() && evidence.uid.is_empty() {
        return page.text(5, Style::Dim, page.say(&Text::new("없었습니다", "it was not there")));
    }
    let facts = format!("resourceVersion {} · uid {}", evidence.resource_version, evidence.uid);
    page.text(5, Style::Dim, &facts);
    let json = serde_json::to_string_pretty(&evidence.part).unwrap_or_default();
    let lines: Vec<&str> = json.lines().collect();
    lines.iter().take(MOST_LINES).for_each(|line| page.line(&format!("     {line}")));
    if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        let text = Text::new(format!("… {more}줄 더: --output json"), format!("… {more} more lines: --output json"));
        page.text(5, Style::Dim, page.say(&text));
    }
}
