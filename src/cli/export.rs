use std::{fs, path::Path};

use serde_json::json;

use super::{
    context::Context,
    exit_code::Exit,
    export_args::{ExportArgs, ExportFormat, OutArg},
    export_attempt, export_gradebook,
    failure::Failure,
    output,
    run::Result,
};
use crate::{
    attempt::AttemptId,
    report::{Report, ctrf, gradescope},
    text::{Text, pad},
};

/// Something to be written, with what its reader should know besides.
pub(super) struct Export {
    pub text: String,
    pub notes: Vec<Text>,
}

impl From<String> for Export {
    fn from(text: String) -> Self {
        Self { text, notes: Vec::new() }
    }
}

/// Writes grades and results for other systems. Reads files and stored data only: needs no cluster.
pub async fn run(context: &Context, args: ExportArgs) -> Result {
    let Some(format) = args.format else { return list(context) };
    let (out, export) = match format {
        ExportFormat::Csv(args) => (args.out.out.clone(), export_gradebook::long(context, &args)?),
        ExportFormat::Canvas(args) => (args.table.out.out.clone(), export_gradebook::canvas(context, &args)?),
        ExportFormat::Moodle(args) => (args.table.out.out.clone(), export_gradebook::moodle(context, &args)?),
        ExportFormat::Anonymous(args) => (args.out.out.clone(), export_gradebook::anonymous(context, &args)?),
        ExportFormat::Html(args) => match (&args.gradebook, &args.each) {
            (Some(file), Some(folder)) => return export_gradebook::each(context, file, folder),
            (Some(file), None) => (args.out.out.clone(), export_gradebook::html(context, file, &args)?),
            (None, _) => (args.out.out, export_attempt::html(context, args.attempt.map(AttemptId)).await?),
        },
        ExportFormat::Markdown(args) => match &args.gradebook {
            Some(file) => (args.out.out.clone(), export_gradebook::markdown(context, file)?),
            None => (args.out.out, export_attempt::markdown(context, args.attempt.map(AttemptId)).await?),
        },
        ExportFormat::Json(args) => (args.out.out, export_attempt::json(context, args.attempt.map(AttemptId)).await?),
        ExportFormat::Junit(args) => (args.out.out, export_attempt::junit(context, args.attempt.map(AttemptId)).await?),
        ExportFormat::Ctrf(args) => {
            let render = |report: &Report| Ok(ctrf::render(report, context.lang)?);
            (args.out.out, export_attempt::one(context, args.attempt.map(AttemptId), render).await?)
        }
        ExportFormat::Gradescope(args) => {
            let render = |report: &Report| Ok(gradescope::render(report, context.lang)?);
            (args.out.out, export_attempt::one(context, args.attempt.map(AttemptId), render).await?)
        }
        ExportFormat::Statement(args) => (args.out.out.clone(), export_attempt::statement(context, args).await?),
        ExportFormat::Archive(args) => (args.out.out.clone(), export_attempt::archive(context, args).await?),
    };
    write(context, &OutArg { out }, &export)
}

fn write(context: &Context, out: &OutArg, export: &Export) -> Result {
    for note in &export.notes {
        output::print_aside(&format!("{}\n", note.get(context.lang)))?;
    }
    let Some(file) = &out.out else {
        output::print_text(&export.text)?;
        return Ok(Exit::Done);
    };
    whole(file, export.text.as_bytes())?;
    let text = Text::new(format!("내보냈습니다: {}", file.display()), format!("Exported to {}", file.display()));
    output::print(context, "Exported", || text.get(context.lang).to_owned(), &json!({"file": file, "notes": export.notes}))?;
    Ok(Exit::Done)
}

/// The whole file or none of it: whoever comes upon it may import it.
pub(super) fn whole(file: &Path, bytes: &[u8]) -> std::result::Result<(), Failure> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        Failure::from(error).help(Text::new(format!("쓰려던 곳: {}", file.display()), format!("it was to go to {}", file.display())))
    };
    let mut aside = tempfile::Builder::new().prefix(".export-").permissions(readable()).tempfile_in(parent).map_err(failed)?;
    std::io::Write::write_all(&mut aside, bytes).map_err(failed)?;
    aside.persist(file).map_err(|error| failed(error.error))?;
    Ok(())
}

/// An export is for others, unlike what is usually written aside.
fn readable() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

/// The formats by name, what each is made from, and what it is for.
fn formats() -> [(&'static str, Text, Text); 12] {
    let gradebook = || Text::new("성적부", "gradebook");
    let attempt = || Text::new("시도", "attempt");
    let both = || Text::new("성적부·시도", "gradebook or attempt");
    [
        ("csv", gradebook(), Text::new("학습자와 과제마다 한 줄", "one row for each learner and assignment")),
        (
            "canvas",
            gradebook(),
            Text::new("Canvas로 가져오기, 내보낸 파일 채우기(--from)", "import into Canvas, or fill in your own export (--from)"),
        ),
        ("moodle", gradebook(), Text::new("Moodle로 가져오기: 점수와 피드백", "import into Moodle: grades and comments")),
        ("anonymous", gradebook(), Text::new("누구인지 알 수 없는 성적부", "a gradebook without the people in it")),
        ("html", both(), Text::new("한 파일 보고서: 반, 학습자, 팀, 시도", "one page: a cohort, a learner, a team, an attempt")),
        ("markdown", both(), Text::new("Markdown 보고서: 반, 시도", "Markdown: a cohort, an attempt")),
        ("json", attempt(), Text::new("버전이 있는 JSON", "versioned JSON")),
        ("junit", attempt(), Text::new("CI의 테스트 결과(JUnit XML)", "test results for CI (JUnit XML)")),
        ("ctrf", attempt(), Text::new("테스트 결과(CTRF JSON)", "test results (CTRF JSON)")),
        ("gradescope", attempt(), Text::new("Gradescope의 results.json", "Gradescope's results.json")),
        ("statement", attempt(), Text::new("서명한 결과(in-toto)", "the signed result (in-toto)")),
        ("archive", attempt(), Text::new("서명한 모든 기록, `verify`로 다시 계산", "all records, signed; `verify` computes them anew")),
    ]
}

fn list(context: &Context) -> Result {
    let rows = formats();
    let line = |(name, from, what): &(&str, Text, Text)| {
        format!("{}{}{}\n", pad(name, 12), pad(from.get(context.lang), 24), what.get(context.lang))
    };
    let text = || rows.iter().map(line).collect();
    let data: Vec<_> = rows.iter().map(|(name, from, what)| json!({"name": name, "from": from, "text": what})).collect();
    output::print(context, "ExportFormats", text, &json!({"formats": data}))?;
    Ok(Exit::Done)
}
