-- One row per check of the plan's scenario matrix. Each file of this folder adds its own row; there is no list of them. From outlook on the columns may be left out: they say
-- what later evidence can still change, and how sure the figure is; they decide nothing.
CREATE TABLE check_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value DOUBLE, target DOUBLE, detail VARCHAR NOT NULL,
  outlook VARCHAR, margin VARCHAR, lost_since_round_id VARCHAR, estimate DOUBLE, confidence_low DOUBLE, confidence_high DOUBLE, confidence_text VARCHAR);

CREATE VIEW checks AS SELECT id, name, verdict, value, target, detail FROM check_row ORDER BY id;
