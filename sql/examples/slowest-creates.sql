-- Which creates were the slowest, and what else happened in their rounds?
--
-- One row per create, slowest first. If round_p50_ms is near latency_ms, the whole round was slow, not this create
-- alone. stall_ms: for how long the prober itself stalled meanwhile; the rest of latency_ms is the control plane's.
SELECT c.latency_ms, c.http_code, c.plan_id, c.round_id, r.p50_ms AS round_p50_ms, c.stall_ms,
       concat_ws(', ',
         CASE WHEN r.kind = 'interrupted' THEN 'round was interrupted' END,
         CASE WHEN r.restarted THEN 'control plane was started again' WHEN r.hung THEN 'control plane hung'
           WHEN NOT r.healthy THEN 'not healthy' END,
         CASE WHEN r.create_errors > 0 THEN r.create_errors || ' creates failed' END,
         CASE WHEN r.stuck_count > 0 THEN r.stuck_count || ' stuck' END,
         CASE WHEN r.recovery_fail > 0 THEN r.recovery_fail || ' recoveries failed' END,
         CASE WHEN r.store_check IS NOT NULL THEN 'database check: ' || r.store_check END,
         CASE WHEN abs(r.clock_step_ms) > 1000 THEN 'clock stepped' END) AS in_that_round
FROM creates c JOIN rounds r USING (round_id)
WHERE c.counted
ORDER BY c.latency_ms DESC, c.round_id, c.plan
LIMIT 20;
