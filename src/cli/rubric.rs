use serde_json::json;

use super::{
    args::{LevelOnArg, RubricArgs},
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::AttemptId,
    report::rubric as page,
    rubric::{self, Assessment, Graded, Grading, LevelOn, ReachedById, Rubric, Sheet, SheetFile, TallyOptions},
    runner,
    text::Text,
};

/// Shows a rubric, or what a sheet, an attempt or both come to by it.
pub async fn run(context: &Context, args: RubricArgs) -> Result {
    let grading = runner::grading(&context.paths, &context.packs, args.grading.as_deref())?;
    let sheet = args.entries.as_ref().map(|file| runner::sheet(file, &grading)).transpose()?;
    if let (Some(id), Some(sheet)) = (&args.rubric, &sheet)
        && *id != sheet.metadata.rubric
    {
        return Err(unlike(id, &sheet.metadata.rubric));
    }
    let named = args.rubric.clone().or_else(|| sheet.as_ref().map(|sheet| sheet.metadata.rubric.clone()));
    let Some(id) = named else { return list(context, &grading) };
    match grading.get(&id) {
        None => Err(missing(&id, &grading)),
        Some(_) if sheet.is_none() && args.attempt.is_none() => show(context, &grading, &id),
        Some(Graded::Rubric(rubric)) => by_rubric(context, &args, &grading, (&id, rubric), sheet.as_ref()).await,
        Some(Graded::Assessment(_)) if args.attempt.is_some() => Err(Failure::new(
            Exit::Usage,
            Text::new(format!("`{id}`은(는) 시도 하나로 채점하지 않습니다"), format!("`{id}` is not scored from one attempt")),
        )
        .help(Text::new("--entries로 항목별 점수를 주세요", "give the figures of its items with --entries"))),
        Some(Graded::Assessment(assessment)) => by_assessment(context, &grading, (&id, assessment), sheet.as_ref()),
    }
}

async fn by_rubric(
    context: &Context,
    args: &RubricArgs,
    grading: &Grading,
    (id, rubric): (&str, &Rubric),
    sheet: Option<&SheetFile>,
) -> Result {
    let (mut reached, mut subject) = (ReachedById::new(), String::new());
    if let Some(attempt) = args.attempt.clone().map(AttemptId) {
        let engine = engine(context, "rubric").await?;
        reached = engine.reached(Some(&attempt), &engine.environment().await?, id, rubric).await?;
        subject = attempt.to_string();
    }
    let mut records = &[][..];
    if let Some(file) = sheet {
        reached.extend(rubric::reached_by_sheet(rubric, &file.spec));
        subject.clone_from(&file.metadata.subject);
        records = &file.spec.records;
    }
    let score = rubric::tally(rubric, grading.levels(), &reached, records, &options(args, id, &subject, sheet.map(|file| &file.spec)));
    output::print(context, "RubricScore", || page::render_rubric_score(&score, grading.levels(), context.terminal()), &score)?;
    Ok(Exit::Done)
}

fn by_assessment(context: &Context, grading: &Grading, (id, assessment): (&str, &Assessment), sheet: Option<&SheetFile>) -> Result {
    let Some(file) = sheet else { return show(context, grading, id) };
    let score = rubric::weigh(id, &file.metadata.subject, assessment, grading.levels(), &file.spec);
    output::print(context, "AssessmentScore", || page::render_assessment_score(&score, grading.levels(), context.terminal()), &score)?;
    Ok(Exit::Done)
}

fn list(context: &Context, grading: &Grading) -> Result {
    let rubrics = grading.rubrics.iter().map(|file| &file.metadata);
    let all: Vec<_> = rubrics.chain(grading.assessments.iter().map(|file| &file.metadata)).collect();
    let text = || all.iter().map(|one| format!("{}  {}\n", one.name, one.title.get(context.lang))).collect();
    output::print(context, "Rubrics", text, &json!({"rubrics": all, "levels": grading.levels.spec}))?;
    Ok(Exit::Done)
}

fn show(context: &Context, grading: &Grading, id: &str) -> Result {
    if let Some(file) = grading.rubric(id) {
        let text = || page::render_rubric(file, grading.levels(), context.terminal());
        output::print(context, "Rubric", text, &json!({"rubric": file}))?;
    } else if let Some(file) = grading.assessments.iter().find(|file| file.metadata.name == id) {
        let text = || page::render_assessment(file, grading.levels(), context.terminal());
        output::print(context, "Assessment", text, &json!({"assessment": file}))?;
    }
    Ok(Exit::Done)
}

fn options(args: &RubricArgs, rubric: &str, subject: &str, sheet: Option<&Sheet>) -> TallyOptions {
    let asked = args.level_on.map(|level_on| match level_on {
        LevelOnArg::Capped => LevelOn::Capped,
        LevelOnArg::Base => LevelOn::Base,
        LevelOnArg::Uncapped => LevelOn::Uncapped,
    });
    TallyOptions {
        rubric: rubric.to_owned(),
        subject: subject.to_owned(),
        level_on: asked.or(sheet.and_then(|sheet| sheet.level_on)),
        stage: args.stage,
    }
}

fn missing(id: &str, grading: &Grading) -> Failure {
    let all = grading.ids().join(", ");
    Failure::new(Exit::Usage, Text::new(format!("루브릭 `{id}`이(가) 없습니다"), format!("there is no rubric `{id}`")))
        .help(Text::new(format!("있는 것: {all}"), format!("there are: {all}")))
}

fn unlike(asked: &str, named: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        Text::new(
            format!("`{asked}`을(를) 요청했지만 파일은 `{named}`에 대한 것입니다"),
            format!("`{asked}` was asked for, and the file is about `{named}`"),
        ),
    )
}
