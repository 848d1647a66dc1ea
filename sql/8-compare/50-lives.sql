-- Growth of memory and descriptors within a life of the process: a process that leaks and is started anew every few
-- days has no higher level in the end, and the points of a whole soak lie on no line. Within a block of the common time
-- and a life, growth is seen; each block gives one slope, and what memory drifted to in one says nothing of the next.

-- One row per series that is compared so: its place in the list, its unit.
CREATE TABLE life_kind AS SELECT * FROM (VALUES (23, 'cp_rss_bytes', 'bytes'),
  (24, 'cp_open_fds', 'descriptors')) s(place, series, unit);

-- One row per series, side and block: how plans and amounts vary together within it, over all lives that it has a part
-- of.
CREATE TABLE life_block AS
WITH lived AS (
  SELECT side, slot, block, plan_count, CAST(cp_rss_bytes AS DOUBLE) AS cp_rss_bytes,
         CAST(cp_open_fds AS DOUBLE) AS cp_open_fds,
         count_if(restarted) OVER (PARTITION BY side ORDER BY slot ROWS UNBOUNDED PRECEDING) AS life
  FROM round_of WHERE in_time
), within AS (
  SELECT series, side, block, life, regr_sxx(amount, CAST(plan_count AS DOUBLE)) AS sxx,
         regr_sxy(amount, CAST(plan_count AS DOUBLE)) AS sxy, regr_syy(amount, CAST(plan_count AS DOUBLE)) AS syy
  FROM (UNPIVOT lived ON cp_rss_bytes, cp_open_fds INTO NAME series VALUE amount) WHERE plan_count IS NOT NULL
    GROUP BY ALL
)
SELECT series, side, block, sum(sxx) AS sxx, sum(sxy) AS sxy FROM within WHERE sxx > 0 GROUP BY ALL;

-- One row per series and side: the slope over all its blocks, and its variance by what the blocks' own slopes say of it
-- (each block a cluster: Liang and Zeger, Biometrika 73 (1986)).
CREATE TABLE life_side AS
WITH total AS (
  SELECT series, side, count(*) AS n, sum(sxy) / sum(sxx) AS slope, sum(sxx) AS sxx FROM life_block GROUP BY ALL
)
SELECT t.series, t.side, t.n, 1000 * t.slope AS slope,
       1e6 * sum((b.sxy - t.slope * b.sxx) ** 2) / t.sxx ** 2 * t.n / nullif(t.n - 1, 0) AS variance
FROM total t JOIN life_block b USING (series, side) GROUP BY t.series, t.side, t.n, t.slope, t.sxx;

-- One row per series: the difference of the two slopes.
CREATE TABLE life_figure AS
WITH estimate AS (
  SELECT k.*, b.slope AS value1, t.slope AS value2, coalesce(b.n, 0) AS n1, coalesce(t.n, 0) AS n2,
         b.variance AS variance1, t.variance AS variance2,
         coalesce(b.n >= r.enough_points AND t.n >= r.enough_points, false) AS can_tell
  FROM life_kind k LEFT JOIN life_side b ON b.series = k.series AND b.side = 'baseline'
    LEFT JOIN life_side t ON t.series = k.series AND t.side = 'this', rules r
)
SELECT e.place, e.series || '_within_lives_per_1000_plans' AS figure, e.unit, 'lower' AS better,
       'time' AS compared_over, value1 AS baseline, value2 AS this, value2 - value1 AS difference,
       n1 AS baseline_n, n2 AS this_n, 'blocks' AS counted,
       'Student''s t of the slopes within blocks and lives' AS method, NULL::DOUBLE AS variance_inflation,
       (value2 - value1) / 1000 * greatest(c.most - c.fewest, 0) AS over_range, p.baseline AS usual,
       CASE WHEN can_tell THEN sqrt(variance1 + variance2) END AS se,
       CASE WHEN can_tell THEN coalesce(welch_df(variance1, n1 - 1, variance2, n2 - 1), n1 - 1) END AS df,
       CASE WHEN can_tell THEN sqrt(variance1) END AS se1, CASE WHEN can_tell THEN sqrt(variance2) END AS se2,
       CASE WHEN can_tell THEN least(n1, n2) - 1 END AS own_df,
       CASE WHEN n1 = 0 OR n2 = 0 THEN 'not measured' WHEN NOT can_tell THEN 'too short' END AS untested
FROM estimate e LEFT JOIN pair_figure p ON p.figure = e.series || '_at_equal_plans', common_plans c;
