//! Environments that a command makes for itself and takes away again: those of `demo`, `prove` and `grade`.

use super::{Engine, RunnerError};
use crate::process::ProcessId;

/// Commands that make environments of their own; the names say which process they belong to.
const OWNERS: [&str; 3] = ["demo", "prove", "grade"];

/// The name of a command's own environment.
pub(super) fn name(owner: &str, number: usize) -> String {
    format!("{owner}-{}-{number}", std::process::id())
}

/// The process that an environment belongs to, when a command made it for itself.
fn owner_of(environment: &str) -> Option<u32> {
    let (owner, rest) = environment.split_once('-')?;
    let (pid, number) = rest.split_once('-')?;
    (OWNERS.contains(&owner) && number.parse::<usize>().is_ok()).then(|| pid.parse().ok()).flatten()
}

/// Whether a command made an environment of this name for itself.
pub(super) fn is_own(environment: &str) -> bool {
    owner_of(environment).is_some()
}

impl Engine {
    /// Removes what demos, proofs and gradings left that were killed.
    ///
    /// # Errors
    /// Something does not go away.
    pub(super) async fn remove_orphans(&self) -> Result<(), RunnerError> {
        for environment in self.environments()? {
            if owner_of(&environment).is_some_and(|pid| ProcessId::of(pid).is_none()) {
                self.stop(&environment, false).await?;
            }
        }
        Ok(())
    }

    /// Removes the environments that this process made for itself: what an interrupted demo, proof or grading must not leave behind.
    ///
    /// # Errors
    /// Something does not go away.
    pub async fn remove_own(&self) -> Result<(), RunnerError> {
        for environment in self.environments()? {
            if owner_of(&environment) == Some(std::process::id()) {
                self.stop(&environment, false).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{name, owner_of};

    #[test]
    fn an_own_environment_names_its_process() {
        assert_eq!(owner_of(&name("prove", 2)), Some(std::process::id()));
        for other in ["default", "demo", "demo-me", "demo-12", "class-12-1", "prove-12-x"] {
            assert_eq!(owner_of(other), None, "{other}");
        }
    }
}
