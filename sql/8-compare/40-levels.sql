-- Levels over time: each block's median in one soak against each block's in the other. Rounds in a row resemble each other,
-- so that 1,440 rounds are not 1,440 observations: a block gives one value, and where even these resemble each other, the
-- variance is inflated by their lag-1 autocorrelation (after each soak's own straight line is taken off; the smaller one of
-- the two, so that a change in the middle of one soak is not taken for its noise).

-- One row per level that is compared over time.
CREATE TABLE level_kind AS SELECT * FROM (VALUES (9, 'p99_ms', 'ms'), (10, 'p50_ms', 'ms')) s(place, series, unit);

-- One row per series, side and block.
CREATE TABLE level_point AS
SELECT series, side, block AS place, median(amount) AS y
FROM (UNPIVOT (SELECT side, block, p99_ms, p50_ms FROM round_of WHERE in_time) ON p99_ms, p50_ms INTO NAME series VALUE amount)
GROUP BY ALL;

-- One row per series and side: the lag-1 autocorrelation of what is left of the points beside a straight line.
CREATE MACRO autocorrelation(points) AS TABLE
WITH line AS (
  SELECT series, side, regr_slope(y, place) AS slope, regr_intercept(y, place) AS intercept FROM query_table(points) GROUP BY ALL
), rest AS (
  SELECT p.series, p.side, p.place, p.y, p.y - l.intercept - l.slope * p.place AS e FROM query_table(points) p JOIN line l USING (series, side)
), paired AS (
  SELECT series, side, y, e, lag(e) OVER (PARTITION BY series, side ORDER BY place) AS before FROM rest
)
-- What doubles leave of points on a straight line is no noise.
SELECT series, side, CASE WHEN sum(e * e) > 1e-20 * sum(y * y) THEN sum(e * before) / sum(e * e) END AS r FROM paired GROUP BY ALL;

-- One row per series: Mann and Whitney's U with the variance for ties, Hodges and Lehmann's shift with Moses' interval.
CREATE TABLE level_figure AS
WITH own AS (
  SELECT series, count(*) FILTER (side = 'baseline') AS n1, count(*) FILTER (side = 'this') AS n2, median(y) FILTER (side = 'baseline') AS baseline, median(y) FILTER (side = 'this') AS this
  FROM level_point GROUP BY series
), tie AS (
  SELECT series, count(*)::DOUBLE AS t FROM level_point GROUP BY series, y
), ties AS (
  SELECT series, sum(t ** 3 - t) AS lost FROM tie GROUP BY series
), noise AS (
  SELECT series, inflation(min(r)) AS k FROM autocorrelation('level_point') GROUP BY series
), pair AS (
  SELECT a.series, b.y - a.y AS d, row_number() OVER (PARTITION BY a.series ORDER BY b.y - a.y) AS rank
  FROM level_point a JOIN level_point b ON b.series = a.series AND a.side = 'baseline' AND b.side = 'this'
), of_pairs AS (
  SELECT series, count(*) FILTER (d > 0) + count(*) FILTER (d = 0) / 2.0 AS u, median(d) AS shift FROM pair GROUP BY series
), tested AS (
  SELECT o.*, p.u, p.shift, n.k, o.n1 >= r.enough_points AND o.n2 >= r.enough_points AS can_tell,
         o.n1 * o.n2 / 12.0 * (o.n1 + o.n2 + 1 - t.lost / ((o.n1 + o.n2) * (o.n1 + o.n2 - 1))) * n.k AS variance,
         limit_rank(o.n1 * o.n2, o.n1 * o.n2 / 12.0 * (o.n1 + o.n2 + 1) * n.k) AS low_rank
  FROM own o JOIN of_pairs p USING (series) JOIN ties t USING (series) JOIN noise n USING (series), rules r
)
SELECT l.place, l.series || '_per_round' AS figure, l.unit, 'lower' AS better, 'time' AS compared_over, t.baseline, t.this, t.shift AS difference,
       CASE WHEN t.can_tell THEN low.d END AS interval_low, CASE WHEN t.can_tell THEN high.d END AS interval_high,
       coalesce(t.n1, 0) AS baseline_n, coalesce(t.n2, 0) AS this_n, 'blocks' AS counted,
       'Mann-Whitney test and Hodges-Lehmann shift of the blocks'' medians' AS method, t.k AS variance_inflation,
       CASE WHEN t.can_tell THEN two_sided_p(coalesce(corrected_z(t.u, t.n1 * t.n2 / 2.0, t.variance), 0)) END AS p_value,
       CASE WHEN t.series IS NULL THEN 'not measured' WHEN NOT t.can_tell THEN 'too short' END AS untested
FROM level_kind l LEFT JOIN tested t USING (series)
LEFT JOIN pair low ON low.series = t.series AND low.rank = t.low_rank
LEFT JOIN pair high ON high.series = t.series AND high.rank = t.n1 * t.n2 + 1 - t.low_rank;
