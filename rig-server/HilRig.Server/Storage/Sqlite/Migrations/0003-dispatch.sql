ALTER TABLE run_order ADD COLUMN priority INTEGER NOT NULL DEFAULT 0; -- higher ones first, then the order of the queue
ALTER TABLE run_order ADD COLUMN needs TEXT;                          -- PlaceNeeds, where any place that has them will do; place is then empty until the lease
ALTER TABLE run_order ADD COLUMN ends_ns INTEGER;                     -- hard end: the run is stopped then, and given up soon after

-- When the holder was last heard of.
ALTER TABLE lease ADD COLUMN seen_ns INTEGER NOT NULL DEFAULT 0;

-- Places that get no new run; `*` stands for all.
CREATE TABLE pause (
    place   TEXT PRIMARY KEY,
    who     TEXT NOT NULL,
    because TEXT NOT NULL,
    at_ns   INTEGER NOT NULL
) WITHOUT ROWID;
