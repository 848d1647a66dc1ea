-- What the view alerts holds, for people: --sql without a text shows it.
COMMENT ON VIEW alerts IS 'One row per line of alerts.log that is older than as_of.';
COMMENT ON COLUMN alerts.line_no IS 'Line of alerts.log';
COMMENT ON COLUMN alerts.logged_at IS 'Its time stamp';
COMMENT ON COLUMN alerts.level IS 'ALERT or WARN';
COMMENT ON COLUMN alerts.key IS 'Its subject, such as daily_p99_ms';
COMMENT ON COLUMN alerts.value IS 'Its figure, as written';
COMMENT ON COLUMN alerts.threshold IS 'The threshold, as written';
COMMENT ON COLUMN alerts.day IS 'Number of the date';
COMMENT ON COLUMN alerts.line IS 'The whole line';
