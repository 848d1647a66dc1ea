-- One row: the longest run of unhealthy rounds, in the order of time; a missed round neither lengthens nor ends it.
CREATE TABLE downtime AS
WITH grouped AS (
  SELECT healthy, round - row_number() OVER (PARTITION BY healthy ORDER BY round) AS run FROM round_row WHERE counted
), runs AS (
  SELECT count(*) AS rounds FROM grouped WHERE NOT healthy GROUP BY run
)
SELECT coalesce(max(rounds), 0) AS longest_downtime_rounds FROM runs;

-- One row per UTC date with a scan: the longest run of its rounds that found stuck plans. Those count whatever else
-- their scan got wrong; a round without a scan neither lengthens nor ends a run (contract, section 4 "Alerts").
CREATE TABLE stuck_streak AS
WITH scanned AS (
  SELECT date, stuck_count > 0 AS stuck, row_number() OVER (PARTITION BY date ORDER BY starts_at) AS place
    FROM round_row WHERE counted AND stuck_count IS NOT NULL AND (scanned OR stuck_count > 0)
), grouped AS (
  SELECT date, stuck, place - row_number() OVER (PARTITION BY date, stuck ORDER BY place) AS run FROM scanned
), runs AS (
  SELECT date, stuck, count(*) AS rounds FROM grouped GROUP BY date, stuck, run
)
SELECT date, coalesce(max(rounds) FILTER (stuck), 0) AS longest, coalesce(sum(rounds) FILTER (stuck), 0) AS total
FROM runs GROUP BY date;
