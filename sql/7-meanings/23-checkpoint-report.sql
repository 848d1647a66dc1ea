-- What the view checkpoint_report holds, for people: --sql without a text shows it.
COMMENT ON VIEW checkpoint_report IS 'One row: the figures of checkpoint-Nd.json; nd stands for the day.';
COMMENT ON COLUMN checkpoint_report.day IS 'N; NULL outside a checkpoint';
COMMENT ON COLUMN checkpoint_report.window_start IS 'T0';
COMMENT ON COLUMN checkpoint_report.window_end IS 'T0 + N days';
COMMENT ON COLUMN checkpoint_report.as_of IS 'The report covers rounds that started before it';
COMMENT ON COLUMN checkpoint_report.complete IS 'The window has passed';
COMMENT ON COLUMN checkpoint_report.rehearsal IS 'Any round is a rehearsal''s';
COMMENT ON COLUMN checkpoint_report.cp_mode IS 'embedded if any round''s is';
COMMENT ON COLUMN checkpoint_report.total_rounds IS 'Recorded and interrupted rounds';
COMMENT ON COLUMN checkpoint_report.healthy_rounds IS 'Healthy ones among them';
COMMENT ON COLUMN checkpoint_report.interrupted_rounds IS 'Without a readable summary';
COMMENT ON COLUMN checkpoint_report.missed_rounds IS 'Elapsed slots without any round';
COMMENT ON COLUMN checkpoint_report.uptime_pct IS 'healthy_rounds / total_rounds in percent';
COMMENT ON COLUMN checkpoint_report.total_creates IS 'Plans created';
COMMENT ON COLUMN checkpoint_report.rollback_rate_nd IS
  'Recoveries: succeeded and not refuted / ran; NULL without an '
  'attempt';
COMMENT ON COLUMN checkpoint_report.recovery_attempts_nd IS 'Recoveries that ran';
COMMENT ON COLUMN checkpoint_report.total_recovery_attempts IS 'The same, under its other name';
COMMENT ON COLUMN checkpoint_report.recoveries_refuted IS
  'Recoveries that exited with 0 and that a later stuck scan refuted: '
  'failed';
COMMENT ON COLUMN checkpoint_report.rollback_rate_by_exit_code IS
  'Succeeded by exit code / ran; NULL without an attempt';
COMMENT ON COLUMN checkpoint_report.p99_ms_nd IS 'Largest round p99';
COMMENT ON COLUMN checkpoint_report.pooled_p99_ms_nd IS 'p99 over all counted creates';
