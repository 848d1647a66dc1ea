-- One row: where the soak stands.
CREATE TABLE status_row AS
WITH last AS (SELECT * FROM round_row WHERE counted ORDER BY starts_at DESC LIMIT 1),
seen AS (
  SELECT coalesce(max(slot) FILTER (in_soak), -1) AS newest_slot, coalesce(max(round) FILTER (counted AND healthy), 0)
    AS last_healthy FROM round_row
), now AS MATERIALIZED (
  -- The first slot after the newest round is due: cron runs at its start.
  SELECT CASE WHEN n.newest_slot + 1 < k.total_slots
    THEN to_timestamp(k.t0_unix + k.interval_seconds * (n.newest_slot + 1)) END AS due_at,
         (SELECT count(*) FROM slot_row s WHERE s.status = 'missed'
           AND s.slot > n.newest_slot) AS slots_since_last_round,
         (SELECT count(*) FROM round_row r WHERE r.counted
           AND r.round > n.last_healthy) AS consecutive_unhealthy_rounds,
         f.in_progress_rounds, p.overdue_seconds, v.total_checks
  FROM soak k, seen n, figures f, raw_plan p, verdict_row v
), logged AS MATERIALIZED (
  SELECT count(*) AS alerts_total, count(*) FILTER (a.logged_at >= k.as_of - to_hours(p.recent_hours)) AS alerts_24h,
         arg_max(a.line, a.line_no) AS last_alert FROM alerts a, soak k, raw_plan p
)
SELECT r.soak_id, r.soak_start, k.end_at AS soak_planned_end, r.as_of,
       CASE WHEN k.as_of < k.t0 THEN 'not begun' WHEN k.has_ended THEN 'ended' ELSE 'running' END AS state,
       greatest(0, least(k.soak_days, CAST(floor((epoch(k.as_of) - k.t0_unix) / k.day_seconds) AS BIGINT) + 1)) AS day,
       k.soak_days, r.cp_mode, r.rehearsal,
       l.round_id AS last_round_id, l.starts_at AS last_round_at, l.kind AS last_round_kind,
       l.healthy AS last_round_healthy, l.health AS last_health,
       l.p99_ms AS last_p99_ms, l.plan_count AS last_plan_count, l.stuck_count AS last_stuck_count,
       n.in_progress_rounds > 0 AS round_in_progress,
       -- The start of the next slot; NULL once there is none, in the last slot already.
       CASE WHEN NOT k.has_ended THEN nullif(to_timestamp(greatest(k.t0_unix,
         k.t0_unix + CAST(floor((epoch(k.as_of) - k.t0_unix) / k.interval_seconds) + 1 AS BIGINT)
           * k.interval_seconds)), k.end_at) END AS next_due_at,
       CASE WHEN NOT k.has_ended THEN n.due_at END AS due_at,
       -- Two minutes are cron's own and the start of the JVM's.
       CASE WHEN (n.in_progress_rounds = 0 OR n.slots_since_last_round > 0) AND NOT k.has_ended
         AND epoch(k.as_of) - epoch(n.due_at) > least(n.overdue_seconds, k.interval_seconds / 2)
         THEN CAST(floor(epoch(k.as_of) - epoch(n.due_at)) AS BIGINT) END AS overdue_seconds,
       n.slots_since_last_round, n.consecutive_unhealthy_rounds,
       r.total_rounds, r.scheduled_rounds, k.total_slots, r.healthy_rounds, r.failed_rounds, r.interrupted_rounds,
       r.missed_rounds, r.cp_restart_count,
       r.total_creates, r.total_create_errors, r.total_recovery_attempts, r.recoveries_refuted, r.agg_rollback_rate,
       r.rollback_rate_by_exit_code, r.max_p99_ms, r.uptime_pct, r.scheduled_uptime_pct,
       r.scan_failures, r.lost_plans, r.duplicate_plans, r.store_bytes_final AS store_bytes,
       g.alerts_total, g.alerts_24h, g.last_alert,
       r.passed_checks, n.total_checks, r.overall, r.gate_d, r.covered_slots,
       r.coverage_pct
FROM final_report r, soak k, now n, logged g LEFT JOIN last l ON true;

CREATE VIEW status AS FROM status_row;
