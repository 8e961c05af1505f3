-- Times are nanoseconds since 1970 UTC: an event read back equals the event written.

CREATE TABLE run (
    run_key    INTEGER PRIMARY KEY,
    run_id     TEXT NOT NULL UNIQUE,
    place      TEXT NOT NULL,
    agent      TEXT NOT NULL,
    sequence   TEXT NOT NULL,
    release    TEXT NOT NULL,
    started_ns INTEGER NOT NULL,
    position   INTEGER NOT NULL,      -- number of the last event held; there are no gaps below it
    summary    TEXT NOT NULL          -- RunSummary, the fold of all events held
);
CREATE INDEX run_by_start ON run (started_ns);

-- The record. Everything else about a run is computed from it.
CREATE TABLE event (
    run_key INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    at_ns   INTEGER NOT NULL,
    body    TEXT NOT NULL,            -- RunEventBody
    PRIMARY KEY (run_key, number)
) WITHOUT ROWID;

CREATE TABLE cycle (
    run_key      INTEGER NOT NULL,
    cycle        INTEGER NOT NULL,
    first_number INTEGER NOT NULL,
    verdict      TEXT NOT NULL,
    layer        TEXT NOT NULL,
    PRIMARY KEY (run_key, cycle)
) WITHOUT ROWID;

CREATE TABLE fingerprint (
    fingerprint_key INTEGER PRIMARY KEY,
    step      TEXT NOT NULL,
    operation TEXT NOT NULL,
    code      TEXT NOT NULL,
    code_name TEXT NOT NULL,
    UNIQUE (step, operation, code, code_name)
);

-- The samples that statistics are made of: steps of the phase `steps`.
CREATE TABLE step (
    run_key         INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    at_ns           INTEGER NOT NULL,
    cycle           INTEGER NOT NULL,
    position        INTEGER NOT NULL, -- in the cycle, from 0
    step            TEXT NOT NULL,
    verdict         TEXT NOT NULL,
    layer           TEXT NOT NULL,
    fingerprint_key INTEGER,
    marginal        INTEGER NOT NULL,
    conditions      TEXT NOT NULL,    -- JSON object
    PRIMARY KEY (run_key, number)
) WITHOUT ROWID;
CREATE INDEX step_by_fingerprint ON step (fingerprint_key, at_ns) WHERE fingerprint_key IS NOT NULL;

-- What was asked for. `position` is the order of the queue.
CREATE TABLE run_order (
    position       INTEGER PRIMARY KEY,
    run_id         TEXT NOT NULL UNIQUE,
    place          TEXT NOT NULL,
    ordered_ns     INTEGER NOT NULL,
    body           TEXT NOT NULL,     -- RunOrder, its epoch not yet set
    state          TEXT NOT NULL,     -- queued, leased, ended, lost, cancelled
    epoch          INTEGER NOT NULL DEFAULT 0,
    stop_requested INTEGER NOT NULL DEFAULT 0,
    closed_ns      INTEGER,
    closed_because TEXT
);
CREATE INDEX run_order_open ON run_order (place, position) WHERE state IN ('queued', 'leased');

-- Who may use a place. The epoch only ever grows and fences a holder that was given up.
CREATE TABLE lease (
    place  TEXT PRIMARY KEY,
    epoch  INTEGER NOT NULL,
    run_id TEXT
) WITHOUT ROWID;

CREATE TABLE place (
    name       TEXT PRIMARY KEY,
    board_type TEXT NOT NULL,
    tags       TEXT NOT NULL,         -- JSON array
    agent      TEXT NOT NULL
) WITHOUT ROWID;
