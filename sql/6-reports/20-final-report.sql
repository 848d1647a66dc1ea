-- One row: the fields of final-report.json in the contract's order.
CREATE VIEW final_report AS
SELECT k.soak_id,
       k.started_at AS soak_start,
       least(k.as_of, k.end_at) AS soak_end,
       k.as_of,
       greatest(0, least(k.soak_days,
         CAST(floor((epoch(k.as_of) - k.t0_unix) / k.day_seconds) AS BIGINT))) AS duration_days,
       v.complete, f.rehearsal, f.cp_mode,
       f.total_rounds, f.scheduled_rounds, f.healthy_rounds, f.failed_rounds, f.interrupted_rounds, f.missed_rounds,
       f.rounds_after_end, f.cp_restart_count,
       f.total_creates, f.total_create_errors, f.max_plan_count, f.final_plan_count, f.store_bytes_final,
       f.total_recovery_attempts, f.total_recovery_attempts > 0 AS rollback_sampled, f.total_recovery_ok,
       f.total_recovery_fail, f.total_recovery_deferred,
       f.drill_recoveries, f.recoveries_refuted, f.agg_rollback_rate, f.rollback_rate_7d,
       f.agg_rollback_rate AS rollback_rate_30d, f.rollback_rate_by_exit_code, f.rollback_rate_7d_by_exit_code,
       f.round1_p99_ms, f.day7_p99_ms, f.day30_p99_ms, f.p99_ms_7d, f.pooled_p99_ms_7d, f.max_p99_ms, f.pooled_p99_ms,
       f.p95_of_p99_ms,
       f.uptime_pct, f.slot_uptime_pct, f.scheduled_uptime_pct, f.covered_slots, f.coverage_pct,
       f.longest_downtime_rounds, f.scan_failures, f.total_stuck_plans,
       f.agg_rollback_rate AS auto_recovery_rate,
       f.lost_plans, f.duplicate_plans, f.revived_plans,
       v.passed_checks, v.overall, v.gate_d, v.gate_d_by_plan
FROM soak k, figures f, verdict_row v;
