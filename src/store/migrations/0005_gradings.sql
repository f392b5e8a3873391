-- A cohort being graded: its roster, its assignments and its policy, as the last command had them.
CREATE TABLE gradings (
    id   TEXT PRIMARY KEY,
    data TEXT NOT NULL
);

-- What came of each submission, in the order in which they were graded. What is graded anew is added, never rewritten.
CREATE TABLE judged (
    grading TEXT NOT NULL REFERENCES gradings (id),
    seq     INTEGER NOT NULL,
    attempt TEXT REFERENCES attempts (id),
    data    TEXT NOT NULL,
    PRIMARY KEY (grading, seq)
);
CREATE INDEX judged_by_attempt ON judged (attempt);
CREATE TRIGGER judged_is_not_changed BEFORE UPDATE ON judged BEGIN SELECT RAISE(ABORT, 'what was judged is append-only'); END;
CREATE TRIGGER judged_is_not_deleted BEFORE DELETE ON judged BEGIN SELECT RAISE(ABORT, 'what was judged is append-only'); END;
