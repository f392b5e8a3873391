use clap::CommandFactory;

use super::{
    args::{Cli, CompletionsArgs},
    exit_code::Exit,
    output,
    run::Result,
};

/// Prints a completion script. The script knows commands and options; ids come from the program itself once it is sourced
/// through `COMPLETE=SHELL kubedrill`.
pub fn run(args: &CompletionsArgs) -> Result {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kubedrill", &mut script);
    output::print_text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
