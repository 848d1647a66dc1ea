-- Which plans were stuck more than once?
--
-- One row per plan that was recovered in more than one round, most often first: a recovery that says it succeeded and
-- has to be repeated did not help, and where a later scan shows that it did nothing it is refuted. Plans that were
-- found stuck but deferred are in rounds.recovery_deferred alone.
SELECT plan_id, count(DISTINCT round_id) AS rounds, count(*) AS recoveries, count(*) FILTER (NOT ok) AS failed,
       min(round_id) AS first_round, max(round_id) AS last_round, any_value(is_drill) AS is_drill,
       count(refuted_in) AS refuted
FROM recoveries
GROUP BY plan_id
HAVING count(DISTINCT round_id) > 1
ORDER BY rounds DESC, recoveries DESC, plan_id
LIMIT 50;
