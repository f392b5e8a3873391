use std::path::Path;

use serde_json::json;

use super::{
    args::CourseArgs,
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::{Result, engine},
};
use crate::{
    gradebook::Gradebook,
    report::rubric as page,
    rubric::{self, Passed},
    runner,
    text::Text,
};

/// Shows the course, its learning items, or who has evidence for which checkpoint.
pub async fn run(context: &Context, args: CourseArgs) -> Result {
    let grading = runner::grading(&context.paths, &context.packs, args.grading.as_deref())?;
    if args.checkpoints || args.gradebook.is_some() {
        let learners = match &args.gradebook {
            Some(file) => rubric::passed_by_gradebook(&gradebook(file)?),
            None => vec![mine(context).await?],
        };
        let grid = rubric::checkpoint_grid(&grading.checkpoints.spec, &learners);
        let text = || page::render_grid(&grading.checkpoints, &grid, context.terminal());
        output::print(context, "CheckpointGrid", text, &json!({"checkpoints": grading.checkpoints.spec.checkpoints, "rows": grid.rows}))?;
    } else if args.items {
        let items = &grading.learning_items;
        output::print(context, "LearningItems", || page::render_items(items, context.terminal()), &json!({"items": items.spec.items}))?;
    } else {
        let course = &grading.course;
        output::print(context, "Course", || page::render_course(course, context.terminal()), &json!({"course": course}))?;
    }
    Ok(Exit::Done)
}

/// What was passed in this installation.
async fn mine(context: &Context) -> std::result::Result<Passed, Failure> {
    let engine = engine(context, "course").await?;
    let learner = context.existing.learner.clone().unwrap_or_else(|| Text::new("나", "me").get(context.lang).to_owned());
    Ok(engine.passed(&learner).await?)
}

fn gradebook(file: &Path) -> std::result::Result<Gradebook, Failure> {
    let name = file.display();
    let failed = || {
        Failure::new(
            Exit::Usage,
            Text::new(format!("성적부 `{name}`을(를) 읽지 못했습니다"), format!("the gradebook `{name}` could not be read")),
        )
    };
    let text = std::fs::read_to_string(file).map_err(|error| failed().cause(error))?;
    serde_json::from_str(&text).map_err(|error| {
        failed()
            .cause(error)
            .help(Text::new("`kubedrill grade --output json`이 쓴 파일을 주세요", "give a file that `kubedrill grade --output json` wrote"))
    })
}
