-- One row per claim under test. Each file of this folder adds its own row.
CREATE TABLE claim_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value DOUBLE, target DOUBLE, detail VARCHAR NOT NULL);

CREATE VIEW claims AS SELECT id, name, verdict, value, target, detail FROM claim_row ORDER BY id;
