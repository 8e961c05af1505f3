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

-- One narrow row for each run, in the order of time: what grids and histories count, without a summary being read.
CREATE TABLE tally (
    started_ns INTEGER NOT NULL,
    run_key    INTEGER NOT NULL,
    place      TEXT NOT NULL,
    release    TEXT NOT NULL,
    sequence   TEXT NOT NULL,
    cycles     INTEGER NOT NULL,        -- that have ended
    failed     INTEGER NOT NULL,        -- of them, those that failed
    other      INTEGER NOT NULL,        -- of them, those that neither passed nor failed
    PRIMARY KEY (started_ns, run_key)
) WITHOUT ROWID;
INSERT INTO tally
SELECT c.started_ns, c.run_key, c.place, c.release, c.sequence, c.cycles, c.failed, c.cycles - c.failed - c.passed
FROM (
    SELECT r.started_ns, r.run_key, r.place, r.release, r.sequence,
           coalesce((SELECT sum(value) FROM json_each(r.summary, '$.cyclesByVerdict')), 0) AS cycles,
           coalesce(json_extract(r.summary, '$.cyclesByVerdict.fail'), 0) AS failed,
           coalesce(json_extract(r.summary, '$.cyclesByVerdict.pass'), 0) AS passed
    FROM run r WHERE r.summary <> '') c;

ALTER TABLE run ADD COLUMN ended INTEGER NOT NULL DEFAULT 0; -- 1 once its last event is there, for lists
UPDATE run SET ended = 1 WHERE summary <> '' AND json_extract(summary, '$.ended') IS NOT NULL;
CREATE INDEX run_open ON run (started_ns) WHERE ended = 0;

-- Runs with a cycle that somebody is to blame for: nearly all cycles have nobody.
CREATE INDEX cycle_by_layer ON cycle (layer, run_key) WHERE layer <> 'none';

-- What runs and finished cycles amount to, so that nobody counts a year's cycles for a page. A place is written by one server at a time.
-- Repetitions of a failed cycle are not among them. `what` is a cycle's verdict, or `run`.
CREATE TABLE release_tally (
    release TEXT NOT NULL,
    place   TEXT NOT NULL,
    what    TEXT NOT NULL,
    layer   TEXT NOT NULL,
    number  INTEGER NOT NULL,
    PRIMARY KEY (release, place, what, layer)
) WITHOUT ROWID;
INSERT INTO release_tally
SELECT r.release, r.place, 'run', 'none', count(*) FROM run r
WHERE NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND o.rerun_of IS NOT NULL) AND r.run_id NOT LIKE 'auto-%-________-try-%' GROUP BY r.release, r.place;
INSERT INTO release_tally
SELECT r.release, r.place, c.verdict, c.layer, count(*) FROM run r JOIN cycle c ON c.run_key = r.run_key
WHERE c.verdict <> 'not-set' AND NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND o.rerun_of IS NOT NULL) AND r.run_id NOT LIKE 'auto-%-________-try-%'
GROUP BY r.release, r.place, c.verdict, c.layer;
