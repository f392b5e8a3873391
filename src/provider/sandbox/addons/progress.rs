use std::{collections::BTreeSet, path::Path};

use tokio::net::TcpStream;

use super::{InstalledAddon, Values, objects::Objects};
use crate::provider::sandbox::{SandboxError, api::Api};

/// How far an add-on has come in a running sandbox.
#[derive(Debug, Default)]
pub struct Progress {
    before: Option<Objects>,
    after: Option<Objects>,
    answering: BTreeSet<String>,
    is_prepared: bool,
    is_published: bool,
}

impl Progress {
    /// Its programs may start.
    pub fn is_prepared(&self) -> bool {
        self.is_prepared
    }

    /// Every program answers, and the API server knows how to ask them.
    pub fn is_done(&self, installed: &InstalledAddon) -> bool {
        self.is_published && self.all_answer(installed)
    }

    /// A program has ended.
    pub fn ended(&mut self, program: &str) {
        self.answering.remove(program);
    }

    /// Does what can be done next. `runs` says whether a program's process is there.
    pub async fn advance(
        &mut self,
        api: &Api,
        installed: &InstalledAddon,
        values: &Values<'_>,
        runs: impl Fn(&str) -> bool,
    ) -> Result<(), SandboxError> {
        let addon = &installed.addon;
        if !self.is_prepared {
            let before = match &mut self.before {
                Some(before) => before,
                None => self.before.insert(Objects::read_with(&installed.folder.join("files"), &values.fill(&addon.before))?),
            };
            self.is_prepared = before.make(api).await?;
        }
        if !self.is_prepared {
            return Ok(());
        }
        for program in addon.programs.iter().filter(|program| !self.answering.contains(&program.name)).collect::<Vec<_>>() {
            let answers = match &program.ready {
                Some(address) => api.says_ok(&values.of(&program.name).fill(address)).await,
                None => TcpStream::connect(("127.0.0.1", values.port(&program.name))).await.is_ok(),
            };
            if answers && runs(&program.name) {
                self.answering.insert(program.name.clone());
            }
        }
        if !self.is_published && self.all_answer(installed) {
            let after = match &mut self.after {
                Some(after) => after,
                None => self.after.insert(Objects::read(&values.fill(&addon.after), Path::new(&addon.name))?),
            };
            self.is_published = after.make(api).await?;
        }
        Ok(())
    }

    fn all_answer(&self, installed: &InstalledAddon) -> bool {
        installed.addon.programs.iter().all(|program| self.answering.contains(&program.name))
    }
}
