-- What is compared in pairs: the same block of the common time in both soaks, or the same bin of plan counts. Rounds in
-- a row resemble each other, so that 1,440 rounds are not 1,440 observations: a block or bin gives one value a soak,
-- its median, and where even these resemble each other, they are worth fewer than they are.

-- One row per figure of levels and slopes: over what, of which series, its places in the list; NULL where it is not
-- compared so.
CREATE TABLE pair_kind AS
SELECT * FROM (VALUES ('time', 9, NULL, 'p99_ms', 'ms'), ('time', 10, NULL, 'p50_ms', 'ms'),
  ('plans', 11, 16, 'p99_ms', 'ms'), ('plans', 12, 17, 'p50_ms', 'ms'),
  ('plans', 13, NULL, 'store_bytes_per_plan', 'bytes'), ('plans', 14, 18, 'cp_rss_bytes', 'bytes'),
  ('plans', 15, 19, 'cp_open_fds', 'descriptors'), ('plans', NULL, 20, 'store_bytes', 'bytes'),
  ('plans', NULL, 21, 'wal_bytes', 'bytes'), ('plans', NULL, 22, 'audit_bytes', 'bytes'))
  s(compared_over, level_place, slope_place, series, unit);

-- One row per series, side and block or bin. Everything grows with the store, so that levels and slopes of soaks of
-- different lengths or loads are compared where both held the same number of plans.
CREATE TABLE paired_point AS
WITH measured AS (
  SELECT r.* EXCLUDE (store_bytes, wal_bytes, audit_bytes, cp_rss_bytes, cp_open_fds),
         CAST(store_bytes AS DOUBLE) AS store_bytes, CAST(wal_bytes AS DOUBLE) AS wal_bytes,
         CAST(audit_bytes AS DOUBLE) AS audit_bytes, CAST(cp_rss_bytes AS DOUBLE) AS cp_rss_bytes,
         CAST(cp_open_fds AS DOUBLE) AS cp_open_fds, share(store_bytes, plan_count) AS store_bytes_per_plan,
         least(CAST(floor((plan_count - c.fewest) / nullif(c.most - c.fewest, 0) * c.bins) AS BIGINT),
           c.bins - 1) AS bin, coalesce(c.bins > 0 AND plan_count BETWEEN c.fewest AND c.most, false) AS in_plans
  FROM round_of r, common_plans c
), placed AS (
  SELECT 'time' AS compared_over, block AS place, block::DOUBLE AS x, * FROM measured WHERE in_time
  UNION ALL
  SELECT 'plans', bin, plan_count, * FROM measured WHERE in_plans
)
SELECT compared_over, series, side, place, median(x) AS x, median(amount) AS y
FROM (UNPIVOT (SELECT compared_over, side, place, x, p99_ms, p50_ms, store_bytes, wal_bytes, audit_bytes, cp_rss_bytes,
  cp_open_fds, store_bytes_per_plan FROM placed)
  ON p99_ms, p50_ms, store_bytes, wal_bytes, audit_bytes, cp_rss_bytes, cp_open_fds,
  store_bytes_per_plan INTO NAME series VALUE amount)
GROUP BY ALL;

-- One row per series, side and block or bin that both soaks have, at one x for both.
CREATE TABLE pair_point AS
SELECT * EXCLUDE (x), avg(x) OVER (PARTITION BY compared_over, series, place) AS x FROM paired_point
QUALIFY count(*) OVER (PARTITION BY compared_over, series, place) = 2;

-- One row per series and who ('baseline', 'this', 'difference'): the straight line through its points, what is left
-- beside it, and how much of that each value has in common with the one before.
CREATE TABLE pair_line AS
WITH who AS (
  SELECT compared_over, series, place, x, side AS who, y FROM pair_point
  UNION ALL
  SELECT compared_over, series, place, any_value(x), 'difference', sum(CASE side WHEN 'this' THEN y ELSE -y END)
    FROM pair_point GROUP BY ALL
), line AS (
  SELECT compared_over, series, who, count(*) AS n, avg(x) AS middle, avg(y) AS mean, regr_sxx(y, x) AS sxx,
         coalesce(regr_sxy(y, x) / nullif(regr_sxx(y, x), 0), 0) AS slope FROM who GROUP BY ALL
), rest AS (
  SELECT w.*, l.n, l.mean, l.sxx, l.slope, y - l.mean - l.slope * (x - l.middle) AS e FROM who w
    JOIN line l USING (compared_over, series, who)
), paired AS (
  SELECT *, lag(e) OVER (PARTITION BY compared_over, series, who ORDER BY place) AS before,
         -- What doubles leave of points on a straight line is no noise.
         1e-20 * sum(y * y) OVER (PARTITION BY compared_over, series) AS nothing
  FROM rest
)
SELECT compared_over, series, who, n, mean, sxx, slope, CASE WHEN sum(e * e) > any_value(nothing) THEN sum(e * e)
  ELSE 0.0::DOUBLE END AS squares,
       CASE WHEN sum(e * e) > any_value(nothing) THEN coalesce(sum(e * before), 0) ELSE 0.0::DOUBLE END AS products
FROM paired GROUP BY ALL;

