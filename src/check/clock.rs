use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Time as the judge sees it, so that tests can script it.
pub trait Clock {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// Time that only goes forward, from some fixed point.
    fn elapsed(&self) -> Duration;
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy)]
pub struct RealClock {
    since: Instant,
}

impl Default for RealClock {
    fn default() -> Self {
        Self { since: Instant::now() }
    }
}

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}
