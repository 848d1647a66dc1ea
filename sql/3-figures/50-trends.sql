-- How each measure moves with the plans in the store: Theil-Sen slope and Mann-Kendall test. Views, not tables: only a
-- report that shows them pays for the pairs.

-- One row per series, its place, its unit and, if it has one, the target it must not reach.
CREATE TABLE trend_series AS
SELECT s.place, s.series, s.unit, CASE s.series WHEN 'p99_ms' THEN t.p99_ms END AS target,
       -- Medians of days from so many days on; else at most so many points, and 115,000 pairs a series.
       10 AS enough_days, 480 AS most_points, 0.01 AS significance
FROM (VALUES (1, 'p99_ms', 'ms'), (2, 'p50_ms', 'ms'), (3, 'store_bytes', 'bytes'), (4, 'wal_bytes', 'bytes'), (5, 'audit_bytes', 'bytes'),
  (6, 'cp_rss_bytes', 'bytes'), (7, 'cp_open_fds', 'descriptors')) s(place, series, unit), targets t;

-- One row per series and counted round that measured both it and the plans.
CREATE VIEW trend_measured AS
SELECT series, date, starts_at, CAST(plan_count AS DOUBLE) AS plans, amount FROM (
  UNPIVOT (SELECT date, starts_at, plan_count, p99_ms, p50_ms, CAST(store_bytes AS DOUBLE) AS store_bytes, CAST(wal_bytes AS DOUBLE) AS wal_bytes,
             CAST(audit_bytes AS DOUBLE) AS audit_bytes, CAST(cp_rss_bytes AS DOUBLE) AS cp_rss_bytes, CAST(cp_open_fds AS DOUBLE) AS cp_open_fds
           FROM round_row WHERE counted AND plan_count IS NOT NULL)
  ON p99_ms, p50_ms, store_bytes, wal_bytes, audit_bytes, cp_rss_bytes, cp_open_fds INTO NAME series VALUE amount);

-- One row per series and point: a UTC day, a round, or a block of rounds in a row where there are too many.
CREATE VIEW trend_point AS
WITH placed AS (
  SELECT m.*, count(DISTINCT date) OVER (PARTITION BY series) AS days, count(*) OVER (PARTITION BY series) AS rounds,
         row_number() OVER (PARTITION BY series ORDER BY starts_at) - 1 AS place
  FROM trend_measured m
), blocked AS (
  SELECT p.series, p.plans, p.amount, CASE WHEN p.days >= s.enough_days THEN 0 ELSE CAST(ceil(p.rounds / s.most_points) AS BIGINT) END AS rounds_each, p.date, p.place
  FROM placed p JOIN trend_series s USING (series)
)
SELECT series, rounds_each, median(plans) AS x, median(amount) AS y
FROM blocked
GROUP BY series, rounds_each, CASE WHEN rounds_each = 0 THEN date - DATE '1970-01-01' ELSE place // rounds_each END;

