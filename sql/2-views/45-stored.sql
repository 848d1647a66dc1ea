-- One row per file of a visible round whose whole lies compressed in NAME.gz (README, "What each file means").
CREATE TABLE stored_file AS
SELECT s.round_id, s.file, s.path, s.whole_bytes, s.kept_bytes, s.problem, s.problem IS NULL AND s.kept_bytes = s.whole_bytes AS is_whole
FROM raw_stored s JOIN round_kind k USING (round_id);

-- One row per round that checked the control plane's database: "ok", or what SQLite found.
CREATE TABLE store_finding AS
WITH readable AS (
  SELECT o.round_id, json_extract(CASE WHEN json_valid(o.object) THEN o.object END, '$.result') AS result
  FROM raw_object o JOIN round_kind k USING (round_id) WHERE o.file = 'store-check.json'
)
SELECT round_id, json_text(result) AS result FROM readable WHERE json_text(result) IS NOT NULL;
