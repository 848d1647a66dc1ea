-- At equal plan counts: everything grows with the store, so that levels and slopes of soaks of different lengths or loads are
-- compared where both held the same number of plans. A bin of plan counts gives one value a soak, its median; a bin that both
-- have is a pair.

-- One row per series that was measured together with the plans: its place as a level and as a slope, NULL where it is not compared so.
CREATE TABLE plans_kind AS
SELECT * FROM (VALUES (11, 16, 'p99_ms', 'ms'), (12, 17, 'p50_ms', 'ms'), (13, NULL, 'store_bytes_per_plan', 'bytes'), (14, 18, 'cp_rss_bytes', 'bytes'), (15, 19, 'cp_open_fds', 'descriptors'),
  (NULL, 20, 'store_bytes', 'bytes'), (NULL, 21, 'wal_bytes', 'bytes'), (NULL, 22, 'audit_bytes', 'bytes')) s(level_place, slope_place, series, unit);

-- One row per series, side and bin.
CREATE TABLE plans_point AS
WITH measured AS (
  SELECT side, plan_count, least(CAST(floor((plan_count - c.fewest) / nullif(c.most - c.fewest, 0) * c.bins) AS BIGINT), c.bins - 1) AS place,
         p99_ms, p50_ms, CAST(store_bytes AS DOUBLE) AS store_bytes, CAST(wal_bytes AS DOUBLE) AS wal_bytes, CAST(audit_bytes AS DOUBLE) AS audit_bytes,
         CAST(cp_rss_bytes AS DOUBLE) AS cp_rss_bytes, CAST(cp_open_fds AS DOUBLE) AS cp_open_fds, share(store_bytes, plan_count) AS store_bytes_per_plan
  FROM round_of, common_plans c WHERE c.bins > 0 AND plan_count BETWEEN c.fewest AND c.most
)
SELECT series, side, place, median(plan_count) AS x, median(amount) AS y
FROM (UNPIVOT measured ON p99_ms, p50_ms, store_bytes, wal_bytes, audit_bytes, cp_rss_bytes, cp_open_fds, store_bytes_per_plan INTO NAME series VALUE amount)
GROUP BY ALL;

-- One row per series and bin that both soaks have.
CREATE TABLE plans_pair AS
SELECT b.series, b.place, (b.x + t.x) / 2 AS x, b.y AS baseline, t.y AS this, t.y - b.y AS d, row_number() OVER (PARTITION BY b.series ORDER BY b.place) AS pair
FROM plans_point b JOIN plans_point t ON t.series = b.series AND t.place = b.place AND b.side = 'baseline' AND t.side = 'this';

-- One row per series: by how much the variance of what follows is inflated, as for the levels. A slope that differs leaves no
-- trace beside each soak's own line, so there the larger autocorrelation of the two counts.
CREATE TABLE plans_noise AS SELECT series, inflation(min(r)) AS k, inflation(max(r)) AS slope_k FROM autocorrelation('plans_point') GROUP BY series;

