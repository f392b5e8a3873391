-- What was decided for everybody who works on a scenario: faulty checks, rules. The later decision counts; none is ever changed.
CREATE TABLE decisions (
    seq      INTEGER PRIMARY KEY,
    scenario TEXT NOT NULL,
    at       TEXT NOT NULL,
    data     TEXT NOT NULL
);
CREATE INDEX decisions_by_scenario ON decisions (scenario);
CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

-- What the cluster showed when a run ended, so that a changed check can be judged anew: redacted, and compressed.
CREATE TABLE sights (
    attempt TEXT NOT NULL REFERENCES attempts (id),
    run     INTEGER NOT NULL,
    sha256  TEXT NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (attempt, run)
);
