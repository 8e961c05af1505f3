-- What shall be claimed of a release, fixed before its first sample. One for each: starting again until it passes would prove nothing.
CREATE TABLE sign_off (
    position      INTEGER PRIMARY KEY,
    sign_off_id   TEXT NOT NULL UNIQUE,
    release       TEXT NOT NULL UNIQUE,
    plan          TEXT NOT NULL,          -- SignOffPlan
    who           TEXT NOT NULL,
    registered_ns INTEGER NOT NULL,
    runs          TEXT                    -- JSON array of the runs it rests on; null until the first approval fixes them
);

-- Who gave their word for which contents.
CREATE TABLE approval (
    sign_off_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    at_ns       INTEGER NOT NULL,
    head        TEXT NOT NULL,            -- of the dossier's chain
    PRIMARY KEY (sign_off_id, name)
);
