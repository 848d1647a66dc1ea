-- One row per file of a visible round whose whole lies compressed in NAME.gz (contract, section 3).
CREATE TABLE stored_file AS
SELECT s.round_id, s.file, s.path, s.whole_bytes, s.kept_bytes, s.problem, s.problem IS NULL
  AND s.kept_bytes = s.whole_bytes AS is_whole
FROM raw_stored s JOIN round_kind k USING (round_id);

-- One row per store-check.json that is an object: "ok", or what SQLite found; NULL where it could not look at
-- everything, and why. A result that is no text is damage, as in a summary (22-bad-values.sql).
CREATE TABLE store_finding AS
WITH readable AS (
  SELECT o.round_id, CASE WHEN json_valid(o.object) THEN o.object END AS object
  FROM raw_object o JOIN round_kind k USING (round_id) WHERE o.file = 'store-check.json'
), told AS (
  SELECT round_id, json_extract(object, '$.result') AS result, json_extract(object, '$.unchecked') AS unchecked
    FROM readable WHERE json_type(object) = 'OBJECT'
)
SELECT round_id,
       CASE WHEN json_type(result) <> 'NULL'
         THEN coalesce(json_text(result), 'damaged: result is no text: ' || left(CAST(result AS VARCHAR), 60))
       END AS result,
       list_aggregate(list_transform(map_entries(TRY_CAST(unchecked AS MAP(VARCHAR, VARCHAR))), lambda e: e.key || ': '
         || e.value), 'string_agg', '; ') AS unchecked
FROM told;
