-- Everything about an attempt hangs on its id; nothing is ever deleted or rewritten save an attempt's own state.
CREATE TABLE attempts (
    id           TEXT PRIMARY KEY,
    scenario     TEXT NOT NULL,
    scenario_dir TEXT NOT NULL,
    environment  TEXT NOT NULL,
    provider     TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('starting', 'open', 'closed')),
    cluster_uid  TEXT NOT NULL,
    nonce        TEXT NOT NULL,
    versions     TEXT NOT NULL,
    started      TEXT NOT NULL,
    ended        TEXT,
    assisted     INTEGER NOT NULL DEFAULT 0,
    resets       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX attempts_by_environment ON attempts (environment, state);
CREATE INDEX attempts_by_scenario ON attempts (scenario);

CREATE TABLE baselines (
    attempt TEXT PRIMARY KEY REFERENCES attempts (id),
    data    TEXT NOT NULL
);

CREATE TABLE evidence (
    sha256 TEXT PRIMARY KEY,
    part   TEXT NOT NULL
) WITHOUT ROWID;

-- The parts of a run's evidence are in `evidence`; `data` names them by their SHA-256.
CREATE TABLE runs (
    attempt TEXT NOT NULL REFERENCES attempts (id),
    seq     INTEGER NOT NULL,
    data    TEXT NOT NULL,
    PRIMARY KEY (attempt, seq)
);

CREATE TABLE hints (
    attempt TEXT NOT NULL REFERENCES attempts (id),
    step    TEXT NOT NULL,
    rung    INTEGER NOT NULL,
    cost    INTEGER NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (attempt, step, rung)
);

CREATE TABLE events (
    attempt  TEXT NOT NULL REFERENCES attempts (id),
    seq      INTEGER NOT NULL,
    at       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    data     TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL,
    PRIMARY KEY (attempt, seq)
);
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
