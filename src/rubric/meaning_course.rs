use super::{Assessment, Checkpoints, Course, Levels, notes::Notes};
use crate::{
    diagnostic::codes,
    points::Points,
    scenario::{shape::quoted_list, yaml::Node},
    text::Text,
};

/// The weights of an assessment add up to 100, and ids are used once.
pub(super) fn assessment(assessment: &Assessment, node: &Node, notes: &mut Notes<'_>) {
    let lines = node.list("lines");
    notes.unique(lines.iter().filter_map(|line| line.get("id")));
    notes.unique(lines.iter().flat_map(|line| line.list("items")).filter_map(|item| item.get("id")));
    let sum = assessment.lines.iter().map(|line| Points::whole(i64::from(line.weight))).sum();
    notes.adds_up(&Text::new("비중", "the weights"), sum, Points::whole(100), node.get("lines"));
    for (line, node) in assessment.lines.iter().zip(lines).filter(|(line, _)| line.items.is_empty()) {
        let message = Text::new(format!("`{}`에 항목이 없습니다", line.id), format!("`{}` has no items", line.id));
        notes.error(codes::NOTHING_STATED, Some(node), message);
    }
}

/// Each level begins above the one before.
pub(super) fn levels(levels: &Levels, node: &Node, notes: &mut Notes<'_>) {
    notes.unique(node.list("levels").iter().filter_map(|level| level.get("level")));
    if levels.levels.is_empty() {
        notes.error(codes::NOTHING_STATED, node.get("levels"), Text::new("수준이 하나도 없습니다", "there is no level"));
    }
    let mut before = Points::ZERO;
    for (level, node) in levels.levels.iter().zip(node.list("levels")) {
        if level.from <= before || level.from > Points::whole(100) {
            let message = Text::new(
                format!("{}은(는) 앞 수준의 {before}보다 크고 100을 넘지 않아야 합니다", level.from),
                format!("{} is not above {before}, the level before, and at most 100", level.from),
            );
            notes.error(codes::BAD_VALUE, node.get("from"), message);
        }
        before = level.from;
    }
}

/// A checkpoint's id says its day.
pub(super) fn checkpoints(checkpoints: &Checkpoints, node: &Node, notes: &mut Notes<'_>) {
    let nodes = node.list("checkpoints");
    notes.unique(nodes.iter().filter_map(|checkpoint| checkpoint.get("id")));
    for (checkpoint, node) in checkpoints.checkpoints.iter().zip(nodes) {
        let day = format!("D{}-", checkpoint.day);
        if checkpoint.id.strip_prefix(&day).is_none_or(|rest| rest.parse::<u32>().is_err()) {
            let message = Text::new(
                format!("{}일째의 id는 `{day}1`과 같은 꼴입니다", checkpoint.day),
                format!("an id of day {} looks like `{day}1`", checkpoint.day),
            );
            notes.error(codes::BAD_VALUE, node.get("id"), message);
        }
    }
}

/// Minutes add up, and teams and rubrics make sense.
pub(super) fn course(course: &Course, node: &Node, notes: &mut Notes<'_>) {
    let weeks = node.list("weeks");
    notes.unique(weeks.iter().flat_map(|week| week.list("days")).flat_map(|day| day.list("units")).filter_map(|unit| unit.get("id")));
    notes.unique(node.at(&["team", "roles"]).map_or(&[][..], Node::items).iter().filter_map(|role| role.get("role")));
    if course.team.min == 0 || course.team.min > course.team.max {
        let message = Text::new("팀의 인원 범위가 비어 있습니다", "the size of a team is an empty range");
        notes.error(codes::EMPTY_BOUNDS, node.at(&["team", "min"]), message);
    }
    let minutes = Text::new("부분의 분", "the minutes of the parts");
    let whole = |minutes: u32| Points::whole(i64::from(minutes));
    for (week, node) in course.weeks.iter().zip(weeks) {
        for (day, node) in week.days.iter().zip(node.list("days")) {
            for (unit, node) in day.units.iter().zip(node.list("units")).filter(|(unit, _)| !unit.parts.is_empty()) {
                let sum = unit.parts.iter().map(|part| whole(part.minutes)).sum();
                notes.adds_up(&minutes, sum, whole(unit.minutes.unwrap_or(0)), node.get("minutes").or(Some(node)));
            }
        }
        if let Some(project) = &week.project {
            let sum = project.presentation.parts.iter().map(|part| whole(part.minutes)).sum();
            let at = node.at(&["project", "presentation", "minutes"]);
            notes.adds_up(&minutes, sum, whole(project.presentation.minutes), at);
        }
    }
}

/// What the files say of scenarios is there, and what is announced is not.
pub(super) fn references(node: &Node, scenarios: &[&str], notes: &mut Notes<'_>) {
    let what = Text::new("시나리오", "scenario");
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        notes.known(node.list("evidence").iter().chain(node.list("scenarios")).chain(node.get("scenario")), scenarios, &what);
        for shipped in node.list("announced").iter().filter(|id| id.text().is_some_and(|id| scenarios.contains(&id))) {
            let message = Text::new(
                format!("{}은(는) 이미 있습니다. `evidence`로 옮기세요", quoted_list(shipped.text())),
                format!("{} is there; move it to `evidence`", quoted_list(shipped.text())),
            );
            notes.error(codes::BAD_VALUE, Some(shipped), message);
        }
        waiting.extend(node.entries().iter().map(|entry| &entry.node).chain(node.items()));
    }
}
