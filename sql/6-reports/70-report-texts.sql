-- Display strings for the texts of the daily, checkpoint and status reports; every column is VARCHAR and never NULL.

-- One row per UTC date of the soak that has begun by as_of.
CREATE TABLE daily_text AS
WITH judged AS (
  SELECT d.*, d.recovery_attempts > 0 AND NOT share_reaches(d.recoveries_held, d.recovery_attempts,
    t.rollback_rate) AS rate_failed,
         d.total_rounds > 0 AND NOT percentage_reaches(d.healthy_rounds, d.total_rounds, t.uptime_pct) AS uptime_failed
  FROM daily_row d, targets t
)
SELECT CAST(d.date AS VARCHAR) AS date, shown_count(d.day) AS day,
       shown_count(d.total_rounds) AS total_rounds, shown_count(d.healthy_rounds) AS healthy_rounds,
       shown_count(d.interrupted_rounds) AS interrupted_rounds, shown_count(d.missed_rounds) AS missed_rounds,
       shown_count(d.create_ok) AS create_ok, shown_count(d.daily_create_errors) AS daily_create_errors,
       shown_count(d.recovery_ok) AS recovery_ok, shown_count(d.recovery_fail) AS recovery_fail,
       shown_count(d.recoveries_refuted) AS recoveries_refuted,
       shown_rate(d.daily_rollback_rate, d.rate_failed) AS daily_rollback_rate,
       shown_rate(d.rollback_rate_by_exit_code, NOT share_reaches(d.recovery_ok, d.recovery_ok + d.recovery_fail,
         t.rollback_rate)) AS rollback_rate_by_exit_code,
       shown_ms(d.daily_p99_ms, d.daily_p99_ms > t.warn_daily_p99_ms) AS daily_p99_ms,
       shown_ms(d.pooled_p99_ms, d.pooled_p99_ms > t.warn_daily_p99_ms) AS pooled_p99_ms,
       shown_pct(d.daily_uptime_pct, d.uptime_failed) AS daily_uptime_pct,
       shown_count(d.daily_stuck_rounds) AS daily_stuck_rounds, shown_count(d.stuck_rounds) AS stuck_rounds,
       shown_count(d.plan_count) AS plan_count, shown_count(d.store_bytes) AS store_bytes,
       coalesce(d.store_check, 'n/a') AS store_check,
       t.uptime_pct_text AS target_uptime_pct, t.rollback_rate_text AS target_rollback_rate,
       shown_target(t.warn_daily_p99_ms) AS warn_daily_p99_ms,
       coalesce(f.cp_mode, 'n/a') AS cp_mode, CAST(f.rehearsal AS VARCHAR) AS rehearsal,
       coalesce(a.words, '') AS altered
FROM judged d, targets t, figures f, seal_state a;

-- One row: a checkpoint's figures, named as in checkpoint_report.
CREATE TABLE checkpoint_text AS
SELECT shown_count(c.day) AS day, shown_instant(c.window_start) AS window_start,
       shown_instant(c.window_end) AS window_end, shown_instant(c.as_of) AS as_of,
       CAST(c.complete AS VARCHAR) AS complete, CAST(c.rehearsal AS VARCHAR) AS rehearsal, x.altered,
       coalesce(c.cp_mode, 'n/a') AS cp_mode,
       shown_count(c.total_rounds) AS total_rounds, shown_count(c.healthy_rounds) AS healthy_rounds,
       shown_count(c.interrupted_rounds) AS interrupted_rounds, shown_count(c.missed_rounds) AS missed_rounds,
       x.uptime_pct, shown_count(c.total_creates) AS total_creates,
       x.agg_rollback_rate AS rollback_rate_nd, shown_count(c.recovery_attempts_nd) AS recovery_attempts_nd,
       x.recoveries_refuted, x.rollback_rate_by_exit_code,
       x.max_p99_ms AS p99_ms_nd, x.pooled_p99_ms AS pooled_p99_ms_nd,
       x.target_uptime_pct, x.target_rollback_rate, x.target_p99_ms
FROM checkpoint_report c, final_text x;

-- One row: where the soak stands, named as in status and final_report.
CREATE TABLE status_text AS
SELECT x.soak_id, x.soak_start, shown_instant(s.soak_planned_end) AS soak_end, x.as_of, s.state,
       shown_count(s.day) AS day, shown_count(s.soak_days) AS soak_days,
       coalesce(shown_instant(s.last_round_at), 'n/a') AS last_round,
       CASE WHEN s.last_round_healthy THEN 'healthy' WHEN s.last_round_kind = 'interrupted' THEN 'interrupted'
         ELSE 'not healthy' END AS last_round_health,
       -- The slot that waits, as on the screen: the next one to begin would hide that a round is overdue.
       CASE WHEN s.due_at IS NULL THEN 'none' ELSE shown_instant(s.due_at) || CASE WHEN s.overdue_seconds IS NULL
         THEN '' ELSE ', overdue by ' || shown_span(s.overdue_seconds) || shown_missed(s.slots_since_last_round)
         END END AS next_due,
       shown_count(s.consecutive_unhealthy_rounds) AS consecutive_unhealthy_rounds,
       shown_count(s.last_plan_count) AS plan_count, shown_count(s.total_slots) AS total_slots,
       x.* EXCLUDE (soak_id, soak_start, soak_end, as_of, soak_days, total_slots)
FROM status s, final_text x;
