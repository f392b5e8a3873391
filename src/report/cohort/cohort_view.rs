use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Item,
    analysis::{items, mean, plain},
    labels::labels,
    parts::{Mark, Sign, about, legend, mark, moment, sign},
};
use crate::{
    gradebook::{Assignment, Entry, Gradebook, Learner},
    points::Points,
    report::{
        grades::{Figure, level_figure},
        view::{Bar, Category, Field},
    },
    scenario::{Category as Rubric, Level},
    score::level_of,
    text::{Lang, Text},
};

/// A cohort in one language, ready to be put into a template.
#[derive(Serialize)]
pub(super) struct CohortView {
    lang: &'static str,
    l: BTreeMap<&'static str, &'static str>,
    title: String,
    tags: Vec<String>,
    heads: Vec<String>,
    rows: Vec<Row>,
    assignments: Vec<Part>,
    legend: Vec<Sign>,
    pending: Vec<Pending>,
    about: Vec<Field>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    team: Option<String>,
    marks: Vec<Mark>,
}

/// One assignment over the cohort.
#[derive(Serialize)]
struct Part {
    title: String,
    facts: Vec<Field>,
    levels: Vec<Count>,
    categories: Vec<Category>,
    checks: Vec<Head>,
    heat: Vec<Heat>,
    items: Vec<ItemRow>,
}

/// How many reached a level.
#[derive(Serialize)]
struct Count {
    name: String,
    points: String,
    bar: Bar,
}

#[derive(Serialize)]
struct Head {
    number: usize,
    title: String,
}

#[derive(Serialize)]
struct Heat {
    name: String,
    signs: Vec<Sign>,
    mark: Mark,
}

#[derive(Serialize)]
struct ItemRow {
    number: usize,
    title: String,
    rate: String,
    mean: String,
    discrimination: String,
    reasons: Vec<String>,
    flags: Vec<String>,
}

#[derive(Serialize)]
struct Pending {
    learner: String,
    assignment: String,
    why: String,
}

