use super::{TerminalOptions, page::Page};
use crate::{
    attempt::{Basis, Verdict},
    points::Points,
    report::{CheckReport, Report, words},
    scenario::Kind,
    score::Total,
    text::{Style, Text, points, width},
};

/// The report of an attempt.
#[must_use]
pub fn render(report: &Report, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    head(&mut page, report);
    pending(&mut page, report);
    if report.scenario.kind == Kind::Lab {
        steps(&mut page, report);
    } else {
        challenge(&mut page, report);
    }
    categories(&mut page, report);
    trace(&mut page, report);
    hints(&mut page, report);
    timeline(&mut page, report);
    foot(&mut page, report);
    page.finish()
}

pub(super) fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => Style::Green,
        Verdict::Fail => Style::Red,
        Verdict::Error => Style::Yellow,
        Verdict::Blocked | Verdict::Skipped => Style::Dim,
    }
}

fn head(page: &mut Page, report: &Report) {
    let scenario = &report.scenario;
    page.text(1, Style::Bold, page.say(&scenario.title));
    let minutes = Text::new(format!("{}분", scenario.minutes), format!("{} min", scenario.minutes));
    let mut facts = vec![page.say(&words::kind(scenario.kind)).to_owned()];
    facts.extend(scenario.code.clone());
    facts.extend([page.say(&scenario.level.title()).to_owned(), page.say(&minutes).to_owned(), scenario.id.clone()]);
    page.text(1, Style::Dim, &facts.join(" · "));
    page.gap();

    let score = &report.score;
    let total = Text::new(format!("{}점", score.total), format!("{} points", score.total));
    let total = if score.total.is_known() { points(score.total.points) } else { total };
    let (level, outcome) = (words::level(report), words::outcome(report));
    let style = if score.grade.passed { Style::Green } else { Style::Yellow };
    let line = format!("{} · {} · {}", page.say(&total), page.say(&level), page.say(&outcome));
    page.text(1, style, &line);
    let hundred = Points::whole(100).as_hundredths();
    let bar = page.bar(page.room(1).min(60), score.total.low.as_hundredths(), score.total.high.as_hundredths(), hundred);
    page.line(&format!(" {bar}"));
    let facts: Vec<Text> = words::facts(report);
    let facts: Vec<&str> = facts.iter().map(|f| page.say(f)).collect();
    page.text(1, Style::Dim, &facts.join(" · "));
    for note in words::notes(report) {
        page.text(1, Style::Yellow, page.say(&note));
    }
}

fn pending(page: &mut Page, report: &Report) {
    if report.score.pending.is_empty() {
        return;
    }
    page.heading(&Text::new("아직 확정되지 않은 이유", "Why it is not final"));
    for reason in &report.score.pending {
        let mark = page.paint(Style::Yellow, "?");
        page.item(2, &mark, Style::Plain, page.say(reason));
    }
}

fn challenge(page: &mut Page, report: &Report) {
    for (role, title) in words::sections() {
        let checks: Vec<_> = report.checks.iter().filter(|c| c.role == role).collect();
        if !checks.is_empty() {
            page.heading(&title);
            checks.into_iter().for_each(|c| check(page, report, c));
        }
    }
}

fn steps(page: &mut Page, report: &Report) {
    for (step, number) in report.score.steps.iter().zip(1..) {
        page.gap();
        let optional = if step.optional { page.say(&Text::new(" (선택)", " (optional)")).to_owned() } else { String::new() };
        let (mark, style) = if step.green { ("✓", Style::Green) } else { ("○", Style::Dim) };
        let (mark, right) = (page.paint(style, mark), fraction(step.earned));
        page.row(1, &mark, &format!("{number}. {}{optional}", page.say(&step.title)), &right);
        report.checks_of(Some(&step.id)).for_each(|c| check(page, report, c));
    }
}

/// `20 / 30`, or nothing where there is nothing to earn.
fn fraction(earned: Total) -> String {
    if earned.max == Points::ZERO { String::new() } else { format!("{earned} / {}", earned.max) }
}

