use super::{TerminalOptions, mutation, page::Page};
use crate::{
    attempt::Verdict,
    report::{CaseVerdict, ProofCase, ProofReport, ProofScenario, words},
    text::{Style, Text},
};

/// What proving came to: one line a case, then the counts.
#[must_use]
pub fn render_proof(report: &ProofReport, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    for scenario in &report.scenarios {
        page.gap();
        let id = page.paint(Style::Bold, &scenario.id);
        page.line(&format!(" {id}"));
        if !scenario.refused.is_empty() {
            page.text(4, Style::Yellow, page.say(&refused(report, scenario)));
        }
        for case in &scenario.cases {
            line(&mut page, case, None);
        }
        if let Some(score) = &scenario.mutation {
            mutation::mutation(&mut page, score);
        }
    }
    page.gap();
    let [passed, failed, errors, skipped] =
        [CaseVerdict::Pass, CaseVerdict::Fail, CaseVerdict::Error, CaseVerdict::Skipped].map(|v| report.count(v));
    let scenarios = report.scenarios.len();
    let flaky = match report.flaky() {
        0 => Text::default(),
        count => Text::new(format!(" (다시 해서 통과 {count})"), format!(" ({count} flaky)")),
    };
    let sum = Text::new(
        format!("시나리오 {scenarios}개 · 통과 {passed}{} · 실패 {failed} · 확인 불가 {errors} · 건너뜀 {skipped}", flaky.ko),
        format!(
            "{scenarios} scenarios · {passed} passed{} · {failed} failed · {errors} could not be checked · {skipped} skipped",
            flaky.en
        ),
    );
    let style = if report.passed() { Style::Green } else { Style::Red };
    page.text(1, style, page.say(&sum));
    mutation::total(&mut page, report);
    page.finish()
}

/// The cases that did not pass, or not at once, by themselves: among hundreds nobody finds them. Empty when all passed at once.
#[must_use]
pub fn render_shortfalls(report: &ProofReport, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    for scenario in &report.scenarios {
        for case in scenario.cases.iter().filter(|case| matches!(case.verdict, CaseVerdict::Fail | CaseVerdict::Error) || case.is_flaky()) {
            line(&mut page, case, Some(&scenario.id));
        }
    }
    page.finish()
}

fn line(page: &mut Page, case: &ProofCase, scenario: Option<&str>) {
    let verdict = words::case_verdict(case.verdict);
    let style = match verdict {
        Verdict::Pass => Style::Green,
        Verdict::Fail => Style::Red,
        _ => Style::Yellow,
    };
    let mark = page.paint(style, words::sign(verdict));
    let kind = page.say(&words::case_kind(case.kind)).to_owned();
    let parts = [scenario.unwrap_or_default(), &kind, &case.name];
    let what = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    page.row(2, &mark, &what, &format!("{} s", words::seconds(case.millis)));
    for earlier in &case.earlier {
        let said = Text::new(format!("앞선 시도: {earlier}"), format!("an earlier try: {earlier}"));
        page.text(4, Style::Yellow, page.say(&said));
    }
    if !case.message.is_empty() {
        page.text(4, Style::Plain, &case.message);
    }
}

fn refused(report: &ProofReport, scenario: &ProofScenario) -> Text {
    let (list, provider) = (scenario.refused.join(", "), &report.provider);
    Text::new(
        format!("{list} 기능이 필요한데 `{provider}`에는 없어 증명하지 않았습니다"),
        format!("not proven: it needs {list}, which `{provider}` does not have"),
    )
}
