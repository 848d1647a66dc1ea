-- One row per UTC date of the soak that has begun by as_of, with or without rounds (contract, section 4): the fields of
-- daily/YYYY-MM-DD-summary.json in their order.
CREATE TABLE daily_row AS
WITH dates AS (
  SELECT CAST(unnest(generate_series(CAST(k.first_date AS TIMESTAMP),
    CAST(least(k.as_of, k.end_at) - INTERVAL 1 MICROSECOND AS TIMESTAMP), INTERVAL 1 DAY)) AS DATE) AS date
  FROM soak k
), of_rounds AS (
  SELECT date, count(*) AS total_rounds, count(*) FILTER (healthy) AS healthy_rounds,
         count(*) FILTER (kind = 'interrupted') AS interrupted_rounds,
         coalesce(sum(create_ok), 0)::BIGINT AS create_ok, coalesce(sum(create_errors), 0)::BIGINT AS create_errors,
         coalesce(sum(counted_recovery_ok), 0)::BIGINT AS recovery_ok,
         coalesce(sum(recovery_fail), 0)::BIGINT AS recovery_fail,
         coalesce(sum(recoveries_refuted), 0)::BIGINT AS recoveries_refuted,
         coalesce(sum(refuted_of_earlier_dates), 0)::BIGINT AS refuted_of_earlier_dates,
         max(p99_ms) AS p99_ms,
         arg_max(plan_count, starts_at) FILTER (plan_count IS NOT NULL) AS plan_count,
         arg_max(store_bytes, starts_at) FILTER (store_bytes IS NOT NULL) AS store_bytes,
         -- Where several rounds checked, damage that one of them found is the date's result.
         coalesce(min(store_check) FILTER (store_check <> 'ok'), min(store_check)) AS store_check
  FROM round_row WHERE counted GROUP BY date
), of_recoveries AS (
  -- A recovery of an earlier date that was refuted on this one is one more attempt, and failed.
  SELECT date, recovery_ok + recovery_fail + refuted_of_earlier_dates AS recovery_attempts,
         greatest(0, recovery_ok - (recoveries_refuted - refuted_of_earlier_dates)) AS recoveries_held FROM of_rounds
), of_creates AS (
  SELECT r.date, quantile_disc(c.latency_ms, 0.99) AS pooled_p99_ms FROM create_row c JOIN round_row r USING (round_id)
  WHERE c.counted AND r.counted GROUP BY r.date
), of_slots AS (
  SELECT date, count(*) FILTER (status = 'missed') AS missed_rounds FROM slot_row GROUP BY date
)
SELECT d.date,
       date_diff('day', k.first_date, d.date) + 1 AS day,
       coalesce(r.total_rounds, 0) AS total_rounds,
       coalesce(r.healthy_rounds, 0) AS healthy_rounds,
       coalesce(r.interrupted_rounds, 0) AS interrupted_rounds,
       coalesce(s.missed_rounds, 0) AS missed_rounds,
       coalesce(r.create_ok, 0) AS create_ok,
       coalesce(r.create_errors, 0) AS daily_create_errors,
       coalesce(r.recovery_ok, 0) AS recovery_ok,
       coalesce(r.recovery_fail, 0) AS recovery_fail,
       coalesce(r.recoveries_refuted, 0) AS recoveries_refuted,
       coalesce(v.recovery_attempts, 0) AS recovery_attempts,
       coalesce(v.recoveries_held, 0) AS recoveries_held,
       share(v.recoveries_held, v.recovery_attempts) AS daily_rollback_rate,
       share(r.recovery_ok, r.recovery_ok + r.recovery_fail) AS rollback_rate_by_exit_code,
       r.p99_ms AS daily_p99_ms,
       c.pooled_p99_ms,
       percentage(r.healthy_rounds, r.total_rounds) AS daily_uptime_pct,
       coalesce(t.longest, 0) AS daily_stuck_rounds,
       coalesce(t.total, 0)::BIGINT AS stuck_rounds,
       r.plan_count,
       r.store_bytes,
       r.store_check
FROM dates d LEFT JOIN of_rounds r USING (date) LEFT JOIN of_recoveries v USING (date)
  LEFT JOIN of_creates c USING (date) LEFT JOIN of_slots s USING (date) LEFT JOIN stuck_streak t USING (date), soak k;

-- One row per such date, in their order.
CREATE VIEW daily AS FROM daily_row ORDER BY date;
