-- Which plans are missing, and when were they last seen?
--
-- One row per plan that the control plane had acknowledged and a later listing lacked. last_seen_round is the last
-- round that listed it (NULL: none did). came_back: the newest listing has it again, so earlier listings were
-- incomplete.
WITH listing AS (
  SELECT round_id FROM rounds WHERE counted AND lost_plans IS NOT NULL ORDER BY starts_at DESC LIMIT 1
), acknowledged AS (
  SELECT plan_id, min(round_id) AS created_in FROM creates WHERE http_code = '201' GROUP BY plan_id
)
SELECT i.plan_id, any_value(a.created_in) AS created_in, max(i.last_seen_round_id) AS last_seen_round,
       min(i.round_id) AS missing_since,
       count(DISTINCT i.round_id) AS missing_in_rounds,
       NOT bool_or(i.round_id IN (SELECT round_id FROM listing)) AS came_back
FROM integrity i LEFT JOIN acknowledged a USING (plan_id)
WHERE i.finding = 'lost'
GROUP BY i.plan_id
ORDER BY missing_since, i.plan_id;
