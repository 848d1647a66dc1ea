-- At which hours of the day are creates slow?
--
-- One row per UTC hour over all days. times_the_median compares the hour's median with the median of the whole soak: an
-- hour far above 1 points to a nightly job or another load on the host, not to a trend.
SELECT hour(r.starts_at AT TIME ZONE 'UTC') AS utc_hour, count(DISTINCT c.round_id) AS rounds, count(*) AS creates,
       quantile_disc(c.latency_ms, 0.5) AS p50_ms, quantile_disc(c.latency_ms, 0.99) AS p99_ms,
       max(c.latency_ms) AS max_ms,
       round(quantile_disc(c.latency_ms, 0.5) / (SELECT quantile_disc(latency_ms, 0.5) FROM creates
         WHERE counted), 2) AS times_the_median
FROM creates c JOIN rounds r USING (round_id)
WHERE c.counted
GROUP BY utc_hour
ORDER BY utc_hour;
