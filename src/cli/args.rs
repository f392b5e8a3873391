use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;

use super::{
    complete,
    export_args::{ExportArgs, VerifyArgs},
};
use crate::{
    points::Points,
    provider::ProviderName,
    scenario::{Cpu, Duration},
};

/// Break a Kubernetes cluster in a realistic way, repair it, and see what the repair is worth and why.
#[derive(Debug, Parser)]
#[command(
    name = "kubedrill",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done or passed, 1 bug, 2 usage, 3 checks failed, 4 could not check, 5 not started, 6 cannot run here, 7 content invalid, 130 interrupted.\nFirst time here? Run `kubedrill demo`, then `kubedrill list`."
)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct GlobalArgs {
    /// Print for people (text) or for programs (json, versioned; see `kubedrill schema`)
    #[arg(long, short = 'o', global = true, value_enum, default_value_t = OutputFormat::Text)]
    pub output: OutputFormat,
    /// Language of everything you read; taken from the locale when left out
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// Name of the environment; the one with the open attempt when left out
    #[arg(long = "env", id = "environment", global = true, value_name = "NAME", env = "KUBEDRILL_ENV", add = ArgValueCandidates::new(complete::environments))]
    pub environment: Option<String>,
    /// Where a new cluster comes from; the sandbox when left out
    #[arg(long, global = true, value_enum, env = "KUBEDRILL_PROVIDER")]
    pub provider: Option<ProviderArg>,
    /// kind only: the node image of a new cluster; kind's own when left out
    #[arg(long, global = true, value_name = "IMAGE", env = "KUBEDRILL_NODE_IMAGE")]
    pub node_image: Option<String>,
    /// kind only: a configuration of kind to make a new cluster from (nodes, networking, patches)
    #[arg(long, global = true, value_name = "FILE", env = "KUBEDRILL_KIND_CONFIG")]
    pub kind_config: Option<PathBuf>,
    /// With `--provider existing`: the kubeconfig context to work in; the current one is never used
    #[arg(long, global = true, value_name = "NAME")]
    pub context: Option<String>,
    /// The kubeconfig that holds the context; those that kubectl would read when left out
    #[arg(long, global = true, value_name = "FILE", requires = "context")]
    pub kubeconfig: Option<PathBuf>,
    /// In a shared cluster: whose namespaces these are (NAME-shop, …); the environment's name when left out
    #[arg(long, global = true, value_name = "NAME", env = "KUBEDRILL_LEARNER")]
    pub learner: Option<String>,
    /// In a shared cluster: namespaces that are called otherwise; `kubedrill` stands for the one of kubedrill's own objects
    #[arg(long = "namespaces", global = true, value_name = "SHOP=NAME", value_delimiter = ',', value_parser = pair)]
    pub namespaces: Vec<(String, String)>,
    /// A folder of scenarios of your own, beside the shipped ones (may be given several times)
    #[arg(long = "pack", global = true, value_name = "DIR", env = "KUBEDRILL_PACKS", value_delimiter = ':')]
    pub packs: Vec<PathBuf>,
    /// Let scripts of scenarios run on this machine; only for scenarios whose authors you trust
    #[arg(long, global = true, env = "KUBEDRILL_ALLOW_SCRIPTS")]
    pub allow_scripts: bool,
    /// Never use colour
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A language, as on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// A provider, as on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProviderArg {
    /// A real control plane and real kubelets as ordinary processes; containers and network are simulated.
    Sandbox,
    /// A cluster that kind makes in Docker or Podman: real containers and real packets.
    Kind,
    /// Namespaces of somebody else's cluster; needs --context.
    Existing,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, other) = text.split_once('=').ok_or_else(|| format!("`{text}` is not NAMESPACE=NAME"))?;
    Ok((name.to_owned(), other.to_owned()))
}

