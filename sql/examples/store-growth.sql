-- How much does the store grow per 1,000 plans?
--
-- One row per date. bytes_per_1000_plans should stay level: if it rises, the store accumulates more than plans
-- (history, dead rows, a write-ahead log without a checkpoint). It is NULL for the first date and for a date without
-- new plans. For the whole soak see the view trends.
WITH steps AS (
  SELECT date, plan_count, store_bytes, plan_count - lag(plan_count) OVER d AS new_plans,
         store_bytes - lag(store_bytes) OVER d AS new_bytes
  FROM daily WHERE plan_count IS NOT NULL AND store_bytes IS NOT NULL WINDOW d AS (ORDER BY date)
), wal AS (
  SELECT date, max(wal_bytes) AS max_wal_bytes FROM rounds WHERE counted GROUP BY date
)
SELECT s.date, s.plan_count, s.store_bytes, s.new_plans, s.new_bytes,
       CASE WHEN s.new_plans > 0 THEN round(1000.0 * s.new_bytes / s.new_plans) END AS bytes_per_1000_plans,
       w.max_wal_bytes
FROM steps s LEFT JOIN wal w USING (date)
ORDER BY s.date;
