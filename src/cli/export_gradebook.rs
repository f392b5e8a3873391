use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    context::Context,
    exit_code::Exit,
    export::{Export, whole},
    export_args::{AnonymousArgs, CanvasArgs, HtmlArgs, MoodleArgs, TableArgs},
    failure::Failure,
    output,
    run::Result as Done,
};
use crate::{
    gradebook::{FORMAT_VERSION, Gradebook, Learner},
    report::{
        FEW, Pseudonyms, anonymous as anonymise, cohort,
        grades::{self, GradeOptions, Grades, GradesError},
    },
    seal,
    text::Text,
};

type Exported = Result<Export, Failure>;

pub(super) fn long(context: &Context, args: &TableArgs) -> Exported {
    Ok(grades::long(&read(&args.gradebook)?, options(context, args, false))?.into())
}

pub(super) fn canvas(context: &Context, args: &CanvasArgs) -> Exported {
    let (book, options) = (read(&args.table.gradebook)?, options(context, &args.table, args.bonus));
    let grades = match &args.from {
        None => grades::canvas(&book, options)?,
        Some(file) => grades::canvas_from(&book, options, &text_of(file)?).map_err(|error| in_file(file, &error))?,
    };
    Ok(grades.into())
}

pub(super) fn moodle(context: &Context, args: &MoodleArgs) -> Exported {
    Ok(grades::moodle(&read(&args.table.gradebook)?, args.key.into(), options(context, &args.table, args.bonus))?.into())
}

pub(super) fn anonymous(context: &Context, args: &AnonymousArgs) -> Exported {
    let book = read(&args.gradebook)?;
    let file = args.key.clone().unwrap_or_else(|| context.paths.pseudonym_key());
    let (key, made) = seal::secret(&file)?;
    let mut notes = Vec::new();
    if made {
        notes.push(Text::new(
            format!(
                "가명을 만드는 비밀 키를 만들었습니다: {}. 이 키가 있으면 누구인지 다시 알 수 있으니 함께 보내지 마세요",
                file.display()
            ),
            format!("A secret for the pseudonyms was made: {}. With it people can be told again, so do not send it along", file.display()),
        ));
    }
    if book.roster.learners.len() < FEW {
        let count = book.roster.learners.len();
        notes.push(Text::new(
            format!("주의: {count}명뿐입니다. {FEW}명보다 적으면 점수만으로도 누구인지 알 수 있습니다"),
            format!("Take care: with {count} people, fewer than {FEW}, who is who can be told from the figures alone"),
        ));
    }
    let book = anonymise(&book, &Pseudonyms::new(&key), args.dates.into());
    Ok(Export { text: serde_json::to_string_pretty(&book)? + "\n", notes })
}

pub(super) fn markdown(context: &Context, file: &Path) -> Exported {
    Ok(cohort::markdown::render(&read(file)?, context.lang)?.into())
}

pub(super) fn html(context: &Context, file: &Path, args: &HtmlArgs) -> Exported {
    let book = read(file)?;
    let page = match (&args.learner, &args.team) {
        (Some(id), _) => cohort::html::render_learner(&book, learner(&book, id)?, context.lang)?,
        (None, Some(team)) => {
            cohort::html::render_team(&book, team, context.lang)?.ok_or_else(|| nobody(&Text::new("팀", "team"), team, teams(&book)))?
        }
        (None, None) => cohort::html::render(&book, context.lang)?,
    };
    Ok(page.into())
}

