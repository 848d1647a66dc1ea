-- How did recoveries go week by week, with and without the drills?
--
-- One row per week of the soak, for drills and for plans that got stuck on their own. Both count for Gate D; a rate of
-- real incidents is in the rows that are not drills.
SELECT (r.soak_day - 1) // 7 + 1 AS week, v.is_drill, count(*) AS recoveries,
       count(*) FILTER (v.ok AND v.refuted_in IS NULL) AS succeeded,
       round(100.0 * count(*) FILTER (v.ok AND v.refuted_in IS NULL) / count(*), 2) AS success_pct,
       quantile_disc(v.duration_ms, 0.5) AS median_ms, max(v.duration_ms) AS longest_ms
FROM recoveries v JOIN rounds r USING (round_id)
WHERE r.counted
GROUP BY week, v.is_drill
ORDER BY week, v.is_drill;
