CREATE TABLE person (
    name       TEXT PRIMARY KEY,
    role       TEXT NOT NULL,         -- viewer, operator, qa, admin
    password   TEXT NOT NULL,         -- as ASP.NET's PasswordHasher writes it
    stamp      TEXT NOT NULL,         -- changes with role and password; a cookie with another one is void
    created_ns INTEGER NOT NULL
) WITHOUT ROWID;

-- For agents and machines. The secret itself is shown once and kept nowhere.
CREATE TABLE token (
    token_id   TEXT PRIMARY KEY,
    name       TEXT NOT NULL,         -- of the agent or machine
    role       TEXT NOT NULL,         -- agent, or a person's
    secret     TEXT NOT NULL,         -- SHA-256 in hex: 256 random bits need no slow hash
    created_ns INTEGER NOT NULL,
    expires_ns INTEGER,
    revoked_ns INTEGER
) WITHOUT ROWID;

-- One-time codes by which an agent gets its token.
CREATE TABLE enrolment (
    code       TEXT PRIMARY KEY,      -- SHA-256 in hex
    agent      TEXT NOT NULL,
    expires_ns INTEGER NOT NULL
) WITHOUT ROWID;

-- Who changed what. Written in the transaction of the change itself; nothing updates or deletes it.
CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at_ns    INTEGER NOT NULL,
    who      TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL
);
