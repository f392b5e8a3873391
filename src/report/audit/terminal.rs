use super::words;
use crate::{
    audit::{Audit, ItemResult, Offender, Phase, Severity, Status},
    report::{TerminalOptions, terminal::page::Page},
    text::{Style, Text},
};

/// Offenders of an item that a terminal shows; JSON and HTML have all.
const MOST: usize = 5;

/// An audit for the terminal: a line an item, and below it what is not in order and what to do.
#[must_use]
pub fn render(audit: &Audit, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Dim, page.say(&words::place(audit)));
    for phase in Phase::ALL {
        page.heading(&phase.title());
        audit.items.iter().filter(|item| item.phase == phase).for_each(|item| of_item(&mut page, item));
    }
    page.gap();
    let sum = words::sum(audit.score);
    let line = format!("{} · {}", words::percent(audit.score), page.say(&sum));
    let failed = audit.items.iter().any(|item| item.status == Status::Fail);
    page.text(1, if failed { Style::Red } else { Style::Bold }, &line);
    page.finish()
}

fn of_item(page: &mut Page, item: &ItemResult) {
    let mark = page.paint(words::style(item.status), words::sign(item.status));
    let left = format!("{:?} {}", item.id, page.say(&item.title));
    let status = words::status(item.status);
    page.row(2, &mark, &left, page.say(&status));
    if let Some(reason) = &item.reason {
        page.text(7, Style::Dim, page.say(reason));
    }
    item.offenders.iter().take(MOST).for_each(|offender| of_offender(page, offender));
    let more = item.offenders.len().saturating_sub(MOST);
    if more > 0 {
        let text = Text::new(
            format!("외 {more}건. 모두 보려면 `--format html --out FILE` 또는 `--output json`"),
            format!("and {more} more: `--format html --out FILE` or `--output json` has them all"),
        );
        page.text(7, Style::Dim, page.say(&text));
    }
    if let Some(person) = &item.for_a_person {
        let text = Text::new(format!("사람이 확인: {}", person.ko), format!("For a person: {}", person.en));
        page.text(7, Style::Dim, page.say(&text));
    }
}

fn of_offender(page: &mut Page, offender: &Offender) {
    let (sign, style) = match offender.severity {
        Severity::Fail => (words::sign(Status::Fail), Style::Red),
        Severity::Warn => (words::sign(Status::Warn), Style::Yellow),
    };
    let mark = page.paint(style, sign);
    page.item(5, &mark, Style::Plain, &format!("{}: {}", offender.object, page.say(&offender.fact)));
    page.item(7, "→", Style::Plain, page.say(&offender.fix));
}
