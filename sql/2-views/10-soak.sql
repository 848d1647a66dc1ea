-- A value, not a query: it is asked for in every slot and on every edit.
SET VARIABLE setting_value = (SELECT map_from_entries(list((key, value))) FROM raw_config);
CREATE MACRO setting(name) AS getvariable('setting_value')[name];

-- One row: the soak's calendar and what is judged (contract, section 4 "Time", "as_of").
CREATE TABLE soak AS
WITH start AS (
  SELECT CAST(setting('SOAK_STARTED_AT') AS TIMESTAMPTZ) AS started_at,
         CAST(setting('ROUND_INTERVAL_SECONDS') AS BIGINT) AS interval_seconds,
         CAST(setting('SOAK_DAYS') AS BIGINT) AS soak_days,
         day_seconds, gate_days, early_days
  FROM raw_plan
), calendar AS (
  SELECT *, seconds_of(started_at) - seconds_of(started_at) % interval_seconds AS t0_unix FROM start
)
SELECT setting('SOAK_ID') AS soak_id,
       started_at,
       CAST(started_at AS DATE) AS first_date,
       interval_seconds,
       soak_days,
       day_seconds,
       t0_unix,
       to_timestamp(t0_unix) AS t0,
       t0_unix + soak_days * day_seconds AS end_unix,
       to_timestamp(t0_unix + soak_days * day_seconds) AS end_at,
       soak_days * day_seconds // interval_seconds AS total_slots,
       s.as_of,
       s.is_now,
       s.round_runs,
       s.checkpoint_day,
       s.checkpoint_day IS NOT NULL AS is_checkpoint,
       s.as_of >= to_timestamp(t0_unix + soak_days * day_seconds) AS has_ended,
       gate_days,
       early_days,
       -- A shorter soak has no such day, however long ago it ended.
       soak_days >= early_days AND s.as_of >= to_timestamp(t0_unix + early_days * day_seconds) AS early_days_passed,
       -- Only before the end of the soak can a later round decide, and only a checkpoint or a status may leave it open.
       s.checkpoint_day IS NOT NULL AND s.as_of < to_timestamp(t0_unix + soak_days * day_seconds) AS may_pend
FROM calendar, raw_scope s;

-- One row: every target and threshold, from config.env where it has one, else from the plan; and tolerances, which only
-- SQL needs.
CREATE TABLE targets AS
WITH written AS (SELECT map(list(key), list(value)) AS config FROM raw_config)
SELECT p.cp_start_ms,
       p.create_errors,
       p.scan_failures,
       p.fleet_round,
       CAST(config['TARGET_PLAN_COUNT'] AS DOUBLE) AS plan_count,
       CAST(config['TARGET_P99_MS'] AS DOUBLE) AS p99_ms,
       CAST(config['TARGET_ROLLBACK_RATE'] AS DECIMAL(18, 9)) AS rollback_rate,
       CAST(config['TARGET_UPTIME_PCT'] AS DECIMAL(18, 9)) AS uptime_pct,
       CAST(config['TARGET_TOTAL_CREATES'] AS DOUBLE) AS total_creates,
       CAST(config['TARGET_COVERAGE_PCT'] AS DECIMAL(18, 9)) AS coverage_pct,
       CAST(config['WARN_DAILY_P99_MS'] AS DOUBLE) AS warn_daily_p99_ms,
       CAST(config['ALERT_CONSECUTIVE'] AS BIGINT) AS alert_consecutive,
       CAST(config['PLANS_PER_ROUND'] AS BIGINT) AS plans_per_round,
       -- As config.env writes them: 0.990 stays 0.990.
       config['TARGET_ROLLBACK_RATE'] AS rollback_rate_text,
       config['TARGET_UPTIME_PCT'] AS uptime_pct_text,
       config['TARGET_COVERAGE_PCT'] AS coverage_pct_text,
       -- Percentiles are compared with the raw files to the microsecond; the bash scripts rounded to whole
       -- milliseconds.
       0.0015 AS ms_tolerance,
       -- From here on the measurement itself is worth a note.
       p.probe_overhead_ms,
       p.stall_ms,
       p.clock_step_ms,
       1.0 AS legacy_ms_tolerance,
       -- A round's end is where its duration leads, by its own clock.
       60 AS clock_tolerance_seconds,
       -- A bash round took its time stamp and its folder name one after the other.
       60 AS legacy_clock_tolerance_seconds
FROM written, raw_plan p;
