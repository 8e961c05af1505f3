-- One narrow row for each run, in the order of time: what grids and histories count, without a summary being read.
CREATE TABLE tally (
    started_ns BIGINT NOT NULL,
    run_key    BIGINT NOT NULL,
    place      TEXT NOT NULL,
    release    TEXT NOT NULL,
    sequence   TEXT NOT NULL,
    cycles     BIGINT NOT NULL,        -- that have ended
    failed     BIGINT NOT NULL,        -- of them, those that failed
    other      BIGINT NOT NULL,        -- of them, those that neither passed nor failed
    PRIMARY KEY (started_ns, run_key)
);
INSERT INTO tally
SELECT c.started_ns, c.run_key, c.place, c.release, c.sequence, c.cycles, c.failed, c.cycles - c.failed - c.passed
FROM (
    SELECT r.started_ns, r.run_key, r.place, r.release, r.sequence,
           coalesce((SELECT sum(value::bigint) FROM jsonb_each_text(r.summary::jsonb -> 'cyclesByVerdict')), 0) AS cycles,
           coalesce((r.summary::jsonb -> 'cyclesByVerdict' ->> 'fail')::bigint, 0) AS failed,
           coalesce((r.summary::jsonb -> 'cyclesByVerdict' ->> 'pass')::bigint, 0) AS passed
    FROM run r WHERE r.summary <> '') c;
