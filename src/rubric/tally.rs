use super::{
    BonusScore, BonusSpec, CategoryScore, CriterionScore, LevelOn, Levels, LineScore, LineSpec, ReachedById, RecordEntry, RecordState,
    Rubric, RubricScore, Source,
    grade::{grade, level_line},
    reached::bounded,
};
use crate::{
    points::Points,
    score::{Total, TraceLine, trace},
    text::Text,
};

/// Whose score it is, and how it is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TallyOptions {
    /// The rubric's id.
    pub rubric: String,
    /// The learner or team.
    pub subject: String,
    /// The figure that the level is read from, in place of the rubric's.
    pub level_on: Option<LevelOn>,
    /// Only the lines of this day.
    pub stage: Option<u32>,
}

/// Adds up what was reached by a rubric. What is open is never 0: the score is a range until it is known.
#[must_use]
pub fn tally(rubric: &Rubric, levels: &Levels, reached: &ReachedById, records: &[RecordEntry], options: &TallyOptions) -> RubricScore {
    let mut adding = Adding { reached, stage: options.stage, trace: Vec::new(), pending: Vec::new() };
    let categories: Vec<CategoryScore> = rubric.categories.iter().filter_map(|category| adding.category(category)).collect();
    let earned: Vec<Total> = categories.iter().map(|category| category.earned).collect();
    let base: Total = earned.iter().copied().sum();
    adding.trace.push(trace::sum(Text::new("기본 점수", "Base"), &earned, base));
    let bonuses: Vec<BonusScore> = rubric.bonuses.iter().filter_map(|bonus| adding.bonus(bonus)).collect();
    let on_top: Vec<Total> = bonuses.iter().map(|bonus| bonus.earned).collect();
    let bonus: Total = on_top.iter().copied().sum();
    if on_top.len() > 1 {
        adding.trace.push(trace::sum(Text::new("가산점", "Bonus"), &on_top, bonus));
    }
    let total: Total = [base, bonus].into_iter().sum();
    adding.trace.push(trace::total(base, bonus, &[], total));

    let level_on = options.level_on.unwrap_or(rubric.level_on);
    let figure = match level_on {
        LevelOn::Capped => capped(total, rubric.points.min(total.max)),
        LevelOn::Base => base,
        LevelOn::Uncapped => total,
    };
    let grade = options.stage.is_none().then(|| grade(levels, figure));
    if grade.is_some() {
        adding.trace.push(level_line(levels, figure));
    }
    let records = adding.records(rubric, records);
    RubricScore {
        rubric: options.rubric.clone(),
        version: rubric.version,
        subject: options.subject.clone(),
        stage: options.stage,
        categories,
        base,
        bonuses,
        bonus,
        total,
        level_on,
        figure,
        grade,
        records,
        is_final: adding.pending.is_empty(),
        pending: adding.pending,
        notes: rubric.notes.clone(),
        trace: adding.trace,
    }
}

/// What is kept while adding up.
struct Adding<'a> {
    reached: &'a ReachedById,
    stage: Option<u32>,
    trace: Vec<TraceLine>,
    pending: Vec<Text>,
}

