-- What the view verdict holds, for people: --sql without a text shows it.
COMMENT ON VIEW verdict IS 'One row: the overall verdict.';
COMMENT ON COLUMN verdict.passed_checks IS 'Checks that say PASS';
COMMENT ON COLUMN verdict.total_checks IS 'All checks';
COMMENT ON COLUMN verdict.complete IS 'The soak has ended, and its last 24 hours hold a recorded round';
COMMENT ON COLUMN verdict.overall IS 'PASS, FAIL or INCOMPLETE';
COMMENT ON COLUMN verdict.gate_d IS
  'PASS, FAIL, NOT PROVEN (rounds in N of M slots, plans counted in N of M slots, or evidence altered), '
  'INCOMPLETE (day N of M), NOT ASSESSED '
  '(rehearsal), NOT ASSESSED (a soak of N days) or NOT ASSESSED (TARGET_…=…), a target below the plan''s';
COMMENT ON COLUMN verdict.gate_d_by_plan IS
  'The same by the plan''s own wording, which requires no coverage and no set check '
  'in every round';
