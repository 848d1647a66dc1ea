-- One row per check of the plan's scenario matrix. Each file of this folder adds its own row; there is no list of them.
CREATE TABLE check_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value DOUBLE, target DOUBLE, detail VARCHAR NOT NULL);

CREATE VIEW checks AS SELECT id, name, verdict, value, target, detail FROM check_row ORDER BY id;
