use super::{
    CategoryScore, CheckScore, Grade, Score, StepScore, Total, TraceLine,
    adjust::{Adjusted, adjust},
    earned::{Known, earned, known},
    guard::{Breach, breaches},
    level::{PASS_MARK, level_of, threshold},
    marks::{is_marked_by_hand, marked},
    trace,
    worth::{Worth, worth},
};
use crate::{
    attempt::{Attempt, Run, Verdict},
    points::Points,
    scenario::{Category, Kind, Role, Scenario},
    text::Text,
};

/// The most that bonus checks add.
const BONUS_CAP: Points = Points::whole(15);

/// Scores an attempt by one run of its checks. Without a run nothing is earned and nothing is known.
#[must_use]
pub fn score(scenario: &Scenario, attempt: &Attempt, run: Option<&Run>) -> Score {
    let marked = run.map(|run| marked(scenario, &attempt.marks, run));
    let run = marked.as_ref();
    let worths = worth(scenario);
    let breaches = breaches(&worths, run);
    let mut trace = Vec::new();

    let checks = check_scores(&worths, &breaches, run, &mut trace);
    let steps = step_scores(scenario, &checks, &mut trace);
    let categories = category_scores(&checks, &mut trace);
    let base = base(&checks, &steps, &categories, &mut trace);
    let bonus = bonus(&checks, &mut trace);

    let hints = if scenario.file.kind == Kind::Lab { &[][..] } else { &attempt.hints };
    let Adjusted { rows: adjustments, taken, left: total } = adjust([base, bonus].into_iter().sum(), &breaches, hints);
    trace.extend(adjustments.iter().cloned());
    trace.push(trace::total(base, bonus, &taken, total));

    let grade = grade(total, &steps);
    trace.push(level_line(total, grade));
    let pending = pending(&worths, &breaches, run);
    Score { checks, categories, steps, base, bonus, adjustments, total, grade, is_final: pending.is_empty(), pending, trace }
}

fn check_scores(worths: &[Worth<'_>], breaches: &[Breach<'_>], run: Option<&Run>, trace: &mut Vec<TraceLine>) -> Vec<CheckScore> {
    worths.iter().map(|w| check_score(w, breaches, run, trace)).collect()
}

fn check_score(worth: &Worth<'_>, breaches: &[Breach<'_>], run: Option<&Run>, trace: &mut Vec<TraceLine>) -> CheckScore {
    let (spec, result) = (worth.spec, run.and_then(|r| r.result(&worth.spec.id)));
    let mut total = earned(worth, run);
    if matches!(spec.role, Role::Objective | Role::Bonus) && worth.points != Points::ZERO {
        trace.push(trace::check(worth, result, total));
    }
    let mut voided_by = Vec::new();
    for breach in breaches.iter().filter(|b| b.voids(spec)) {
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

fn step_scores(scenario: &Scenario, checks: &[CheckScore], trace: &mut Vec<TraceLine>) -> Vec<StepScore> {
    let mut steps = Vec::new();
    for step in &scenario.file.spec.steps {
        let own = || checks.iter().filter(|c| c.step.as_deref() == Some(&step.id));
        let parts: Vec<Total> = own().filter(|c| c.role == Role::Objective).map(|c| c.earned).collect();
        let earned: Total = parts.iter().copied().sum();
        let green = own().filter(|c| matches!(c.role, Role::Objective | Role::Guard)).all(|c| c.verdict == Verdict::Pass);
        if !step.optional {
            trace.push(trace::sum(step.title.clone(), &parts, earned));
        }
        steps.push(StepScore { id: step.id.clone(), title: step.title.clone(), optional: step.optional, green, earned });
    }
    steps
}

fn category_scores(checks: &[CheckScore], trace: &mut Vec<TraceLine>) -> Vec<CategoryScore> {
    let mut categories = Vec::new();
    for category in Category::ALL {
        let of = checks.iter().filter(|c| c.role == Role::Objective && c.category == Some(category));
        let parts: Vec<Total> = of.map(|c| c.earned).collect();
        let earned: Total = parts.iter().copied().sum();
        if earned.max != Points::ZERO {
            trace.push(trace::sum(category.title(), &parts, earned));
            categories.push(CategoryScore { category, earned });
        }
    }
    categories
}

fn base(checks: &[CheckScore], steps: &[StepScore], categories: &[CategoryScore], trace: &mut Vec<TraceLine>) -> Total {
    let objectives: Vec<Total> = checks.iter().filter(|c| c.role == Role::Objective).map(|c| c.earned).collect();
    let total: Total = objectives.iter().copied().sum();
    let by_category: Total = categories.iter().map(|c| c.earned).sum();
    let parts = if !steps.is_empty() {
        steps.iter().filter(|s| !s.optional).map(|s| s.earned).collect()
    } else if by_category.max == total.max {
        categories.iter().map(|c| c.earned).collect()
    } else {
        objectives
    };
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

fn grade(total: Total, steps: &[StepScore]) -> Grade {
    let figure = total.points.min(Points::whole(100));
    let green = steps.iter().filter(|s| !s.optional).all(|s| s.green);
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

/// Why the score is not final: one sentence for each thing that is unknown.
fn pending(worths: &[Worth<'_>], breaches: &[Breach<'_>], run: Option<&Run>) -> Vec<Text> {
    let Some(run) = run else {
        return vec![Text::new("아직 검사를 실행하지 않았습니다.", "The checks have not run yet.")];
    };
    let mut pending = Vec::new();
    if run.provisional {
        pending.push(Text::new(
            "한 번만 살펴본 중간 결과입니다. 상태가 유지되는지는 채점할 때 확인합니다.",
            "This was a single look. Whether the state lasts is judged when the attempt is scored.",
        ));
    }
    for spec in worths.iter().map(|w| w.spec).filter(|c| c.role != Role::Info && known(Some(run), &c.id) == Known::Unknown) {
        if is_marked_by_hand(spec) {
            pending.push(Text::new(
                format!("“{}”은(는) 채점자의 점수를 기다립니다.", spec.title.ko),
                format!("“{}” waits for a grader's mark.", spec.title.en),
            ));
            continue;
        }
        pending.push(Text::new(
            format!("“{}” 검사는 확인하지 못했습니다. 틀린 것으로 치지 않습니다.", spec.title.ko),
            format!("The check “{}” could not be judged. It does not count as wrong.", spec.title.en),
        ));
    }
    for flagged in breaches.iter().filter(|b| !b.certain && known(Some(run), &b.guard.id) == Known::No) {
        pending.push(Text::new(
            format!("보호 조건 “{}” 위반은 사람이 판단해야 합니다.", flagged.guard.title.ko),
            format!("A person has to decide on the breach of the guard “{}”.", flagged.guard.title.en),
        ));
    }
    pending
}
