-- One row per round and metric family of its scrape: the sum over the family's labels.
CREATE VIEW metrics AS
SELECT p.round_id, r.starts_at, p.family, count(*) AS samples, sum(p.value) AS value
FROM raw_metrics p JOIN round_row r USING (round_id)
GROUP BY p.round_id, r.starts_at, p.family
ORDER BY r.starts_at, p.family;
