-- One row per round and metric family of its scrape: the sum over the family's labels.
CREATE VIEW metrics AS
WITH samples AS (
  SELECT round_id, unnest(text_lines(content)) AS line FROM raw_metrics
), parsed AS (
  -- name{labels} value [timestamp]
  SELECT round_id, regexp_extract(line, '^([A-Za-z_:][A-Za-z0-9_:]*)', 1) AS family,
         regexp_extract(line, '^[A-Za-z_:][A-Za-z0-9_:]*\s*(?:\{.*\})?\s*(\S+)', 1) AS value
  FROM samples WHERE regexp_matches(line, '^[A-Za-z_:]')
)
SELECT p.round_id, r.starts_at, p.family, count(*) AS samples, sum(text_number(p.value)) AS value
FROM parsed p JOIN round_row r USING (round_id)
GROUP BY p.round_id, r.starts_at, p.family
ORDER BY r.starts_at, p.family;
