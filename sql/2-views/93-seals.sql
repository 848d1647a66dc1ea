-- What was sealed and is not as it was, as far as the report sees the round that it befell (contract, section 8).
CREATE TABLE seal_finding AS
SELECT f.* FROM raw_seal_finding f, soak k
WHERE f.round_id IS NULL OR (round_time(f.round_id) < k.as_of OR (k.has_ended AND round_time(f.round_id) >= k.end_at));

-- One row: in how many files, and the words for it; NULL where all that is sealed fits.
CREATE TABLE seal_state AS
SELECT count(DISTINCT path) AS altered, 'evidence altered: ' || count(DISTINCT path)
  || CASE WHEN count(DISTINCT path) = 1 THEN ' file' ELSE ' files' END || ', first ' || arg_min(path, place) AS words
FROM seal_finding;

INSERT INTO problem_row BY NAME
SELECT path AS file, 0 AS place, kind || ' since it was sealed: ' || what AS reason FROM seal_finding;
