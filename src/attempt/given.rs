use jiff::Timestamp;

/// What an attempt brings to its checks, beside the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// When the learner could begin with what is there now: at the start, or at the last reset. None before that.
    pub began: Option<Timestamp>,
}
