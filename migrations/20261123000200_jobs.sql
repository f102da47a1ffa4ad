-- Work done after the answer: mails, imports, nightly tasks. Enqueued in the caller's transaction,
-- so that it exists exactly when what caused it does.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    -- Enqueuing the same key again while the job waits changes nothing (schedules of several nodes).
    dedup_key text,
    run_at timestamptz NOT NULL,
    -- While a node works on the job; taken over by another node when this is past.
    leased_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    -- Gave up: waits for an administrator.
    parked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_kind_filled CHECK (kind <> ''),
    CONSTRAINT jobs_attempts_positive CHECK (attempts >= 0)
);

CREATE INDEX jobs_due ON jobs (run_at) WHERE parked_at IS NULL;
CREATE UNIQUE INDEX jobs_dedup_key ON jobs (dedup_key) WHERE dedup_key IS NOT NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'vigie_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO vigie_app;
    END IF;
END $$;
