use super::tree::notes;
use crate::{
    points::Points,
    report::terminal::{TerminalOptions, page::Page},
    rubric::{AssessmentScore, Levels, LineScore, RecordState, RubricScore},
    score::{Grade, Total, TraceLine},
    text::{Style, Text},
};

/// What somebody came to by a rubric, with every step of the arithmetic.
#[must_use]
pub fn render_rubric_score(score: &RubricScore, levels: &Levels, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Bold, &format!("{} · {}", score.subject, score.rubric));
    head(&mut page, score.figure, score.grade, levels);
    if let Some(stage) = score.stage {
        let text = Text::new(format!("{stage}일째 항목만"), format!("only the lines of day {stage}"));
        page.text(1, Style::Yellow, page.say(&text));
    }
    for category in &score.categories {
        part(&mut page, &category.category.title(), category.earned);
        category.lines.iter().for_each(|one| line(&mut page, one));
    }
    for bonus in &score.bonuses {
        let title = Text::new(format!("가산점: {}", bonus.title.ko), format!("Bonus: {}", bonus.title.en));
        part(&mut page, &title, bonus.earned);
        bonus.lines.iter().for_each(|one| line(&mut page, one));
    }
    let base = Text::new(
        format!("기본 {} · 가산점 {} · 합계 {}", score.base, score.bonus, score.total),
        format!("base {} · bonus {} · total {}", score.base, score.bonus, score.total),
    );
    page.gap();
    page.text(1, Style::Bold, page.say(&base));
    records(&mut page, &score.records);
    pending(&mut page, &score.pending);
    trace(&mut page, &score.trace);
    notes(&mut page, &score.notes);
    page.finish()
}

/// What somebody came to by a weighted assessment, with every step of the arithmetic.
#[must_use]
pub fn render_assessment_score(score: &AssessmentScore, levels: &Levels, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Bold, &format!("{} · {}", score.subject, score.assessment));
    head(&mut page, score.total, Some(score.grade), levels);
    page.gap();
    for line in &score.lines {
        let mean = line.mean.map_or_else(|| "—".to_owned(), |mean| mean.to_string());
        let right = page.right(&mean, 8);
        let left = format!("{} ({} %)", page.say(&line.title), line.weight);
        page.row(0, "", &left, &right);
    }
    pending(&mut page, &score.pending);
    trace(&mut page, &score.trace);
    page.finish()
}

fn head(page: &mut Page, figure: Total, grade: Option<Grade>, levels: &Levels) {
    let reached = levels.reached(figure.low).map_or(&levels.below, |level| &level.title);
    let level = match grade {
        Some(grade) if grade.at_least => Text::new(format!(" · 적어도 {}", reached.ko), format!(" · at least {}", reached.en)),
        Some(_) => Text::new(format!(" · {}", reached.ko), format!(" · {}", reached.en)),
        None => Text::default(),
    };
    let text = Text::new(format!("{}점 / {}{}", figure, figure.max, level.ko), format!("{} of {} points{}", figure, figure.max, level.en));
    let style = if grade.is_some_and(|grade| grade.passed) { Style::Green } else { Style::Yellow };
    page.text(1, style, page.say(&text));
    let whole = figure.max.max(Points::hundredths(1)).as_hundredths();
    let bar = page.bar(page.room(1).min(60), figure.low.as_hundredths(), figure.high.as_hundredths(), whole);
    page.line(&format!(" {bar}"));
}

fn part(page: &mut Page, title: &Text, earned: Total) {
    page.gap();
    let title = page.paint(Style::Bold, page.say(title));
    let right = page.right(&of_max(earned), 10);
    page.row(0, "", &title, &right);
}

fn line(page: &mut Page, line: &LineScore) {
    let id = page.paint(Style::Cyan, &format!("{:<3}", line.id));
    let right = page.right(&of_max(line.earned), 10);
    page.row(2, &id, page.say(&line.title), &right);
    for criterion in line.criteria.iter().filter(|one| one.earned.points < one.earned.max) {
        let style = if criterion.earned.is_known() { Style::Red } else { Style::Yellow };
        let mark = page.paint(style, if criterion.earned.is_known() { "✗" } else { "?" });
        let right = page.right(&of_max(criterion.earned), 10);
        page.row(6, &mark, page.say(&criterion.title), &right);
    }
}

fn of_max(total: Total) -> String {
    format!("{total}/{}", total.max)
}

fn records(page: &mut Page, records: &[RecordState]) {
    if records.is_empty() {
        return;
    }
    page.heading(&Text::new("배점 없이 꼭 해야 하는 것", "Required, without points"));
    for record in records {
        let (style, sign) = match record.passed {
            Some(true) => (Style::Green, "✓"),
            Some(false) => (Style::Red, "✗"),
            None => (Style::Yellow, "?"),
        };
        let mark = page.paint(style, sign);
        page.item(3, &mark, Style::Plain, page.say(&record.title));
    }
}

fn pending(page: &mut Page, pending: &[Text]) {
    if pending.is_empty() {
        return;
    }
    page.heading(&Text::new("아직 확정되지 않은 이유", "Why it is not final"));
    for reason in pending {
        let mark = page.paint(Style::Yellow, "?");
        page.item(3, &mark, Style::Plain, page.say(reason));
    }
}

fn trace(page: &mut Page, trace: &[TraceLine]) {
    page.heading(&Text::new("계산", "The arithmetic"));
    let rows: Vec<Vec<String>> = trace.iter().map(|line| vec![page.say(&line.label).to_owned(), line.formula.clone()]).collect();
    page.table(3, &rows, &[]);
}
