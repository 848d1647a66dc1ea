-- What the views margins and outlook hold, for people: --sql without a text shows it.
COMMENT ON VIEW margins IS
  'One row per check and claim: what later rounds can still make of it, at most one in each slot that has none. '
  'No verdict depends on it.';
COMMENT ON COLUMN margins.id IS 'VAL12-NN or CN';
COMMENT ON COLUMN margins.kind IS 'check or claim';
COMMENT ON COLUMN margins.name IS 'As in checks and claims';
COMMENT ON COLUMN margins.result IS 'Its verdict';
COMMENT ON COLUMN margins.outlook IS
  'passed for good, on track (can still pass, can still fail), behind (can still pass, '
  'and is below its target now), already lost, not yet measured or edited (FAIL by an edit of config.env, until it '
  'is restored)';
COMMENT ON COLUMN margins.margin IS 'What went wrong and what may still go wrong, in words';
COMMENT ON COLUMN margins.lost_since_round_id IS
  'The round that lost it; NULL if it is not lost, or if missed slots or the '
  'setup lost it';
COMMENT ON COLUMN margins.estimate IS
  'The rate or percentile that is claimed, in the unit of value; of latencies the p99 '
  'over all creates';
COMMENT ON COLUMN margins.confidence_low IS
  'Lower end of its two-sided 95 % interval: Clopper-Pearson, or order statistics '
  'for a percentile';
COMMENT ON COLUMN margins.confidence_high IS 'Upper end; NULL where there are too few values for one';
COMMENT ON COLUMN margins.confidence_assumes IS
  'What the interval assumes: that days are independent, or that all '
  'rounds, slots, recoveries or creates are (where failures are too few to tell)';
COMMENT ON COLUMN margins.confidence_text IS 'Estimate and interval in words, and what would demonstrate the target';
COMMENT ON VIEW outlook IS 'One row: whether the soak as a whole can still pass. No verdict depends on it.';
COMMENT ON COLUMN outlook.gate_d IS
  'can still pass, already lost, passed for good or not assessed (a rehearsal, a soak '
  'of fewer days than Gate D asks for, or targets below its own)';
COMMENT ON COLUMN outlook.overall IS 'can still pass, already lost or passed for good: all checks';
COMMENT ON COLUMN outlook.lost_since_round_id IS 'The first round that lost a check, of Gate D if that is lost';
COMMENT ON COLUMN outlook.because IS 'That check';
COMMENT ON COLUMN outlook.rounds_to_come IS 'Slots that can still bring a round';
COMMENT ON COLUMN outlook.line IS 'All of it in one line';
