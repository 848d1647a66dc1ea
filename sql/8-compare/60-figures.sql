-- Every figure of both soaks, judged together.

-- One row per zero-tolerance figure: what a single round of the common time found, at most. Losing a plan is no noise: any
-- difference counts, and no test is needed.
CREATE TABLE defect_figure AS
WITH found AS (
  SELECT side, max(lost_plans) AS lost_plans, max(duplicate_plans) AS duplicate_plans, count(lost_plans) AS rounds FROM round_of WHERE in_time GROUP BY side
), sides AS (
  SELECT b.lost_plans AS lost1, t.lost_plans AS lost2, b.duplicate_plans AS duplicate1, t.duplicate_plans AS duplicate2, coalesce(b.rounds, 0) AS n1, coalesce(t.rounds, 0) AS n2
  FROM found b, found t WHERE b.side = 'baseline' AND t.side = 'this'
)
SELECT place, figure, 'plans' AS unit, 'lower' AS better, 'time' AS compared_over, baseline::DOUBLE AS baseline, this::DOUBLE AS this, (this - baseline)::DOUBLE AS difference,
       n1 AS baseline_n, n2 AS this_n, 'rounds' AS counted, 'none: every loss counts' AS method,
       CASE WHEN baseline IS NULL OR this IS NULL THEN 'not measured' END AS untested
FROM sides, (VALUES (7, 'lost_plans'), (8, 'duplicate_plans')) k(place, figure),
  LATERAL (SELECT CASE figure WHEN 'lost_plans' THEN lost1 ELSE duplicate1 END AS baseline, CASE figure WHEN 'lost_plans' THEN lost2 ELSE duplicate2 END AS this);

-- One row per figure: the difference, and whether it is more than noise. Holm's correction (Scandinavian Journal of
-- Statistics 6 (1979)) holds the chance of even one false word below family_error over all figures that were tested.
CREATE TABLE figure_row AS
WITH every AS (
  FROM share_figure UNION ALL BY NAME FROM level_figure UNION ALL BY NAME FROM plans_level UNION ALL BY NAME FROM plans_slope_figure UNION ALL BY NAME FROM defect_figure
), family AS (
  SELECT place, count(*) OVER () AS tests, row_number() OVER (ORDER BY p_value, place) AS rank, p_value FROM every WHERE p_value IS NOT NULL
), holm AS (
  SELECT place, tests, least(1, max((tests - rank + 1) * p_value) OVER (ORDER BY rank)) AS p_holm FROM family
), sized AS (
  SELECT e.*, h.p_holm, h.tests, -- A slope that may as well be 0 is no measure of another.
         CASE WHEN e.baseline_low IS NULL OR sign(e.baseline_low) = sign(e.baseline_high) THEN share(e.difference, abs(e.baseline)) END AS relative,
         -- Sizes and times of two runs are never quite the same; shares have no such floor.
         CASE WHEN e.place > 8 THEN coalesce(abs(coalesce(e.over_range, e.difference)) < r.negligible * abs(coalesce(e.level, e.baseline)), false) ELSE false END AS is_negligible,
         CASE WHEN e.method LIKE 'none%' THEN e.difference <> 0 ELSE h.p_holm < r.family_error END AS is_beyond_noise
  FROM every e LEFT JOIN holm h USING (place), rules r
)
SELECT *, CASE
    WHEN untested = 'no difference' THEN 'within noise'
    WHEN untested IS NOT NULL OR is_beyond_noise IS NULL THEN 'not told'
    WHEN NOT is_beyond_noise THEN 'within noise'
    WHEN is_negligible OR difference = 0 THEN 'negligible'
    WHEN (difference > 0) = (better = 'higher') THEN 'better'
    ELSE 'worse' END AS result
FROM sized;
