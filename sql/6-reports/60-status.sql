-- One row: where the soak stands.
CREATE TABLE status_row AS
WITH last AS (SELECT * FROM round_row WHERE counted ORDER BY starts_at DESC LIMIT 1),
now_down AS (
  SELECT count(*) AS rounds FROM round_row WHERE counted
    AND round > coalesce((SELECT max(round) FROM round_row WHERE counted AND healthy), 0)
), newest AS (
  SELECT coalesce(max(slot), -1) AS slot FROM round_row WHERE in_soak
), due AS (
  -- The first slot after the newest round: cron runs at its start.
  SELECT CASE WHEN n.slot + 1 < k.total_slots
    THEN to_timestamp(k.t0_unix + k.interval_seconds * (n.slot + 1)) END AS due_at,
         (SELECT count(*) FROM slot_row s WHERE s.status = 'missed' AND s.slot > n.slot) AS slots_since_last_round
  FROM soak k, newest n
)
SELECT r.soak_id, r.soak_start, k.end_at AS soak_planned_end, r.as_of,
       CASE WHEN k.as_of < k.t0 THEN 'not begun' WHEN k.has_ended THEN 'ended' ELSE 'running' END AS state,
       greatest(0, least(k.soak_days, CAST(floor((epoch(k.as_of) - k.t0_unix) / k.day_seconds) AS BIGINT) + 1)) AS day,
       k.soak_days, r.cp_mode, r.rehearsal,
       l.round_id AS last_round_id, l.starts_at AS last_round_at, l.kind AS last_round_kind,
       l.healthy AS last_round_healthy, l.health AS last_health,
       l.p99_ms AS last_p99_ms, l.plan_count AS last_plan_count, l.stuck_count AS last_stuck_count,
       f.in_progress_rounds > 0 AS round_in_progress,
       -- The start of the next slot; NULL once there is none.
       CASE WHEN NOT k.has_ended THEN to_timestamp(greatest(k.t0_unix,
         k.t0_unix + CAST(floor((epoch(k.as_of) - k.t0_unix) / k.interval_seconds) + 1 AS BIGINT)
           * k.interval_seconds)) END AS next_due_at,
       CASE WHEN NOT k.has_ended THEN d.due_at END AS due_at,
       -- Two minutes are cron's own and the start of the JVM's.
       CASE WHEN f.in_progress_rounds = 0 AND NOT k.has_ended
         AND epoch(k.as_of) - epoch(d.due_at) > least(p.overdue_seconds, k.interval_seconds / 2)
         THEN CAST(floor(epoch(k.as_of) - epoch(d.due_at)) AS BIGINT) END AS overdue_seconds,
       d.slots_since_last_round,
       n.rounds AS consecutive_unhealthy_rounds,
       r.total_rounds, r.scheduled_rounds, k.total_slots, r.healthy_rounds, r.failed_rounds, r.interrupted_rounds,
       r.missed_rounds, r.cp_restart_count,
       r.total_creates, r.total_create_errors, r.total_recovery_attempts, r.recoveries_refuted, r.agg_rollback_rate,
       r.rollback_rate_by_exit_code, r.max_p99_ms, r.uptime_pct, r.scheduled_uptime_pct,
       r.scan_failures, r.lost_plans, r.duplicate_plans, r.store_bytes_final AS store_bytes,
       (SELECT count(*) FROM alerts) AS alerts_total,
       (SELECT count(*) FROM alerts a, soak s, raw_plan p
         WHERE a.logged_at >= s.as_of - to_hours(p.recent_hours)) AS alerts_24h,
       (SELECT arg_max(line, line_no) FROM alerts) AS last_alert,
       r.passed_checks, (SELECT total_checks FROM verdict_row) AS total_checks, r.overall, r.gate_d, r.covered_slots,
       r.coverage_pct
FROM final_report r, figures f, soak k, raw_plan p, due d, now_down n LEFT JOIN last l ON true;

CREATE VIEW status AS FROM status_row;