impl From<ProviderArg> for ProviderName {
    fn from(arg: ProviderArg) -> Self {
        match arg {
            ProviderArg::Sandbox => Self::Sandbox,
            ProviderArg::Kind => Self::Kind,
            ProviderArg::Existing => Self::Existing,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole story in one go: break a cluster, see it fail, repair it, see the score
    Demo(DemoArgs),
    /// List the scenarios and bundles
    List,
    /// Read a scenario's story, or where you are in the attempt that is open
    Show(ShowArgs),
    /// Start a scenario: a cluster that is broken, and confirmed to be
    Start(StartArgs),
    /// In a bundle: judge the open part for good and start the one after it
    Next(NextArgs),
    /// Check your work
    Check(CheckArgs),
    /// Answer a question of the scenario, or list its questions
    Answer(AnswerArgs),
    /// Say which files the scenario asks you to hand in, and where they go
    Files,
    /// What a check saw, and why it was judged so
    Explain(ExplainArgs),
    /// Your fix is right, but was rejected? Write the evidence down for whoever grades
    Appeal(AppealArgs),
    /// See what users ask of the applications, or change it
    Load(LoadArgs),
    /// Open the next hint
    Hint(HintArgs),
    /// Show a reference solution, or apply it; the attempt counts as assisted
    Solve(SolveArgs),
    /// Go back to exactly the broken state
    Reset,
    /// Close the attempt and remove the environment
    Stop(StopArgs),
    /// What an administrator of a shared cluster applies so that learners can work in it: namespaces, shares, rights
    Prepare(PrepareArgs),
    /// How the environment and the attempt are
    Status,
    /// Judge the attempt for good and print the score with its arithmetic
    Score,
    /// Give a mark for what only a person can judge, or list what is to be marked
    Mark(MarkArgs),
    /// Put your points in the place of what was computed for a check, a category or the total
    Override(OverrideArgs),
    /// Give or take points as a row of its own
    Adjust(AdjustArgs),
    /// A check of a scenario is faulty: take it out of everybody's score
    Void(VoidArgs),
    /// Compute stored attempts anew under a corrected scenario or other rules; a dry run first
    Regrade(RegradeArgs),
    /// Write the score report of an attempt
    Report(ReportArgs),
    /// Write grades and results in the format of another system, or signed
    Export(ExportArgs),
    /// Check what was exported and signed: signature, records, and the score computed anew
    Verify(VerifyArgs),
    /// Open your own shell on this cluster alone
    Shell,
    /// Print the exports that point kubectl at this cluster: eval "$(kubedrill env)"
    Env,
    /// Run the kubectl that kubedrill brings along, on this cluster
    Kubectl(KubectlArgs),
    /// What this machine can run, and the remedy for what it cannot
    Doctor,
    /// Go through the operations checklists on a cluster that is named, reading only
    Audit(AuditArgs),
    /// Show a rubric, or what a sheet of entries or an attempt comes to by it
    Rubric(RubricArgs),
    /// Show the course, or who has evidence for which of its checkpoints
    Course(CourseArgs),
    /// Look for mistakes in scenarios and rubrics
    Lint(LintArgs),
    /// Write a scenario to start from
    New(NewArgs),
    /// Prove scenarios: broken fails, each solution earns its points, each cheat is stopped, reset is exact
    Prove(ProveArgs),
    /// Grade a cohort: a roster, and what its learners handed in or their open environments
    Grade(GradeArgs),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Not for people
    #[command(hide = true, subcommand)]
    Internal(InternalCommand),
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The challenge to tell it with
    #[arg(default_value = "c20-service-no-endpoints", add = ArgValueCandidates::new(complete::scenarios))]
    pub scenario: String,
    /// The reference solution to apply; the first when left out
    #[arg(long)]
    pub solution: Option<String>,
}

/// `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The id of the scenario or bundle; the open attempt's, with the step to work on, when left out
    #[arg(add = ArgValueCandidates::new(complete::scenarios_and_bundles))]
    pub scenario: Option<String>,
    /// One step of a lab, by its id or number
    #[arg(long, value_name = "STEP")]
    pub step: Option<String>,
}

/// `start`.
#[derive(Debug, Args)]
pub struct StartArgs {
    /// The id of the scenario or bundle
    #[arg(add = ArgValueCandidates::new(complete::scenarios_and_bundles))]
    pub scenario: String,
    /// Close the attempt that is open in this environment first
    #[arg(long)]
    pub replace: bool,
    /// An optional add-on of the scenario to work with; `show` names those that there are
    #[arg(long, value_name = "ADDON")]
    pub with: Vec<String>,
    /// A file with your team's own names, for a project that lets you choose them
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub platform: Option<PathBuf>,
    /// Say what would be made or refused, and change nothing
    #[arg(long, conflicts_with = "replace")]
    pub dry_run: bool,
}

/// `next`.
#[derive(Debug, Args)]
pub struct NextArgs {
    /// Go on although the part is not solved; what it is worth now stays
    #[arg(long)]
    pub leave: bool,
    /// An optional add-on of the next part to work with; `show` names those that there are
    #[arg(long, value_name = "ADDON")]
    pub with: Vec<String>,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Check again at every change, until everything passes
    #[arg(long, conflicts_with = "now")]
    pub watch: bool,
    /// Look once, without waiting for what is still settling
    #[arg(long)]
    pub now: bool,
    /// Print how many API calls it took
    #[arg(long)]
    pub cost: bool,
    /// Only this step of a lab
    #[arg(long, value_name = "ID")]
    pub step: Option<String>,
}

/// `answer`.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// The check whose question it is; all questions are listed when left out
    #[arg(value_name = "CHECK")]
    pub check: Option<String>,
    /// The answer: an object such as deployment/web, a choice, a number or a word
    #[arg(value_name = "ANSWER", trailing_var_arg = true, allow_hyphen_values = true)]
    pub value: Vec<String>,
}

