use super::context::Context;
use crate::{
    report::time,
    score::{ClockState, Timing},
};

/// The clock in one line, and below it what there is to know about pauses and a limit that has passed.
#[must_use]
pub fn render(timing: &Timing, context: &Context) -> String {
    let lang = context.lang;
    let mut facts = vec![time::used(timing)];
    facts.extend(timing.recovery.as_ref().map(time::recovery));
    let facts: Vec<&str> = facts.iter().map(|fact| fact.get(lang)).collect();
    let mut lines = vec![facts.join(" · ")];
    if timing.over && timing.clock == ClockState::Running {
        lines.push(time::overtime().get(lang).to_owned());
    }
    lines.extend(timing.pauses.iter().map(|pause| time::pause(pause).get(lang).to_owned()));
    lines.iter().map(|line| format!("{line}\n")).collect()
}
