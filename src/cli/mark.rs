use serde_json::json;

use super::{
    args::{MarkArgs, RoleArg},
    context::Context,
    exit_code::Exit,
    failure::Failure,
    marking_desk, output,
    run::{Result, engine},
};
use crate::{
    attempt::{AttemptId, Mark, MarkRole},
    report::Report,
    runner::{Engine, MarkQuery, MarkSheet, Marking, Queued, ToMark},
    text::{self, Lang, Text},
};

/// Lists what a grader marks, or gives marks: one by one, at a desk in the terminal, or by a sheet. Needs no cluster.
pub async fn run(context: &Context, args: MarkArgs) -> Result {
    let engine = engine(context, "mark").await?;
    if let Some(file) = &args.from {
        let given = engine.mark_by(file).await?;
        let text = Text::new(format!("{given}개를 채점했습니다"), format!("{given} marks were given"));
        output::print(context, "Marked", || text.get(context.lang).to_owned(), &json!({"marks": given}))?;
        return Ok(Exit::Done);
    }
    if args.queue || args.sheet.is_some() || args.desk {
        return many(context, &engine, &args).await;
    }
    one(context, &engine, args).await
}

async fn many(context: &Context, engine: &Engine, args: &MarkArgs) -> Result {
    let query = MarkQuery { scenario: args.scenario.clone(), role: role(args.role), all: args.all, blind: args.blind };
    let queue = engine.mark_queue(&query).await?;
    if let Some(file) = &args.sheet {
        std::fs::write(file, MarkSheet::to_fill_in(&queue, &args.by, query.role, query.blind, context.lang))?;
        let (count, file) = (queue.len(), file.display().to_string());
        let text = Text::new(format!("채점할 {count}개를 {file}에 썼습니다"), format!("{count} things to mark are in {file}"));
        output::print(context, "MarkSheet", || text.get(context.lang).to_owned(), &json!({"file": file, "marks": count}))?;
        return Ok(Exit::Done);
    }
    if args.desk {
        return marking_desk::run(context, engine, &args.by, &query, queue).await;
    }
    output::print(context, "MarkQueue", || queued(context, &queue), &json!({"queue": queue}))?;
    Ok(Exit::Done)
}

async fn one(context: &Context, engine: &Engine, args: MarkArgs) -> Result {
    let environment = engine.environment().await?;
    let id = args.attempt.map(AttemptId);
    if args.post {
        let report = engine.post_marks(id.as_ref(), &environment, &args.by).await?;
        return told(context, &report, &Text::new("점수를 공개했습니다.", "The marks are posted."), &json!(null));
    }
    let Some(check) = args.check else {
        let marking = engine.marking(id.as_ref(), &environment).await?;
        output::print(context, "Marking", || page(context, &marking), &marking)?;
        return Ok(Exit::Done);
    };
    let Some(points) = args.points else {
        let report = engine.average(id.as_ref(), &environment, &check, &args.by).await?;
        let text =
            Text::new(format!("`{check}`은(는) 두 점수의 평균으로 정했습니다."), format!("`{check}` has the mean of its two marks."));
        return told(context, &report, &text, &json!(null));
    };
    let comment = args.comment.unwrap_or_default();
    let evidence = args.evidence.map(|evidence| evidence_of(&evidence)).transpose()?;
    let mark = Mark { check, points, comment, by: args.by, role: role(args.role), evidence, blind: args.blind };
    let report = engine.mark(id.as_ref(), &environment, &mark).await?;
    let text = Text::new(
        format!("`{}`에 {}점을 적었습니다.", mark.check, mark.points),
        format!("`{}` is marked with {}.", mark.check, mark.points),
    );
    told(context, &report, &text, &json!(mark))
}

fn told(context: &Context, report: &Report, text: &Text, mark: &serde_json::Value) -> Result {
    let total = report.score.total;
    let data = json!({"attempt": report.attempt.id, "mark": mark, "score": report.score});
    let text = Text::new(format!("{} 총점 {total}", text.ko), format!("{} total {total}", text.en));
    output::print(context, "Marked", || text.get(context.lang).to_owned(), &data)?;
    Ok(Exit::Done)
}

/// A text or an address as it is; of a file its name and digest, by which it is known again.
fn evidence_of(evidence: &str) -> std::result::Result<String, Failure> {
    use sha2::{Digest, Sha256};
    let Some(file) = evidence.strip_prefix('@') else { return Ok(evidence.to_owned()) };
    let digest: String = Sha256::digest(std::fs::read(file)?).iter().map(|byte| format!("{byte:02x}")).collect();
    let name = std::path::Path::new(file).file_name().map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(format!("{name} (sha256:{digest})"))
}

fn role(role: RoleArg) -> MarkRole {
    match role {
        RoleArg::First => MarkRole::First,
        RoleArg::Second => MarkRole::Second,
        RoleArg::Moderator => MarkRole::Moderator,
    }
}

fn page(context: &Context, marking: &Marking) -> String {
    let mut out = format!("{}\n", marking.attempt);
    for one in &marking.checks {
        out += &described(context, one);
    }
    if marking.checks.is_empty() {
        out += Text::new("사람이 채점할 것이 없습니다.", "Nothing here is marked by hand.").get(context.lang);
    }
    out
}

fn queued(context: &Context, queue: &[Queued]) -> String {
    if queue.is_empty() {
        return Text::new("채점을 기다리는 것이 없습니다.", "Nothing waits for a mark.").get(context.lang).to_owned();
    }
    queue.iter().map(|one| format!("{}  {}  {}\n{}", one.learner, one.attempt, one.scenario, described(context, &one.item))).collect()
}

/// What is marked, what so many points look like, and the mark that there is.
pub(super) fn described(context: &Context, one: &ToMark) -> String {
    let lang = context.lang;
    let mark = match (&one.mark, lang) {
        (Some(mark), Lang::Ko) => format!("{}/{}점, {}", mark.points, one.max, mark.by),
        (Some(mark), Lang::En) => format!("{} of {}, by {}", mark.points, one.max, mark.by),
        (None, Lang::Ko) => format!("0…{}점, 채점 전", one.max),
        (None, Lang::En) => format!("0…{}, not marked yet", one.max),
    };
    let mut out = format!("{} ({mark}): {}\n", one.check, one.title.get(lang));
    for line in text::wrap(one.manual.criterion.get(lang), context.width.saturating_sub(2)) {
        out += &format!("  {line}\n");
    }
    for level in &one.manual.levels {
        out += &format!("  {:>5}  {}\n", level.points, level.text.get(lang));
    }
    if let Some(comment) = one.mark.as_ref().map(|mark| &mark.comment).filter(|comment| !comment.is_empty()) {
        out += &format!("  “{comment}”\n");
    }
    out
}
