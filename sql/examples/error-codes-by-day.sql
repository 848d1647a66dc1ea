-- Which error codes did creates get, day by day?
--
-- One row per date and code. 000 = no answer at all; no code = the round was killed before the answer came. slowest_ms
-- near the request timeout: the control plane hung; a few milliseconds: it refused.
SELECT date, http_code, count(*) AS creates, count(DISTINCT round_id) AS rounds, min(round_id) AS first_round,
       max(latency_ms) AS slowest_ms
FROM creates
WHERE http_code IS DISTINCT FROM '201'
GROUP BY date, http_code
ORDER BY date, http_code NULLS LAST;
