-- One row per measure, and per its largest values where it has a target: the line through its points, and how sure its
-- slope is: generalized least squares with a level of its own for each life, one slope, and errors that resemble the
-- ones before (AR(1)), whose autocorrelation is corrected for its bias and taken larger by its uncertainty.
CREATE TABLE trend_line AS
WITH centred AS (
  SELECT *, x - avg(x) OVER life AS cx, y - avg(y) OVER life AS cy FROM trend_point
    WINDOW life AS (PARTITION BY series, is_largest, life)
), plain AS (
  SELECT series, is_largest, CAST(count(*) AS DOUBLE) AS n, CAST(count(DISTINCT life) AS DOUBLE) AS lives,
         any_value(seconds) AS seconds, max(x) AS last_x, avg(x) AS mean_x, avg(y) AS mean_y,
         sum(cx * cy) / nullif(sum(cx * cx), 0) AS slope, sum(cy * cy) AS spread
  FROM centred GROUP BY series, is_largest
), residual AS (
  SELECT c.*, c.cy - p.slope * c.cx AS e, lag(c.cy - p.slope * c.cx)
    OVER (PARTITION BY c.series, c.is_largest, c.life ORDER BY c.place) AS e_before
  FROM centred c JOIN plain p USING (series, is_largest)
), dependence AS (
  SELECT p.*, sum(r.e * r.e) AS left_over, max(r.e) AS highest,
         coalesce(sum(r.e * r.e_before) / nullif(sum(r.e * r.e), 0), 0) AS found
  FROM plain p JOIN residual r USING (series, is_largest) GROUP BY ALL
), corrected AS (
  -- Where the line leaves nothing but the last digits of doubles, these have no noise to ask.
  SELECT d.*, d.left_over <= 1e-20 * d.spread AS is_exact,
         careful_autocorrelation(d.found, d.n, d.lives, CASE WHEN d.seconds = 0 THEN m.raised_for_days
           ELSE m.raised_for_hours END) AS r
  FROM dependence d, trend_method m
), whitened AS (
  -- Prais and Winsten: each value less r times the one before; the first of a life has none, and weighs by sqrt(1 -
  -- r^2).
  SELECT c.series, c.is_largest, c.life,
         CASE WHEN c.place = 1 THEN sqrt(1 - d.r * d.r) ELSE 1 - d.r END AS one,
         CASE WHEN c.place = 1 THEN sqrt(1 - d.r * d.r) * c.cx ELSE c.cx - d.r * lag(c.cx) OVER life END AS wx,
         CASE WHEN c.place = 1 THEN sqrt(1 - d.r * d.r) * c.cy ELSE c.cy - d.r * lag(c.cy) OVER life END AS wy
  FROM centred c JOIN corrected d USING (series, is_largest)
    WINDOW life AS (PARTITION BY c.series, c.is_largest, c.life ORDER BY c.place)
), levelled AS (
  SELECT series, is_largest, wx - one * sum(one * wx) OVER life / sum(one * one) OVER life AS wx,
         wy - one * sum(one * wy) OVER life / sum(one * one) OVER life AS wy
  FROM whitened WINDOW life AS (PARTITION BY series, is_largest, life)
), summed AS (
  SELECT series, is_largest, sum(wx * wx) AS sxx, sum(wx * wy) AS sxy, sum(wy * wy) AS syy FROM levelled
    GROUP BY series, is_largest
), fitted AS (
  SELECT d.* EXCLUDE (slope), CASE WHEN d.is_exact THEN d.slope ELSE s.sxy / nullif(s.sxx, 0) END AS slope,
         d.n - d.lives - 1 AS freedom,
         sqrt(greatest(0, s.syy - s.sxy * s.sxy / nullif(s.sxx, 0)) / nullif(greatest(0,
           d.n - d.lives - 1), 0) / nullif(s.sxx, 0)) AS standard_error
  FROM corrected d JOIN summed s USING (series, is_largest)
)
SELECT f.series, f.is_largest, f.n, f.lives, f.seconds, f.last_x, f.mean_x, f.mean_y, f.highest,
       sqrt(f.left_over / nullif(greatest(0, f.freedom), 0)) AS spread,
       CASE WHEN NOT f.is_exact THEN f.r END AS autocorrelation, f.slope, f.freedom, f.standard_error,
       CASE WHEN f.slope IS NULL OR f.freedom < m.enough_freedom THEN NULL WHEN f.is_exact THEN CASE WHEN f.slope = 0
         OR f.spread = 0 THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END
         ELSE student_p(f.slope / nullif(f.standard_error, 0), f.freedom) END AS p_value
FROM fitted f, trend_method m;
