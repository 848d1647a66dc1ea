-- One row per alert line that a daily report of its date is due to raise (contract, section 4 "Alerts"), in the
-- contract's order: the line of alerts.log that it makes, and as text without its time stamp.
CREATE TABLE daily_alert_lines AS
WITH judged AS (
  SELECT d.*, t.*, least(k.as_of, CAST(d.date + 1 AS TIMESTAMP) AT TIME ZONE 'UTC') AS stamped_at
  FROM daily_row d, targets t, soak k
), due AS (
  SELECT date, day, stamped_at, 1 AS place, 'WARN' AS level, 'daily_create_errors' AS key,
         CAST(daily_create_errors AS VARCHAR) AS value, CAST(create_errors AS VARCHAR) AS threshold
  FROM judged WHERE daily_create_errors > create_errors
  UNION ALL
  SELECT date, day, stamped_at, 2, 'ALERT', 'daily_rollback_rate', shown_rate(daily_rollback_rate, true),
         rollback_rate_text
  FROM judged WHERE recovery_attempts > 0 AND NOT share_reaches(recoveries_held, recovery_attempts, rollback_rate)
  UNION ALL
  SELECT date, day, stamped_at, 3, 'WARN', 'daily_p99_ms', shown_ms_unit(daily_p99_ms, true),
         shown_target(warn_daily_p99_ms) || 'ms'
  FROM judged WHERE daily_p99_ms > warn_daily_p99_ms
  UNION ALL
  SELECT date, day, stamped_at, 4, 'ALERT', 'daily_uptime_pct', shown_pct(daily_uptime_pct, true), uptime_pct_text
  FROM judged WHERE total_rounds > 0 AND NOT percentage_reaches(healthy_rounds, total_rounds, uptime_pct)
  UNION ALL
  SELECT date, day, stamped_at, 5, 'ALERT', 'daily_stuck_rounds', CAST(daily_stuck_rounds AS VARCHAR),
         CAST(alert_consecutive AS VARCHAR)
  FROM judged WHERE daily_stuck_rounds > alert_consecutive
  UNION ALL
  SELECT date, day, stamped_at, 6, 'ALERT', 'daily_missed_rounds', CAST(missed_rounds AS VARCHAR), '0'
  FROM judged WHERE missed_rounds > 0
)
SELECT date, level, key, level || ' ' || key || '=' || value || ' threshold=' || threshold || ' day=' || day AS text,
       shown_instant(stamped_at) || ' ' || text AS line
FROM due ORDER BY date, place;
