use super::{TerminalOptions, page::Page};
use crate::{
    points::Points,
    report::{BundlePart, BundleReport, PartState, bundle_words, time},
    text::{Style, pad, width},
};

/// The report of a run of a bundle.
#[must_use]
pub fn render_bundle(report: &BundleReport, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    head(&mut page, report);
    page.heading(&bundle_words::parts());
    for (part, number) in report.parts.iter().zip(1..) {
        one(&mut page, part, number);
    }
    page.heading(&bundle_words::arithmetic());
    let rows: Vec<Vec<String>> = report.score.trace.iter().map(|l| vec![page.say(&l.label).to_owned(), l.formula.clone()]).collect();
    page.table(2, &rows, &[]);
    page.heading(&bundle_words::this_report());
    let fields: Vec<_> = bundle_words::about(report).into_iter().map(|(name, value)| (name, page.say(&value).to_owned())).collect();
    page.fields(2, &fields);
    page.finish()
}

fn head(page: &mut Page, report: &BundleReport) {
    page.text(1, Style::Bold, page.say(&report.bundle.title));
    let tags: Vec<String> = bundle_words::tags(report).iter().map(|tag| page.say(tag).to_owned()).collect();
    page.text(1, Style::Dim, &tags.join(" · "));
    page.gap();
    let score = &report.score;
    let style = if score.grade.passed { Style::Green } else { Style::Yellow };
    page.text(1, style, page.say(&bundle_words::result(report)));
    let bar = page.bar(
        page.room(1).min(60),
        score.total.low.as_hundredths(),
        score.total.high.as_hundredths(),
        Points::whole(100).as_hundredths(),
    );
    page.line(&format!(" {bar}"));
    page.text(1, Style::Dim, page.say(&time::used(&report.time)));
    for note in bundle_words::notes(report) {
        page.text(1, Style::Yellow, page.say(&note));
    }
    for reason in &score.pending {
        let mark = page.paint(Style::Yellow, "?");
        page.item(1, &mark, Style::Plain, page.say(reason));
    }
}

fn one(page: &mut Page, part: &BundlePart, number: usize) {
    let (sign, style) = match part.state {
        PartState::Finished => ("✓", Style::Green),
        PartState::Open => ("▶", Style::Yellow),
        PartState::Broken | PartState::Ahead => ("○", Style::Dim),
    };
    let (mark, right) = (page.paint(style, sign), bundle_words::points(part));
    page.row(2, &mark, &format!("{number}. {}", page.say(&part.title)), &right);
    let column = bundle_words::part_facts(part).iter().map(|(name, _)| width(page.say(name))).max().unwrap_or(0);
    for (name, value) in bundle_words::part_facts(part) {
        let name = page.paint(Style::Dim, &pad(page.say(&name), column));
        page.item(6, &name, Style::Plain, page.say(&value));
    }
}
