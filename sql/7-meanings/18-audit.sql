-- What the view audit holds, for people: --sql without a text shows it.
COMMENT ON VIEW audit IS 'One row per record of the audit store that is older than as_of.';
COMMENT ON COLUMN audit.file IS 'File of the audit store';
COMMENT ON COLUMN audit.line_no IS 'Its line';
COMMENT ON COLUMN audit.logged_at IS 'timestamp of the record';
COMMENT ON COLUMN audit.event_name IS 'Such as rollback.executed';
COMMENT ON COLUMN audit.category IS 'As recorded';
COMMENT ON COLUMN audit.action IS 'As recorded';
COMMENT ON COLUMN audit.outcome IS 'success, failure, denied or pending';
COMMENT ON COLUMN audit.source IS 'orchestrator, edge or cli';
COMMENT ON COLUMN audit.actor IS 'Who did it';
COMMENT ON COLUMN audit.resource_type IS 'What kind of thing it was done to';
COMMENT ON COLUMN audit.resource IS 'Its id';
COMMENT ON COLUMN audit.record IS 'The whole line, as written';
