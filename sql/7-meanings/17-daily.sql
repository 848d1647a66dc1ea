-- What the view daily holds, for people: --sql without a text shows it.
COMMENT ON VIEW daily IS 'One row per UTC date of the soak that has begun by as_of, with or without rounds.';
COMMENT ON COLUMN daily.date IS 'The date';
COMMENT ON COLUMN daily.day IS 'Its number, the date of SOAK_STARTED_AT being 1';
COMMENT ON COLUMN daily.total_rounds IS 'Rounds that count';
COMMENT ON COLUMN daily.healthy_rounds IS 'Healthy ones among them';
COMMENT ON COLUMN daily.interrupted_rounds IS 'Without a readable summary';
COMMENT ON COLUMN daily.missed_rounds IS 'Elapsed slots without any round';
COMMENT ON COLUMN daily.create_ok IS 'Plans created';
COMMENT ON COLUMN daily.daily_create_errors IS 'Creates that failed';
COMMENT ON COLUMN daily.recovery_ok IS 'Recoveries that succeeded, by exit code';
COMMENT ON COLUMN daily.recovery_fail IS 'Recoveries that failed, by exit code';
COMMENT ON COLUMN daily.recoveries_refuted IS 'Recoveries that exited with 0 and that a round of the date refuted';
COMMENT ON COLUMN daily.recovery_attempts IS
  'recovery_ok + recovery_fail, and those of earlier dates that were refuted on '
  'this one';
COMMENT ON COLUMN daily.recoveries_held IS 'recovery_ok without those of the date that were refuted on it';
COMMENT ON COLUMN daily.daily_rollback_rate IS 'recoveries_held / recovery_attempts; NULL without an attempt';
COMMENT ON COLUMN daily.rollback_rate_by_exit_code IS
  'recovery_ok / (recovery_ok + recovery_fail); NULL without an attempt';
COMMENT ON COLUMN daily.daily_p99_ms IS 'Largest round p99';
COMMENT ON COLUMN daily.pooled_p99_ms IS 'p99 over all counted creates of the date';
COMMENT ON COLUMN daily.daily_uptime_pct IS 'healthy_rounds / total_rounds in percent';
COMMENT ON COLUMN daily.daily_stuck_rounds IS 'Longest run of rounds that found stuck plans';
COMMENT ON COLUMN daily.stuck_rounds IS 'Rounds that found stuck plans';
COMMENT ON COLUMN daily.plan_count IS 'Plans at the last listing that reached its end';
COMMENT ON COLUMN daily.store_bytes IS 'Size of the control plane''s data, last measured';
COMMENT ON COLUMN daily.store_check IS
  'ok, or the damage that the date''s check of the control plane''s database found; '
  'NULL without one';