/// `mark`.
#[derive(Debug, Args)]
pub struct MarkArgs {
    /// The check; what is to be marked is listed when left out
    #[arg(value_name = "CHECK", requires = "given")]
    pub check: Option<String>,
    /// The mark: from 0 to the check's points, in steps of 0.5
    #[arg(value_name = "POINTS", value_parser = points, group = "given")]
    pub points: Option<Points>,
    /// Settle two marks that are too far apart with their mean
    #[arg(long, requires = "check", group = "given")]
    pub average: bool,
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// Why; whoever reads the report reads it
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// What the mark rests on: a text, the address of a page, or @FILE
    #[arg(long, value_name = "TEXT")]
    pub evidence: Option<String>,
    /// Who gives the mark
    #[arg(long, value_name = "NAME", env = "USER", default_value = "grader")]
    pub by: String,
    /// As what: a second marker is not shown the first mark, a moderator decides between the two
    #[arg(long, value_enum, default_value_t = RoleArg::First)]
    pub role: RoleArg,
    /// Show pseudonyms in place of names
    #[arg(long)]
    pub blind: bool,
    /// Let the marks of the attempt count, where rules hide them until then
    #[arg(long, conflicts_with_all = ["check", "queue", "desk", "sheet", "from"])]
    pub post: bool,
    /// List what waits for a mark, over all attempts
    #[arg(long, conflicts_with_all = ["check", "attempt", "desk", "sheet", "from"])]
    pub queue: bool,
    /// Mark what waits for a mark, one after the other, in the terminal
    #[arg(long, conflicts_with_all = ["check", "attempt", "sheet", "from"])]
    pub desk: bool,
    /// Write what waits for a mark to this file, to fill in
    #[arg(long, value_name = "FILE", conflicts_with_all = ["check", "attempt", "from"])]
    pub sheet: Option<PathBuf>,
    /// Give the marks of a sheet that was filled in
    #[arg(long, value_name = "FILE", conflicts_with_all = ["check", "attempt"])]
    pub from: Option<PathBuf>,
    /// Only of this scenario
    #[arg(long, value_name = "ID", conflicts_with_all = ["check", "attempt", "from"])]
    pub scenario: Option<String>,
    /// Also what is marked already
    #[arg(long, conflicts_with_all = ["check", "attempt", "from"])]
    pub all: bool,
}

/// As what a grader marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// The first marker.
    First,
    /// The second marker.
    Second,
    /// Whoever decides between the two.
    Moderator,
}

fn points(text: &str) -> Result<Points, String> {
    let number: serde_json::Number = text.parse().map_err(|_| format!("`{text}` is not a number of points"))?;
    serde_json::from_value(serde_json::Value::Number(number)).map_err(|e| e.to_string())
}

