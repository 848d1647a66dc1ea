-- What the view integrity holds, for people: --sql without a text shows it.
COMMENT ON VIEW integrity IS
  'One row per round and id that its set check reported: every acknowledged plan must be listed '
  'exactly once.';
COMMENT ON COLUMN integrity.round_id IS 'The round';
COMMENT ON COLUMN integrity.starts_at IS 'Its time';
COMMENT ON COLUMN integrity.date IS 'UTC date of the round';
COMMENT ON COLUMN integrity.finding IS
  'lost (acknowledged, not listed), duplicate (listed more than once), revived (its create had failed, and it is now '
  'listed for the first time), unconfirmed (one listing missed it or showed it twice, the next did not) or shown_by_id '
  '(no listing showed it, but the control plane answered with it when it was asked for the id)';
COMMENT ON COLUMN integrity.plan_id IS 'The id';
COMMENT ON COLUMN integrity.last_seen_round_id IS
  'Of a lost plan: the last round that listed it; NULL if it was never listed';
