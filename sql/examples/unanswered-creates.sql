-- Which creates were not answered 201, and does the plan exist anyway?
--
-- One row per create that was not answered 201. existed_later: a later listing had the plan, so the control plane had
-- created it and only the answer was lost. After a real error it is false.
SELECT c.round_id, c.plan_id, c.http_code, c.latency_ms, min(i.round_id) AS first_listed_in,
       count(i.round_id) > 0 AS existed_later
FROM creates c LEFT JOIN integrity i ON i.plan_id = c.plan_id AND i.finding = 'revived'
WHERE c.http_code IS DISTINCT FROM '201'
GROUP BY c.round_id, c.plan, c.plan_id, c.http_code, c.latency_ms
ORDER BY c.round_id, c.plan;
