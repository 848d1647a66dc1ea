-- In which rounds was the harness itself the bottleneck?
--
-- One row per round whose figures the prober itself may have affected: it stalled during a create (5 ms or longer), it
-- adds more than 5 ms to every latency, or the wall clock stepped. p99_without_stalls_ms leaves out the stalled
-- creates; NULL: every create stalled. Verdicts use p99_ms in any case.
WITH unstalled AS (
  SELECT round_id, quantile_disc(latency_ms, 0.99) FILTER (counted AND stalled IS NOT TRUE) AS p99_ms FROM creates
    GROUP BY round_id
)
SELECT r.round_id, r.p99_ms, u.p99_ms AS p99_without_stalls_ms, r.stalled_creates, r.max_stall_ms, r.probe_overhead_ms,
       r.clock_step_ms, r.harness_cpu_ms
FROM rounds r LEFT JOIN unstalled u USING (round_id)
WHERE r.counted AND (r.stalled_creates > 0 OR r.probe_overhead_ms > 5 OR abs(r.clock_step_ms) > 1000)
ORDER BY coalesce(r.max_stall_ms, 0) DESC, r.round_id;
