use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::report::{Dates, grades};

/// `export`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct ExportArgs {
    /// List the formats, and what each is made from
    #[arg(long)]
    pub list: bool,
    /// The format
    #[command(subcommand)]
    pub format: Option<ExportFormat>,
}

/// What to write.
#[derive(Debug, Subcommand)]
pub enum ExportFormat {
    /// Grades as CSV, one row for each learner and assignment
    Csv(TableArgs),
    /// Grades for Canvas: a new file, or your own export filled in
    Canvas(CanvasArgs),
    /// Grades and comments for Moodle
    Moodle(MoodleArgs),
    /// A gradebook without anything that says who is who
    Anonymous(AnonymousArgs),
    /// One page: a cohort, a learner, a team, or an attempt
    Html(HtmlArgs),
    /// Markdown: a cohort, or an attempt
    Markdown(MarkdownArgs),
    /// An attempt as versioned JSON
    Json(AttemptArgs),
    /// An attempt as JUnit XML
    Junit(AttemptArgs),
    /// An attempt as CTRF JSON
    Ctrf(AttemptArgs),
    /// An attempt as Gradescope's results.json
    Gradescope(AttemptArgs),
    /// The result of an attempt as a signed in-toto statement
    Statement(SignedArgs),
    /// All records of an attempt as one signed file, which `verify` computes anew
    Archive(SignedArgs),
}

/// Where it goes.
#[derive(Debug, Args)]
pub struct OutArg {
    /// Write to this file rather than to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What a table of grades is made from, and how.
#[derive(Debug, Args)]
pub struct TableArgs {
    /// The gradebook.json that `grade` wrote
    #[arg(long, value_name = "FILE")]
    pub gradebook: PathBuf,
    /// What a learner gets who handed in nothing
    #[arg(long, value_enum, default_value_t = MissingArg::Empty)]
    pub missing: MissingArg,
    /// Leave points over 100 as they are; many importers cap or reject them
    #[arg(long = "over-100")]
    pub over_100: bool,
    /// No byte order mark at the beginning: for programs, not for Excel
    #[arg(long)]
    pub no_bom: bool,
    /// Where it goes
    #[command(flatten)]
    pub out: OutArg,
}

/// What nothing counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MissingArg {
    /// An empty cell.
    Empty,
    /// 0 points.
    Zero,
}

impl From<MissingArg> for grades::Missing {
    fn from(arg: MissingArg) -> Self {
        match arg {
            MissingArg::Empty => Self::Empty,
            MissingArg::Zero => Self::Zero,
        }
    }
}

/// `export canvas`.
#[derive(Debug, Args)]
pub struct CanvasArgs {
    /// Your own export of Canvas' gradebook: its rows and other columns stay as they are
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// A column of the bonus beside each figure, which holds it already
    #[arg(long)]
    pub bonus: bool,
    /// The table
    #[command(flatten)]
    pub table: TableArgs,
}

/// `export moodle`.
#[derive(Debug, Args)]
pub struct MoodleArgs {
    /// What Moodle is to know learners by
    #[arg(long, value_enum, default_value_t = KeyArg::Email)]
    pub key: KeyArg,
    /// A column of the bonus beside each figure, which holds it already
    #[arg(long)]
    pub bonus: bool,
    /// The table
    #[command(flatten)]
    pub table: TableArgs,
}

/// What Moodle knows a learner by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lowercase")]
pub enum KeyArg {
    /// The address.
    Email,
    /// The number in the school's own system.
    IdNumber,
    /// The name that they log in with.
    Username,
}

impl From<KeyArg> for grades::MoodleKey {
    fn from(arg: KeyArg) -> Self {
        match arg {
            KeyArg::Email => Self::Email,
            KeyArg::IdNumber => Self::IdNumber,
            KeyArg::Username => Self::Username,
        }
    }
}

/// `export anonymous`.
#[derive(Debug, Args)]
pub struct AnonymousArgs {
    /// The gradebook.json that `grade` wrote
    #[arg(long, value_name = "FILE")]
    pub gradebook: PathBuf,
    /// How fine the moments stay
    #[arg(long, value_enum, default_value_t = DatesArg::Exact)]
    pub dates: DatesArg,
    /// The secret that pseudonyms are made with; one of this machine's, made at first use, when left out
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Where it goes
    #[command(flatten)]
    pub out: OutArg,
}

/// How fine the moments stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DatesArg {
    /// As they are.
    Exact,
    /// The day.
    Day,
    /// The Monday of the week.
    Week,
    /// None at all.
    None,
}

impl From<DatesArg> for Dates {
    fn from(arg: DatesArg) -> Self {
        match arg {
            DatesArg::Exact => Self::Exact,
            DatesArg::Day => Self::Day,
            DatesArg::Week => Self::Week,
            DatesArg::None => Self::None,
        }
    }
}

/// `export html`.
#[derive(Debug, Args)]
pub struct HtmlArgs {
    /// The gradebook.json that `grade` wrote: a page of the cohort; of an attempt when left out
    #[arg(long, value_name = "FILE", conflicts_with = "attempt")]
    pub gradebook: Option<PathBuf>,
    /// Only this learner, by the id in the roster
    #[arg(long, value_name = "ID", requires = "gradebook")]
    pub learner: Option<String>,
    /// Only this team
    #[arg(long, value_name = "NAME", requires = "gradebook", conflicts_with = "learner")]
    pub team: Option<String>,
    /// A folder of pages: the cohort, each learner, each team
    #[arg(long, value_name = "DIR", requires = "gradebook", conflicts_with_all = ["learner", "team", "out"])]
    pub each: Option<PathBuf>,
    /// The attempt, or the run of a bundle; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// Where it goes
    #[command(flatten)]
    pub out: OutArg,
}

/// `export markdown`.
#[derive(Debug, Args)]
pub struct MarkdownArgs {
    /// The gradebook.json that `grade` wrote: the cohort; an attempt when left out
    #[arg(long, value_name = "FILE", conflicts_with = "attempt")]
    pub gradebook: Option<PathBuf>,
    /// The attempt, or the run of a bundle; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// Where it goes
    #[command(flatten)]
    pub out: OutArg,
}

/// An export of one attempt.
#[derive(Debug, Args)]
pub struct AttemptArgs {
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// Where it goes
    #[command(flatten)]
    pub out: OutArg,
}

/// A signed export of one attempt.
#[derive(Debug, Args)]
pub struct SignedArgs {
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// The key to sign with (Ed25519, PKCS #8 PEM); one of this machine's, made at first use, when left out
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Where it goes
    #[command(flatten)]
    pub out: OutArg,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Archives, signed statements, and files that a statement speaks of
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The public key of whoever should have signed (may be given several times)
    #[arg(long, value_name = "FILE")]
    pub public_key: Vec<PathBuf>,
}
