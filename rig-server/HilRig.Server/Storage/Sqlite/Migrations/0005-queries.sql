ALTER TABLE run ADD COLUMN verdict TEXT NOT NULL DEFAULT 'not-set'; -- of the summary, for lists
UPDATE run SET verdict = coalesce(json_extract(summary, '$.verdict'), 'not-set') WHERE summary <> '';

-- Lists go from the newest run on, one page after the other, of all or of one place, release or sequence.
CREATE INDEX run_by_place ON run (place, started_ns);
CREATE INDEX run_by_release ON run (release, started_ns);
CREATE INDEX run_by_sequence ON run (sequence, started_ns);

-- A fingerprint where it was seen, FailureKind: `step_by_fingerprint` then finds the newest of a list at once.
CREATE TABLE kind (
    fingerprint_key INTEGER PRIMARY KEY,
    release   TEXT NOT NULL,
    sequence  TEXT NOT NULL,
    step      TEXT NOT NULL,
    operation TEXT NOT NULL,
    code      TEXT NOT NULL,
    code_name TEXT NOT NULL,
    layer     TEXT NOT NULL,
    UNIQUE (release, sequence, step, operation, code, code_name, layer)
);
INSERT INTO kind (release, sequence, step, operation, code, code_name, layer)
SELECT DISTINCT r.release, r.sequence, f.step, f.operation, f.code, f.code_name, s.layer
FROM step s JOIN run r ON r.run_key = s.run_key JOIN fingerprint f ON f.fingerprint_key = s.fingerprint_key;
UPDATE step SET fingerprint_key = (
    SELECT k.fingerprint_key FROM fingerprint f JOIN run r ON r.run_key = step.run_key
    JOIN kind k ON (k.release, k.sequence, k.step, k.operation, k.code, k.code_name, k.layer) = (r.release, r.sequence, f.step, f.operation, f.code, f.code_name, step.layer)
    WHERE f.fingerprint_key = step.fingerprint_key)
WHERE fingerprint_key IS NOT NULL;
DROP TABLE fingerprint;
ALTER TABLE kind RENAME TO fingerprint;
