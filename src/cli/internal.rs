use clap::CommandFactory;

use super::{
    args::{Cli, InternalCommand},
    exit_code::Exit,
    failure::Failure,
    run::Result,
};
use crate::{provider::sandbox, text::Text};

/// Runs what kubedrill runs itself.
pub async fn run(command: InternalCommand) -> Result {
    match command {
        InternalCommand::Supervise { dir } => {
            sandbox::supervise(&dir).await.map_err(|e| {
                Failure::new(Exit::CannotRunHere, Text::new("샌드박스를 감독할 수 없습니다", "the sandbox cannot be supervised")).cause(e)
            })?;
        }
        InternalCommand::Man { dir } => {
            std::fs::create_dir_all(&dir)?;
            clap_mangen::generate_to(Cli::command(), dir)?;
        }
    }
    Ok(Exit::Done)
}
