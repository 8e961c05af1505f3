-- Runs over many boards with one goal. What they have come to is counted from the cycles of their runs and stands nowhere else.
CREATE TABLE campaign (
    position    INTEGER PRIMARY KEY,
    campaign_id TEXT NOT NULL UNIQUE,
    plan        TEXT NOT NULL,           -- CampaignPlan; nothing changes it
    state       TEXT NOT NULL,           -- running, paused, met, missed, stopped
    priority    INTEGER NOT NULL,
    who         TEXT NOT NULL,
    ordered_ns  INTEGER NOT NULL,
    resumed_ns  INTEGER NOT NULL,
    served_ns   INTEGER NOT NULL,         -- when it last ordered a run: those of one priority take turns
    closed_ns   INTEGER,
    because     TEXT
);
CREATE INDEX campaign_open ON campaign (priority) WHERE state IN ('running', 'paused');

ALTER TABLE run_order ADD COLUMN campaign_id TEXT; -- null for a run that a person ordered
CREATE INDEX run_order_by_campaign ON run_order (campaign_id) WHERE campaign_id IS NOT NULL;

-- Who is told what happens.
CREATE TABLE webhook (
    webhook_id TEXT PRIMARY KEY,
    url        TEXT NOT NULL,
    events     TEXT NOT NULL,            -- JSON array
    secret     TEXT NOT NULL,            -- encrypted with the server's keys: it has to sign with it
    who        TEXT NOT NULL,
    created_ns INTEGER NOT NULL
);

-- What was told or is to be told, each to one webhook; written in the transaction of what it tells.
CREATE TABLE delivery (
    position    INTEGER PRIMARY KEY,
    delivery_id TEXT NOT NULL UNIQUE,
    webhook_id  TEXT NOT NULL,
    event       TEXT NOT NULL,
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_ns  INTEGER NOT NULL,
    state       TEXT NOT NULL,           -- waiting, delivered, failed
    due_ns      INTEGER NOT NULL,         -- nobody else takes it before
    attempts    INTEGER NOT NULL DEFAULT 0,
    outcome     TEXT NOT NULL DEFAULT '' -- of the last attempt, in words
);
CREATE INDEX delivery_waiting ON delivery (due_ns) WHERE state = 'waiting';
CREATE INDEX delivery_by_webhook ON delivery (webhook_id, position);

-- What was announced, whether somebody wanted to hear it or not: nothing is news twice.
CREATE TABLE announced (
    subject TEXT PRIMARY KEY,            -- flag:ID, campaign:ID, run:ID
    at_ns   INTEGER NOT NULL
);

-- Samples that nobody could attribute, and what repetitions over the farm made of them.
CREATE TABLE attribution (
    run_id  TEXT NOT NULL,
    number  INTEGER NOT NULL,                -- of the event that ended the step
    cycle   INTEGER NOT NULL,
    step    TEXT NOT NULL,
    layer   TEXT NOT NULL,
    because TEXT NOT NULL,
    reruns  TEXT NOT NULL,                -- JSON array of Rerun
    at_ns   INTEGER NOT NULL,
    state   TEXT NOT NULL,                -- open, answered
    PRIMARY KEY (run_id, number)
);
ALTER TABLE run_order ADD COLUMN rerun_of TEXT;                         -- RUN#NUMBER of the sample for whose sake it repeats a cycle
ALTER TABLE run_order ADD COLUMN looked_into INTEGER NOT NULL DEFAULT 1; -- 0 until somebody looked for samples to repeat; runs of earlier versions are left alone
CREATE INDEX run_order_by_rerun ON run_order (rerun_of) WHERE rerun_of IS NOT NULL;
CREATE INDEX run_order_to_look ON run_order (position) WHERE looked_into = 0;
