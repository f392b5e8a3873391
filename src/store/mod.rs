//! Where attempts, runs and evidence are kept. The only place that writes SQL.
