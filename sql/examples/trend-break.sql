-- On which day did the latency break from its trend?
--
-- One row per date that could be the break, likeliest first: the rounds are split before it, and z is the Mann-Whitney
-- statistic of their medians (p50_ms) before and from then on. is_break: the shift is at least 10 % and 5 ms, and |z| >
-- 4. For a slow, steady rise several neighbouring dates score almost alike; a real break stands out. Next, run
-- @what-changed.
WITH ranked AS (
  SELECT date, p50_ms, rank() OVER (ORDER BY p50_ms) + (count(*) OVER (PARTITION BY p50_ms) - 1) / 2.0 AS place
  FROM rounds WHERE counted AND p50_ms IS NOT NULL
), split AS (
  SELECT d.date, count(*) FILTER (r.date < d.date) AS n_before, count(*) FILTER (r.date >= d.date) AS n_after,
         sum(r.place) FILTER (r.date < d.date) AS places_before,
         quantile_disc(r.p50_ms, 0.5) FILTER (r.date < d.date) AS before_ms,
         quantile_disc(r.p50_ms, 0.5) FILTER (r.date >= d.date) AS after_ms
  FROM (SELECT DISTINCT date FROM ranked) d, ranked r
  GROUP BY d.date
), tested AS (
  SELECT *,
         (n_before * (n_before + 1) / 2.0 + n_before * n_after / 2.0 - places_before)
         / sqrt(n_before * n_after * (n_before + n_after + 1) / 12.0) AS z
  FROM split WHERE n_before >= 24 AND n_after >= 24
)
SELECT date, before_ms, after_ms, round(100 * (after_ms - before_ms) / nullif(before_ms, 0), 1) AS shift_pct,
       round(z, 1) AS z,
       abs(after_ms - before_ms) >= greatest(5, before_ms / 10) AND abs(z) > 4 AS is_break
FROM tested
ORDER BY abs(tested.z) DESC, date
LIMIT 5;