-- One row per series: what the two means, or slopes, are known by. Where the remainders of the two go together (what a
-- store does at a certain size it does in both), their difference is what is left; else each soak's own noise counts,
-- and the autocorrelation is that of both together: a soak that never varies says nothing of the other's noise, and
-- adds none.
CREATE TABLE pair_noise AS
WITH sides AS (
  SELECT compared_over, series, any_value(n) AS n, any_value(sxx) AS sxx, max(mean) FILTER (who = 'baseline') AS mean1,
         max(mean) FILTER (who = 'this') AS mean2,
         max(slope) FILTER (who = 'baseline') AS slope1, max(slope) FILTER (who = 'this') AS slope2,
         max(squares) FILTER (who = 'baseline') AS squares1, max(squares) FILTER (who = 'this') AS squares2,
         max(squares) FILTER (who = 'difference') AS squares,
         sum(products) FILTER (who <> 'difference') / nullif(sum(squares) FILTER (who <> 'difference'), 0) AS r_each,
         max(products) FILTER (who = 'difference') / nullif(max(squares) FILTER (who = 'difference'), 0) AS r_difference
  FROM pair_line GROUP BY ALL
), chosen AS (
  SELECT *, squares < 0.5 * (squares1 + squares2) AS is_shared FROM sides
), inflated AS (
  SELECT *, CASE WHEN squares = 0 AND (is_shared OR squares1 + squares2 = 0) THEN 1.0::DOUBLE
    WHEN is_shared THEN inflation(reckoned_autocorrelation(r_difference, n, n))
              ELSE inflation(reckoned_autocorrelation(r_each, n, 2 * n)) END AS k
  FROM chosen
), worth AS (
  -- The values are worth n / k independent ones, two of which the line takes. The variance of a mean is that of a value
  -- over these.
  SELECT *, n / k - 2 AS own_df, CASE WHEN n / k > 2 THEN squares1 / n / (n / k - 2) END AS variance1,
         CASE WHEN n / k > 2 THEN squares2 / n / (n / k - 2) END AS variance2 FROM inflated
)
SELECT w.*, n >= u.enough_points AS is_long, n / k >= u.enough_independent AS is_told,
       CASE WHEN is_shared THEN squares / n / nullif(own_df, 0) ELSE variance1 + variance2 END AS variance,
       CASE WHEN is_shared THEN own_df ELSE coalesce(welch_df(variance1, own_df, variance2, own_df), own_df) END AS df
FROM worth w, rules u;

-- One row per figure: the difference of the two means, which are the lines' levels at the middle of what is common, or
-- of the two slopes, per 1,000 plans.
CREATE TABLE pair_figure AS
WITH estimate AS (
  SELECT k.level_place AS place, k.compared_over, k.series, k.unit, k.series || CASE k.compared_over
    WHEN 'time' THEN '_per_round' ELSE '_at_equal_plans' END AS figure,
         'Student''s t of the means beside straight lines' AS method, false AS is_slope,
         n.* EXCLUDE (compared_over, series), mean1 AS value1, mean2 AS value2, 1.0::DOUBLE AS factor
  FROM pair_kind k LEFT JOIN pair_noise n USING (compared_over, series) WHERE k.level_place IS NOT NULL
  UNION ALL BY NAME
  SELECT k.slope_place AS place, k.compared_over, k.series, k.unit, k.series || '_per_1000_plans' AS figure,
         'Student''s t of the straight lines'' slopes' AS method, true AS is_slope,
         n.* EXCLUDE (compared_over, series), 1000 * slope1 AS value1, 1000 * slope2 AS value2,
         1000 * sqrt(n.n / nullif(n.sxx, 0)) AS factor
  FROM pair_kind k LEFT JOIN pair_noise n USING (compared_over, series) WHERE k.slope_place IS NOT NULL
), judged AS (
  SELECT *, coalesce(is_long AND is_told, false) AS can_tell FROM estimate
)
SELECT place, figure, unit, 'lower' AS better, compared_over, value1 AS baseline, value2 AS this,
       value2 - value1 AS difference, coalesce(n, 0) AS baseline_n, coalesce(n, 0) AS this_n,
       CASE compared_over WHEN 'time' THEN 'blocks' ELSE 'pairs' END AS counted, method,
       CASE WHEN is_long THEN k END AS variance_inflation,
       -- What the slope makes of the common plan counts, in units of the level: a slope itself has no size to be
       -- measured by.
       CASE WHEN is_slope THEN (slope2 - slope1) * (c.most - c.fewest) END AS over_range,
       CASE WHEN is_slope THEN mean1 END AS usual,
       CASE WHEN can_tell THEN factor * sqrt(variance) END AS se, CASE WHEN can_tell THEN df END AS df,
       CASE WHEN can_tell THEN own_df END AS own_df,
       CASE WHEN can_tell AND is_slope THEN factor * sqrt(variance1) END AS se1, CASE WHEN can_tell
         AND is_slope THEN factor * sqrt(variance2) END AS se2,
       CASE WHEN n IS NULL THEN CASE compared_over WHEN 'time' THEN 'not measured' ELSE 'not measured together' END
         WHEN NOT is_long THEN 'too short'
         WHEN NOT is_told THEN 'its values resemble each other: ' || n || ' are equivalent to fewer than '
           || (SELECT enough_independent FROM rules) || ' independent ones' END AS untested
FROM judged, common_plans c;