/// `override`.
#[derive(Debug, Args)]
pub struct OverrideArgs {
    /// What to replace: `total`, a category such as functionality, or a check by its id
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// The points that count from now on, whatever runs later
    #[arg(long, value_name = "POINTS", value_parser = points, required_unless_present = "undo")]
    pub to: Option<Points>,
    /// Let the computed points count again
    #[arg(long, conflicts_with = "to")]
    pub undo: bool,
    /// Why; whoever reads the report reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// Who decides
    #[arg(long, value_name = "NAME", env = "USER", default_value = "grader")]
    pub by: String,
}

/// `adjust`.
#[derive(Debug, Args)]
pub struct AdjustArgs {
    /// So many points more, or fewer: 2.5 or -5
    #[arg(value_name = "POINTS", value_parser = points, allow_negative_numbers = true, required_unless_present = "undo")]
    pub points: Option<Points>,
    /// Take the adjustment with this number back
    #[arg(long, value_name = "NUMBER", conflicts_with = "points")]
    pub undo: Option<u32>,
    /// Whose it is
    #[arg(long = "as", id = "kind", value_enum, default_value_t = AdjustAs::Manual)]
    pub kind: AdjustAs,
    /// Why; whoever reads the report reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ID")]
    pub attempt: Option<String>,
    /// Who decides
    #[arg(long, value_name = "NAME", env = "USER", default_value = "grader")]
    pub by: String,
}

/// Whose adjustment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AdjustAs {
    /// A grader's.
    Manual,
    /// Of whoever compares the graders.
    Moderation,
}

/// `void`.
#[derive(Debug, Args)]
pub struct VoidArgs {
    /// The scenario's id
    #[arg(value_name = "SCENARIO", add = ArgValueCandidates::new(complete::scenarios))]
    pub scenario: String,
    /// The faulty check's id
    #[arg(value_name = "CHECK")]
    pub check: String,
    /// Its points are everybody's, or the others of its category are worth them
    #[arg(long = "as", id = "treatment", value_enum, required_unless_present = "undo")]
    pub treatment: Option<VoidTreatment>,
    /// It is not faulty after all
    #[arg(long, conflicts_with = "treatment")]
    pub undo: bool,
    /// Why; whoever reads the report reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Of an earlier version of the scenario: the beginning of its digest
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<String>,
    /// Only say whose score it would change
    #[arg(long)]
    pub dry_run: bool,
    /// Who decides
    #[arg(long, value_name = "NAME", env = "USER", default_value = "grader")]
    pub by: String,
}

/// `regrade`.
#[derive(Debug, Args)]
pub struct RegradeArgs {
    /// The scenario's id
    #[arg(value_name = "SCENARIO", required_unless_present = "all", add = ArgValueCandidates::new(complete::scenarios))]
    pub scenario: Option<String>,
    /// The attempts at every scenario
    #[arg(long, conflicts_with_all = ["scenario", "scenario_dir"])]
    pub all: bool,
    /// The folder of the corrected scenario; the one that there is now when left out
    #[arg(long, value_name = "DIR")]
    pub scenario_dir: Option<PathBuf>,
    /// Rules for hints, lateness and marking, in the place of those in force
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Write it down: it is only shown otherwise
    #[arg(long, requires = "reason")]
    pub apply: bool,
    /// Why; whoever reads the report reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who decides
    #[arg(long, value_name = "NAME", env = "USER", default_value = "grader")]
    pub by: String,
}

/// What becomes of a faulty check's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VoidTreatment {
    /// Everybody has them.
    Full,
    /// The others are worth them.
    Removed,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The check's id, as `check --output json` names it
    #[arg(add = ArgValueCandidates::new(complete::checks))]
    pub check: String,
    /// The run by its number, from 1; the last that judged the check when left out
    #[arg(long, value_name = "N")]
    pub run: Option<usize>,
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ATTEMPT")]
    pub attempt: Option<String>,
}

