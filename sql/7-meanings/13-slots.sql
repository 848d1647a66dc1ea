-- What the view slots holds, for people: --sql without a text shows it.
COMMENT ON VIEW slots IS 'One row per elapsed slot of the schedule, whether or not a round ran in it.';
COMMENT ON COLUMN slots.slot IS 'From 0';
COMMENT ON COLUMN slots.starts_at IS 'Its start';
COMMENT ON COLUMN slots.date IS 'UTC date of its start';
COMMENT ON COLUMN slots.day IS 'Number of that date';
COMMENT ON COLUMN slots.soak_day IS 'Number of the 24 hours since T0';
COMMENT ON COLUMN slots.rounds IS 'Rounds that count in it';
COMMENT ON COLUMN slots.healthy IS 'It has a round, and all its rounds are healthy';
COMMENT ON COLUMN slots.status IS 'ok, failed, interrupted or missed';
