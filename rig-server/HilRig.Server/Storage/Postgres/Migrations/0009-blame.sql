-- Runs in which somebody was to blame for a cycle, in the order of time: the newest of them are found at once however rare they are.
CREATE TABLE blame (
    layer      TEXT NOT NULL,
    started_ns BIGINT NOT NULL,
    run_key    BIGINT NOT NULL,
    PRIMARY KEY (layer, started_ns, run_key)
);
INSERT INTO blame SELECT DISTINCT c.layer, r.started_ns, r.run_key FROM cycle c JOIN run r ON r.run_key = c.run_key WHERE c.layer <> 'none';
