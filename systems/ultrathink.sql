-- UltraThink's tables, as the runbook's queries read them. Every statement can be run again.
-- Hypertables, chunks, compression, roll-ups and retention are added from the declaration (systems/ultrathink.ts).

CREATE EXTENSION IF NOT EXISTS timescaledb;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

CREATE TABLE IF NOT EXISTS experiments (
    experiment_id text PRIMARY KEY,
    name          text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    params        jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE IF NOT EXISTS metrics (
    "timestamp"   timestamptz NOT NULL DEFAULT now(),
    experiment_id text NOT NULL,
    metric_name   text NOT NULL,
    value         double precision NOT NULL
);
CREATE INDEX IF NOT EXISTS metrics_name_time ON metrics (metric_name, "timestamp" DESC);

CREATE TABLE IF NOT EXISTS model_versions (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_name         text NOT NULL,
    version            text NOT NULL,
    run_id             text,
    stage              text,
    metrics            jsonb NOT NULL DEFAULT '{}',
    rollback_triggered boolean NOT NULL DEFAULT false,
    created_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS trading_decisions (
    decision_id   uuid NOT NULL,
    "timestamp"   timestamptz NOT NULL,
    symbol        text NOT NULL,
    action        text NOT NULL,
    quantity      double precision NOT NULL,
    price         double precision NOT NULL,
    confidence    double precision NOT NULL,
    regime        text,
    strategy      text,
    model_version text,
    risk_approved boolean NOT NULL,
    PRIMARY KEY (decision_id, "timestamp")
);
