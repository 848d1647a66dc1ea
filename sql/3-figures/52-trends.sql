-- One row per measure: how it moves with the plans in the store. That is the median of the slopes of all pairs of
-- points of one life (Theil and Sen), told as a trend where the line of trend_line is significant and runs the same
-- way; and S of Mann and Kendall, summed over the lives, with the variance that it has without dependence.
CREATE TABLE trend_told AS
WITH point AS MATERIALIZED (
  SELECT * FROM trend_point WHERE NOT is_largest
), line AS MATERIALIZED (
  FROM trend_line
), pair AS (
  SELECT a.series, sign(b.y - a.y) * sign(b.x - a.x) AS agrees, (b.y - a.y) / nullif(b.x - a.x, 0) AS slope
  FROM point a JOIN point b ON b.series = a.series AND b.life = a.life AND b.place > a.place
), of_pairs AS (
  SELECT series, CAST(sum(agrees) AS BIGINT) AS s, median(slope) AS slope FROM pair GROUP BY series
), tie AS (
  -- Groups of equal values, by the two axes: t(t-1)(2t+5) and the sums that the variance needs where both have ties.
  SELECT series, life, 'y' AS axis, CAST(count(*) AS DOUBLE) AS t FROM point GROUP BY series, life, y
  UNION ALL
  SELECT series, life, 'x', CAST(count(*) AS DOUBLE) FROM point GROUP BY series, life, x
), of_ties AS (
  SELECT series, life, sum(t * (t - 1) * (2 * t + 5)) AS lost,
         sum(t * (t - 1)) FILTER (axis = 'y') * sum(t * (t - 1)) FILTER (axis = 'x') AS two,
         sum(t * (t - 1) * (t - 2)) FILTER (axis = 'y') * sum(t * (t - 1) * (t - 2)) FILTER (axis = 'x') AS three
  FROM tie GROUP BY series, life
), of_life AS (
  -- Mann-Kendall's variance; the last two terms are 0 unless plan counts repeat too (Kendall, Rank Correlation
  -- Methods).
  SELECT p.series, CASE WHEN p.n >= 2 THEN greatest(0,
    (p.n * (p.n - 1) * (2 * p.n + 5) - t.lost) / 18 + t.two / (2 * p.n * (p.n - 1))
           + coalesce(t.three / nullif(9 * p.n * (p.n - 1) * (p.n - 2), 0), 0)) END AS var_s
  FROM (SELECT series, life, CAST(count(*) AS DOUBLE) AS n FROM point GROUP BY series, life) p
    JOIN of_ties t USING (series, life)
), ranked AS (
  SELECT series, sum(v.var_s) AS var_s, any_value(q.s) AS s, any_value(q.slope) AS slope FROM of_life v
    LEFT JOIN of_pairs q USING (series) GROUP BY series
), measured AS (
  SELECT series, count(*) AS rounds, arg_min(plans, starts_at)
    FILTER (target IS NOT NULL AND amount > target) AS exceeded_at
  FROM trend_measured JOIN trend_series USING (series) GROUP BY series
), of_points AS (
  SELECT p.series, median(p.y - r.slope * p.x) AS intercept FROM point p JOIN ranked r USING (series) GROUP BY p.series
), meeting AS (
  -- Where the worst of the largest values meets the target if all go on: an early word. The interval goes from the
  -- steepest line of the worst, and their spread, to the flattest line of all of them.
  SELECT series, slope > 0 AS rises, mean_x + (target - mean_y - highest) / nullif(slope, 0) AS expected,
         mean_x + (target - mean_y - highest - spread) / nullif(slope + margin, 0) AS earliest,
         CASE WHEN slope > margin THEN mean_x + (target - mean_y + spread) / (slope - margin) END AS latest
  FROM (SELECT l.*, s.target, standard_error * student_quantile(0.05::DOUBLE, nullif(greatest(0, freedom), 0)) AS margin
    FROM line l JOIN trend_series s USING (series) WHERE is_largest)
), joined AS (
  SELECT s.*, m.rounds, m.exceeded_at, r.s, r.var_s, r.slope, o.intercept, l.n, l.lives, l.seconds, l.last_x,
         l.autocorrelation, l.p_value, e.expected, e.earliest, e.latest, e.rises,
         CASE WHEN r.s = 0 THEN 0.0::DOUBLE
           ELSE (r.s - sign(r.s)) / nullif(sqrt(r.var_s), 0) END AS z,
         -- Student's t at which a trend is told, and 0.84 more for four chances in five.
         l.standard_error * (student_quantile(h.significance::DOUBLE,
           nullif(greatest(0, l.freedom), 0)) + 0.8416) AS detectable,
         coalesce(r.slope <> 0 AND sign(r.slope) = sign(l.slope) AND l.p_value < h.significance, false) AS is_trend, h.*
  FROM trend_series s LEFT JOIN measured m USING (series) LEFT JOIN ranked r USING (series)
    LEFT JOIN of_points o USING (series)
    LEFT JOIN line l ON l.series = s.series AND NOT l.is_largest LEFT JOIN meeting e ON e.series = s.series,
    trend_method h
), named AS (
  SELECT *, is_trend AND slope > 0 AND target IS NOT NULL AND (exceeded_at IS NOT NULL OR rises) AS meets FROM joined
), reached AS (
  -- What has not been exceeded yet is not exceeded before the plans that there are.
  SELECT *, CASE WHEN meets THEN coalesce(exceeded_at, greatest(expected, last_x)) END AS reached, meets
    AND exceeded_at IS NULL AS is_foreseen FROM named
)
FROM reached;