impl CohortView {
    pub(super) fn new(book: &Gradebook, lang: Lang) -> Self {
        let say = |text: &Text| text.get(lang).to_owned();
        let (learners, assignments) = (book.roster.learners.len(), book.assignments.len());
        Self {
            lang: lang.code(),
            l: labels(lang),
            title: if book.roster.cohort.is_empty() { labels(lang)["cohort"].to_owned() } else { book.roster.cohort.clone() },
            tags: vec![
                say(&Text::new(format!("학습자 {learners}명"), counted(learners, "learner"))),
                say(&Text::new(format!("과제 {assignments}개"), counted(assignments, "assignment"))),
                moment(book.generated_at),
            ],
            heads: book.assignments.iter().map(|a| say(&a.title)).collect(),
            rows: book.roster.learners.iter().map(|learner| row(book, learner, lang)).collect(),
            assignments: book.assignments.iter().map(|assignment| part(book, assignment, lang)).collect(),
            legend: legend(lang),
            pending: pending(book, lang),
            about: about(book, book.entries.iter(), lang),
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn row(book: &Gradebook, learner: &Learner, lang: Lang) -> Row {
    let marks = book.assignments.iter().map(|a| mark(book.entry(&learner.id, &a.id), lang)).collect();
    Row { name: learner.name.clone(), team: learner.team.clone(), marks }
}

fn pending(book: &Gradebook, lang: Lang) -> Vec<Pending> {
    let mut pending = Vec::new();
    for learner in &book.roster.learners {
        for assignment in &book.assignments {
            if let Figure::Open(why) = Figure::of(book.entry(&learner.id, &assignment.id), true) {
                pending.push(Pending {
                    learner: learner.name.clone(),
                    assignment: assignment.title.get(lang).to_owned(),
                    why: why.get(lang).to_owned(),
                });
            }
        }
    }
    pending
}

fn part(book: &Gradebook, assignment: &Assignment, lang: Lang) -> Part {
    let entry = |learner: &Learner| book.entry(&learner.id, &assignment.id);
    let entries: Vec<Option<&Entry>> = book.roster.learners.iter().map(entry).collect();
    let heat = book.roster.learners.iter().zip(&entries).map(|(learner, entry)| {
        let outcome = |id: &str| entry.and_then(|entry| entry.checks.iter().find(|outcome| outcome.id == id));
        Heat {
            name: learner.name.clone(),
            signs: assignment.checks.iter().map(|check| sign(outcome(&check.id), lang)).collect(),
            mark: mark(*entry, lang),
        }
    });
    let title = |id: &str| assignment.checks.iter().find(|c| c.id == id).map(|c| c.title.get(lang).to_owned()).unwrap_or_default();
    Part {
        title: assignment.title.get(lang).to_owned(),
        facts: facts(&entries, lang),
        levels: levels(&entries, lang),
        categories: means(&entries, lang),
        checks: (1..).zip(&assignment.checks).map(|(number, c)| Head { number, title: c.title.get(lang).to_owned() }).collect(),
        heat: heat.collect(),
        items: (1..).zip(items(book, assignment)).map(|(number, item)| item_row(number, title(&item.check), &item, lang)).collect(),
    }
}

/// How many are decided, open and missing, and what the decided ones came to.
fn facts(entries: &[Option<&Entry>], lang: Lang) -> Vec<Field> {
    let figures: Vec<Figure> = entries.iter().map(|entry| Figure::of(*entry, false)).collect();
    let mut points: Vec<Points> =
        figures.iter().filter_map(|f| if let Figure::Points(points) = f { Some(*points) } else { None }).collect();
    points.sort();
    let open = figures.iter().filter(|f| matches!(f, Figure::Open(_))).count();
    let missing = figures.iter().filter(|f| **f == Figure::Missing).count();
    let field = |ko: &str, en: &str, value: String| Field { name: Text::new(ko, en).get(lang).to_owned(), value };
    let mut facts = vec![
        field("확정", "Final", points.len().to_string()),
        field("확정 전", "Not final", open.to_string()),
        field("제출하지 않음", "Not handed in", missing.to_string()),
    ];
    let all: Vec<f64> = points.iter().copied().map(plain).collect();
    if let (Some(mean), Some(lowest), Some(highest)) = (mean(&all), points.first(), points.last()) {
        let half = points.len() / 2;
        let median = if points.len() % 2 == 1 { plain(points[half]) } else { (plain(points[half - 1]) + plain(points[half])) / 2.0 };
        facts.push(field("평균", "Mean", format!("{mean:.1}")));
        facts.push(field("중앙값", "Median", format!("{median:.1}")));
        facts.push(field("범위", "Range", format!("{lowest}…{highest}")));
    }
    facts
}

/// How many stand at each level, the highest first; what is open and what is missing stands apart.
fn levels(entries: &[Option<&Entry>], lang: Lang) -> Vec<Count> {
    let level = |entry: &Option<&Entry>| match Figure::of(*entry, false) {
        Figure::Points(points) => Some(level_of(level_figure(points, false))),
        _ => None,
    };
    let reached: Vec<Option<Option<Level>>> = entries.iter().map(level).collect();
    let count = |wanted: Option<Option<Level>>, name: Text| {
        let number = reached.iter().filter(|one| **one == wanted).count();
        let share = share(number, entries.len());
        Count { name: name.get(lang).to_owned(), points: number.to_string(), bar: Bar { sure: share, maybe: 0.0 } }
    };
    let named = [Level::Advanced, Level::Intermediate, Level::Beginner].map(|level| count(Some(Some(level)), level.title()));
    let rest =
        [count(Some(None), Text::new("미달성", "Not yet")), count(None, Text::new("확정 전·제출하지 않음", "Not final or not handed in"))];
    named.into_iter().chain(rest).collect()
}

/// What each category earned on average, over the scores that are decided.
fn means(entries: &[Option<&Entry>], lang: Lang) -> Vec<Category> {
    let decided = entries.iter().flatten().filter(|entry| matches!(Figure::of(Some(entry), false), Figure::Points(_)));
    let scores: Vec<_> = decided.filter_map(|entry| entry.score.as_ref()).collect();
    let of = |category: Rubric| {
        let earned: Vec<_> = scores.iter().flat_map(|s| &s.categories).filter(|c| c.category == category).map(|c| c.earned).collect();
        let max = earned.first()?.max;
        let mean = mean(&earned.iter().map(|total| plain(total.points)).collect::<Vec<_>>())?;
        let whole = plain(max);
        Some(Category {
            name: category.title().get(lang).to_owned(),
            points: format!("{mean:.1} / {max}"),
            bar: Bar { sure: if whole > 0.0 { (mean / whole * 1000.0).round() / 10.0 } else { 0.0 }, maybe: 0.0 },
        })
    };
    Rubric::ALL.into_iter().filter_map(of).collect()
}

fn item_row(number: usize, title: String, item: &Item, lang: Lang) -> ItemRow {
    let say = |ko: &str, en: &str| Text::new(ko, en).get(lang).to_owned();
    let percent = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
    let rate = format!("{} ({}/{})", percent(item.pass_rate()), item.passed, item.judged);
    let mut flags = Vec::new();
    if item.always_errored() {
        flags.push(say("한 번도 확인하지 못함", "never could be judged"));
    } else if item.errors > 0 {
        flags.push(
            Text::new(format!("{}번 확인 불가", item.errors), format!("could not be judged {} times", item.errors)).get(lang).to_owned(),
        );
    }
    if item.never_failed() {
        flags.push(say("모두 통과", "everybody passed"));
    }
    if item.never_passed() {
        flags.push(say("아무도 통과하지 못함", "nobody passed"));
    }
    ItemRow {
        number,
        title,
        rate,
        mean: percent(item.mean),
        discrimination: item.discrimination.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}").replace('-', "−")),
        reasons: item.reasons.iter().map(|(reason, count)| format!("{reason} × {count}")).collect(),
        flags,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
    if whole == 0 { 0.0 } else { (number(part) / number(whole) * 1000.0).round() / 10.0 }
}
