//! From a scenario to a broken cluster and back: stage, baseline, fault, confirm, solution, cheat, reset.
