-- One row: the final report's figures as the text shows them, named as in final-report.json.
CREATE TABLE final_text AS
WITH missed AS (
  SELECT f.total_recovery_attempts > 0 AND NOT share_reaches(f.recoveries_held, f.total_recovery_attempts,
    t.rollback_rate) AS agg_rate,
         f.recovery_attempts_7d > 0 AND NOT share_reaches(f.recoveries_held_7d, f.recovery_attempts_7d,
           t.rollback_rate) AS rate_7d,
         f.total_rounds > 0 AND NOT percentage_reaches(f.healthy_rounds, f.total_rounds, t.uptime_pct) AS uptime,
         f.slots_with_rounds > 0 AND NOT percentage_reaches(f.healthy_slots_with_rounds, f.slots_with_rounds,
           t.uptime_pct) AS slot_uptime,
         f.scheduled_rounds > 0 AND NOT percentage_reaches(f.healthy_slots, f.scheduled_rounds,
           t.uptime_pct) AS scheduled_uptime
  FROM figures f, targets t
), around AS MATERIALIZED (
  SELECT coalesce(a.words, '') AS altered, w.words AS seals, v.total_checks, v.uncovered, k.total_slots, k.soak_days,
         k.gate_days
  FROM verdict_row v, soak k, seal_state a, seal_words w
), gate_reason AS (
  -- Why Gate D fails: the checks that it needs, losses, gaps and edits; each in words that stand alone.
  SELECT 1 AS place, shown_list(list(id ORDER BY id)) || CASE WHEN count(*) = 1 THEN ' does not pass'
    ELSE ' do not pass' END AS reason
  FROM judged_row WHERE kind = 'check' AND for_gate_d = 'pass' AND verdict <> 'PASS' HAVING count(*) > 0
  UNION ALL
  SELECT 2, 'plans were lost or listed twice' FROM figures WHERE lost_plans > 0 OR duplicate_plans > 0
  UNION ALL
  SELECT 3, 'what was lost is not known since a stranger took the control plane''s place in ' || stranger_since_round_id
  FROM figures WHERE stranger_since_round_id IS NOT NULL
  UNION ALL
  SELECT 4, reason FROM check_gap WHERE fails_gate_d
  UNION ALL
  SELECT 5, reason FROM setting_now WHERE edited AND (key = 'SOAK_DAYS' OR list_contains(words, 'Gate D'))
), gate_reasons AS (
  SELECT string_agg(reason, '; ' ORDER BY place, reason) AS reasons FROM gate_reason
)
SELECT r.soak_id, shown_instant(r.soak_start) AS soak_start, shown_instant(r.soak_end) AS soak_end,
       shown_instant(r.as_of) AS as_of,
       shown_count(r.duration_days) AS duration_days, CAST(r.complete AS VARCHAR) AS complete,
       CAST(r.rehearsal AS VARCHAR) AS rehearsal, e.altered,
       e.seals,
       coalesce(r.cp_mode, 'n/a') AS cp_mode,
       shown_count(r.total_rounds) AS total_rounds, shown_count(r.scheduled_rounds) AS scheduled_rounds,
       shown_count(r.healthy_rounds) AS healthy_rounds,
       shown_count(r.failed_rounds) AS failed_rounds, shown_count(r.interrupted_rounds) AS interrupted_rounds,
       shown_count(r.missed_rounds) AS missed_rounds,
       shown_count(r.rounds_after_end) AS rounds_after_end, shown_count(r.cp_restart_count) AS cp_restart_count,
       shown_count(r.total_creates) AS total_creates, shown_count(r.total_create_errors) AS total_create_errors,
       shown_count(r.max_plan_count) AS max_plan_count,
       shown_count(r.final_plan_count) AS final_plan_count, shown_count(r.store_bytes_final) AS store_bytes_final,
       shown_count(r.total_recovery_attempts) AS total_recovery_attempts,
       CAST(r.rollback_sampled AS VARCHAR) AS rollback_sampled,
       shown_count(r.total_recovery_ok) AS total_recovery_ok, shown_count(r.total_recovery_fail) AS total_recovery_fail,
       shown_count(r.total_recovery_deferred) AS total_recovery_deferred,
       shown_count(r.drill_recoveries) AS drill_recoveries, shown_count(r.recoveries_refuted) AS recoveries_refuted,
       shown_rate(r.rollback_rate_by_exit_code, NOT share_reaches(f.total_recovery_ok, f.total_recovery_attempts,
         t.rollback_rate)) AS rollback_rate_by_exit_code,
       shown_rate(r.rollback_rate_7d_by_exit_code, NOT share_reaches(f.recovery_ok_7d, f.recovery_attempts_7d,
         t.rollback_rate)) AS rollback_rate_7d_by_exit_code,
       shown_rate(r.agg_rollback_rate, m.agg_rate) AS agg_rollback_rate,
       shown_rate(r.rollback_rate_7d, m.rate_7d) AS rollback_rate_7d,
       shown_rate(r.rollback_rate_30d, m.agg_rate) AS rollback_rate_30d,
       shown_ms(r.round1_p99_ms, r.round1_p99_ms > t.p99_ms) AS round1_p99_ms,
       shown_ms(r.day7_p99_ms, r.day7_p99_ms > t.p99_ms) AS day7_p99_ms,
       shown_ms(r.day30_p99_ms, r.day30_p99_ms > t.p99_ms) AS day30_p99_ms,
       shown_ms(r.p99_ms_7d, r.p99_ms_7d > t.p99_ms) AS p99_ms_7d,
       shown_ms(r.pooled_p99_ms_7d, r.pooled_p99_ms_7d > t.p99_ms) AS pooled_p99_ms_7d,
       shown_ms(r.max_p99_ms, r.max_p99_ms > t.p99_ms) AS max_p99_ms,
       shown_ms(r.pooled_p99_ms, r.pooled_p99_ms > t.p99_ms) AS pooled_p99_ms,
       shown_ms(r.p95_of_p99_ms, r.p95_of_p99_ms > t.p99_ms) AS p95_of_p99_ms,
       shown_pct(r.uptime_pct, m.uptime) AS uptime_pct, shown_pct(r.slot_uptime_pct, m.slot_uptime) AS slot_uptime_pct,
       slots_words('rounds in', r.covered_slots, r.scheduled_rounds) AS coverage_words,
       shown_pct(r.coverage_pct, e.uncovered) AS coverage_pct,
       shown_pct(r.scheduled_uptime_pct, m.scheduled_uptime) AS scheduled_uptime_pct,
       shown_count(r.longest_downtime_rounds) AS longest_downtime_rounds, shown_count(r.scan_failures) AS scan_failures,
       shown_count(r.total_stuck_plans) AS total_stuck_plans,
       shown_rate(r.auto_recovery_rate, m.agg_rate) AS auto_recovery_rate,
       shown_count(r.lost_plans) AS lost_plans, shown_count(r.duplicate_plans) AS duplicate_plans,
       shown_count(r.revived_plans) AS revived_plans,
       shown_count(r.passed_checks) AS passed_checks, shown_count(e.total_checks) AS total_checks, r.overall, r.gate_d,
       r.gate_d_by_plan,
       CASE WHEN r.gate_d = 'FAIL' THEN coalesce(g.reasons, 'see check results above')
         WHEN r.rehearsal THEN 'a rehearsal proves nothing about a control plane'
         WHEN starts_with(r.gate_d, 'NOT ASSESSED (a soak of ') THEN 'Gate D is about a soak of ' || e.gate_days
           || ' days, and this one has ' || e.soak_days
         WHEN starts_with(r.gate_d, 'NOT ASSESSED')
           THEN (SELECT 'Gate D is about ' || shown_list(list(key || '=' || plan_value ORDER BY key))
             || ', and this soak asks for less' FROM gate_softened)
         ELSE '' END AS gate_d_because,
       (SELECT string_agg(id, ' + ' ORDER BY id) FROM judged_row
         WHERE kind = 'check' AND for_gate_d = 'pass') AS gate_d_requires,
       -- The targets as config.env writes them, and what a whole soak creates.
       shown_target(t.plan_count) AS target_plan_count, shown_target(t.p99_ms) AS target_p99_ms,
       t.rollback_rate_text AS target_rollback_rate,
       t.uptime_pct_text AS target_uptime_pct, t.coverage_pct_text AS target_coverage_pct,
       format('{:,}', CAST(t.total_creates AS BIGINT)) AS target_total_creates,
       format('{:,}', e.total_slots * t.plans_per_round) AS expected_total_creates,
       CAST(e.soak_days AS VARCHAR) AS soak_days, CAST(e.total_slots AS VARCHAR) AS total_slots
FROM final_report r, figures f, missed m, targets t, around e, gate_reasons g;
