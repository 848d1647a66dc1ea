-- What the view metrics holds, for people: --sql without a text shows it.
COMMENT ON VIEW metrics IS 'One row per round and metric family of its Prometheus scrape.';
COMMENT ON COLUMN metrics.round_id IS 'The round';
COMMENT ON COLUMN metrics.starts_at IS 'Its time';
COMMENT ON COLUMN metrics.family IS 'Name of the metric';
COMMENT ON COLUMN metrics.samples IS 'Samples of it in the scrape: one per set of labels';
COMMENT ON COLUMN metrics.value IS 'Their sum';