-- One row per measure: the same for people.
CREATE TABLE trend_row AS
SELECT series, unit, CAST(coalesce(n, 0) AS BIGINT) AS n,
       CASE WHEN seconds = 0 THEN 'medians per UTC day' WHEN seconds IS NULL THEN NULL
         ELSE 'medians of ' || CASE WHEN seconds % 3600 = 0 THEN seconds // 3600 || ' h' ELSE seconds // 60
           || ' min' END || ' each' END
         || CASE WHEN of_process THEN ', within each life of the process' ELSE '' END AS basis,
       slope * 1000 AS slope_per_1000_plans, CASE WHEN lives = 1 THEN intercept END AS intercept, s AS mann_kendall_s,
       var_s AS mann_kendall_var, z AS mann_kendall_z, p_value, target,
       reached AS reached_at_plan_count,
       CASE WHEN of_process THEN CAST(coalesce(lives, 0) AS BIGINT) END AS lives, autocorrelation,
       detectable * 1000 AS detectable_per_1000_plans,
       CASE WHEN is_foreseen THEN greatest(earliest, last_x) END AS reached_at_plan_count_low,
       CASE WHEN is_foreseen THEN greatest(latest, last_x) END AS reached_at_plan_count_high,
       CASE WHEN rounds IS NULL THEN 'n/a'
         WHEN n IS NULL THEN 'not told (no life of the process is long enough: one needs ' || enough_points
           || ' intervals of ' || stretch_seconds // 3600 || ' h)'
         WHEN slope IS NULL AND n > 1 THEN 'n/a (plan_count did not change)'
         WHEN p_value IS NULL THEN 'not told yet (' || shown_number_of(n::BIGINT, 'points') || ' of '
           || (enough_freedom + lives + 1)::BIGINT || ')'
         WHEN NOT is_trend AND p_value >= significance THEN 'no trend shown (' || shown_p(p_value)
           || coalesce('; ' || shown_change(nullif(detectable, 0) * 1000) || ' ' || unit
           || ' per 1,000 plans would be detected', '') || ')'
         WHEN NOT is_trend THEN 'no trend shown (median slope ' || CASE WHEN slope = 0 THEN '0'
           ELSE 'has the opposite sign' END || ', ' || shown_p(p_value) || ')'
         ELSE shown_change(slope * 1000) || ' ' || unit || ' per 1,000 plans' || CASE WHEN of_process
           AND lives > 1 THEN ', in ' || CAST(lives AS BIGINT) || ' lives of the process' ELSE '' END
           || CASE WHEN NOT meets THEN ''
                WHEN exceeded_at IS NOT NULL THEN '; a round first exceeded ' || shown_target(target) || ' ' || unit
                  || ' at plan ' || shown_plan(exceeded_at)
                ELSE '; if it continues, the first round will exceed ' || shown_target(target) || ' ' || unit
                  || ' at about plan ' || shown_plan(reached) || ' (95 % confidence interval '
                  || shown_plan(greatest(earliest, last_x)) || ' to '
                  || coalesce(shown_plan(greatest(latest, last_x)), 'open') || ')' END
       END AS detail
FROM trend_told
ORDER BY place;

CREATE VIEW trends AS FROM trend_row;