/// `appeal`.
#[derive(Debug, Args)]
pub struct AppealArgs {
    /// The check's id, as `check --output json` names it
    #[arg(add = ArgValueCandidates::new(complete::checks))]
    pub check: String,
    /// Why your fix is right, in your own words
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The run by its number, from 1; the last that judged the check when left out
    #[arg(long, value_name = "N")]
    pub run: Option<usize>,
    /// The attempt; the latest of this environment when left out
    #[arg(long, value_name = "ATTEMPT")]
    pub attempt: Option<String>,
    /// The folder to write; named after attempt, check and run when left out
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `load`.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// Show it again and again, until it is interrupted
    #[arg(long)]
    pub watch: bool,
    /// What to change; shows the loads when left out
    #[command(subcommand)]
    pub command: Option<LoadCommand>,
}

/// What to change of a load.
#[derive(Debug, Subcommand)]
pub enum LoadCommand {
    /// Run one of the scenario's profiles from the beginning
    Run {
        /// The load
        load: String,
        /// The profile
        profile: String,
    },
    /// Ask for this much CPU from now on
    Set {
        /// The load
        load: String,
        /// All requests together, for example 850m or 1.5
        #[arg(value_parser = Cpu::parse)]
        demand: Cpu,
        /// Get there in a straight line over this time rather than at once
        #[arg(long, value_parser = Duration::parse, default_value = "0s", value_name = "TIME")]
        over: Duration,
    },
    /// Nobody asks for anything any more
    Stop {
        /// The load
        load: String,
    },
}

/// `hint`.
#[derive(Debug, Args)]
pub struct HintArgs {
    /// The lab's step; the first that has not passed when left out
    #[arg(long, value_name = "ID")]
    pub step: Option<String>,
    /// Show the hints opened so far and open none
    #[arg(long)]
    pub opened: bool,
}

/// `solve`.
#[derive(Debug, Args)]
pub struct SolveArgs {
    /// Which solution; they are listed when left out
    #[arg(value_name = "SOLUTION")]
    pub solution: Option<String>,
    /// Do it, rather than show it
    #[arg(long, requires = "solution")]
    pub apply: bool,
}

/// `stop`.
#[derive(Debug, Args)]
pub struct StopArgs {
    /// Close the attempt, but keep the environment running for the next scenario
    #[arg(long, conflicts_with = "all")]
    pub keep: bool,
    /// Every environment, also those that an interrupted command left behind
    #[arg(long)]
    pub all: bool,
    /// Ask no cluster: for an environment in somebody else's cluster that is gone for good
    #[arg(long, conflicts_with_all = ["all", "keep"])]
    pub forget: bool,
}

/// `prepare`.
#[derive(Debug, Args)]
pub struct PrepareArgs {
    /// A learner (may be given several times)
    #[arg(long = "for", required = true, value_name = "LEARNER")]
    pub learners: Vec<String>,
    /// Who will run kubedrill: a user, `group:NAME` or `serviceaccount:NAMESPACE/NAME`; `{learner}` stands for each learner
    #[arg(long, default_value = "{learner}", value_name = "USER")]
    pub user: String,
    /// The scenarios to prepare for
    #[arg(value_name = "ID", required = true, add = ArgValueCandidates::new(complete::scenarios))]
    pub scenarios: Vec<String>,
    /// Apply it with the context of --context, rather than print it
    #[arg(long, requires = "context")]
    pub apply: bool,
}

/// `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The attempt, or the run of a bundle; the latest of this environment when left out
    #[arg(value_name = "ATTEMPT")]
    pub attempt: Option<String>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Write to this file rather than to the terminal
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// List the attempts
    #[arg(long, conflicts_with_all = ["attempt", "out"])]
    pub list: bool,
}

/// A report's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For the terminal.
    Text,
    /// Versioned JSON.
    Json,
    /// Markdown.
    Markdown,
    /// One self-contained page.
    Html,
    /// JUnit XML, one test case a check.
    Junit,
}

/// `kubectl`.
#[derive(Debug, Args)]
pub struct KubectlArgs {
    /// kubectl's own arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

/// `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Only this namespace (may be given several times); all but the cluster's own when left out
    #[arg(long = "namespace", short = 'n', id = "audited", value_name = "NAME", conflicts_with = "all")]
    pub namespace: Vec<String>,
    /// The cluster's own namespaces (kube-system and its like), too
    #[arg(long)]
    pub all: bool,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = AuditFormat::Text)]
    pub format: AuditFormat,
    /// Write to this file rather than to the terminal
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// An audit's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For the terminal.
    Text,
    /// Versioned JSON.
    Json,
    /// One self-contained page.
    Html,
}

