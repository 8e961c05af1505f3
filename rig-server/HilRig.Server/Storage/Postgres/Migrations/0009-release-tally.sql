ALTER TABLE run ADD COLUMN ended BIGINT NOT NULL DEFAULT 0; -- 1 once its last event is there, for lists
UPDATE run SET ended = 1 WHERE summary <> '' AND CAST(summary AS json) ->> 'ended' IS NOT NULL;
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
    number  BIGINT NOT NULL,
    PRIMARY KEY (release, place, what, layer)
);
INSERT INTO release_tally
SELECT r.release, r.place, 'run', 'none', count(*) FROM run r
WHERE NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND o.rerun_of IS NOT NULL) AND r.run_id NOT LIKE 'auto-%-________-try-%' GROUP BY r.release, r.place;
INSERT INTO release_tally
SELECT r.release, r.place, c.verdict, c.layer, count(*) FROM run r JOIN cycle c ON c.run_key = r.run_key
WHERE c.verdict <> 'not-set' AND NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND o.rerun_of IS NOT NULL) AND r.run_id NOT LIKE 'auto-%-________-try-%'
GROUP BY r.release, r.place, c.verdict, c.layer;
