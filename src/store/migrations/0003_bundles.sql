-- Scenarios worked on one after the other under one clock; a part may have been attempted more than once.
CREATE TABLE bundle_runs (
    id          TEXT PRIMARY KEY,
    bundle      TEXT NOT NULL,
    bundle_dir  TEXT NOT NULL,
    environment TEXT NOT NULL,
    digest      TEXT NOT NULL,
    started     TEXT NOT NULL,
    ended       TEXT
);
CREATE INDEX bundle_runs_by_environment ON bundle_runs (environment);

CREATE TABLE bundle_attempts (
    attempt  TEXT PRIMARY KEY REFERENCES attempts (id),
    run      TEXT NOT NULL REFERENCES bundle_runs (id),
    finished TEXT
);
CREATE INDEX bundle_attempts_by_run ON bundle_attempts (run);
