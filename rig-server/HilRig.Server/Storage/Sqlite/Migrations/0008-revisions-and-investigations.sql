-- The digest of the sequence's text: an edited sequence is another one, and its failures are counted apart.
ALTER TABLE run ADD COLUMN revision TEXT NOT NULL DEFAULT '';
UPDATE run SET revision = coalesce(json_extract(summary, '$.started.sequenceDigest'), '') WHERE summary <> '';

-- A fingerprint where it was seen, FailureKind, now also in which revision.
CREATE TABLE kind (
    fingerprint_key INTEGER PRIMARY KEY,
    release   TEXT NOT NULL,
    sequence  TEXT NOT NULL,
    revision  TEXT NOT NULL,
    step      TEXT NOT NULL,
    operation TEXT NOT NULL,
    code      TEXT NOT NULL,
    code_name TEXT NOT NULL,
    layer     TEXT NOT NULL,
    UNIQUE (release, sequence, revision, step, operation, code, code_name, layer)
);
INSERT INTO kind (release, sequence, revision, step, operation, code, code_name, layer)
SELECT DISTINCT f.release, f.sequence, r.revision, f.step, f.operation, f.code, f.code_name, f.layer
FROM step s JOIN run r ON r.run_key = s.run_key JOIN fingerprint f ON f.fingerprint_key = s.fingerprint_key;
UPDATE step SET fingerprint_key = k.fingerprint_key
FROM fingerprint f, run r, kind k
WHERE f.fingerprint_key = step.fingerprint_key AND r.run_key = step.run_key
AND (k.release, k.sequence, k.revision, k.step, k.operation, k.code, k.code_name, k.layer) = (f.release, f.sequence, r.revision, f.step, f.operation, f.code, f.code_name, f.layer);
DROP TABLE fingerprint;
ALTER TABLE kind RENAME TO fingerprint;

-- Flags that somebody asked to have followed.
CREATE TABLE investigation (
    flag_id TEXT PRIMARY KEY,
    who     TEXT NOT NULL,
    at_ns   INTEGER NOT NULL
);
