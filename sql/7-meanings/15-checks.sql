-- What the view checks holds, for people: --sql without a text shows it.
COMMENT ON VIEW checks IS 'One row per check of the plan''s scenario matrix, and per check that a file adds.';
COMMENT ON COLUMN checks.id IS 'VAL12-NN';
COMMENT ON COLUMN checks.name IS 'Name of the check';
COMMENT ON COLUMN checks.verdict IS
  'PASS or FAIL; PENDING only in a checkpoint or status, of what a later round can still '
  'fail';
COMMENT ON COLUMN checks.value IS 'The figure that was judged, unrounded; NULL = not measured';
COMMENT ON COLUMN checks.target IS 'What it is compared with';
COMMENT ON COLUMN checks.detail IS 'Figures behind the verdict, or why there is none';
