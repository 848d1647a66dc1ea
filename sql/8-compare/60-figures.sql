-- Every figure of both soaks, judged together.

-- One row per zero-tolerance figure: what a single round of the common time found, at most. Losing a plan is no noise:
-- any difference counts, and no test is needed.
CREATE TABLE defect_figure AS
WITH found AS (
  SELECT side, max(lost_plans) AS lost_plans, max(duplicate_plans) AS duplicate_plans, count(lost_plans) AS rounds
    FROM round_of WHERE in_time GROUP BY side
), sides AS (
  SELECT b.lost_plans AS lost1, t.lost_plans AS lost2, b.duplicate_plans AS duplicate1, t.duplicate_plans AS duplicate2,
         coalesce(b.rounds, 0) AS n1, coalesce(t.rounds, 0) AS n2
  FROM found b, found t WHERE b.side = 'baseline' AND t.side = 'this'
)
SELECT place, figure, 'plans' AS unit, 'lower' AS better, 'time' AS compared_over, baseline::DOUBLE AS baseline,
       this::DOUBLE AS this, (this - baseline)::DOUBLE AS difference,
       n1 AS baseline_n, n2 AS this_n, 'rounds' AS counted, 'none: every loss counts' AS method,
       CASE WHEN baseline IS NULL OR this IS NULL THEN 'not measured' END AS untested
FROM sides, (VALUES (7, 'lost_plans'), (8, 'duplicate_plans')) k(place, figure),
  LATERAL (SELECT CASE figure WHEN 'lost_plans' THEN lost1 ELSE duplicate1 END AS baseline, CASE figure
    WHEN 'lost_plans' THEN lost2 ELSE duplicate2 END AS this);

-- One row per figure: the difference, and whether it is more than noise. Holm's correction (Scandinavian Journal of
-- Statistics 6 (1979)) holds the chance of even one false word below family_error over all figures that were tested.
CREATE TABLE tested_figure AS
WITH of_lines AS (
  SELECT * EXCLUDE (se, df, se1, se2, own_df), se, df, difference_p(difference, se, df) AS p_value,
         difference - student_quantile(0.05, df) * se AS interval_low,
         difference + student_quantile(0.05, df) * se AS interval_high,
         baseline - student_quantile(0.05, own_df) * se1 AS baseline_low,
         baseline + student_quantile(0.05, own_df) * se1 AS baseline_high,
         this - student_quantile(0.05, own_df) * se2 AS this_low,
         this + student_quantile(0.05, own_df) * se2 AS this_high
  FROM (FROM pair_figure UNION ALL BY NAME FROM life_figure)
), every AS (
  FROM share_figure UNION ALL BY NAME FROM of_lines UNION ALL BY NAME FROM defect_figure
), family AS (
  SELECT place, count(*) OVER () AS tests, row_number() OVER (ORDER BY p_value, place) AS rank, p_value FROM every
    WHERE p_value IS NOT NULL
), holm AS (
  SELECT place, tests, least(1, max((tests - rank + 1) * p_value) OVER (ORDER BY rank)) AS p_holm FROM family
)
SELECT e.*, h.p_holm, h.tests, -- A slope that may as well be 0 is no measure of another.
       CASE WHEN e.baseline_low IS NULL OR sign(e.baseline_low) = sign(e.baseline_high)
         THEN share(e.difference, abs(e.baseline)) END AS relative,
       -- Sizes and times of two runs are never quite the same; shares and losses have no such floor.
       e.unit NOT IN ('%', 'plans') AS is_amount,
       CASE WHEN is_amount THEN coalesce(abs(coalesce(e.over_range,
         e.difference)) < r.negligible * abs(coalesce(e.usual, e.baseline)), false) ELSE false END AS is_negligible,
       CASE WHEN e.method LIKE 'none%' THEN e.difference <> 0 ELSE h.p_holm < r.tested_below END AS is_beyond_noise
FROM every e LEFT JOIN holm h USING (place), rules r;

-- One row per figure that was tested, or could not differ: the p-value by which Holm would have taken it as the next
-- one, and the smallest difference for the worse that would have had it. A share has it in whole failures, and has none
-- where not even failures throughout would do; of a size or time less than the negligible is none either.
CREATE TABLE shown_from AS
WITH level AS (
  SELECT f.*, r.tested_below / nullif(count(p_holm) OVER () - count(*) FILTER (is_beyond_noise AND p_holm IS NOT NULL)
    OVER () + CASE WHEN p_value IS NULL THEN 1 ELSE 0 END, 0) AS alpha, r.negligible
  FROM tested_figure f, rules r
), of_share AS (
  -- From what would be no difference up to all of them: p falls on the way.
  SELECT l.place, s.whole2, s.p1, list_reduce(halvings_of(
    [CAST(floor(s.whole_bad1 * s.whole2 / greatest(s.whole1, 1)) AS BIGINT), s.whole2 + 1]), lambda b, unused:
           CASE WHEN b[2] - b[1] <= 1 THEN b WHEN fisher_p(s.whole_bad1, s.whole1, (b[1] + b[2]) // 2,
             s.whole2) < l.alpha THEN [b[1], (b[1] + b[2]) // 2] ELSE [(b[1] + b[2]) // 2, b[2]] END)[2] AS bad
  FROM level l JOIN share_pair s USING (place) WHERE s.can_tell AND l.alpha IS NOT NULL
    AND NOT coalesce(l.is_beyond_noise, false)
)
SELECT l.place, CASE WHEN s.place IS NOT NULL THEN CASE WHEN s.bad <= s.whole2 THEN 100 * (s.bad / s.whole2 - s.p1) END
         WHEN l.se IS NOT NULL AND NOT is_beyond_noise
           THEN greatest(student_quantile(l.alpha, l.df) * l.se,
           CASE WHEN l.over_range IS NULL THEN l.negligible * abs(l.baseline) ELSE 0 END) END AS smallest_shown
FROM level l LEFT JOIN of_share s USING (place);

-- One row per figure: the same with its result. A difference for the worse is an absence of better: shares of what is
-- good fall by it.
CREATE TABLE figure_row AS
SELECT f.*, s.smallest_shown, CASE
    WHEN untested = 'no difference' AND s.smallest_shown IS NOT NULL THEN 'within noise'
    WHEN untested IS NOT NULL OR is_beyond_noise IS NULL THEN 'not told'
    WHEN NOT is_beyond_noise AND s.smallest_shown IS NULL AND method NOT LIKE 'none%' THEN 'not told'
    WHEN NOT is_beyond_noise THEN 'within noise'
    WHEN is_negligible OR difference = 0 THEN 'negligible'
    WHEN (difference > 0) = (better = 'higher') THEN 'better'
    ELSE 'worse' END AS result,
  CASE WHEN untested IS NOT NULL AND untested <> 'no difference' THEN untested ELSE 'too few ' || counted
    || ': no difference could have been detected' END AS untold
FROM tested_figure f LEFT JOIN shown_from s USING (place);
