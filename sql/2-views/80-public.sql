-- The public views: what --sql offers, what everything below is made of. The tables behind them hold helper columns
-- too.

-- One row per round folder that started before as_of.
CREATE VIEW rounds AS
SELECT round_id, kind, counted, healthy, round, slot, date, day, soak_day, starts_at, in_soak, after_end,
       schema, started_at, finished_at, folder_unix_ts AS unix_ts, duration_ms, rehearsal, harness_version, cp_mode,
       boot_id,
       health, health_http_code, restarted, restart_ms, hung, port_conflict,
       v01_health, v02_creates, v03_stuck_scan, v04_recovery, v05_plan_count, v06_metrics, v07_integrity,
       create_ok, create_errors, p50_ms, p99_ms, max_ms, probe_overhead_ms,
       scan_http_code, scan_ok, scanned, stuck_count, stuck_foreign, recovery_ok, recovery_fail, recovery_deferred,
       drill_recoveries, foreign_recoveries, recoveries_refuted, refuted_recoveries,
       plan_count, list_pages, expected_plans, lost_plans, duplicate_plans, revived_plans, unconfirmed_plans,
       unrecorded_plans,
       cp_http_requests_total, cp_rollout_plans_total, metrics_ok, store_bytes, audit_bytes, cp_rss_bytes, cp_open_fds,
       stalled_creates, max_stall_ms, probe_overhead_max_ms, wal_bytes, store_check, store_unchecked, clock_step_ms,
       harness_cpu_ms, harness_peak_rss_bytes, evidence_bytes,
       failures, warnings, targets, cp_identity, summary_problem
FROM round_row
ORDER BY starts_at;

-- One row per plan of a round: its HTTP code and its latency.
CREATE VIEW creates AS
SELECT c.round_id, r.date, c.plan, c.plan_id, c.http_code, c.latency_ms, c.counted AND r.counted AS counted,
       d.plan_id IS NOT NULL AS is_drill, c.stall_ms, c.stalled
FROM create_row c JOIN round_row r USING (round_id) LEFT JOIN drill_plan d USING (plan_id)
ORDER BY c.round_id, c.plan;

-- One row per recovery: a line of a round's recovery.txt.
CREATE VIEW recoveries AS
SELECT v.round_id, r.date, v.line_no, v.plan_id, v.exit_code, v.exit_code = 0 AS ok, v.duration_ms,
       v.plan_id IN (SELECT known_as FROM drill_plan) AS is_drill, v.output, x.round_id AS refuted_in
FROM recovery_row v JOIN round_row r USING (round_id)
LEFT JOIN refutation x ON x.counts AND x.recovered_in = CASE WHEN v.exit_code = 0 THEN v.round_id END
  AND x.plan_id = v.plan_id
ORDER BY v.round_id, v.line_no;

-- One row per elapsed slot of the schedule.
CREATE VIEW slots AS SELECT slot, starts_at, date, day, soak_day, rounds, healthy, status FROM slot_row ORDER BY slot;

-- One row per line of alerts.log that is older than as_of. A daily alert bears the very end of its date: a final report
-- has that of the soak's last date too; a daily report, which raises it, must not read it when it is run again.
CREATE VIEW alerts AS
SELECT a.line_no, a.logged_at, a.level, a.key, a.value, a.threshold, a.day, a.line FROM alert_line a, soak k
  WHERE a.logged_at < k.as_of OR a.logged_at = k.as_of AND starts_with(a.key, 'daily_') AND NOT k.is_checkpoint
  ORDER BY a.line_no;
