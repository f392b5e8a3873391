use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use jiff::Timestamp;

use super::super::{Engine, ErrorClass, RunnerError};
use crate::{
    event::{Event, Events, Phase},
    gradebook::{Assignment, Gradebook, Grading, Judged, Policy, Roster},
    provider::ProviderName,
    scenario::Scenario,
    text::Text,
};

/// What is to be graded.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeOrder {
    /// The grading's id: the same cohort has the same one each time.
    pub id: String,
    /// Who.
    pub roster: Roster,
    /// On which scenarios, by id or folder.
    pub scenarios: Vec<String>,
    /// Where their work is.
    pub source: Source,
    /// Only these learners now; everybody when empty. The gradebook has all of them.
    pub only: Vec<String>,
    /// In so many environments at a time.
    pub jobs: usize,
    /// Which of several submissions counts.
    pub policy: Policy,
    /// When it was due.
    pub due: Option<Timestamp>,
    /// Grades again what stands already.
    pub again: bool,
    /// How long applying one submission may take.
    pub limit: Duration,
}

/// Where the learners' work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In a folder, handed in.
    Submissions(PathBuf),
    /// In environments where their attempts are open: by the learner's id, unless this says otherwise.
    Live(BTreeMap<String, String>),
}

impl Engine {
    /// Grades a cohort and derives its gradebook. What stands from an earlier call is not done again.
    ///
    /// # Errors
    /// A scenario or learner does not exist, the machine cannot run environments, or the records cannot be written. What is wrong with
    /// a submission, and what fails while one is graded, is no error but a state of its entry.
    pub async fn grade(&self, order: &GradeOrder) -> Result<Gradebook, RunnerError> {
        let scenarios = order.scenarios.iter().map(|id| self.named(id)).collect::<Result<Vec<Scenario>, _>>()?;
        self.can_grade(order)?;
        self.remove_orphans().await?;
        let grading = Grading {
            id: order.id.clone(),
            roster: order.roster.clone(),
            assignments: scenarios.iter().map(|scenario| Assignment::new(scenario, order.due)).collect(),
            policy: order.policy,
            at: Timestamp::now(),
        };
        self.store.save_grading(&grading).await.map_err(RunnerError::store)?;
        let waiting = match &order.source {
            Source::Submissions(folder) => self.grade_submissions(order, &scenarios, folder).await?,
            Source::Live(environments) => self.grade_live(order, &scenarios, environments).await?,
        };
        self.book(&grading, &scenarios, &waiting).await
    }

    fn can_grade(&self, order: &GradeOrder) -> Result<(), RunnerError> {
        let stranger = |id: &&String| !order.roster.learners.iter().any(|learner| learner.id == **id);
        if let Some(unknown) = order.only.iter().find(stranger) {
            let message = Text::new(format!("명단에 `{unknown}`이(가) 없습니다"), format!("the roster has no `{unknown}`"));
            return Err(RunnerError::new(ErrorClass::Usage, message));
        }
        if matches!(order.source, Source::Submissions(_)) && self.settings.provider == Some(ProviderName::Existing) {
            let message =
                Text::new("제출물은 다른 사람의 클러스터에서 채점하지 않습니다", "submissions are not graded in somebody else's cluster");
            let help = Text::new("--provider를 빼고 샌드박스에서 채점하세요", "leave --provider out and grade them in the sandbox");
            return Err(RunnerError::new(ErrorClass::Usage, message).help(help));
        }
        Ok(())
    }

    /// Stores what came of a submission, and tells of it.
    pub(super) async fn keep(&self, order: &GradeOrder, tally: &Tally, judged: &Judged) -> Result<(), RunnerError> {
        self.store.append_judged(&order.id, judged).await.map_err(RunnerError::store)?;
        tally.tell(&self.events, judged);
        Ok(())
    }

    /// An engine that tells of warnings and of what it builds, and not of each environment.
    pub(super) fn quiet(&self) -> Self {
        let events = self.events.clone();
        let told = |event: &Event| match event {
            Event::PhaseStarted { phase } | Event::PhaseProgressed { phase, .. } | Event::PhaseFinished { phase, .. } => {
                matches!(phase, Phase::Build | Phase::BuildApp | Phase::BuildAddon | Phase::BuildReader)
            }
            Event::CheckFinished { .. } => false,
            Event::Warned { .. } | Event::Judged { .. } => true,
        };
        let quiet = Events::to(move |event| {
            if told(&event) {
                events.send(event);
            }
        });
        Self { events: quiet, ..self.clone() }
    }
}

/// How far a grading is.
pub(super) struct Tally {
    done: AtomicUsize,
    total: usize,
}

impl Tally {
    pub fn new(total: usize) -> Self {
        Self { done: AtomicUsize::new(0), total }
    }

    fn tell(&self, events: &Events, judged: &Judged) {
        events.send(Event::Judged {
            learner: judged.learner.clone(),
            scenario: judged.scenario.clone(),
            state: judged.state,
            reason: judged.reason.clone(),
            done: self.done.fetch_add(1, Ordering::Relaxed) + 1,
            total: self.total,
        });
    }
}
