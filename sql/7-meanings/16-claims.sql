-- What the view claims holds, for people: --sql without a text shows it.
COMMENT ON VIEW claims IS 'One row per claim under test.';
COMMENT ON COLUMN claims.id IS 'The claim''s number';
COMMENT ON COLUMN claims.name IS 'Name of the claim';
COMMENT ON COLUMN claims.verdict IS
  'PASS or FAIL; PENDING only in a checkpoint or status, of what a later round can still '
  'fail';
COMMENT ON COLUMN claims.value IS 'The figure that was judged, unrounded; NULL = not measured';
COMMENT ON COLUMN claims.target IS 'What it is compared with';
COMMENT ON COLUMN claims.detail IS 'Figures behind the verdict';
