use super::ProvisionError;
use crate::{
    load::{Demand, Point},
    scenario::{LoadSpec, Scenario, SetLoad},
};

/// The demand that an action asks for.
pub(super) fn demand(scenario: &Scenario, place: &str, action: &SetLoad) -> Result<Demand, ProvisionError> {
    let wrong = |why: String| ProvisionError::Target { place: place.to_owned(), why };
    let spec = &scenario.file.spec;
    let load = spec.loads.iter().find(|load| load.name == action.of);
    let load = load.ok_or_else(|| wrong(format!("`spec.loads` has no load `{}`", action.of)))?;
    if let Some(profile) = &action.profile {
        return profiled(scenario, load, profile).ok_or_else(|| wrong(format!("the load `{}` has no profile `{profile}`", load.name)));
    }
    let steady = action.demand.ok_or_else(|| wrong("it names neither a profile nor a demand".into()))?;
    Ok(Demand { course: vec![Point { after_millis: 0, milli: steady.milli, ramp: false }], ..blank(scenario, load) })
}

/// A load under one of its profiles, from now on.
#[must_use]
pub fn profiled(scenario: &Scenario, load: &LoadSpec, profile: &str) -> Option<Demand> {
    let points = load.profiles.get(profile)?.iter().map(|point| Point {
        after_millis: u64::try_from(point.after.0.as_millis()).unwrap_or(u64::MAX),
        milli: point.demand.milli,
        ramp: point.ramp,
    });
    Some(Demand { profile: profile.to_owned(), course: points.collect(), ..blank(scenario, load) })
}

/// A load with no course yet.
#[must_use]
pub fn blank(scenario: &Scenario, load: &LoadSpec) -> Demand {
    let home = scenario.file.spec.namespaces.first().cloned().unwrap_or_default();
    let labels: Vec<_> = load.on.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    Demand {
        namespace: load.on.namespace.clone().unwrap_or(home),
        name: load.name.clone(),
        service: load.on.name.clone().unwrap_or_default(),
        selector: labels.join(","),
        cap: load.cap.map_or(0, |cap| cap.milli),
        memory: load.memory.map_or(0, |memory| memory.0),
        profile: String::new(),
        since: None,
        course: Vec::new(),
    }
}
