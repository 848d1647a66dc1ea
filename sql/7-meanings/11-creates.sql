-- What the view creates holds, for people: --sql without a text shows it.
COMMENT ON VIEW creates IS 'One row per plan that a round created or set out to create.';
COMMENT ON COLUMN creates.round_id IS 'The round';
COMMENT ON COLUMN creates.date IS 'UTC date of the round';
COMMENT ON COLUMN creates.plan IS 'Place in the round, from 1';
COMMENT ON COLUMN creates.plan_id IS 'The id; NULL in legacy rounds';
COMMENT ON COLUMN creates.http_code IS 'Answer: 201 = created, 000 = none; NULL where the round was killed before it';
COMMENT ON COLUMN creates.latency_ms IS 'Connect to last byte, on a fresh connection';
COMMENT ON COLUMN creates.counted IS 'Whether percentiles count it: answered 201, or slower than the p99 target';
COMMENT ON COLUMN creates.stall_ms IS 'How long the harness itself stalled meanwhile; NULL where not measured';
COMMENT ON COLUMN creates.stalled IS 'stall_ms of 5 or more: the harness added to the latency, which still counts';
COMMENT ON COLUMN creates.is_drill IS 'Made from the drill template, to become stuck';
