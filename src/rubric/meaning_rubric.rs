use super::{LineSpec, Rubric, notes::Notes};
use crate::{diagnostic::codes, points::Points, scenario::yaml::Node, text::Text};

/// The most that all bonuses add.
const BONUS_CAP: Points = Points::whole(15);

/// Points add up at each level, ids are used once, and caps hold. `node` is the file's `spec`.
pub(super) fn judge(rubric: &Rubric, node: &Node, notes: &mut Notes<'_>) {
    let categories = node.list("categories");
    let bonuses = node.list("bonuses");
    notes.unique(categories.iter().filter_map(|category| category.get("category")));
    notes.unique(bonuses.iter().filter_map(|bonus| bonus.get("id")));
    notes.unique(categories.iter().chain(bonuses).flat_map(|part| part.list("lines")).filter_map(|line| line.get("id")));
    notes.unique(node.list("records").iter().filter_map(|record| record.get("id")));
    let sum = rubric.categories.iter().map(|category| category.points).sum();
    notes.adds_up(&Text::new("분류 점수", "the points of the categories"), sum, rubric.points, node.get("points"));
    for (category, node) in rubric.categories.iter().zip(categories) {
        let sum = category.lines.iter().map(|line| line.points).sum();
        notes.adds_up(&Text::new("항목 점수", "the points of the lines"), sum, category.points, node.get("points"));
        lines(&category.lines, node, notes);
    }
    for (bonus, node) in rubric.bonuses.iter().zip(bonuses) {
        lines(&bonus.lines, node, notes);
        if bonus.cap <= Points::ZERO {
            notes.error(codes::BAD_VALUE, node.get("cap"), Text::new("가산점 상한은 0보다 커야 합니다", "the cap of a bonus is above 0"));
        }
    }
    let caps: Points = rubric.bonuses.iter().map(|bonus| bonus.cap).sum();
    if caps > BONUS_CAP {
        let message = Text::new(
            format!("가산점 상한의 합이 {caps}점입니다. {BONUS_CAP}점까지입니다"),
            format!("the caps of the bonuses add up to {caps} points; {BONUS_CAP} is the most"),
        );
        notes.error(codes::BONUS_CAP, node.get("bonuses"), message);
    }
}

fn lines(lines: &[LineSpec], parent: &Node, notes: &mut Notes<'_>) {
    for (line, node) in lines.iter().zip(parent.list("lines")) {
        form(line, node, notes);
        notes.unique(node.list("criteria").iter().filter_map(|criterion| criterion.get("id")));
        shares(line, node, notes);
        if line.usual.is_some_and(|usual| usual <= Points::ZERO || usual > line.points) {
            let message = Text::new("`usual`은 0보다 크고 `points`를 넘지 않습니다", "`usual` is above 0 and not above `points`");
            notes.error(codes::BAD_VALUE, node.get("usual"), message);
        }
    }
}

/// A dot joins the ids of a line and its criteria, so neither may have one.
fn form(line: &LineSpec, node: &Node, notes: &mut Notes<'_>) {
    let plain = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let ids = node.get("id").into_iter().chain(node.list("criteria").iter().filter_map(|criterion| criterion.get("id")));
    for id in ids.filter(|id| id.text().is_some_and(|id| !plain(id))) {
        let message = Text::new("id에는 영문자와 숫자와 `-`만 씁니다", "an id has letters, digits and `-` only");
        notes.error(codes::BAD_ID, Some(id), message);
    }
    if line.criteria.is_empty() {
        let message = Text::new(format!("`{}`에 기준이 없습니다", line.id), format!("`{}` has no criteria", line.id));
        notes.error(codes::NOTHING_STATED, Some(node), message);
    }
}

/// The points of a line's criteria: all of them said, or none.
fn shares(line: &LineSpec, node: &Node, notes: &mut Notes<'_>) {
    let said: Vec<Points> = line.criteria.iter().filter_map(|criterion| criterion.points).collect();
    if !said.is_empty() && said.len() < line.criteria.len() {
        let message = Text::new(
            format!("`{}`의 기준 가운데 일부에만 점수가 있습니다. 모두 쓰거나 모두 빼세요", line.id),
            format!("only some criteria of `{}` have points; say them all, or none", line.id),
        );
        notes.error(codes::NOT_ADDED_UP, node.get("criteria"), message);
    } else if !said.is_empty() {
        let what = Text::new(format!("`{}` 기준 점수", line.id), format!("the points of the criteria of `{}`", line.id));
        notes.adds_up(&what, said.into_iter().sum(), line.points, node.get("points"));
    }
    for ((_, criterion, points), node) in line.worth().zip(node.list("criteria")) {
        let odd = criterion.levels.iter().any(|level| level.points <= Points::ZERO || level.points > points);
        if points <= Points::ZERO || odd {
            let message = Text::new("점수는 0보다 크고 기준의 점수를 넘지 않습니다", "points are above 0, and not above the criterion's");
            notes.error(codes::BAD_VALUE, Some(node), message);
        }
    }
}
