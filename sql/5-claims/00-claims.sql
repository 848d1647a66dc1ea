-- One row per claim under test. Each file of this folder adds its own row. From outlook on the columns may be left out: they say
-- what later evidence can still change, and how sure the figure is; they decide nothing.
CREATE TABLE claim_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value DOUBLE, target DOUBLE, detail VARCHAR NOT NULL,
  outlook VARCHAR, margin VARCHAR, lost_since_round_id VARCHAR, estimate DOUBLE, confidence_low DOUBLE, confidence_high DOUBLE, confidence_text VARCHAR);

CREATE VIEW claims AS SELECT id, name, verdict, value, target, detail FROM claim_row ORDER BY id;
