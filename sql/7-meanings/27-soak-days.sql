-- What the view soak_days holds, for people: --sql without a text shows it.
COMMENT ON VIEW soak_days IS 'One row per day of the soak, counted from T0; daily counts UTC dates.';
COMMENT ON COLUMN soak_days.soak_day IS 'From 1';
COMMENT ON COLUMN soak_days.starts_at IS 'T0 + 24 h for each day before';
COMMENT ON COLUMN soak_days.rounds IS 'Rounds that count';
COMMENT ON COLUMN soak_days.failed_rounds IS 'Rounds that are not healthy';
COMMENT ON COLUMN soak_days.missed_slots IS 'Elapsed slots without any round';
COMMENT ON COLUMN soak_days.state IS 'ok, failed (with an unhealthy round), missed (with a missed slot) or to come';
