use serde_json::Value;

use super::{Breach, baseline, images, labels, pod::Pod, probes, restricted};
use crate::scenario::PosturePack;

/// What one rule found in one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    /// The rule, a stable word.
    pub(crate) rule: &'static str,
    /// Where it is broken; nowhere when it holds.
    pub(crate) breaches: Vec<Breach>,
}

/// A rule of a pack.
pub(super) type Rule = (&'static str, fn(&Pod) -> Vec<Breach>);

/// Every rule of a pack over a workload's pods; none where it has no pods. `keys` are the labels of the pack `labels`.
pub(crate) fn judge(pack: PosturePack, workload: &Value, keys: &[String]) -> Option<Vec<Judged>> {
    let pod = Pod::of(workload)?;
    let over = |rules: &mut dyn Iterator<Item = &Rule>| rules.map(|(rule, judge)| Judged { rule, breaches: judge(&pod) }).collect();
    Some(match pack {
        PosturePack::Baseline => over(&mut baseline::RULES.iter()),
        PosturePack::Restricted => over(&mut restricted::rules()),
        PosturePack::Probes => over(&mut probes::RULES.iter()),
        PosturePack::Images => over(&mut images::RULES.iter()),
        PosturePack::Labels => vec![Judged { rule: labels::RULE, breaches: labels::judge(&pod, keys) }],
    })
}
