use std::time::Duration;

use serde::Serialize;

use super::{Engine, ErrorClass, RunnerError, Session};
use crate::{
    load::{Demand, DemandState, LoadClient, Point},
    provider::Provider,
    provision,
    scenario::{Cpu, LoadSpec},
    text::Text,
};

/// A load of the scenario, as it is now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadView {
    /// Its name.
    pub name: String,
    /// The profiles that it can run.
    pub profiles: Vec<String>,
    /// The demand and its pods; none when nobody asks for anything.
    pub state: Option<DemandState>,
}

/// What becomes of a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadChange {
    /// It runs one of its profiles from the beginning.
    Run(String),
    /// It goes to this demand, at once or in a straight line over a time.
    Set(Cpu, Duration),
    /// Nobody asks for anything any more.
    Stop,
}

impl Engine {
    /// The loads of the attempt's scenario.
    ///
    /// # Errors
    /// The environment has none, or does not tell.
    pub async fn loads(&self, session: &Session) -> Result<Vec<LoadView>, RunnerError> {
        let states = self.load_client(session)?.demands().await.map_err(RunnerError::cluster)?;
        let view = |load: &LoadSpec| {
            let blank = provision::blank(&session.scenario, load);
            let state = DemandState::of(&states, &blank).cloned();
            LoadView { name: load.name.clone(), profiles: load.profiles.keys().cloned().collect(), state }
        };
        Ok(session.scenario.file.spec.loads.iter().map(view).collect())
    }

    /// Changes a load from now on.
    ///
    /// # Errors
    /// There is no such load or profile, or the environment cannot play it.
    pub async fn change_load(&self, session: &Session, name: &str, change: &LoadChange) -> Result<(), RunnerError> {
        let loads = &session.scenario.file.spec.loads;
        let load = loads.iter().find(|load| load.name == name).ok_or_else(|| unknown(name, loads.iter().map(|load| &load.name)))?;
        let client = self.load_client(session)?;
        let blank = provision::blank(&session.scenario, load);
        let changed = match change {
            LoadChange::Stop => client.remove(&blank.namespace, &blank.name).await,
            LoadChange::Run(profile) => {
                let demand = provision::profiled(&session.scenario, load, profile);
                client.set(&demand.ok_or_else(|| unknown(profile, load.profiles.keys()))?).await
            }
            LoadChange::Set(cpu, over) => {
                let states = client.demands().await.map_err(RunnerError::cluster)?;
                let now = DemandState::of(&states, &blank).map_or(0, |state| state.milli);
                client.set(&steady(blank, now, *cpu, *over)).await
            }
        };
        changed.map_err(RunnerError::cluster)
    }

    fn load_client(&self, session: &Session) -> Result<LoadClient, RunnerError> {
        let name = &session.environment.name;
        let client = self.provider_of(&session.attempt)?.load(name).map_err(|e| RunnerError::environment(name, e))?;
        client.ok_or_else(|| {
            RunnerError::new(
                ErrorClass::CannotRunHere,
                Text::new(format!("환경 `{name}`은(는) 부하를 만들 수 없습니다"), format!("the environment `{name}` cannot play a load")),
            )
            .help(Text::new("샌드박스에서 시작하세요: --provider를 빼세요", "start it in the sandbox: leave out --provider"))
        })
    }
}

/// A demand that stays, once it is there.
fn steady(blank: Demand, from: i64, to: Cpu, over: Duration) -> Demand {
    let after = u64::try_from(over.as_millis()).unwrap_or(u64::MAX);
    let goal = Point { after_millis: after, milli: to.milli, ramp: after > 0 };
    let course = if after == 0 { vec![goal] } else { vec![Point { after_millis: 0, milli: from, ramp: false }, goal] };
    Demand { course, ..blank }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> RunnerError {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let known = known.join(", ");
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(format!("`{name}`(이)라는 부하나 프로파일은 없습니다"), format!("there is no load or profile `{name}`")),
    )
    .help(match known.is_empty() {
        true => Text::new("이 시나리오에는 없습니다", "this scenario has none"),
        false => Text::new(format!("있는 것: {known}"), format!("there are: {known}")),
    })
}
