-- What the bounds of rates and percentiles rest on. Rounds in a row fail together, and days are slow as a whole: the
-- days of the soak are the clusters (cluster_worth).

-- One row per kind of thing that a rate is of, span and soak day that has any: how many, and how many of them went
-- wrong.
CREATE TABLE rate_day AS
SELECT 'rounds, soak' AS kind, soak_day AS cluster, count(*) FILTER (NOT healthy) AS bad, count(*) AS n FROM round_row
  WHERE counted GROUP BY soak_day
UNION ALL
SELECT 'slots, soak', soak_day, count(*) FILTER (healthy IS NOT TRUE), count(*) FROM slot_row GROUP BY soak_day
UNION ALL
SELECT 'recoveries, ' || s.span, r.soak_day,
       least(sum(coalesce(r.recovery_fail, 0) + coalesce(r.recoveries_refuted, 0)),
         sum(coalesce(r.counted_recovery_ok, 0) + coalesce(r.recovery_fail, 0))),
       sum(coalesce(r.counted_recovery_ok, 0) + coalesce(r.recovery_fail, 0))
FROM round_row r, soak k, (VALUES ('days 1-7'), ('soak')) s(span) WHERE r.counted
  AND (s.span = 'soak' OR r.soak_day <= k.early_days) GROUP BY s.span, r.soak_day
UNION ALL
SELECT 'slow rounds, ' || s.span, r.soak_day, count(*) FILTER (r.p99_ms > t.p99_ms), count(*)
FROM round_row r, soak k, targets t, (VALUES ('round 1'), ('days 1-7'), ('soak')) s(span)
WHERE r.counted AND r.p99_ms IS NOT NULL AND CASE s.span WHEN 'round 1' THEN r.round = 1
  WHEN 'days 1-7' THEN r.soak_day <= k.early_days ELSE true END
GROUP BY s.span, r.soak_day;

-- One row per kind of rate_day: how many independent trials it is worth.
CREATE TABLE rate_worth AS FROM cluster_worth('rate_day');

-- One row per create of a span of rounds whose 99th percentile is spoken of: 'round 1', 'days 1-7' and 'soak'.
CREATE TABLE span_create AS
SELECT s.span, r.soak_day, c.latency_ms
FROM create_row c JOIN round_row r USING (round_id), soak k, (VALUES ('round 1'), ('days 1-7'), ('soak')) s(span)
WHERE c.counted AND r.counted AND CASE s.span WHEN 'round 1' THEN r.round = 1
  WHEN 'days 1-7' THEN r.soak_day <= k.early_days ELSE true END;

-- One row per span and soak day: its creates, and those beyond the span's own 99th percentile.
CREATE TABLE p99_day AS
SELECT span AS kind, soak_day AS cluster, count(*) FILTER (latency_ms > p99_ms) AS bad, count(*) AS n
FROM span_create JOIN (SELECT span, quantile_disc(latency_ms, 0.99) AS p99_ms FROM span_create GROUP BY span)
  USING (span) GROUP BY span, soak_day;

-- One row per span: the interval of its 99th percentile.
CREATE TABLE p99_bound AS
WITH of_rounds AS (
  SELECT regexp_replace(kind, '^slow rounds, ', '') AS span, CAST(sum(n) AS BIGINT) AS rounds,
         CAST(sum(bad) AS BIGINT) AS rounds_over FROM rate_day WHERE starts_with(kind, 'slow rounds, ') GROUP BY kind
), pool AS (
  SELECT span, list(latency_ms ORDER BY latency_ms DESC) AS largest FROM span_create GROUP BY span
), placed AS (
  SELECT p.span, p.largest, len(p.largest) AS creates, w.worth, p99_low_place(len(p.largest), w.worth) AS low_place,
         p99_high_place(len(p.largest), w.worth) AS high_place
  FROM pool p LEFT JOIN (FROM cluster_worth('p99_day')) w ON w.kind = p.span
)
SELECT s.span, coalesce(p.creates, 0) AS creates, p.worth AS creates_worth, coalesce(r.rounds, 0) AS rounds,
       coalesce(r.rounds_over, 0) AS rounds_over,
       -- Nearest rank, as everywhere: place 1 is the largest.
       p.largest[p.creates - (p.creates * 99 + 99) // 100 + 1] AS p99_ms, p.largest[p.low_place] AS low_ms,
       p.largest[p.high_place] AS high_ms
FROM (VALUES ('round 1'), ('days 1-7'), ('soak')) s(span) LEFT JOIN placed p USING (span)
  LEFT JOIN of_rounds r USING (span);
