use crate::{
    report::terminal::{TerminalOptions, page::Page},
    rubric::{CourseFile, LearningItemsFile, Need, Project, Unit, UnitKind},
    scenario::Level,
    text::{Style, Text},
};

/// The course: its weeks, days and units with their minutes, its teams and its project.
#[must_use]
pub fn render_course(file: &CourseFile, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Bold, page.say(&file.metadata.title));
    for week in &file.spec.weeks {
        page.heading(&week.title);
        for day in &week.days {
            let title = Text::new(format!("{}일째 · {}", day.number, day.title.ko), format!("Day {} · {}", day.number, day.title.en));
            page.text(2, Style::Cyan, page.say(&title));
            day.units.iter().for_each(|one| unit(&mut page, one));
        }
        if let Some(one) = &week.project {
            project(&mut page, one);
        }
    }
    let team = &file.spec.team;
    page.heading(&Text::new(format!("팀: {}~{}명", team.min, team.max), format!("Teams of {} to {}", team.min, team.max)));
    for role in &team.roles {
        let text = format!("{}: {}", page.say(&role.title), page.say(&role.duty));
        page.item(3, "·", Style::Plain, &text);
    }
    page.finish()
}

/// The learner's own checklist.
#[must_use]
pub fn render_items(file: &LearningItemsFile, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Bold, page.say(&file.metadata.title));
    for level in [Level::Beginner, Level::Intermediate, Level::Advanced] {
        page.heading(&level.title());
        for item in file.spec.items.iter().filter(|item| item.level == level) {
            page.item(3, "□", Style::Plain, page.say(&item.title));
            scenarios(&mut page, 5, item.evidence.iter());
        }
    }
    page.finish()
}

fn unit(page: &mut Page, unit: &Unit) {
    let mut left = format!("{} {}", page.say(&kind(unit.kind)), page.say(&unit.title));
    for note in notes(unit) {
        left += &format!(" {}", page.paint(Style::Dim, page.say(&note)));
    }
    let minutes = unit.minutes.map(|minutes| page.say(&length(minutes)).to_owned()).unwrap_or_default();
    let right = page.right(&minutes, 7);
    page.row(3, "·", &left, &right);
    for part in &unit.parts {
        let right = page.right(page.say(&length(part.minutes)), 7);
        page.row(7, "-", page.say(&part.title), &right);
        scenarios(page, 9, part.scenario.iter());
    }
    scenarios(page, 5, unit.scenarios.iter());
}

fn project(page: &mut Page, project: &Project) {
    page.text(2, Style::Cyan, page.say(&project.title));
    for stage in &project.stages {
        let (first, last) = (stage.days.first().copied().unwrap_or_default(), stage.days.last().copied().unwrap_or_default());
        let days = if first == last { first.to_string() } else { format!("{first}–{last}") };
        let text = Text::new(format!("{days}일째: {}", stage.title.ko), format!("Day {days}: {}", stage.title.en));
        page.item(3, "·", Style::Plain, page.say(&text));
    }
    let presentation = &project.presentation;
    let left = Text::new("팀별 발표", "Presentation by each team");
    let right = page.right(page.say(&length(presentation.minutes)), 7);
    page.row(3, "·", page.say(&left), &right);
    for part in &presentation.parts {
        let right = page.right(page.say(&length(part.minutes)), 7);
        page.row(7, "-", page.say(&part.title), &right);
    }
    let text = Text::new(format!("루브릭: {}", project.rubric), format!("Rubric: {}", project.rubric));
    page.text(5, Style::Dim, page.say(&text));
    scenarios(page, 5, project.scenarios.iter());
}

fn scenarios<'a>(page: &mut Page, indent: usize, ids: impl Iterator<Item = &'a String>) {
    let ids: Vec<&str> = ids.map(String::as_str).collect();
    if !ids.is_empty() {
        page.text(indent, Style::Dim, &ids.join(", "));
    }
}

fn kind(kind: UnitKind) -> Text {
    match kind {
        UnitKind::Session => Text::new("[강의]", "[session]"),
        UnitKind::Lab => Text::new("[랩]", "[lab]"),
        UnitKind::Challenge => Text::new("[챌린지]", "[challenge]"),
    }
}

fn notes(unit: &Unit) -> Vec<Text> {
    let need = match unit.need {
        Need::Required => None,
        Need::Advanced => Some(Text::new("(심화)", "(advanced)")),
        Need::Bonus => Some(Text::new("(가산)", "(bonus)")),
    };
    let rebuilt = unit.reconstructed.then(|| Text::new("(재구성)", "(reconstructed)"));
    need.into_iter().chain(rebuilt).collect()
}

fn length(minutes: u32) -> Text {
    Text::new(format!("{minutes}분"), format!("{minutes} min"))
}
