-- One row per check of the plan's scenario matrix. Each file of this folder adds its own row; there is no list of them.
-- From outlook on the columns may be left out and decide nothing: what later evidence can still change; of how many things (recoveries, rounds,
-- slots) how many were good in which span (the soak, or 'days 1-7'), or of which span of rounds the p99 is, so that margins can tell how sure that is.
CREATE TABLE check_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value DOUBLE, target DOUBLE, detail VARCHAR NOT NULL,
  outlook VARCHAR, margin VARCHAR, lost_since_round_id VARCHAR, rate_ok BIGINT, rate_of BIGINT, rate_things VARCHAR, rate_span VARCHAR, p99_span VARCHAR);

CREATE VIEW checks AS SELECT id, name, verdict, value, target, detail FROM check_row ORDER BY id;

-- A target of 1 and one failure: nothing that comes can heal it.
CREATE MACRO failed_for_good(ok, n, target) AS target >= 1 AND ok < n;
CREATE MACRO first_failed_recovery(last_day) AS (SELECT arg_min(round_id, round) FROM round_row WHERE counted AND (counted_recovery_fail > 0 OR recoveries_refuted > 0) AND soak_day <= last_day);
