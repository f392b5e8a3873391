//! The three-valued algebra of composed assertions: a known fail decides `all`, a known pass decides `any` and sinks
//! `none`, otherwise an error wins.

use crate::attempt::{Basis, Outcome, Verdict};

/// All of them hold, and there is at least one.
pub(super) fn all(parts: &[Outcome]) -> Outcome {
    let verdict = match (has(parts, Verdict::Fail), has(parts, Verdict::Error), parts.is_empty()) {
        (true, ..) | (_, _, true) => Verdict::Fail,
        (_, true, _) => Verdict::Error,
        _ => Verdict::Pass,
    };
    // One part alone keeps its own items for partial points.
    let (passed, total) = if let [only] = parts { (only.passed, only.total) } else { (count(parts, Verdict::Pass), size(parts)) };
    // A part that fails for good decides, whatever still moves in the others.
    let moving = parts.iter().filter(|p| p.verdict == verdict).all(|p| p.moving) && parts.iter().any(|p| p.moving);
    joined(parts, verdict, passed, total, moving)
}

/// One of them holds.
pub(super) fn any(parts: &[Outcome]) -> Outcome {
    let verdict = match (has(parts, Verdict::Pass), has(parts, Verdict::Error)) {
        (true, _) => Verdict::Pass,
        (_, true) => Verdict::Error,
        _ => Verdict::Fail,
    };
    let best = parts.iter().max_by_key(|p| u64::from(p.passed) * 1_000_000 / u64::from(p.total.max(1)));
    let (passed, total) = best.map_or((0, 1), |p| (p.passed, p.total));
    joined(parts, verdict, passed, total, parts.iter().any(|p| p.moving))
}

/// None of them holds.
pub(super) fn none(parts: &[Outcome]) -> Outcome {
    let verdict = match (has(parts, Verdict::Pass), has(parts, Verdict::Error)) {
        (true, _) => Verdict::Fail,
        (_, true) => Verdict::Error,
        _ => Verdict::Pass,
    };
    let mut outcome = joined(parts, verdict, count(parts, Verdict::Fail), size(parts), parts.iter().any(|p| p.moving));
    for observation in &mut outcome.observations {
        observation.holds = !observation.holds;
    }
    outcome.observations.sort_by_key(|o| o.holds);
    if verdict == Verdict::Fail {
        outcome.reason = "must-not-hold".into();
    }
    outcome
}

/// At least so many of them hold.
pub(super) fn at_least(wanted: u32, parts: &[Outcome]) -> Outcome {
    let (passing, unknown) = (count(parts, Verdict::Pass), count(parts, Verdict::Error));
    let verdict = match () {
        () if passing >= wanted && !parts.is_empty() => Verdict::Pass,
        () if passing + unknown >= wanted && unknown > 0 => Verdict::Error,
        () => Verdict::Fail,
    };
    joined(parts, verdict, passing.min(wanted), wanted.max(1), parts.iter().any(|p| p.moving))
}

fn joined(parts: &[Outcome], verdict: Verdict, passed: u32, total: u32, moving: bool) -> Outcome {
    let deciding = parts.iter().find(|p| p.verdict == verdict);
    let mut observations: Vec<_> = parts.iter().flat_map(|p| p.observations.clone()).collect();
    observations.sort_by_key(|o| o.holds);
    Outcome {
        verdict,
        passed: if verdict == Verdict::Pass { total } else { passed.min(total - 1) },
        total,
        reason: deciding.map_or_else(|| if verdict == Verdict::Pass { "holds" } else { "no-parts" }.into(), |p| p.reason.clone()),
        observations,
        evidence: parts.iter().flat_map(|p| p.evidence.clone()).collect(),
        basis: parts.iter().map(|p| p.basis).max().unwrap_or(Basis::Observed),
        moving,
    }
}

fn has(parts: &[Outcome], verdict: Verdict) -> bool {
    parts.iter().any(|p| p.verdict == verdict)
}

fn count(parts: &[Outcome], verdict: Verdict) -> u32 {
    parts.iter().map(|p| u32::from(p.verdict == verdict)).sum()
}

fn size(parts: &[Outcome]) -> u32 {
    u32::try_from(parts.len()).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{all, any, at_least, none};
    use crate::attempt::{Basis, Outcome, Verdict};

    type Form = Box<dyn Fn(&[Outcome]) -> Outcome>;

    fn part(verdict: Verdict) -> Outcome {
        Outcome {
            verdict,
            passed: u32::from(verdict == Verdict::Pass),
            total: 1,
            reason: format!("{verdict:?}"),
            observations: Vec::new(),
            evidence: Vec::new(),
            basis: Basis::Observed,
            moving: false,
        }
    }

    fn parts() -> impl Strategy<Value = Vec<Outcome>> {
        let verdict = prop_oneof![Just(Verdict::Pass), Just(Verdict::Fail), Just(Verdict::Error)];
        prop::collection::vec(verdict.prop_map(part), 0..6)
    }

    fn resolved(parts: &[Outcome], errors_as: Verdict) -> Vec<Outcome> {
        parts.iter().map(|p| part(if p.verdict == Verdict::Error { errors_as } else { p.verdict })).collect()
    }

    proptest! {
        /// A verdict is known exactly when it does not depend on what the unknown parts would have said.
        #[test]
        fn an_error_wins_only_where_it_could_matter(parts in parts(), wanted in 1u32..4) {
            let forms: [Form; 4] = [Box::new(all), Box::new(any), Box::new(none), Box::new(move |parts| at_least(wanted, parts))];
            for form in forms {
                let (best, worst) = (form(&resolved(&parts, Verdict::Pass)).verdict, form(&resolved(&parts, Verdict::Fail)).verdict);
                let verdict = form(&parts).verdict;
                if best == worst { prop_assert_eq!(verdict, best) } else { prop_assert_eq!(verdict, Verdict::Error) }
            }
        }

        #[test]
        fn only_a_pass_counts_in_full(parts in parts(), wanted in 1u32..4) {
            for outcome in [all(&parts), any(&parts), none(&parts), at_least(wanted, &parts)] {
                prop_assert!(outcome.total >= 1);
                prop_assert_eq!(outcome.passed == outcome.total, outcome.verdict == Verdict::Pass);
            }
        }
    }

    #[test]
    fn trap_fp15_nothing_to_check_never_passes() {
        assert_eq!([all(&[]), any(&[]), at_least(0, &[])].map(|o| o.verdict), [Verdict::Fail; 3]);
    }

    #[test]
    fn trap_ff11_five_of_six_are_five_sixths() {
        let mut parts: Vec<_> = (0..5).map(|_| part(Verdict::Pass)).collect();
        parts.push(part(Verdict::Fail));
        let outcome = all(&parts);
        assert_eq!((outcome.verdict, outcome.passed, outcome.total), (Verdict::Fail, 5, 6));
    }
}
