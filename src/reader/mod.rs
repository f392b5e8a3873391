//! Questions about the configuration of monitoring, answered by the parsers of Prometheus and Alertmanager themselves: a small program
//! of ours that is built when the first question is asked. Knows no cluster; who builds the program is handed in.

mod ask;
mod question;

pub use ask::Reader;
pub use question::{Answer, FiredAlert, Question, Trial, TrialSeries};
