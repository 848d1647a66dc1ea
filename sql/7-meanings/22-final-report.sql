-- What the view final_report holds, for people: --sql without a text shows it.
COMMENT ON VIEW final_report IS 'One row: the figures of final-report.json, over the whole soak up to as_of.';
COMMENT ON COLUMN final_report.soak_id IS 'SOAK_ID';
COMMENT ON COLUMN final_report.soak_start IS 'SOAK_STARTED_AT';
COMMENT ON COLUMN final_report.soak_end IS 'T0 + SOAK_DAYS, or as_of before that';
COMMENT ON COLUMN final_report.as_of IS 'The report covers rounds that started before it';
COMMENT ON COLUMN final_report.duration_days IS 'Whole days since T0, at most SOAK_DAYS';
COMMENT ON COLUMN final_report.complete IS 'The soak has ended, and its last 24 hours hold a recorded round';
COMMENT ON COLUMN final_report.rehearsal IS 'Any round is a rehearsal''s';
COMMENT ON COLUMN final_report.cp_mode IS 'embedded if any round''s is; NULL where bash rounds do not say';
COMMENT ON COLUMN final_report.total_rounds IS 'Recorded and interrupted rounds';
COMMENT ON COLUMN final_report.scheduled_rounds IS 'Elapsed slots';
COMMENT ON COLUMN final_report.healthy_rounds IS 'Health ok at the first probe, nothing restarted';
COMMENT ON COLUMN final_report.failed_rounds IS 'Recorded and not healthy';
COMMENT ON COLUMN final_report.interrupted_rounds IS 'Without a readable summary';
COMMENT ON COLUMN final_report.missed_rounds IS 'Elapsed slots without any round';
COMMENT ON COLUMN final_report.rounds_after_end IS 'Rounds after the last slot, counted nowhere';
COMMENT ON COLUMN final_report.cp_restart_count IS
  'Rounds that started the control plane again, whether it came up or not, and resumes of setup that started it; NULL '
  'if the control plane is attached and no round recorded one';
COMMENT ON COLUMN final_report.total_creates IS 'Sum of create_ok';
COMMENT ON COLUMN final_report.total_create_errors IS 'Sum of create_errors';
COMMENT ON COLUMN final_report.max_plan_count IS 'Largest plan_count';
COMMENT ON COLUMN final_report.final_plan_count IS 'Last plan_count';
COMMENT ON COLUMN final_report.store_bytes_final IS 'Last store_bytes';
COMMENT ON COLUMN final_report.total_recovery_attempts IS 'Recoveries that ran';
COMMENT ON COLUMN final_report.rollback_sampled IS 'There was at least one';
COMMENT ON COLUMN final_report.total_recovery_ok IS 'Recoveries that succeeded, by exit code';
COMMENT ON COLUMN final_report.total_recovery_fail IS 'Recoveries that failed, by exit code';
COMMENT ON COLUMN final_report.total_recovery_deferred IS 'Stuck plans left for a next round, summed over rounds';
COMMENT ON COLUMN final_report.drill_recoveries IS 'Recoveries of drill plans';
COMMENT ON COLUMN final_report.recoveries_refuted IS
  'Recoveries that exited with 0 and that a later stuck scan refuted: failed';
COMMENT ON COLUMN final_report.agg_rollback_rate IS 'Succeeded and not refuted / ran; NULL without an attempt';
COMMENT ON COLUMN final_report.rollback_rate_7d IS 'The same over days 1-7';
COMMENT ON COLUMN final_report.rollback_rate_30d IS 'The same over all days';
COMMENT ON COLUMN final_report.rollback_rate_by_exit_code IS 'Succeeded by exit code / ran; NULL without an attempt';
COMMENT ON COLUMN final_report.rollback_rate_7d_by_exit_code IS 'The same over days 1-7';
COMMENT ON COLUMN final_report.round1_p99_ms IS 'p99 of round 1';
COMMENT ON COLUMN final_report.day7_p99_ms IS 'Largest round p99 of day 7';
COMMENT ON COLUMN final_report.day30_p99_ms IS 'Largest round p99 of the last soak day';
COMMENT ON COLUMN final_report.p99_ms_7d IS 'Largest round p99 of days 1-7';
COMMENT ON COLUMN final_report.pooled_p99_ms_7d IS 'p99 over all counted creates of days 1-7';
COMMENT ON COLUMN final_report.max_p99_ms IS 'Largest round p99';
COMMENT ON COLUMN final_report.pooled_p99_ms IS 'p99 over all counted creates';
COMMENT ON COLUMN final_report.p95_of_p99_ms IS 'Nearest-rank 95th percentile of the rounds'' p99';
COMMENT ON COLUMN final_report.uptime_pct IS 'healthy_rounds / total_rounds in percent';
COMMENT ON COLUMN final_report.slot_uptime_pct IS 'Slots whose rounds are all healthy / slots with rounds, in percent';
COMMENT ON COLUMN final_report.covered_slots IS
  'Elapsed slots with a round that was recorded; one that was killed, taken '
  'away or copied covers none';
COMMENT ON COLUMN final_report.coverage_pct IS 'covered_slots / scheduled_rounds in percent';
COMMENT ON COLUMN final_report.scheduled_uptime_pct IS 'Healthy slots / scheduled_rounds in percent';
COMMENT ON COLUMN final_report.longest_downtime_rounds IS 'Longest run of unhealthy rounds';
COMMENT ON COLUMN final_report.scan_failures IS 'Rounds whose stuck scan failed or never ran';
COMMENT ON COLUMN final_report.total_stuck_plans IS 'Sum of stuck_count; NULL if no scan measured it';
COMMENT ON COLUMN final_report.auto_recovery_rate IS 'Succeeded and not refuted / ran';
COMMENT ON COLUMN final_report.lost_plans IS
  'Distinct acknowledged ids that a later listing lacked; NULL if never measured';
COMMENT ON COLUMN final_report.duplicate_plans IS 'Distinct ids listed more than once; NULL if never measured';
COMMENT ON COLUMN final_report.revived_plans IS
  'Distinct ids whose create failed and that appeared later; NULL if never '
  'measured';
COMMENT ON COLUMN final_report.passed_checks IS 'Checks that say PASS';
COMMENT ON COLUMN final_report.overall IS 'PASS, FAIL or INCOMPLETE';
COMMENT ON COLUMN final_report.gate_d IS
  'PASS, FAIL, NOT PROVEN (rounds in N of M slots, plans counted in N of M slots, or evidence altered), '
  'INCOMPLETE (day N of M), NOT '
  'ASSESSED (rehearsal), NOT ASSESSED (a soak of N days) or NOT ASSESSED (TARGET_…=…), a target below the plan''s';
COMMENT ON COLUMN final_report.gate_d_by_plan IS
  'The same by the plan''s own wording, which requires no coverage and no set '
  'check in every round';
