//! The life of an attempt: start, check, hint, solve, reset, stop; and the proof of a scenario.
