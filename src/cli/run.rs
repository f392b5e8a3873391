use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use tokio::runtime::{Builder, Runtime};

use super::{
    args::{Cli, Command},
    context::{Context, locale_lang},
    exit_code::Exit,
    failure::Failure,
    output, progress,
};
use crate::{
    provider::existing::ExistingSettings,
    runner::{Engine, EngineSettings},
};

/// What every command gives back: the exit code of success, or why it failed.
pub type Result = std::result::Result<Exit, Failure>;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    clap_complete::CompleteEnv::with_factory(Cli::command).complete();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // Nothing is left to be done about a closed terminal.
            let _ = error.print();
            return exit.into();
        }
    };
    let context = match Context::resolve(&cli.global) {
        Ok(context) => context,
        Err(failure) => return output::report_failure(None, locale_lang(), &failure).into(),
    };
    logging();
    let done = match cli.command {
        // One small thread, and signals are its own business: the supervisor stops its parts before it ends.
        Command::Internal(command) => runtime(&mut Builder::new_current_thread()).and_then(|r| r.block_on(super::internal::run(command))),
        command => runtime(Builder::new_multi_thread().worker_threads(2)).and_then(|r| r.block_on(until_interrupted(&context, command))),
    };
    let exit = match done {
        Ok(exit) => exit,
        Err(failure) => output::report_failure(Some(&context), context.lang, &failure),
    };
    exit.into()
}

/// Logs go to standard error, and only when `KUBEDRILL_LOG` asks for them.
fn logging() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("KUBEDRILL_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

fn runtime(builder: &mut Builder) -> std::result::Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|e| Failure::bug(&format!("no async runtime: {e}")))
}

/// Drops the work on Ctrl-C or SIGTERM: every command can be interrupted and run again. What a demo, a proof or a grading made for itself
/// goes away with it; a second Ctrl-C leaves even that to the next one.
async fn until_interrupted(context: &Context, command: Command) -> Result {
    use tokio::signal::unix::{SignalKind, signal};
    let cleans_up = matches!(command, Command::Demo(_) | Command::Prove(_) | Command::Grade(_));
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = dispatch(context, command) => return result,
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    if cleans_up {
        tokio::select! {
            _ = async { engine(context, "stop").await?.remove_own().await.map_err(Failure::from) } => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    Ok(Exit::Interrupted)
}

/// The engine of a command, whose progress goes to standard error.
pub async fn engine(context: &Context, command: &str) -> std::result::Result<Engine, Failure> {
    Ok(Engine::open(settings(context, command), progress::consumer(context)).await?)
}

/// What the engine must know of its surroundings.
pub fn settings(context: &Context, command: &str) -> EngineSettings {
    EngineSettings {
        paths: context.paths.clone(),
        sandbox_bin: context.sandbox_bin.clone(),
        kind: context.kind.clone(),
        program: context.program.clone(),
        packs: context.packs.clone(),
        command: command.to_owned(),
        provider: context.provider,
        environment: context.environment.clone(),
        scripts: context.scripts,
        existing: ExistingSettings { command: command.to_owned(), ..context.existing.clone() },
    }
}

async fn dispatch(context: &Context, command: Command) -> Result {
    match command {
        Command::Demo(args) => super::demo::run(context, args).await,
        Command::List => super::list::run(context).await,
        Command::Show(args) => super::show::run(context, &args).await,
        Command::Start(args) => super::start::run(context, args).await,
        Command::Next(args) => super::next::run(context, args).await,
        Command::Check(args) => super::check::run(context, args).await,
        Command::Answer(args) => super::answer::run(context, args).await,
        Command::Files => super::files::run(context).await,
        Command::Mark(args) => super::mark::run(context, args).await,
        Command::Override(args) => super::overriding::replace(context, args).await,
        Command::Adjust(args) => super::overriding::adjust(context, args).await,
        Command::Void(args) => super::void::run(context, args).await,
        Command::Regrade(args) => super::regrade::run(context, args).await,
        Command::Explain(args) => super::explain::run(context, args).await,
        Command::Appeal(args) => super::appeal::run(context, args).await,
        Command::Load(args) => super::load::run(context, args).await,
        Command::Hint(args) => super::hint::run(context, args).await,
        Command::Solve(args) => super::solve::run(context, args).await,
        Command::Reset => super::reset::run(context).await,
        Command::Stop(args) => super::stop::run(context, &args).await,
        Command::Prepare(args) => super::prepare::run(context, &args).await,
        Command::Status => super::status::run(context).await,
        Command::Score => super::score::run(context).await,
        Command::Report(args) => super::report::run(context, args).await,
        Command::Export(args) => super::export::run(context, args).await,
        Command::Verify(args) => super::verify::run(context, &args),
        Command::Shell => super::shell::run(context).await,
        Command::Env => super::env::run(context).await,
        Command::Kubectl(args) => super::kubectl::run(context, args).await,
        Command::Doctor => super::doctor::run(context).await,
        Command::Audit(args) => super::audit::run(context, args).await,
        Command::Rubric(args) => super::rubric::run(context, args).await,
        Command::Course(args) => super::course::run(context, args).await,
        Command::Lint(args) => super::lint::run(context, &args),
        Command::New(args) => super::new::run(context, &args),
        Command::Prove(args) => super::prove::run(context, args).await,
        Command::Grade(args) => super::grade::run(context, args).await,
        Command::Schema(args) => super::schema::run(&args),
        Command::Completions(args) => super::completions::run(&args),
        Command::Internal(command) => super::internal::run(command).await,
    }
}
