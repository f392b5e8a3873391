use super::{compose, context::Context, context::Trouble, findings::could_not_look, kinds};
use crate::{attempt::Outcome, scenario::Assert};

/// One look at one assertion.
#[must_use]
pub fn evaluate(assert: &Assert, context: &Context) -> Outcome {
    let outcome: Result<Outcome, Trouble> = match assert {
        Assert::All(parts) => Ok(compose::all(&evaluate_each(parts, context))),
        Assert::Any(parts) => Ok(compose::any(&evaluate_each(parts, context))),
        Assert::None(parts) => Ok(compose::none(&evaluate_each(parts, context))),
        Assert::AtLeast(at_least) => Ok(compose::at_least(at_least.count, &evaluate_each(&at_least.of, context))),
        Assert::Exists(spec) => kinds::exists(spec, context),
        Assert::Absent(spec) => kinds::absent(spec, context),
        Assert::Field(spec) => kinds::field(spec, context),
        Assert::Expr(spec) => kinds::expr(spec, context),
        Assert::Condition(spec) => kinds::condition(spec, context),
        Assert::Rollout(spec) => kinds::rollout(spec, context),
        Assert::Endpoints(spec) => kinds::endpoints(spec, context),
        Assert::Resolves(spec) => kinds::resolves(spec, context),
        Assert::Reach(spec) => kinds::reach(spec, context),
        Assert::Access(spec) => kinds::access(spec, context),
        Assert::Config(spec) => kinds::config(spec, context),
        Assert::Posture(spec) => kinds::posture(spec, context),
        Assert::Selects(spec) => kinds::selects(spec, context),
        Assert::Parse(spec) => kinds::parse(spec, context),
        Assert::Promql(spec) => kinds::promql(spec, context),
        Assert::Probe(spec) => kinds::probe(spec, context),
        Assert::Logs(spec) => kinds::logs(spec, context),
        Assert::Exec(spec) => kinds::exec(spec, context),
        Assert::Admits(spec) => kinds::admits(spec, context),
        Assert::Disruption(spec) => kinds::disruption(spec, context),
        Assert::Events(spec) => kinds::events(spec, context),
        Assert::History(spec) => kinds::history(spec, context),
        Assert::Artifact(spec) => kinds::artifact(spec, context),
        Assert::Answer(spec) => kinds::answer(spec, context),
        Assert::Manual(spec) => Ok(kinds::unmarked(spec)),
        Assert::Script(_) | Assert::Survives(_) => Ok(kinds::unproven()),
        Assert::Autoscale(_) => Ok(kinds::untried()),
        Assert::Preserved(spec) => kinds::preserved(spec, context),
        Assert::Untouched(spec) => kinds::untouched(spec, context),
        Assert::Footprint(spec) => kinds::footprint(spec, context),
    };
    outcome.unwrap_or_else(|trouble| could_not_look(&trouble.0))
}

fn evaluate_each(parts: &[Assert], context: &Context) -> Vec<Outcome> {
    parts.iter().map(|part| evaluate(part, context)).collect()
}
