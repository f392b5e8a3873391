use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::json;

use super::{Because, Engine, ErrorClass, RunnerError, library, voiding::compared};
use crate::{
    attempt::{Attempt, Decision, Judgement, Rules, Run},
    check::{self, Sight},
    report::{Changes, Rerun, ScoreChange},
    scenario::{self, Scenario},
    score,
    store::{AttemptFilter, EVERY},
    text::Text,
};

/// What is graded anew, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegradeAsked {
    /// The attempts at this scenario; all attempts when left out.
    pub scenario: Option<String>,
    /// The folder of the corrected scenario; the one that there is now when left out.
    pub dir: Option<PathBuf>,
    /// A file of rules, in the place of those that are in force. With it alone, no check is judged anew.
    pub rules: Option<PathBuf>,
}

/// One attempt under the corrected scenario.
struct Anew {
    change: ScoreChange,
    /// The number of the run that counted.
    of: usize,
    /// The run to store, and the scenario that it was judged by; none where nothing is judged anew.
    judged: Option<(Run, Scenario)>,
}

impl Engine {
    /// Computes stored attempts under a corrected scenario or other rules: from what was stored, without a cluster. Says whose score it
    /// changes and by which criterion; with a reason it is done, and what attempts were worth before stays on file.
    ///
    /// An attempt of which a changed check has to run again keeps what it has.
    ///
    /// # Errors
    /// The corrected scenario or the rules have mistakes, or the records cannot be read or written.
    pub async fn regrade(&self, asked: &RegradeAsked, apply: Option<&Because>) -> Result<Changes, RunnerError> {
        let because = apply.map(Because::said).transpose()?;
        let rules = asked.rules.as_ref().map(|file| read(file)).transpose()?;
        let corrected = asked.dir.as_ref().map(|dir| library::load(dir, asked.scenario.as_deref().unwrap_or("*"))).transpose()?;
        if let (Some(corrected), Some(id)) = (&corrected, &asked.scenario)
            && corrected.id() != id
        {
            let found = corrected.id();
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(
                    format!("그 폴더의 시나리오는 `{id}`이(가) 아니라 `{found}`입니다"),
                    format!("the folder holds the scenario `{found}`, not `{id}`"),
                ),
            ));
        }
        let judges = corrected.is_some() || rules.is_none();
        let filter = AttemptFilter { scenario: asked.scenario.clone(), ..AttemptFilter::default() };
        let mut attempts = self.store.list(&filter).await.map_err(RunnerError::store)?;
        attempts.reverse();
        let mut changes =
            Changes { applied: because.is_some(), digest: corrected.as_ref().map(|scenario| scenario.digest.clone()), rows: Vec::new() };
        let at = Timestamp::now();
        let mut kept = BTreeMap::new();
        for attempt in &attempts {
            let to = match (&corrected, judges) {
                (Some(corrected), _) => Some(corrected),
                (None, true) => Some(self.scenario(&attempt.scenario)?),
                (None, false) => None,
            };
            let anew = self.anew(attempt, to, rules.as_ref()).await?;
            if let (Some((reason, by)), Some((run, scenario)), true) = (because, &anew.judged, anew.change.reruns.is_empty()) {
                let dir = self.keep_scenario(scenario, &mut kept)?;
                let (before, after) = (anew.change.before, anew.change.after);
                let told = json!({
                    "scenarioDir": dir, "digest": scenario.digest, "before": before, "after": after, "by": by, "reason": reason,
                });
                self.store.append_regrade(&attempt.id, run, anew.of, at, &told).await.map_err(RunnerError::store)?;
            }
            changes.rows.push(anew.change);
        }
        if let (Some((reason, by)), Some(rules)) = (because, rules) {
            let decision = Decision::Ruled { rules: Some(rules), reason: reason.into(), by: by.into() };
            let scope = asked.scenario.as_deref().unwrap_or(EVERY);
            self.store.decide(scope, at, &decision).await.map_err(RunnerError::store)?;
        }
        Ok(changes)
    }

    async fn anew(&self, attempt: &Attempt, to: Option<&Scenario>, rules: Option<&Rules>) -> Result<Anew, RunnerError> {
        let runs = self.store.run_outlines(&attempt.id).await.map_err(RunnerError::store)?;
        let counting = score::counting(runs.iter());
        let number = counting.and_then(|counting| runs.iter().position(|run| std::ptr::eq(run, counting))).map(|at| at + 1);
        let sight = match number {
            Some(number) => self.store.sight(&attempt.id, number).await.map_err(RunnerError::store)?,
            None => None,
        };
        let sight = sight.map(|bytes| Sight::unpacked(&bytes)).transpose().map_err(RunnerError::store)?;
        let dir = Path::new(&attempt.scenario_dir);
        let before = match (library::of(attempt), &sight) {
            (Ok(scenario), _) if scenario.digest == attempt.versions.scenario => scenario,
            (_, Some(sight)) => sight.scenario(dir),
            (Ok(scenario), None) => scenario,
            (Err(error), None) => return Err(error),
        };
        let mut after = attempt.clone();
        if let Some(rules) = rules {
            after.judgement.rules = Some(rules.clone());
        }
        let Some(to) = to.filter(|to| to.digest != attempt.versions.scenario) else {
            return Ok(Anew { change: compared(&before, (attempt, &after), counting), of: number.unwrap_or_default(), judged: None });
        };
        let corrected = library::renamed(to, attempt.namespaces.clone())?;
        after.versions.scenario.clone_from(&to.digest);
        let decisions = self.store.decisions(&attempt.scenario).await.map_err(RunnerError::store)?;
        after.judgement.voids.clear();
        let mut decided = Judgement::default();
        decided.heed(decisions, &to.digest);
        after.judgement.voids = decided.voids;
        let old = score::score(&before, attempt, counting);
        let Some(counting) = counting else {
            return Ok(Anew {
                change: ScoreChange::new(attempt, &old, &score::score(&corrected, &after, None)),
                of: number.unwrap_or_default(),
                judged: None,
            });
        };
        let baseline = self.store.baseline(&attempt.id).await.map_err(RunnerError::store)?.unwrap_or_default();
        // What the checks stated is told by the folder, while nobody has changed it, or by what was kept with the run.
        let known = sight.is_some() || before.digest == attempt.versions.scenario;
        let mut stated = before.clone();
        if !known {
            stated.file.spec.checks.clear();
            stated.file.spec.steps.clear();
        }
        let regraded = check::regrade(&stated, &corrected, &baseline, counting, sight.as_ref());
        let mut change = ScoreChange::new(attempt, &old, &score::score(&corrected, &after, Some(&regraded.run)));
        change.reruns = regraded.reruns.into_iter().map(|(check, why)| Rerun { check, why }).collect();
        let whole = self.whole(&attempt.id, number, &regraded.run).await?;
        Ok(Anew { change, of: number.unwrap_or_default(), judged: Some((whole, corrected_as(to, corrected))) })
    }

    /// A regraded run with the evidence itself in the place of references to it.
    async fn whole(&self, id: &crate::attempt::AttemptId, number: Option<usize>, run: &Run) -> Result<Run, RunnerError> {
        let stored = self.store.runs(id).await.map_err(RunnerError::store)?;
        let original = number.and_then(|number| stored.get(number - 1));
        let mut whole = run.clone();
        for result in &mut whole.results {
            let Some(old) = original.and_then(|run| run.result(&result.id)) else { continue };
            if result.evidence.iter().map(|one| &one.sha256).eq(old.evidence.iter().map(|one| &one.sha256)) {
                result.evidence.clone_from(&old.evidence);
            }
        }
        Ok(whole)
    }

    /// Keeps the corrected scenario beside the records, so that later changes of its folder change no score.
    fn keep_scenario(&self, scenario: &Scenario, kept: &mut BTreeMap<String, PathBuf>) -> Result<PathBuf, RunnerError> {
        if let Some(dir) = kept.get(&scenario.digest) {
            return Ok(dir.clone());
        }
        let short: String = scenario.digest.trim_start_matches("sha256:").chars().take(16).collect();
        let dir = self.settings.paths.state.join("scenarios").join(short).join(scenario.id());
        if !dir.is_dir() {
            let half = dir.with_extension("half");
            copy(&scenario.dir, &half).and_then(|()| std::fs::rename(&half, &dir)).map_err(RunnerError::store)?;
        }
        kept.insert(scenario.digest.clone(), dir.clone());
        Ok(dir)
    }
}

/// The scenario as it is on disk: renaming is done again whenever it is read.
fn corrected_as(to: &Scenario, corrected: Scenario) -> Scenario {
    Scenario { dir: to.dir.clone(), digest: to.digest.clone(), ..corrected }
}

fn read(file: &Path) -> Result<Rules, RunnerError> {
    scenario::read_rules(file).map_err(|found| {
        let message = Text::new("채점 규칙에 오류가 있습니다", "the rules have mistakes");
        RunnerError { diagnostics: found, ..RunnerError::new(ErrorClass::ContentInvalid, message) }
    })
}

/// Copies a folder of a scenario, which was loaded and so holds plain files and folders only.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
