-- What the view status holds, for people: --sql without a text shows it.
COMMENT ON VIEW status IS 'One row: where the soak stands as of as_of.';
COMMENT ON COLUMN status.soak_id IS 'SOAK_ID';
COMMENT ON COLUMN status.soak_start IS 'SOAK_STARTED_AT';
COMMENT ON COLUMN status.soak_planned_end IS 'T0 + SOAK_DAYS';
COMMENT ON COLUMN status.as_of IS 'The status covers rounds that started before it';
COMMENT ON COLUMN status.state IS 'not begun, running or ended';
COMMENT ON COLUMN status.day IS 'Soak day of as_of';
COMMENT ON COLUMN status.soak_days IS 'SOAK_DAYS';
COMMENT ON COLUMN status.cp_mode IS 'embedded if any round''s is';
COMMENT ON COLUMN status.rehearsal IS 'Any round is a rehearsal''s';
COMMENT ON COLUMN status.last_round_id IS 'The last round that counts';
COMMENT ON COLUMN status.last_round_at IS 'Its time';
COMMENT ON COLUMN status.last_round_kind IS 'recorded, legacy or interrupted';
COMMENT ON COLUMN status.last_round_healthy IS 'Whether it is healthy';
COMMENT ON COLUMN status.last_health IS 'Its health: ok or failed';
COMMENT ON COLUMN status.last_p99_ms IS 'Its p99';
COMMENT ON COLUMN status.last_plan_count IS 'Its plan_count';
COMMENT ON COLUMN status.last_stuck_count IS 'Its stuck_count';
COMMENT ON COLUMN status.round_in_progress IS 'A round is running, for however long';
COMMENT ON COLUMN status.next_due_at IS 'Start of the next slot; NULL from the last one on';
COMMENT ON COLUMN status.due_at IS 'Start of the slot whose round is due; NULL if none is';
COMMENT ON COLUMN status.overdue_seconds IS
  'How long it has been waiting; NULL unless longer than two minutes, or half the interval where that is shorter';
COMMENT ON COLUMN status.slots_since_last_round IS 'Slots that passed without a round since the last one';
COMMENT ON COLUMN status.consecutive_unhealthy_rounds IS 'Unhealthy rounds since the last healthy one';
COMMENT ON COLUMN status.total_rounds IS 'Recorded and interrupted rounds';
COMMENT ON COLUMN status.scheduled_rounds IS 'Elapsed slots';
COMMENT ON COLUMN status.total_slots IS 'Slots of the whole soak';
COMMENT ON COLUMN status.healthy_rounds IS 'Healthy rounds';
COMMENT ON COLUMN status.failed_rounds IS 'Recorded and not healthy';
COMMENT ON COLUMN status.interrupted_rounds IS 'Without a readable summary';
COMMENT ON COLUMN status.missed_rounds IS 'Elapsed slots without any round';
COMMENT ON COLUMN status.cp_restart_count IS
  'Restarts of the control plane; NULL if it is attached and no round recorded one';
COMMENT ON COLUMN status.total_creates IS 'Plans created';
COMMENT ON COLUMN status.total_create_errors IS 'Creates that failed';
COMMENT ON COLUMN status.total_recovery_attempts IS 'Recoveries that ran';
COMMENT ON COLUMN status.recoveries_refuted IS
  'Recoveries that exited with 0 and that a later stuck scan refuted: failed';
COMMENT ON COLUMN status.agg_rollback_rate IS 'Succeeded and not refuted / ran';
COMMENT ON COLUMN status.rollback_rate_by_exit_code IS 'Succeeded by exit code / ran';
COMMENT ON COLUMN status.max_p99_ms IS 'Largest round p99';
COMMENT ON COLUMN status.uptime_pct IS 'healthy_rounds / total_rounds in percent';
COMMENT ON COLUMN status.scheduled_uptime_pct IS 'Healthy slots / scheduled_rounds in percent';
COMMENT ON COLUMN status.scan_failures IS 'Rounds whose stuck scan failed';
COMMENT ON COLUMN status.lost_plans IS 'Distinct lost ids';
COMMENT ON COLUMN status.duplicate_plans IS 'Distinct duplicated ids';
COMMENT ON COLUMN status.store_bytes IS 'Last size of the control plane''s data';
COMMENT ON COLUMN status.alerts_total IS 'Alert lines so far';
COMMENT ON COLUMN status.alerts_24h IS 'Alert lines of the last 24 hours';
COMMENT ON COLUMN status.last_alert IS 'The last alert line';
COMMENT ON COLUMN status.passed_checks IS 'Checks that say PASS';
COMMENT ON COLUMN status.total_checks IS 'All checks';
COMMENT ON COLUMN status.overall IS 'PASS, FAIL or INCOMPLETE';
COMMENT ON COLUMN status.gate_d IS 'As in final_report';
COMMENT ON COLUMN status.covered_slots IS
  'Elapsed slots with a round that was recorded; one that was killed, taken away or '
  'copied covers none';
COMMENT ON COLUMN status.coverage_pct IS 'covered_slots / scheduled_rounds in percent';