-- One row per series: Wilcoxon's signed-rank test of the pairs (pairs that do not differ left out, ties corrected), Hodges and
-- Lehmann's median of Walsh averages with Tukey's interval.
CREATE TABLE plans_level AS
WITH own AS (
  SELECT series, count(*) AS n, median(baseline) AS baseline, median(this) AS this FROM plans_pair GROUP BY series
), ranked AS (
  SELECT series, d, rank() OVER (PARTITION BY series ORDER BY abs(d)) + (count(*) OVER (PARTITION BY series, abs(d)) - 1) / 2.0 AS rank FROM plans_pair WHERE d <> 0
), tie AS (
  SELECT series, count(*)::DOUBLE AS t FROM ranked GROUP BY series, abs(d)
), ties AS (
  SELECT series, sum(t ** 3 - t) AS lost FROM tie GROUP BY series
), signed AS (
  SELECT series, count(*)::DOUBLE AS n, sum(rank) FILTER (d > 0) AS w FROM ranked GROUP BY series
), walsh AS (
  SELECT a.series, (a.d + b.d) / 2 AS d, row_number() OVER (PARTITION BY a.series ORDER BY a.d + b.d) AS rank
  FROM plans_pair a JOIN plans_pair b ON b.series = a.series AND b.pair >= a.pair
), middle AS (
  SELECT series, median(d) AS shift FROM walsh GROUP BY series
), tested AS (
  SELECT o.*, m.shift, k.k, o.n >= r.enough_points AS can_tell,
         corrected_z(coalesce(s.w, 0), s.n * (s.n + 1) / 4, (s.n * (s.n + 1) * (2 * s.n + 1) / 24 - t.lost / 48) * k.k) AS z,
         limit_rank(o.n * (o.n + 1) // 2, o.n * (o.n + 1) * (2 * o.n + 1) / 24.0 * k.k) AS low_rank
  FROM own o JOIN middle m USING (series) JOIN plans_noise k USING (series) LEFT JOIN signed s USING (series) LEFT JOIN ties t USING (series), rules r
)
SELECT l.level_place AS place, l.series || '_at_equal_plans' AS figure, l.unit, 'lower' AS better, 'plans' AS compared_over, t.baseline, t.this, t.shift AS difference,
       CASE WHEN t.can_tell THEN low.d END AS interval_low, CASE WHEN t.can_tell THEN high.d END AS interval_high,
       coalesce(t.n, 0) AS baseline_n, coalesce(t.n, 0) AS this_n, 'pairs' AS counted,
       'Wilcoxon''s signed-rank test and Hodges-Lehmann shift of the pairs' AS method, t.k AS variance_inflation,
       CASE WHEN t.can_tell THEN two_sided_p(coalesce(t.z, 0)) END AS p_value,
       CASE WHEN t.series IS NULL THEN 'not measured together' WHEN NOT t.can_tell THEN 'too short' END AS untested
FROM plans_kind l LEFT JOIN tested t USING (series)
LEFT JOIN walsh low ON low.series = t.series AND low.rank = t.low_rank
LEFT JOIN walsh high ON high.series = t.series AND high.rank = t.n * (t.n + 1) // 2 + 1 - t.low_rank
WHERE l.level_place IS NOT NULL;

-- One row per series, who ('baseline', 'this', 'difference') and pair of bins: the slope between them.
CREATE TABLE plans_slope AS
WITH value AS (
  SELECT series, pair, x, unnest(['baseline', 'this', 'difference']) AS who, unnest([baseline, this, d]) AS y FROM plans_pair
), step AS (
  SELECT a.series, a.who, (b.y - a.y) / (b.x - a.x) AS slope, sign(b.y - a.y) AS rises FROM value a JOIN value b ON b.series = a.series AND b.who = a.who AND b.pair > a.pair AND b.x > a.x
)
SELECT *, row_number() OVER (PARTITION BY series, who ORDER BY slope) AS rank, count(*) OVER (PARTITION BY series, who) AS slopes FROM step;

-- One row per series and who: Theil-Sen slope, Sen's interval of it, Mann-Kendall's test of it.
CREATE TABLE plans_growth AS
WITH tie AS (
  SELECT series, who, count(*)::DOUBLE AS t FROM (SELECT series, unnest(['baseline', 'this', 'difference']) AS who, unnest([baseline, this, d]) AS y FROM plans_pair) GROUP BY series, who, y
), ties AS (
  SELECT series, who, sum(t)::DOUBLE AS n, sum(t * (t - 1) * (2 * t + 5)) AS lost FROM tie GROUP BY series, who
), of_slopes AS (
  SELECT series, who, median(slope) AS slope, sum(rises) AS s, count(*) AS slopes FROM plans_slope GROUP BY series, who
), varied AS (
  SELECT t.series, t.who, t.n, o.slope, o.s, o.slopes, k.slope_k AS k, (t.n * (t.n - 1) * (2 * t.n + 5) - t.lost) / 18 * k.slope_k AS variance,
         t.n * (t.n - 1) * (2 * t.n + 5) / 18 * k.slope_k AS whole_variance
  FROM ties t JOIN of_slopes o USING (series, who) JOIN plans_noise k USING (series)
)
SELECT v.*, low.slope AS low, high.slope AS high, two_sided_p(CASE WHEN v.s = 0 THEN 0 ELSE coalesce((v.s - sign(v.s)) / nullif(sqrt(greatest(0, v.variance)), 0), 0) END) AS p_value
-- S counts rises less falls, so that its deviation is twice that of a count.
FROM (SELECT *, limit_rank(slopes, whole_variance / 4) AS low_rank FROM varied) v
LEFT JOIN plans_slope low ON low.series = v.series AND low.who = v.who AND low.rank = v.low_rank
LEFT JOIN plans_slope high ON high.series = v.series AND high.who = v.who AND high.rank = v.slopes + 1 - v.low_rank;

-- One row per series: growth per 1,000 plans; the difference is the slope of the pairs' differences.
CREATE TABLE plans_slope_figure AS
SELECT l.slope_place AS place, l.series || '_per_1000_plans' AS figure, l.unit, 'lower' AS better, 'plans' AS compared_over,
       1000 * b.slope AS baseline, 1000 * t.slope AS this, 1000 * d.slope AS difference,
       CASE WHEN d.n >= r.enough_points THEN 1000 * d.low END AS interval_low, CASE WHEN d.n >= r.enough_points THEN 1000 * d.high END AS interval_high,
       1000 * b.low AS baseline_low, 1000 * b.high AS baseline_high, 1000 * t.low AS this_low, 1000 * t.high AS this_high,
       CAST(coalesce(d.n, 0) AS BIGINT) AS baseline_n, CAST(coalesce(d.n, 0) AS BIGINT) AS this_n, 'pairs' AS counted,
       'Theil-Sen slope and Mann-Kendall test of the pairs'' differences' AS method, d.k AS variance_inflation,
       -- What the slope makes of the common plan counts, in units of the level: a slope itself has no size to be measured by.
       d.slope * (c.most - c.fewest) AS over_range, (SELECT median(baseline) FROM plans_pair p WHERE p.series = l.series) AS level,
       CASE WHEN d.n >= r.enough_points THEN d.p_value END AS p_value,
       CASE WHEN d.series IS NULL THEN 'not measured together' WHEN d.n < r.enough_points THEN 'too short' END AS untested
FROM plans_kind l LEFT JOIN plans_growth b ON b.series = l.series AND b.who = 'baseline' LEFT JOIN plans_growth t ON t.series = l.series AND t.who = 'this'
LEFT JOIN plans_growth d ON d.series = l.series AND d.who = 'difference', common_plans c, rules r
WHERE l.slope_place IS NOT NULL;
