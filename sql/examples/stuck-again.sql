-- Which plans were stuck more than once?
--
-- One row per plan that was recovered in more than one round, most often first. A recovery that reported success and
-- had to be repeated did not help; if a later scan shows that it did nothing, it is refuted. Deferred plans are counted
-- only in rounds.recovery_deferred.
SELECT plan_id, count(DISTINCT round_id) AS rounds, count(*) AS recoveries, count(*) FILTER (NOT ok) AS failed,
       min(round_id) AS first_round, max(round_id) AS last_round, any_value(is_drill) AS is_drill,
       count(refuted_in) AS refuted
FROM recoveries
GROUP BY plan_id
HAVING count(DISTINCT round_id) > 1
ORDER BY rounds DESC, recoveries DESC, plan_id
LIMIT 50;
