use serde_json::json;

use super::{
    args::MarkArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::{AttemptId, Mark},
    runner::Marking,
    text::{self, Lang, Text},
};

/// Lists what a grader marks in an attempt, or gives a mark. Needs no cluster.
pub async fn run(context: &Context, args: MarkArgs) -> Result {
    let engine = engine(context, "mark").await?;
    let environment = engine.environment().await?;
    let id = args.attempt.map(AttemptId);
    let (Some(check), Some(points)) = (args.check, args.points) else {
        let marking = engine.marking(id.as_ref(), &environment).await?;
        output::print(context, "Marking", || page(context, &marking), &marking)?;
        return Ok(Exit::Done);
    };
    let mark = Mark { check, points, comment: args.comment.unwrap_or_default(), by: args.by };
    let report = engine.mark(id.as_ref(), &environment, &mark).await?;
    let total = report.score.total;
    let text = Text::new(
        format!("`{}`에 {}점을 적었습니다. 총점 {total}", mark.check, mark.points),
        format!("`{}` is marked with {}. total {total}", mark.check, mark.points),
    );
    let data = json!({"attempt": report.attempt.id, "mark": mark, "score": report.score});
    output::print(context, "Marked", || text.get(context.lang).to_owned(), &data)?;
    Ok(Exit::Done)
}

fn page(context: &Context, marking: &Marking) -> String {
    let lang = context.lang;
    let mut out = format!("{}\n", marking.attempt);
    for one in &marking.checks {
        let mark = match (&one.mark, lang) {
            (Some(mark), Lang::Ko) => format!("{}/{}점, {}", mark.points, one.max, mark.by),
            (Some(mark), Lang::En) => format!("{} of {}, by {}", mark.points, one.max, mark.by),
            (None, Lang::Ko) => format!("0…{}점, 채점 전", one.max),
            (None, Lang::En) => format!("0…{}, not marked yet", one.max),
        };
        out += &format!("{} ({mark}): {}\n", one.check, one.title.get(lang));
        for line in text::wrap(one.manual.criterion.get(lang), context.width.saturating_sub(2)) {
            out += &format!("  {line}\n");
        }
        for level in &one.manual.levels {
            out += &format!("  {:>5}  {}\n", level.points, level.text.get(lang));
        }
        if let Some(comment) = one.mark.as_ref().map(|mark| &mark.comment).filter(|comment| !comment.is_empty()) {
            out += &format!("  “{comment}”\n");
        }
    }
    if marking.checks.is_empty() {
        out += Text::new("사람이 채점할 것이 없습니다.", "Nothing here is marked by hand.").get(lang);
    }
    out
}
