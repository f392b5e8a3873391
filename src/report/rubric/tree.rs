use crate::{
    report::terminal::{TerminalOptions, page::Page},
    rubric::{AssessmentFile, CriterionSpec, InSandbox, LevelOn, Levels, LineSpec, RubricFile, Source},
    text::{Style, Text},
};

/// A rubric as a tree: categories, lines, criteria, and who judges each.
#[must_use]
pub fn render_rubric(file: &RubricFile, levels: &Levels, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    let rubric = &file.spec;
    page.text(1, Style::Bold, page.say(&file.metadata.title));
    let facts = Text::new(
        format!("{} · {}점 · 버전 {} · {}", file.metadata.name, rubric.points, rubric.version, level_on(rubric.level_on).ko),
        format!("{} · {} points · version {} · {}", file.metadata.name, rubric.points, rubric.version, level_on(rubric.level_on).en),
    );
    page.text(1, Style::Dim, page.say(&facts));
    for category in &rubric.categories {
        page.gap();
        part(&mut page, &category.category.title(), &category.points.to_string());
        category.lines.iter().for_each(|spec| line(&mut page, spec));
    }
    for bonus in &rubric.bonuses {
        page.gap();
        let title = Text::new(format!("가산점: {}", bonus.title.ko), format!("Bonus: {}", bonus.title.en));
        part(&mut page, &title, &format!("+{}", bonus.cap));
        bonus.lines.iter().for_each(|spec| line(&mut page, spec));
    }
    if !rubric.records.is_empty() {
        page.heading(&Text::new("배점 없이 꼭 해야 하는 것", "Required, without points"));
        for record in &rubric.records {
            page.item(3, "·", Style::Plain, page.say(&record.title));
        }
    }
    notes(&mut page, &rubric.notes);
    thresholds(&mut page, levels);
    page.finish()
}

/// A weighted assessment: lines, their items, and what they weigh.
#[must_use]
pub fn render_assessment(file: &AssessmentFile, levels: &Levels, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Bold, page.say(&file.metadata.title));
    page.text(1, Style::Dim, &file.metadata.name);
    for spec in &file.spec.lines {
        page.gap();
        part(&mut page, &spec.title, &format!("{} %", spec.weight));
        for item in &spec.items {
            let who = words(spec.source);
            let who = page.paint(Style::Dim, page.say(&who));
            page.row(3, &item.id, page.say(&item.title), &who);
            if let Some(from) = &item.from {
                page.text(7, Style::Dim, page.say(from));
            }
        }
    }
    thresholds(&mut page, levels);
    page.finish()
}

fn part(page: &mut Page, title: &Text, points: &str) {
    let title = page.paint(Style::Bold, page.say(title));
    let right = page.right(points, 5);
    page.row(0, "", &title, &right);
}

fn line(page: &mut Page, spec: &LineSpec) {
    let id = page.paint(Style::Cyan, &format!("{:<3}", spec.id));
    let right = page.right(&spec.points.to_string(), 5);
    page.row(2, &id, page.say(&spec.title), &right);
    for (_, criterion, points) in spec.worth() {
        let who = page.paint(Style::Dim, page.say(&judged(criterion)));
        let left = format!("{} {who}", page.say(&criterion.title));
        let right = page.right(&points.to_string(), 5);
        page.row(6, "·", &left, &right);
        for level in &criterion.levels {
            let text = format!("{} {}", level.points, page.say(&level.title));
            page.text(10, Style::Dim, &text);
        }
    }
}

fn words(source: Source) -> Text {
    match source {
        Source::Auto => Text::new("자동", "auto"),
        Source::Manual => Text::new("사람", "person"),
    }
}

fn judged(criterion: &CriterionSpec) -> Text {
    let who = words(criterion.source);
    let sandbox = match criterion.sandbox {
        None => return Text::new(format!("[{}]", who.ko), format!("[{}]", who.en)),
        Some(InSandbox::Modelled) => Text::new("모형", "modelled"),
        Some(InSandbox::Evaluated) => Text::new("계산", "evaluated"),
        Some(InSandbox::Manual) => Text::new("사람", "person"),
    };
    Text::new(format!("[{}, 샌드박스: {}]", who.ko, sandbox.ko), format!("[{}, sandbox: {}]", who.en, sandbox.en))
}

fn level_on(level_on: LevelOn) -> Text {
    match level_on {
        LevelOn::Capped => Text::new("수준은 가산점을 더해 최대 100점으로", "level by base and bonus, at most 100"),
        LevelOn::Base => Text::new("수준은 가산점 없이", "level without bonus"),
        LevelOn::Uncapped => Text::new("수준은 가산점을 모두 더해", "level by base and bonus"),
    }
}

pub(super) fn notes(page: &mut Page, notes: &[Text]) {
    if notes.is_empty() {
        return;
    }
    page.heading(&Text::new("점수에 없는 것", "What is not scored"));
    for note in notes {
        page.item(3, "·", Style::Dim, page.say(note));
    }
}

fn thresholds(page: &mut Page, levels: &Levels) {
    let all: Vec<String> = levels.levels.iter().map(|level| format!("{} {}", page.say(&level.title), level.from)).collect();
    page.gap();
    let below = page.say(&levels.below);
    let text = Text::new(format!("수준: {} · 그 아래 {below}", all.join(" · ")), format!("Levels: {} · below: {below}", all.join(" · ")));
    page.text(1, Style::Dim, page.say(&text));
}