impl Adding<'_> {
    /// `None` where no line is graded.
    fn category(&mut self, spec: &super::CategorySpec) -> Option<CategoryScore> {
        let lines = self.lines(&spec.lines);
        let parts: Vec<Total> = lines.iter().map(|line| line.earned).collect();
        let earned: Total = parts.iter().copied().sum();
        if lines.is_empty() {
            return None;
        }
        self.trace.push(trace::sum(spec.category.title(), &parts, earned));
        Some(CategoryScore { category: spec.category, earned, lines })
    }

    fn lines(&mut self, specs: &[LineSpec]) -> Vec<LineScore> {
        let graded = specs.iter().filter(|line| self.stage.is_none_or(|stage| stage == line.stage));
        graded.collect::<Vec<_>>().into_iter().map(|line| self.line(line)).collect()
    }

    fn line(&mut self, spec: &LineSpec) -> LineScore {
        let criteria: Vec<CriterionScore> = spec.worth().map(|(id, criterion, points)| self.criterion(id, criterion, points)).collect();
        let parts: Vec<Total> = criteria.iter().map(|criterion| criterion.earned).collect();
        let earned: Total = parts.iter().copied().sum();
        self.trace.push(trace::sum(labelled(&spec.id, &spec.title), &parts, earned));
        LineScore { id: spec.id.clone(), title: spec.title.clone(), earned, criteria }
    }

    fn criterion(&mut self, id: String, spec: &super::CriterionSpec, points: Points) -> CriterionScore {
        let reached = self.reached.get(&id);
        let earned = reached.map_or(Total::range(Points::ZERO, points, points), |reached| bounded(reached.earned, points));
        let formula = reached.map_or_else(|| format!("{points} × ? = {earned}"), |reached| reached.formula.clone());
        self.trace.push(trace::line(labelled(&id, &spec.title), formula, earned.points));
        if !earned.is_known() {
            self.pending.push(open(&id, spec));
        }
        CriterionScore { id, title: spec.title.clone(), source: spec.source, earned }
    }

    /// Up to `usual` each line counts in full; beyond it, only the best lines do, as many as may be outstanding.
    fn bonus(&mut self, spec: &BonusSpec) -> Option<BonusScore> {
        // A bonus is never asked for: what nobody entered was not earned, so it leaves nothing open.
        let entered = |line: &&LineSpec| line.worth().any(|(id, ..)| self.reached.contains_key(&id));
        let specs: Vec<LineSpec> = spec.lines.iter().filter(entered).cloned().collect();
        let lines = self.lines(&specs);
        if lines.is_empty() {
            return None;
        }
        let usual = |line: &LineScore| {
            let spec = spec.lines.iter().find(|one| one.id == line.id);
            spec.and_then(|one| one.usual).unwrap_or(line.earned.max)
        };
        let mut parts: Vec<Total> = lines.iter().map(|line| capped(line.earned, usual(line))).collect();
        let beyond = |of: fn(&Total) -> Points| {
            let mut more: Vec<Points> = lines.iter().map(|line| (of(&line.earned) - usual(line)).max(Points::ZERO)).collect();
            more.sort_unstable_by(|a, b| b.cmp(a));
            more.into_iter().take(usize::try_from(spec.outstanding).unwrap_or(usize::MAX)).sum::<Points>()
        };
        let most = beyond(|total| total.max);
        if most > Points::ZERO {
            parts.push(Total::range(beyond(|total| total.low), beyond(|total| total.high), most));
        }
        let sum: Total = parts.iter().copied().sum();
        let earned = capped(sum, spec.cap);
        self.trace.push(trace::capped(spec.title.clone(), &parts, sum, earned));
        Some(BonusScore { id: spec.id.clone(), title: spec.title.clone(), earned, lines })
    }

    fn records(&mut self, rubric: &Rubric, entries: &[RecordEntry]) -> Vec<RecordState> {
        let asked = rubric.records.iter().filter(|record| self.stage.is_none_or(|stage| stage == record.stage));
        let states: Vec<RecordState> = asked
            .map(|record| {
                let entry = entries.iter().rev().find(|entry| entry.id == record.id);
                RecordState {
                    id: record.id.clone(),
                    title: record.title.clone(),
                    passed: entry.map(|entry| entry.passed),
                    comment: entry.and_then(|entry| entry.comment.clone()),
                }
            })
            .collect();
        for record in states.iter().filter(|record| record.passed.is_none()) {
            let Text { ko, en } = &record.title;
            self.pending.push(Text::new(format!("“{ko}”이(가) 아직 기록되지 않았습니다."), format!("“{en}” is not recorded yet.")));
        }
        states
    }
}

fn capped(total: Total, cap: Points) -> Total {
    Total { points: total.points.min(cap), low: total.low.min(cap), high: total.high.min(cap), max: total.max.min(cap) }
}

fn labelled(id: &str, title: &Text) -> Text {
    Text::new(format!("{id} {}", title.ko), format!("{id} {}", title.en))
}

/// Why a criterion leaves the score open.
fn open(id: &str, spec: &super::CriterionSpec) -> Text {
    let Text { ko, en } = &spec.title;
    match spec.source {
        Source::Manual => {
            Text::new(format!("{id} “{ko}”은(는) 채점자의 점수를 기다립니다."), format!("{id} “{en}” waits for a grader's mark."))
        }
        Source::Auto => Text::new(
            format!("{id} “{ko}”은(는) 아직 판정되지 않았습니다. 틀린 것으로 치지 않습니다."),
            format!("{id} “{en}” was not judged yet. It does not count as wrong."),
        ),
    }
}
