use super::{
    Audit, AuditScope, AuditScore, FORMAT_VERSION, Facts, Item, ItemResult, Status,
    found::{Found, Unread},
    items,
};

/// What an audit is told besides the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditInput {
    /// The program that makes it.
    pub generated_by: String,
    /// The cluster by the name that it was asked for.
    pub cluster: String,
    /// Calls that the facts took.
    pub calls: u32,
}

/// Holds the sixteen items against what was seen.
#[must_use]
pub fn audit(facts: &Facts, input: AuditInput) -> Audit {
    let items: Vec<ItemResult> = Item::ALL.into_iter().map(|item| judge(item, facts)).collect();
    let count = |wanted: &dyn Fn(Status) -> bool| items.iter().map(|item| u32::from(wanted(item.status))).sum::<u32>();
    let score = AuditScore {
        passed: count(&|status| status == Status::Pass),
        applicable: count(&|status| status != Status::NotApplicable),
        unknown: count(&|status| status == Status::Unknown),
    };
    Audit {
        format_version: FORMAT_VERSION,
        generated_by: input.generated_by,
        taken: facts.now(),
        cluster: input.cluster,
        version: facts.version.as_ref().ok().cloned(),
        scope: AuditScope { named: facts.scope.named.clone(), left_out: facts.scope.left_out() },
        score,
        items,
        calls: input.calls,
    }
}

fn judge(item: Item, facts: &Facts) -> ItemResult {
    let found: Result<Found, Unread> = match item {
        Item::P1 => items::resources(facts),
        Item::P2 => items::probes(facts),
        Item::P3 => items::security(facts),
        Item::P4 => items::rbac(facts),
        Item::P5 => items::images(facts),
        Item::P6 => items::backup(facts),
        Item::Q1 => items::monitoring(facts),
        Item::Q2 => items::logs(facts),
        Item::Q3 => items::alerts(facts),
        Item::Q4 => items::autoscaling(facts),
        Item::Q5 => items::network(facts),
        Item::T1 => items::etcd(facts),
        Item::T2 => items::certificates(facts),
        Item::T3 => items::usage(facts),
        Item::T4 => items::patches(facts),
        Item::T5 => items::permissions(facts),
    };
    let found = found.unwrap_or_else(|unread| Found::unknown(unread.text()));
    let (status, reason, found) = found.conclude();
    let for_a_person = item.for_a_person().filter(|_| status != Status::NotApplicable);
    ItemResult {
        id: item,
        phase: item.phase(),
        category: item.category(),
        title: item.title(),
        status,
        reason,
        facts: found.facts,
        offenders: found.offenders,
        unread: found.unread,
        for_a_person,
    }
}
