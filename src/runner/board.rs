use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Fewer cases left than these, and it does not pay to start the scenario elsewhere.
const WORTH_HELPING: usize = 2;

/// Who proves what next: scenarios that nobody has begun, then the cases of those that others have.
#[derive(Debug)]
pub(super) struct Board {
    jobs: Mutex<Vec<Job>>,
    changed: Notify,
}

/// How far the proof of a scenario is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    /// Nobody has begun.
    Waiting,
    /// Somebody starts it.
    Beginning,
    /// It starts; so many cases are there, and so many of them are given out.
    Open { cases: usize, taken: usize },
    /// It will not be opened: it is refused, or does not start.
    Closed,
}

/// What an environment does next with a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Begins it.
    Begin(usize),
    /// Takes cases of it.
    Help(usize),
}

impl Turn {
    /// The scenario's number.
    pub(super) fn job(self) -> usize {
        match self {
            Self::Begin(job) | Self::Help(job) => job,
        }
    }
}

impl Board {
    /// So many scenarios, none of them begun.
    pub(super) fn new(jobs: usize) -> Self {
        Self { jobs: Mutex::new(vec![Job::Waiting; jobs]), changed: Notify::new() }
    }

    /// What an environment that is free does next; waits while that cannot be told, `None` when there is nothing left for it.
    pub(super) async fn turn(&self) -> Option<Turn> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut jobs = self.jobs();
                if let Some(job) = jobs.iter().position(|job| *job == Job::Waiting) {
                    jobs[job] = Job::Beginning;
                    return Some(Turn::Begin(job));
                }
                let (left, job) = jobs.iter().enumerate().map(|(number, job)| (job.left(), number)).max()?;
                if left >= WORTH_HELPING {
                    return Some(Turn::Help(job));
                }
                if !jobs.contains(&Job::Beginning) {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// Gives the cases of a scenario that was begun to all.
    pub(super) fn open(&self, job: usize, cases: usize) {
        self.set(job, Job::Open { cases, taken: 0 });
    }

    /// The next case of a scenario that nobody has taken.
    pub(super) fn take(&self, job: usize) -> Option<usize> {
        let mut jobs = self.jobs();
        match jobs.get_mut(job)? {
            Job::Open { cases, taken } if *taken < *cases => {
                *taken += 1;
                Some(*taken - 1)
            }
            _ => None,
        }
    }

    /// Closes what this turn began and did not open, whichever way it ends: nobody may wait for it.
    pub(super) fn closed_after(&self, turn: Turn) -> Closing<'_> {
        Closing { board: self, turn }
    }

    fn set(&self, job: usize, to: Job) {
        if let Some(job) = self.jobs().get_mut(job) {
            *job = to;
        }
        self.changed.notify_waiters();
    }

    fn jobs(&self) -> MutexGuard<'_, Vec<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    fn left(self) -> usize {
        if let Self::Open { cases, taken } = self { cases - taken } else { 0 }
    }
}

/// Closes a scenario at the end of the turn that began it.
#[derive(Debug)]
pub(super) struct Closing<'a> {
    board: &'a Board,
    turn: Turn,
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        let begun = matches!(self.turn, Turn::Begin(job) if self.board.jobs().get(job) == Some(&Job::Beginning));
        if begun {
            self.board.set(self.turn.job(), Job::Closed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn scenarios_are_begun_first_and_the_longest_is_helped() {
        let board = Board::new(2);
        assert_eq!((board.turn().await, board.turn().await), (Some(Turn::Begin(0)), Some(Turn::Begin(1))));
        board.open(0, 3);
        board.open(1, 9);
        assert_eq!(board.turn().await, Some(Turn::Help(1)));
        assert_eq!((0..10).map(|_| board.take(1)).collect::<Vec<_>>()[7..], [Some(7), Some(8), None]);
        assert_eq!(board.turn().await, Some(Turn::Help(0)));
        assert_eq!((board.take(0), board.take(0)), (Some(0), Some(1)));
        assert_eq!(board.turn().await, None, "one case is no reason to start it elsewhere");
        assert_eq!(board.take(0), Some(2));
    }

    #[tokio::test]
    async fn whoever_is_free_waits_for_what_another_begins() {
        let board = Board::new(1);
        let first = board.turn().await.expect("there is a scenario");
        let closing = board.closed_after(first);
        let (turn, ()) = tokio::join!(board.turn(), async {
            tokio::task::yield_now().await;
            board.open(0, 4);
        });
        assert_eq!(turn, Some(Turn::Help(0)));
        drop(closing);
        assert_eq!(board.turn().await, Some(Turn::Help(0)), "what is open stays open");
    }

    #[tokio::test]
    async fn nobody_waits_for_a_scenario_that_does_not_start() {
        let board = Board::new(1);
        let first = board.turn().await.expect("there is a scenario");
        let closing = board.closed_after(first);
        let (turn, ()) = tokio::join!(board.turn(), async {
            tokio::task::yield_now().await;
            drop(closing);
        });
        assert_eq!(turn, None);
    }
}