fn check(page: &mut Page, report: &Report, check: &CheckReport) {
    let mark = page.paint(style(check.verdict), words::sign(check.verdict));
    let worth = fraction(check.earned);
    let right = if worth.is_empty() { page.say(&words::verdict(check.verdict)).to_owned() } else { worth };
    page.row(2, &mark, page.say(&check.title), &right);
    if check.withheld {
        page.text(
            6,
            Style::Dim,
            page.say(&Text::new("자세한 내용은 시도를 마친 뒤에 볼 수 있습니다.", "Details are shown after the attempt is closed.")),
        );
        return;
    }
    let title_of = |id: &String| page.say(&report.title_of(id)).to_owned();
    let mut fields = Vec::new();
    if !check.voided_by.is_empty() {
        let guards: Vec<_> = check.voided_by.iter().map(title_of).collect();
        fields.push((Text::new("무효", "Voided"), guards.join(", ")));
    }
    if check.verdict == Verdict::Blocked && !check.blocked_by.is_empty() {
        let needs: Vec<_> = check.blocked_by.iter().map(title_of).collect();
        fields.push((Text::new("먼저 통과할 것", "Needs"), needs.join(", ")));
    }
    if check.verdict != Verdict::Pass {
        let ladder = [
            (Text::new("증상", "Symptom"), &check.symptom),
            (Text::new("살펴볼 곳", "Look at"), &check.look_at),
            (Text::new("개념", "Idea"), &check.concept),
        ];
        fields.extend(ladder.into_iter().filter_map(|(name, text)| text.as_ref().map(|t| (name, page.say(t).to_owned()))));
    }
    if check.basis != Basis::Observed && !matches!(check.verdict, Verdict::Blocked | Verdict::Skipped) {
        let (name, meaning) = (words::basis(check.basis), words::basis_meaning(check.basis));
        fields.push((Text::new("근거", "Basis"), format!("{} · {}", page.say(&name), page.say(&meaning))));
    }
    page.fields(6, &fields);
    if let Some(link) = check.link.as_ref().filter(|_| check.verdict != Verdict::Pass) {
        // A broken address cannot be clicked or copied.
        page.line(&format!("      {link}"));
    }
    if !matches!(check.verdict, Verdict::Pass | Verdict::Blocked) {
        for seen in check.observations.iter().filter(|o| !o.holds).take(5) {
            let object = if seen.object.is_empty() { String::new() } else { format!("{}: ", seen.object) };
            page.item(6, "·", Style::Plain, &format!("{object}{}", page.say(&seen.text)));
        }
    }
    if check.moving && check.verdict != Verdict::Pass {
        page.text(
            6,
            Style::Yellow,
            page.say(&Text::new(
                "아직 상태가 바뀌는 중이었습니다. 잠시 뒤 다시 검사해 보세요.",
                "Things were still changing. Check again in a moment.",
            )),
        );
    }
}

fn categories(page: &mut Page, report: &Report) {
    let categories = &report.score.categories;
    if categories.is_empty() {
        return;
    }
    page.heading(&Text::new("영역별 점수", "By category"));
    let name = categories.iter().map(|c| width(page.say(&c.category.title()))).max().unwrap_or(0);
    let right = categories.iter().map(|c| width(&fraction(c.earned))).max().unwrap_or(0);
    let bar = page.room(2 + name + 2 + right + 2).min(40);
    for c in categories {
        let bar = page.bar(bar, c.earned.low.as_hundredths(), c.earned.high.as_hundredths(), c.earned.max.as_hundredths());
        let title = crate::text::pad(page.say(&c.category.title()), name);
        let line = format!("  {title}  {bar}  {}", page.right(&fraction(c.earned), right));
        page.line(&line);
    }
}

fn trace(page: &mut Page, report: &Report) {
    page.heading(&Text::new("점수 계산", "How the points add up"));
    let rows: Vec<Vec<String>> = report.score.trace.iter().map(|l| vec![page.say(&l.label).to_owned(), l.formula.clone()]).collect();
    page.table(2, &rows, &[]);
}

fn hints(page: &mut Page, report: &Report) {
    if report.hints.is_empty() {
        return;
    }
    page.heading(&Text::new("열어 본 힌트", "Hints opened"));
    for hint in &report.hints {
        let cost = points(hint.cost);
        let cost = if hint.cost == Points::ZERO { String::new() } else { format!(" ({})", page.say(&cost)) };
        page.item(2, &format!("{}.", hint.rung), Style::Plain, &format!("{}{cost}", page.say(&hint.text)));
    }
}

fn timeline(page: &mut Page, report: &Report) {
    if report.timeline.is_empty() {
        return;
    }
    page.heading(&Text::new("기록", "Timeline"));
    let column = report.timeline.iter().map(|e| width(&words::clock(e.seconds))).max().unwrap_or(0);
    for entry in &report.timeline {
        let clock = page.right(&words::clock(entry.seconds), column);
        let clock = page.paint(Style::Dim, &clock);
        page.item(2, &clock, Style::Plain, page.say(&entry.text));
    }
}

fn foot(page: &mut Page, report: &Report) {
    page.heading(&Text::new("이 보고서", "This report"));
    let fields: Vec<_> = words::about(report).into_iter().map(|(name, value)| (name, page.say(&value).to_owned())).collect();
    page.fields(2, &fields);
}
