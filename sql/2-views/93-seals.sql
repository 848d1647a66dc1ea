-- One row per file or folder that is not as it was sealed, as far as the report sees the round that it befell
-- (contract, section 8).
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

-- One row: of the rounds that the report sees, how many are anchored, sealed and unsealed, from which to which, and
-- what would anchor them where nothing did.
CREATE TABLE seal_words AS
WITH state(place, word) AS (VALUES (1, 'anchored'), (2, 'sealed'), (3, 'unsealed')),
seen AS (SELECT r.* FROM raw_seal_round r, soak k WHERE round_time(r.round_id) < k.as_of),
counted AS (
  SELECT s.place, s.word, count(r.round_id) AS rounds, min(r.round_id) AS first, max(r.round_id) AS last
  FROM state s LEFT JOIN seen r ON r.state = s.word GROUP BY ALL
)
SELECT string_agg(rounds || ' ' || word || CASE WHEN rounds = 0 THEN '' WHEN rounds = 1 THEN ' (' || first || ')'
  ELSE ' (' || first || ' to ' || last || ')' END, ', ' ORDER BY place)
  || CASE WHEN max(rounds) FILTER (word = 'anchored') > 0 THEN ''
     WHEN (SELECT heads_given FROM raw_scope) THEN ' (no head that was given belongs to a round of this folder:'
       || ' --type verify with the same file names each)'
     ELSE ' (to anchor them, give --heads FILE with a head that was kept elsewhere: docs/evidence.md)' END AS words
FROM counted;
