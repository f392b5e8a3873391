use super::{
    CategoryScore, CheckScore, Grade, OpenMark, Score, Standing, StepScore, Total, TraceLine,
    adjust::{Adjusting, adjust},
    earned::{Known, earned, known},
    guard::{Breach, breaches},
    level::{PASS_MARK, level_of, threshold},
    markers::standing,
    marks::{decided, is_marked_by_hand},
    overrides::Overrides,
    trace,
    worth::{Worth, worth},
};
use crate::{
    attempt::{Attempt, Judgement, Run, Target, Verdict},
    points::Points,
    scenario::{Category, CheckSpec, Kind, Role, Scenario},
    text::Text,
};

/// The most that bonus checks add.
const BONUS_CAP: Points = Points::whole(15);

/// Scores an attempt by one run of its checks. Without a run nothing is earned and nothing is known, save what a person decided.
#[must_use]
pub fn score(scenario: &Scenario, attempt: &Attempt, run: Option<&Run>) -> Score {
    let decided = run.map(|run| decided(scenario, attempt, run));
    let run = decided.as_ref();
    let judgement = &attempt.judgement;
    let worths = worth(scenario, judgement);
    let breaches = breaches(&worths, run);
    let mut people = Overrides::new(judgement);
    let mut trace = Vec::new();

    let looked = Looked { judgement, breaches: &breaches, run };
    let checks: Vec<CheckScore> = worths.iter().map(|w| looked.check_score(w, &mut people, &mut trace)).collect();
    let steps = step_scores(scenario, &checks, judgement, &mut trace);
    let categories = category_scores(&checks, &mut people, &mut trace);
    let base = base(&checks, &steps, &categories, &mut trace);
    let bonus = bonus(&checks, &mut trace);

    let submitted = judgement.submitted.or(run.map(Run::stood));
    let mut adjusted = adjust([base, bonus].into_iter().sum(), &Adjusting { scenario, attempt, breaches: &breaches, submitted });
    let computed = adjusted.left;
    if people.decides_total() {
        adjusted.inert();
    }
    trace.extend(adjusted.rows.iter().cloned());
    trace.push(trace::total(base, bonus, &adjusted.changes, computed));
    let total = people.total(computed, &mut trace);
    let mut adjustments = adjusted.rows;
    if people.decides_total()
        && let Some(row) = trace.last()
    {
        adjustments.push(TraceLine { points: total.points - base.points - bonus.points, ..row.clone() });
    }

    let grade = grade(total, &steps, people.decides_total());
    trace.push(level_line(total, grade));
    let pending = pending(scenario, attempt, &looked, &worths, &people);
    let is_final = pending.is_empty();
    Score { checks, categories, steps, base, bonus, adjustments, total, overrides: people.noted(), grade, is_final, pending, trace }
}

/// What the points of a check follow from.
struct Looked<'a> {
    judgement: &'a Judgement,
    breaches: &'a [Breach<'a>],
    run: Option<&'a Run>,
}

impl Looked<'_> {
    fn check_score(&self, worth: &Worth<'_>, people: &mut Overrides<'_>, trace: &mut Vec<TraceLine>) -> CheckScore {
        let (spec, result) = (worth.spec, self.run.and_then(|r| r.result(&worth.spec.id)));
        let void = self.judgement.void_of(&spec.id);
        let mut total = match void {
            Some(_) => Total::exact(worth.points, worth.points),
            None => earned(worth, self.run),
        };
        let earns = matches!(spec.role, Role::Objective | Role::Bonus);
        match void {
            Some(void) => trace.push(trace::faulty(&spec.title, void, total)),
            None if earns && worth.points != Points::ZERO => trace.push(trace::check(worth, result, total)),
            None => {}
        }
        let mut voided_by = Vec::new();
        for breach in self.breaches.iter().filter(|b| b.voids(spec)) {
            let high = if breach.certain { Points::ZERO } else { total.high };
            let after = Total::range(Points::ZERO, high, total.max);
            if after != total {
                trace.push(trace::voided(&spec.title, &breach.guard.title, total, after));
            }
            total = after;
            if breach.certain {
                voided_by.push(breach.guard.id.clone());
            }
        }
        if earns {
            total = people.check(&spec.id, &spec.title, total, trace);
        }
        CheckScore {
            id: spec.id.clone(),
            title: spec.title.clone(),
            step: worth.step.map(|s| s.id.clone()),
            role: spec.role,
            category: spec.category,
            verdict: result.map_or(Verdict::Skipped, |r| r.verdict),
            earned: total,
            voided_by,
        }
    }
}

fn step_scores(scenario: &Scenario, checks: &[CheckScore], judgement: &Judgement, trace: &mut Vec<TraceLine>) -> Vec<StepScore> {
    let mut steps = Vec::new();
    // What was found to be faulty keeps no step from being done, and neither does what a person gave in full.
    let given = |check: &CheckScore| {
        let by_hand = judgement.override_of(&Target::Check(check.id.clone())).is_some();
        judgement.void_of(&check.id).is_some() || (by_hand && check.earned.points == check.earned.max)
    };
    for step in &scenario.file.spec.steps {
        let own = || checks.iter().filter(|c| c.step.as_deref() == Some(&step.id));
        let parts: Vec<Total> = own().filter(|c| c.role == Role::Objective).map(|c| c.earned).collect();
        let earned: Total = parts.iter().copied().sum();
        let green = own().filter(|c| matches!(c.role, Role::Objective | Role::Guard)).all(|c| c.verdict == Verdict::Pass || given(c));
        if !step.optional {
            trace.push(trace::sum(step.title.clone(), &parts, earned));
        }
        steps.push(StepScore { id: step.id.clone(), title: step.title.clone(), optional: step.optional, green, earned });
    }
    steps
}

