use serde_json::json;

use super::{
    args::AnswerArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    runner::Question,
    text::{self, Lang, Text},
};

/// Lists the questions, or gives an answer to one. Says how it was understood, never whether it is right: `check` does.
pub async fn run(context: &Context, args: AnswerArgs) -> Result {
    let engine = engine(context, "answer").await?;
    let environment = engine.environment().await?;
    let (Some(check), false) = (&args.check, args.value.is_empty()) else {
        let mut questions = engine.questions(&environment).await?;
        questions.retain(|question| args.check.as_ref().is_none_or(|check| *check == question.check));
        output::print(context, "Questions", || page(context, &questions), &json!({"questions": questions}))?;
        return Ok(Exit::Done);
    };
    let question = engine.answer(&environment, check, &args.value.join(" ")).await?;
    let text = || {
        let (answer, left) = (question.answer.as_deref().unwrap_or_default(), question.left);
        let text = Text::new(
            format!("답을 적어 두었습니다: {answer}\n다른 답을 {left}번 더 할 수 있습니다. 다음: `kubedrill check`"),
            format!("Your answer is noted: {answer}\n{left} other answers still count. next: `kubedrill check`"),
        );
        text.get(context.lang).to_owned()
    };
    output::print(context, "Answered", text, &question)?;
    Ok(Exit::Done)
}

fn page(context: &Context, questions: &[Question]) -> String {
    let lang = context.lang;
    let mut out = String::new();
    for question in questions {
        let head = format!("{}: {}", question.check, question.question.get(lang));
        out += &text::wrap(&head, context.width).join("\n  ");
        out.push('\n');
        for option in &question.options {
            out += &format!("  {}) {}\n", option.id, option.text.get(lang));
        }
        let left = question.left;
        let state = match (&question.answer, lang) {
            (Some(answer), Lang::Ko) => format!("답: {answer} · 다른 답 {left}번 가능"),
            (Some(answer), Lang::En) => format!("answered: {answer} · {left} other answers count"),
            (None, Lang::Ko) => format!("답하지 않음 · {left}번까지: `kubedrill answer {} …`", question.check),
            (None, Lang::En) => format!("not answered · {left} answers count: `kubedrill answer {} …`", question.check),
        };
        out += &format!("  {state}\n");
    }
    if questions.is_empty() {
        out += Text::new("묻는 것이 없습니다.", "Nothing is asked here.").get(lang);
    }
    out
}
