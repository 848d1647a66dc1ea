-- What the view problems holds, for people: --sql without a text shows it.
COMMENT ON VIEW problems IS
  'One row per finding about the evidence itself: broken, mistyped, ignored, duplicated or '
  'contradictory.';
COMMENT ON COLUMN problems.file IS 'File or folder, from SOAK_DIR on';
COMMENT ON COLUMN problems.reason IS 'What is wrong with it, and what that means';
COMMENT ON COLUMN problems.kind IS 'Its group: problems that differ only in round, line or figure have the same kind';