/// A page of the cohort, of each learner and of each team. A learner's own language opens first.
pub(super) fn each(context: &Context, file: &Path, folder: &Path) -> Done {
    let book = read(file)?;
    fs::create_dir_all(folder)?;
    let mut pages = vec![("cohort.html".to_owned(), cohort::html::render(&book, context.lang)?)];
    for learner in &book.roster.learners {
        let page = cohort::html::render_learner(&book, learner, learner.lang.unwrap_or(context.lang))?;
        pages.push((format!("learner-{}.html", file_name(&learner.id)), page));
    }
    for team in teams(&book) {
        if let Some(page) = cohort::html::render_team(&book, team, context.lang)? {
            pages.push((format!("team-{}.html", file_name(team)), page));
        }
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for (name, page) in &pages {
        files.push(folder.join(name));
        whole(&folder.join(name), page.as_bytes())?;
    }
    let (count, place) = (files.len(), folder.display());
    let text = Text::new(format!("`{place}`에 {count}쪽을 썼습니다"), format!("{count} pages are in `{place}`"));
    output::print(context, "Exported", || text.get(context.lang).to_owned(), &json!({"folder": folder, "files": files}))?;
    Ok(Exit::Done)
}

fn options(context: &Context, args: &TableArgs, bonus: bool) -> GradeOptions {
    GradeOptions { lang: context.lang, over_100: args.over_100, missing: args.missing.into(), bonus, no_bom: args.no_bom }
}

fn in_file(file: &Path, error: &GradesError) -> Failure {
    let place = file.display();
    Failure::new(
        Exit::Usage,
        Text::new(format!("`{place}`은(는) Canvas에서 내보낸 성적부가 아닙니다"), format!("`{place}` is no export of Canvas' gradebook")),
    )
    .cause(error)
}

fn text_of(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| {
        let place = file.display();
        Failure::new(Exit::Usage, Text::new(format!("`{place}`을(를) 읽을 수 없습니다"), format!("`{place}` cannot be read"))).cause(error)
    })
}

fn read(file: &Path) -> Result<Gradebook, Failure> {
    let text = text_of(file)?;
    let place = file.display();
    let wrong = || {
        Failure::new(Exit::Usage, Text::new(format!("`{place}`은(는) 성적부가 아닙니다"), format!("`{place}` is no gradebook")))
            .help(Text::new("`kubedrill grade`가 쓴 gradebook.json을 주세요", "give the gradebook.json that `kubedrill grade` wrote"))
    };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| wrong().cause(error))?;
    if let Some(found) = value["formatVersion"].as_u64().filter(|found| *found > u64::from(FORMAT_VERSION)) {
        return Err(wrong().cause(format!("it has the format version {found}, and this kubedrill knows {FORMAT_VERSION}")));
    }
    serde_json::from_value(value).map_err(|error| wrong().cause(error))
}

fn learner<'a>(book: &'a Gradebook, id: &str) -> Result<&'a Learner, Failure> {
    let known = book.roster.learners.iter().map(|learner| learner.id.as_str());
    book.roster.learners.iter().find(|learner| learner.id == id).ok_or_else(|| nobody(&Text::new("학습자", "learner"), id, known.collect()))
}

fn teams(book: &Gradebook) -> BTreeSet<&str> {
    book.roster.learners.iter().filter_map(|learner| learner.team.as_deref()).collect()
}

fn nobody(what: &Text, asked: &str, known: BTreeSet<&str>) -> Failure {
    let known = known.into_iter().collect::<Vec<_>>().join(", ");
    Failure::new(
        Exit::Usage,
        Text::new(format!("명단에 {} `{asked}`이(가) 없습니다", what.ko), format!("there is no {} `{asked}` in the roster", what.en)),
    )
    .help(Text::new(format!("있는 이름: {known}"), format!("there are: {known}")))
}

/// A name that is one part of a path on every system.
fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect()
}

impl From<Grades> for Export {
    fn from(grades: Grades) -> Self {
        Self { text: grades.text, notes: grades.notes }
    }
}

impl From<GradesError> for Failure {
    fn from(error: GradesError) -> Self {
        let message = match &error {
            GradesError::Csv(_) => Text::new("CSV를 읽거나 쓰지 못했습니다", "the CSV could not be read or written"),
            GradesError::NotCanvas { .. } => Text::new("Canvas에서 내보낸 성적부가 아닙니다", "it is no export of Canvas' gradebook"),
            GradesError::NoKey { .. } => Text::new("Moodle이 학습자를 알아볼 수 없습니다", "Moodle could not tell the learners"),
        };
        Self::new(Exit::Usage, message).cause(error)
    }
}
