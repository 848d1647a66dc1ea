-- One row per id that a round's set check named, and as what (contract, section 5).
CREATE VIEW integrity AS
WITH seen AS (
  SELECT o.round_id, e.key AS plan_id, json_text(e.value) AS last_seen_round_id
  FROM raw_object o, json_each(json_extract(CASE WHEN json_valid(o.object) THEN o.object END, '$.last_seen')) e
  WHERE o.file = 'integrity.json'
)
SELECT i.round_id, r.starts_at, r.date, i.finding, i.plan_id, s.last_seen_round_id
FROM integrity_id i JOIN round_row r USING (round_id) LEFT JOIN seen s
  ON s.round_id = CASE WHEN i.finding = 'lost' THEN i.round_id END
  AND s.plan_id = i.plan_id
ORDER BY r.starts_at, i.finding, i.plan_id;