/// `rubric`.
#[derive(Debug, Args)]
pub struct RubricArgs {
    /// The rubric or assessment; all are listed when left out
    #[arg(value_name = "ID")]
    pub rubric: Option<String>,
    /// A sheet of marks and check results to compute a score from
    #[arg(long, value_name = "FILE")]
    pub entries: Option<PathBuf>,
    /// The attempt to compute a score from, by the criteria that its checks name; a sheet's entries take the place of them
    #[arg(long, value_name = "ATTEMPT", requires = "rubric")]
    pub attempt: Option<String>,
    /// Only the lines that are graded on this day of the project
    #[arg(long, value_name = "DAY")]
    pub stage: Option<u32>,
    /// The figure that the level is read from; the rubric's own choice when left out
    #[arg(long, value_enum)]
    pub level_on: Option<LevelOnArg>,
    /// A folder of rubrics of your own, in place of the shipped one
    #[arg(long, value_name = "DIR")]
    pub grading: Option<PathBuf>,
}

/// The figure that a level is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelOnArg {
    /// Base and bonus, at most 100.
    Capped,
    /// Without bonus.
    Base,
    /// Base and bonus, up to 115.
    Uncapped,
}

/// `course`.
#[derive(Debug, Args)]
pub struct CourseArgs {
    /// The 15 daily checkpoints, and the evidence for them in this installation
    #[arg(long)]
    pub checkpoints: bool,
    /// The checkpoints of a cohort, from the gradebook that `grade` writes as JSON
    #[arg(long, value_name = "FILE")]
    pub gradebook: Option<PathBuf>,
    /// The checklist of what to learn
    #[arg(long, conflicts_with_all = ["checkpoints", "gradebook"])]
    pub items: bool,
    /// A folder of rubrics of your own, in place of the shipped one
    #[arg(long, value_name = "DIR")]
    pub grading: Option<PathBuf>,
}

/// `lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Folders of scenarios or rubrics, or folders of them; the shipped ones when left out
    #[arg(value_name = "DIR")]
    pub dirs: Vec<PathBuf>,
    /// Warnings count as errors
    #[arg(long)]
    pub strict: bool,
}

/// `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// A lab or a challenge
    #[arg(value_enum)]
    pub kind: NewKind,
    /// Its id, kebab-case; also the folder's name
    pub id: String,
    /// Where the folder is made
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
}

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewKind {
    /// A guided lab.
    Lab,
    /// A challenge.
    Challenge,
}

