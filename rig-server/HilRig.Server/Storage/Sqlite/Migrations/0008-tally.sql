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
