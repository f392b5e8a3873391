use std::{io::IsTerminal, path::PathBuf};

use super::{
    args::{GlobalArgs, LangArg, OutputFormat, ProviderArg},
    exit_code::Exit,
    failure::Failure,
};
use crate::{
    paths::Paths,
    provider::{ProviderName, existing::ExistingSettings, kind::KindSettings},
    report::TerminalOptions,
    text::{Lang, Text},
};

/// Everything about the surroundings, resolved once: environment variables, terminal, width, language.
#[derive(Debug, Clone)]
pub struct Context {
    /// For people or for programs.
    pub format: OutputFormat,
    /// The reader's language.
    pub lang: Lang,
    /// Standard output takes colour.
    pub colour: bool,
    /// Standard error is a terminal: progress may move.
    pub interactive: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// kubedrill's own folders.
    pub paths: Paths,
    /// The environment that was asked for.
    pub environment: Option<String>,
    /// The provider that was asked for.
    pub provider: Option<ProviderName>,
    /// What was said about somebody else's cluster.
    pub existing: ExistingSettings,
    /// Folders of scenarios besides the shipped ones.
    pub packs: Vec<PathBuf>,
    /// Prebuilt programs of the sandbox, in place of building them.
    pub sandbox_bin: Option<PathBuf>,
    /// What was chosen for clusters of kind.
    pub kind: KindSettings,
    /// Scripts of scenarios may run on this machine.
    pub scripts: bool,
    /// The user's shell.
    pub shell: String,
    /// This program.
    pub program: PathBuf,
}

/// The only place that reads environment variables.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

impl Context {
    /// Resolves what the arguments and the surroundings say.
    ///
    /// # Errors
    /// A name that cannot be used, or no place to keep things.
    pub fn resolve(args: &GlobalArgs) -> Result<Self, Failure> {
        let lang = match args.lang {
            Some(LangArg::Ko) => Lang::Ko,
            Some(LangArg::En) => Lang::En,
            None => locale_lang(),
        };
        let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if let Some(name) = &args.environment
            && (name.is_empty() || name.len() > 40 || !name.chars().all(valid))
        {
            return Err(Failure::new(
                Exit::Usage,
                Text::new(
                    format!("환경 이름 `{name}`은(는) 쓸 수 없습니다: 소문자, 숫자, `-`만 40자까지 됩니다"),
                    format!("environment name `{name}` cannot be used: lowercase letters, digits and `-` only, up to 40"),
                ),
            ));
        }
        let stdout = std::io::stdout().is_terminal();
        Ok(Self {
            format: args.output,
            lang,
            colour: stdout && !args.no_color && variable("NO_COLOR").is_none() && variable("TERM").as_deref() != Some("dumb"),
            interactive: std::io::stderr().is_terminal() && variable("TERM").as_deref() != Some("dumb"),
            width: terminal_width(),
            paths: default_paths()?,
            environment: args.environment.clone(),
            provider: args.provider.map(Into::into),
            existing: existing(args)?,
            packs: args.packs.clone(),
            sandbox_bin: variable("KUBEDRILL_SANDBOX_BIN").map(PathBuf::from),
            kind: kind_settings(args)?,
            scripts: args.allow_scripts,
            shell: variable("SHELL").unwrap_or_else(|| "/bin/sh".into()),
            program: std::env::current_exe().map_err(|e| Failure::bug(&format!("cannot find the path of this program: {e}")))?,
        })
    }

    /// How reports look on this terminal.
    #[must_use]
    pub fn terminal(&self) -> TerminalOptions {
        TerminalOptions { lang: self.lang, width: self.width, colour: self.colour }
    }

    /// Whether programs read the output.
    #[must_use]
    pub fn json(&self) -> bool {
        self.format == OutputFormat::Json
    }
}

/// What the arguments and the surroundings say about clusters of kind.
fn kind_settings(args: &GlobalArgs) -> Result<KindSettings, Failure> {
    let engine = match variable("KIND_EXPERIMENTAL_PROVIDER").map(|name| name.parse()) {
        Some(Err(why)) => {
            return Err(Failure::new(
                Exit::Usage,
                Text::new("KIND_EXPERIMENTAL_PROVIDER의 값을 쓸 수 없습니다", "the value of KIND_EXPERIMENTAL_PROVIDER cannot be used"),
            )
            .cause(why));
        }
        Some(Ok(engine)) => Some(engine),
        None => None,
    };
    Ok(KindSettings { engine, node_image: args.node_image.clone(), config: args.kind_config.clone(), ..KindSettings::default() })
}

/// What the arguments say about somebody else's cluster. Only with a context named is it known where kubeconfigs are.
fn existing(args: &GlobalArgs) -> Result<ExistingSettings, Failure> {
    if args.context.is_some() && !matches!(args.provider, Some(ProviderArg::Existing)) {
        return Err(Failure::new(
            Exit::Usage,
            Text::new("--context는 `--provider existing`과 함께 씁니다", "--context goes with `--provider existing`"),
        ));
    }
    let kubeconfig = match (&args.context, &args.kubeconfig) {
        (None, _) => Vec::new(),
        (Some(_), Some(file)) => vec![file.clone()],
        (Some(_), None) => match std::env::var_os("KUBECONFIG").filter(|list| !list.is_empty()) {
            Some(list) => std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect(),
            None => variable("HOME").map(|home| PathBuf::from(home).join(".kube/config")).into_iter().collect(),
        },
    };
    Ok(ExistingSettings {
        context: args.context.clone(),
        kubeconfig,
        learner: args.learner.clone(),
        namespaces: args.namespaces.iter().cloned().collect(),
        command: String::new(),
    })
}

/// The language of the locale, by the order that POSIX gives its variables; the course's own where none is set.
pub fn locale_lang() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable).map_or(Lang::Ko, |locale| match locale.as_str() {
        "C" | "POSIX" | "C.UTF-8" | "C.utf8" => Lang::En,
        other => Lang::from_locale(other),
    })
}

/// Where things are kept: `KUBEDRILL_HOME`, or the usual places of the platform.
///
/// # Errors
/// Neither is known.
pub fn default_paths() -> Result<Paths, Failure> {
    use etcetera::BaseStrategy;
    if let Some(home) = variable("KUBEDRILL_HOME") {
        return Ok(Paths::below(home));
    }
    let base = etcetera::choose_base_strategy().map_err(|_| {
        Failure::new(Exit::CannotRunHere, Text::new("홈 폴더를 알 수 없습니다", "the home folder is not known"))
            .help(Text::new("KUBEDRILL_HOME에 쓸 폴더를 지정하세요", "set KUBEDRILL_HOME to a folder that may be used"))
    })?;
    Ok(Paths { cache: base.cache_dir().join("kubedrill"), state: base.state_dir().unwrap_or_else(|| base.data_dir()).join("kubedrill") })
}

/// Columns of the terminal; `COLUMNS` wins, 80 where there is none.
fn terminal_width() -> usize {
    let columns = variable("COLUMNS").and_then(|c| c.parse().ok());
    columns.or_else(|| console_width().map(usize::from)).unwrap_or(80).clamp(40, 140)
}

fn console_width() -> Option<u16> {
    console::Term::stdout().size_checked().map(|(_, columns)| columns)
}
