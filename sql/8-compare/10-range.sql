-- What can be compared: the time since its start that both soaks cover, and the plan counts that both saw. Every table
-- here and the ones loaded from the two soaks have the column side: 'baseline' or 'this'.

-- One row: the rules of the comparison. A false word is promised in at most family_error of the comparisons; p-values
-- that rest on an estimated autocorrelation are a little too small, so that a p below tested_below keeps that promise
-- (measured: bench/calibration).
CREATE TABLE rules AS
SELECT 8 AS enough_points, 3 AS enough_independent, 24 AS most_bins, 4 AS rounds_per_bin, 4 AS blocks_per_day,
       0.05 AS family_error, 0.04 AS tested_below, 0.01 AS negligible;

-- One row per side: how far its evidence reaches. What lies after the last round of the soak that ended first is not
-- compared.
CREATE TABLE evidence_reach AS
SELECT s.side, s.interval_seconds, s.day_seconds, count(*) AS rounds, (max(r.slot) + 1) * s.interval_seconds AS seconds
FROM soak s JOIN rounds r ON r.side = s.side AND r.counted
GROUP BY s.side, s.interval_seconds, s.day_seconds;

-- One row: the common time, in blocks of a day, or of a quarter of one where there are too few days. A remainder of
-- half a block or more is a block, a smaller one belongs to the last.
CREATE TABLE common_time AS
WITH shorter AS (
  SELECT min(seconds) AS seconds, min(day_seconds) AS day_seconds FROM evidence_reach
), blocked AS (
  SELECT s.seconds, s.day_seconds, CASE WHEN round(s.seconds / s.day_seconds) >= r.enough_points THEN s.day_seconds
    ELSE s.day_seconds // r.blocks_per_day END AS block_seconds
  FROM shorter s, rules r
)
SELECT *, CAST(greatest(1, round(seconds / block_seconds)) AS BIGINT) AS blocks FROM blocked;

-- One row per side and slot of the common time.
CREATE TABLE slot_in AS
SELECT l.side, l.healthy, least(l.slot * s.interval_seconds // t.block_seconds, t.blocks - 1) AS block
FROM slots l JOIN soak s USING (side), common_time t
WHERE l.slot * s.interval_seconds < t.seconds;

-- One row per side and counted round.
CREATE TABLE round_of AS
SELECT r.* EXCLUDE (counted), r.slot * s.interval_seconds < t.seconds AS in_time,
       CASE WHEN r.slot * s.interval_seconds < t.seconds
         THEN least(r.slot * s.interval_seconds // t.block_seconds, t.blocks - 1) END AS block
FROM rounds r JOIN soak s USING (side), common_time t
WHERE r.counted;

-- One row: the plan counts that both saw, in bins of equal width; no bins where there are too few rounds for them.
CREATE TABLE common_plans AS
WITH of_side AS (
  SELECT side, min(plan_count) AS fewest, max(plan_count) AS most FROM round_of WHERE plan_count IS NOT NULL
    GROUP BY side
), shared AS (
  SELECT CASE WHEN count(*) = 2 THEN max(fewest) END AS fewest, CASE WHEN count(*) = 2 THEN min(most) END AS most
    FROM of_side
), within AS (
  SELECT r.side, count(*) AS rounds FROM round_of r, shared b WHERE r.plan_count BETWEEN b.fewest AND b.most
    GROUP BY r.side
), sized AS (
  SELECT CASE WHEN count(*) = 2 THEN min(rounds) ELSE 0 END AS rounds FROM within
)
SELECT b.fewest, b.most, s.rounds, CASE WHEN b.fewest < b.most THEN least(u.most_bins, s.rounds // u.rounds_per_bin)
  ELSE 0 END AS bins
FROM shared b, sized s, rules u;
