use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{
    args::{GradeArgs, PolicyArg},
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::{Result, engine},
};
use crate::{
    cohort::roster::{self, RosterRead},
    diagnostic,
    gradebook::{EntryState, Gradebook, Policy},
    report,
    runner::{GradeOrder, Source},
    text::Text,
};

/// Grades a cohort and prints its gradebook.
pub async fn run(context: &Context, args: GradeArgs) -> Result {
    let RosterRead { roster, notes, .. } = read_roster(&args)?;
    if !notes.is_empty() {
        output::print_aside(&diagnostic::render_terminal(&notes, context.lang, false, &diagnostic::read_source))?;
    }
    let source = match args.submissions {
        Some(folder) => Source::Submissions(folder),
        None => Source::Live(args.environments.into_iter().collect::<BTreeMap<_, _>>()),
    };
    let order = GradeOrder {
        id: match &args.cohort {
            Some(name) => name.clone(),
            None => id_of(&roster.cohort, &args.roster)?,
        },
        roster,
        scenarios: args.scenarios,
        source,
        only: args.only,
        jobs: usize::from(args.jobs),
        policy: args.policy.into(),
        due: args.due,
        again: args.again,
        limit: args.limit.0,
    };
    let book = engine(context, "grade").await?.grade(&order).await?;
    if let Some(folder) = &args.out {
        write(folder, &book)?;
    }
    output::print(context, "Gradebook", || report::terminal::render_gradebook(&book, context.terminal()), &book)?;
    let failed = book.entries.iter().any(|entry| entry.state == EntryState::Failed);
    Ok(if failed { Exit::CouldNotCheck } else { Exit::Done })
}

fn read_roster(args: &GradeArgs) -> std::result::Result<RosterRead, Failure> {
    let file = &args.roster;
    let bytes = fs::read(file).map_err(|error| {
        let path = file.display();
        let message = Text::new(format!("명단 `{path}`을(를) 읽지 못했습니다"), format!("the roster `{path}` could not be read"));
        Failure::new(Exit::Usage, message).cause(error)
    })?;
    let cohort = args.cohort.clone().unwrap_or_else(|| cohort_of(file));
    roster::parse(&bytes, file, &cohort).map_err(|diagnostics| {
        let message =
            Text::new(format!("명단 `{}`에 오류가 있습니다", file.display()), format!("the roster `{}` has mistakes", file.display()));
        Failure { diagnostics, ..Failure::new(Exit::ContentInvalid, message) }
    })
}

/// What a roster's class is called when nobody says so: as its file, or as its folder where the file is just called `roster`.
fn cohort_of(file: &Path) -> String {
    let name = |path: &Path| path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let folder = || fs::canonicalize(file).ok().and_then(|file| name(file.parent()?));
    match name(file) {
        Some(stem) if !matches!(stem.to_lowercase().as_str(), "roster" | "명단") => stem,
        stem => folder().or(stem).unwrap_or_default(),
    }
}

/// The grading of this roster: files of the same name in other folders are other classes.
fn id_of(cohort: &str, file: &Path) -> std::result::Result<String, Failure> {
    let path: PathBuf = fs::canonicalize(file)?;
    let hash: String = Sha256::digest(path.to_string_lossy().as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{cohort}-{hash}"))
}

fn write(folder: &Path, book: &Gradebook) -> std::result::Result<(), Failure> {
    fs::create_dir_all(folder)?;
    Ok(fs::write(folder.join("gradebook.json"), report::json::render_gradebook(book)?)?)
}

impl From<PolicyArg> for Policy {
    fn from(policy: PolicyArg) -> Self {
        match policy {
            PolicyArg::Best => Self::Best,
            PolicyArg::Last => Self::Last,
            PolicyArg::First => Self::First,
        }
    }
}