fn category_scores(checks: &[CheckScore], people: &mut Overrides<'_>, trace: &mut Vec<TraceLine>) -> Vec<CategoryScore> {
    let mut categories = Vec::new();
    for category in Category::ALL {
        let of = checks.iter().filter(|c| c.role == Role::Objective && c.category == Some(category));
        let parts: Vec<Total> = of.map(|c| c.earned).collect();
        let earned: Total = parts.iter().copied().sum();
        if earned.max != Points::ZERO {
            trace.push(trace::sum(category.title(), &parts, earned));
            let earned = people.category(category, earned, trace);
            categories.push(CategoryScore { category, earned });
        }
    }
    categories
}

fn base(checks: &[CheckScore], steps: &[StepScore], categories: &[CategoryScore], trace: &mut Vec<TraceLine>) -> Total {
    let objectives = || checks.iter().filter(|c| c.role == Role::Objective);
    let parts: Vec<Total> = if steps.is_empty() {
        let apart = objectives().filter(|c| c.category.is_none_or(|category| categories.iter().all(|one| one.category != category)));
        categories.iter().map(|c| c.earned).chain(apart.map(|c| c.earned)).collect()
    } else {
        steps.iter().filter(|s| !s.optional).map(|s| s.earned).collect()
    };
    let total: Total = parts.iter().copied().sum();
    trace.push(trace::sum(Text::new("기본 점수", "Base"), &parts, total));
    total
}

fn bonus(checks: &[CheckScore], trace: &mut Vec<TraceLine>) -> Total {
    let parts: Vec<Total> = checks.iter().filter(|c| c.role == Role::Bonus).map(|c| c.earned).collect();
    let sum: Total = parts.iter().copied().sum();
    let cap = |points: Points| points.min(BONUS_CAP);
    let total = Total { points: cap(sum.points), low: cap(sum.low), high: cap(sum.high), max: cap(sum.max) };
    if sum.max != Points::ZERO {
        trace.push(trace::capped(Text::new("가산점", "Bonus"), &parts, sum, total));
    }
    total
}

fn grade(total: Total, steps: &[StepScore], by_a_person: bool) -> Grade {
    let figure = total.points.min(Points::whole(100));
    let green = by_a_person || steps.iter().filter(|s| !s.optional).all(|s| s.green);
    Grade { level: level_of(figure), at_least: !total.is_known(), passed: figure >= PASS_MARK && green }
}

fn level_line(total: Total, grade: Grade) -> TraceLine {
    let figure = total.points.min(Points::whole(100));
    let cap = if figure == total.points { String::new() } else { format!("{} → ", total.points) };
    match grade.level {
        Some(level) => trace::line(level.title(), format!("{cap}{figure} ≥ {}", threshold(level)), figure),
        None => trace::line(Text::new("미달성", "Not yet"), format!("{figure} < {PASS_MARK}"), figure),
    }
}

/// Why the score is not final: one sentence for each thing that is unknown. What a person decided about is known.
fn pending(scenario: &Scenario, attempt: &Attempt, looked: &Looked<'_>, worths: &[Worth<'_>], people: &Overrides<'_>) -> Vec<Text> {
    if people.decides_total() {
        return Vec::new();
    }
    let Some(run) = looked.run else {
        return vec![Text::new("아직 검사를 실행하지 않았습니다.", "The checks have not run yet.")];
    };
    let mut pending = Vec::new();
    if run.provisional {
        pending.push(Text::new(
            "한 번만 살펴본 중간 결과입니다. 상태가 유지되는지는 채점할 때 확인합니다.",
            "This was a single look. Whether the state lasts is judged when the attempt is scored.",
        ));
    }
    let category = |spec: &CheckSpec| spec.category.filter(|_| spec.role == Role::Objective && scenario.file.kind == Kind::Challenge);
    let open = worths.iter().map(|w| w.spec).filter(|c| c.role != Role::Info && known(Some(run), &c.id) == Known::Unknown);
    for spec in open.filter(|spec| !people.decides(&spec.id, category(spec))) {
        pending.push(match standing(spec, &attempt.marks, &attempt.judgement) {
            Standing::Open(open) if is_marked_by_hand(spec) => waits(&spec.title, open),
            _ => Text::new(
                format!("“{}” 검사는 확인하지 못했습니다. 틀린 것으로 치지 않습니다.", spec.title.ko),
                format!("The check “{}” could not be judged. It does not count as wrong.", spec.title.en),
            ),
        });
    }
    for flagged in looked.breaches.iter().filter(|b| !b.certain && known(Some(run), &b.guard.id) == Known::No) {
        pending.push(Text::new(
            format!("보호 조건 “{}” 위반은 사람이 판단해야 합니다.", flagged.guard.title.ko),
            format!("A person has to decide on the breach of the guard “{}”.", flagged.guard.title.en),
        ));
    }
    pending
}

fn waits(title: &Text, open: OpenMark) -> Text {
    let (ko, en) = match open {
        OpenMark::Grader => ("채점자의 점수를 기다립니다", "waits for a grader's mark"),
        OpenMark::Second => ("두 번째 채점자의 점수를 기다립니다", "waits for the mark of a second grader"),
        OpenMark::Moderator => ("두 채점자의 점수 차이가 커서 중재를 기다립니다", "waits for a moderator: its two marks are too far apart"),
        OpenMark::Posting => ("채점을 마쳤고 점수 공개를 기다립니다", "is marked, and its mark waits to be posted"),
    };
    Text::new(format!("“{}”은(는) {ko}.", title.ko), format!("“{}” {en}.", title.en))
}