-- One row per series.
CREATE VIEW trends AS
WITH point AS MATERIALIZED (
  SELECT *, row_number() OVER (PARTITION BY series ORDER BY x, y) AS place FROM trend_point
), pair AS (
  SELECT a.series, sign(b.y - a.y) * sign(b.x - a.x) AS agrees, (b.y - a.y) / nullif(b.x - a.x, 0) AS slope
  FROM point a JOIN point b ON b.series = a.series AND b.place > a.place
), of_pairs AS (
  SELECT series, CAST(sum(agrees) AS BIGINT) AS s, median(slope) AS slope FROM pair GROUP BY series
), tie AS (
  -- Groups of equal values, by the two axes: t(t-1)(2t+5) and the sums that the variance needs where both have ties.
  SELECT series, 'y' AS axis, CAST(count(*) AS DOUBLE) AS t FROM point GROUP BY series, y
  UNION ALL
  SELECT series, 'x', CAST(count(*) AS DOUBLE) FROM point GROUP BY series, x
), of_ties AS (
  SELECT series, sum(t * (t - 1) * (2 * t + 5)) AS lost,
         sum(t * (t - 1)) FILTER (axis = 'y') * sum(t * (t - 1)) FILTER (axis = 'x') AS two,
         sum(t * (t - 1) * (t - 2)) FILTER (axis = 'y') * sum(t * (t - 1) * (t - 2)) FILTER (axis = 'x') AS three
  FROM tie GROUP BY series
), of_points AS (
  SELECT series, CAST(count(*) AS DOUBLE) AS n, any_value(rounds_each) AS rounds_each, max(x) AS last_x FROM point GROUP BY series
), tested AS (
  SELECT p.series, p.n, p.rounds_each, p.last_x, q.slope, q.s,
         -- Mann-Kendall's variance; the last two terms are 0 unless plan counts repeat too (Kendall, Rank Correlation Methods).
         CASE WHEN p.n >= 2 THEN greatest(0, (p.n * (p.n - 1) * (2 * p.n + 5) - t.lost) / 18 + t.two / (2 * p.n * (p.n - 1))
           + coalesce(t.three / nullif(9 * p.n * (p.n - 1) * (p.n - 2), 0), 0)) END AS var_s
  FROM of_points p JOIN of_ties t USING (series) LEFT JOIN of_pairs q USING (series)
), judged AS (
  SELECT *, CASE WHEN s = 0 THEN 0.0::DOUBLE ELSE (s - sign(s)) / nullif(sqrt(var_s), 0) END AS z FROM tested
), line AS (
  SELECT p.series, median(p.y - j.slope * p.x) AS intercept FROM judged j JOIN point p USING (series) GROUP BY p.series
), lined AS (
  SELECT s.place, s.series, s.unit, s.target, s.significance, CAST(coalesce(j.n, 0) AS BIGINT) AS n, j.* EXCLUDE (series, n), two_sided_p(j.z) AS p_value, l.intercept
  FROM trend_series s LEFT JOIN judged j USING (series) LEFT JOIN line l USING (series)
), named AS (
  SELECT *, CASE WHEN slope > 0 AND p_value < significance AND target IS NOT NULL THEN greatest(0, (target - intercept) / slope) END AS reached FROM lined
)
SELECT series, unit, n,
       CASE WHEN rounds_each = 0 THEN 'medians per UTC day'
         WHEN rounds_each = 1 THEN 'per round; rounds in a row resemble each other, so p is too optimistic'
         WHEN rounds_each > 1 THEN 'medians of ' || rounds_each || ' rounds each; rounds in a row resemble each other, so p is too optimistic' END AS basis,
       slope * 1000 AS slope_per_1000_plans, intercept, s AS mann_kendall_s, var_s AS mann_kendall_var, z AS mann_kendall_z, p_value, target,
       reached AS reached_at_plan_count,
       CASE WHEN n = 0 THEN 'n/a'
         WHEN slope IS NULL OR p_value IS NULL THEN 'n/a (' || CASE WHEN n = 1 THEN 'one value' ELSE 'plan_count did not change' END || ')'
         WHEN p_value >= significance THEN 'no trend (' || shown_p(p_value) || ')'
         WHEN slope = 0 THEN 'no trend (median slope 0, ' || shown_p(p_value) || ')'
         ELSE shown_change(slope * 1000) || ' ' || unit || ' per 1,000 plans'
           || CASE WHEN reached IS NULL THEN '' WHEN reached >= 1e12 THEN '; ' || shown_target(target) || ' ' || unit || ' is beyond plan 1,000,000,000,000'
                -- Cut, not rounded: the earlier plan is the careful word.
                ELSE '; ' || shown_target(target) || ' ' || unit || CASE WHEN reached <= last_x THEN ' was reached at plan ' ELSE ' would be reached at plan ' END
                  || format('{:,}', CAST(CASE WHEN reached < 1000 THEN floor(reached) ELSE floor(reached / pow(10, floor(log10(reached)) - 2)) * pow(10, floor(log10(reached)) - 2) END AS BIGINT)) END
       END AS detail
FROM named
ORDER BY place;
