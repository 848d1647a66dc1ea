-- What the view recoveries holds, for people: --sql without a text shows it.
COMMENT ON VIEW recoveries IS 'One row per recovery: a line of a round''s recovery.txt.';
COMMENT ON COLUMN recoveries.round_id IS 'The round';
COMMENT ON COLUMN recoveries.date IS 'UTC date of the round';
COMMENT ON COLUMN recoveries.line_no IS 'Line of recovery.txt';
COMMENT ON COLUMN recoveries.plan_id IS 'The stuck plan';
COMMENT ON COLUMN recoveries.exit_code IS 'Exit code of the recovery command; 124 = timed out';
COMMENT ON COLUMN recoveries.ok IS 'Exit code 0';
COMMENT ON COLUMN recoveries.duration_ms IS 'How long the command took; NULL in legacy rounds';
COMMENT ON COLUMN recoveries.is_drill IS 'The plan was a drill';
COMMENT ON COLUMN recoveries.output IS 'What the command printed';
COMMENT ON COLUMN recoveries.refuted_in IS
  'The round whose stuck scan shows that it did nothing; it counts as failed. NULL '
  '= not refuted';
