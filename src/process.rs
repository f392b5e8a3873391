//! The only place that starts, watches and ends processes.
