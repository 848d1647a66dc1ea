-- One row per claim under test. Each file of this folder adds its own row.
-- From outlook on the columns may be left out and decide nothing: what later evidence can still change; of how many things (recoveries, rounds,
-- slots) how many were good, or of which span of rounds the p99 is, so that margins can tell how sure that is.
CREATE TABLE claim_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value DOUBLE, target DOUBLE, detail VARCHAR NOT NULL,
  outlook VARCHAR, margin VARCHAR, lost_since_round_id VARCHAR, rate_ok BIGINT, rate_of BIGINT, rate_things VARCHAR, rate_span VARCHAR, p99_span VARCHAR);

CREATE VIEW claims AS SELECT id, name, verdict, value, target, detail FROM claim_row ORDER BY id;