/// `prove`.
#[derive(Debug, Args)]
pub struct ProveArgs {
    /// Ids of scenarios and bundles, or folders
    #[arg(value_name = "ID", required_unless_present = "all", add = ArgValueCandidates::new(complete::scenarios_and_bundles))]
    pub scenarios: Vec<String>,
    /// Every scenario but projects, which take long: name those
    #[arg(long, conflicts_with = "scenarios")]
    pub all: bool,
    /// Environments that prove at the same time: each takes scenarios, then cases of what others have begun
    #[arg(long, short, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub jobs: u8,
    /// Try a case that does not hold again, so many times; one that holds then is named as flaky
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=5))]
    pub retries: u8,
    /// Prove again whenever the scenario's folder is edited
    #[arg(long, conflicts_with_all = ["all", "junit"])]
    pub watch: bool,
    /// Weaken each check in turn as well, and name what no cheat and no broken state would notice
    #[arg(long)]
    pub mutate: bool,
    /// Keep what is seen in this folder, and prove only what has changed since
    #[arg(long, value_name = "FOLDER", requires = "mutate")]
    pub recordings: Option<PathBuf>,
    /// Write JUnit XML here
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// `grade`.
#[derive(Debug, Args)]
pub struct GradeArgs {
    /// Ids of scenarios, or folders
    #[arg(value_name = "ID", required = true, add = ArgValueCandidates::new(complete::scenarios))]
    pub scenarios: Vec<String>,
    /// Who is graded: CSV with an id column, or an export of Canvas or Moodle as it is
    #[arg(long, value_name = "FILE")]
    pub roster: PathBuf,
    /// What they handed in: LEARNER/SCENARIO/, LEARNER-SCENARIO.zip and others (see docs/grading.md)
    #[arg(long, value_name = "DIR", required_unless_present = "live", conflicts_with = "live")]
    pub submissions: Option<PathBuf>,
    /// Check the attempts that are open in their environments instead, which are called as the learners' ids
    #[arg(long)]
    pub live: bool,
    /// With --live: the environment of a learner that is called otherwise (may be given several times)
    #[arg(long = "environment-of", value_name = "LEARNER=NAME", requires = "live", value_parser = pair)]
    pub environments: Vec<(String, String)>,
    /// Environments that grade at the same time
    #[arg(long, short, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Write gradebook.json into this folder too
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Which of several submissions counts
    #[arg(long, value_enum, default_value_t = PolicyArg::Best)]
    pub policy: PolicyArg,
    /// When it was due, such as 2026-11-20T18:00+09:00, or 2026-11-20T18:00 on this machine's clock
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub due: Option<jiff::Timestamp>,
    /// Grade only this learner now (may be given several times)
    #[arg(long, value_name = "LEARNER")]
    pub only: Vec<String>,
    /// Grade again what is graded already
    #[arg(long)]
    pub again: bool,
    /// The longest that applying one submission may take
    #[arg(long, value_name = "TIME", value_parser = Duration::parse, default_value = "2m")]
    pub limit: Duration,
    /// The cohort's name; what was graded under it before counts
    #[arg(long, value_name = "NAME")]
    pub cohort: Option<String>,
}

/// Which of several submissions counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyArg {
    /// The one with the most points.
    Best,
    /// The latest.
    Last,
    /// The earliest.
    First,
}

/// A moment with its offset, or on this machine's clock.
fn time(text: &str) -> Result<jiff::Timestamp, String> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Ok(moment);
    }
    let local = text.parse::<jiff::civil::DateTime>().map_err(|e| e.to_string())?;
    local.to_zoned(jiff::tz::TimeZone::system()).map(|zoned| zoned.timestamp()).map_err(|e| e.to_string())
}

/// `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which
    #[arg(value_enum, default_value_t = SchemaKind::Scenario)]
    pub kind: SchemaKind,
}

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaKind {
    /// `scenario.yaml`.
    Scenario,
    /// `solution.yaml`.
    Solution,
    /// `cheat.yaml`.
    Cheat,
    /// `bundle.yaml`.
    Bundle,
    /// `platform.yaml`.
    Platform,
    /// The JSON report.
    Report,
    /// The JSON report of a bundle.
    BundleReport,
    /// What `explain` prints as JSON.
    Explanation,
    /// The `appeal.json` of an appeal.
    Appeal,
    /// The JSON of an audit.
    Audit,
    /// What `export archive` writes.
    Archive,
    /// A rubric of points, such as `final-project.yaml`.
    Rubric,
    /// A weighted assessment, such as `weekly-assessment.yaml`.
    Assessment,
    /// `levels.yaml`.
    Levels,
    /// `checkpoints.yaml`.
    Checkpoints,
    /// `learning-items.yaml`.
    LearningItems,
    /// `course.yaml`.
    Course,
    /// A sheet of entries for `rubric --entries`.
    Sheet,
    /// The JSON of a score by a rubric.
    RubricScore,
    /// The JSON of a score by a weighted assessment.
    AssessmentScore,
    /// A file of rules for hints, lateness and marking.
    Rules,
    /// A sheet of marks.
    MarkSheet,
    /// What `regrade` and `void` print as JSON.
    Changes,
    /// The JSON of a cohort's gradebook.
    Gradebook,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Commands that kubedrill runs itself.
#[derive(Debug, Subcommand)]
pub enum InternalCommand {
    /// Supervises the parts of a sandbox.
    Supervise {
        /// The environment's folder.
        dir: PathBuf,
    },
    /// Writes the man pages.
    Man {
        /// Where to.
        dir: PathBuf,
    },
}
