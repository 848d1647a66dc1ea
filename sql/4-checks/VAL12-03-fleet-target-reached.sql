-- VAL12-03: from round 10 on, a listing paged to its end reached the fleet's target.
INSERT INTO check_row BY NAME
SELECT 'VAL12-03' AS id, 'fleet_target_reached' AS name,
       verdict_word(f.plan_count_from_round_10 >= t.plan_count, k.may_pend AND f.total_rounds < t.fleet_round) AS verdict,
       f.plan_count_from_round_10 AS value, t.plan_count AS target,
       'plan_count=' || shown_count(f.plan_count_from_round_10) || ', target=' || shown_target(t.plan_count)
         || CASE WHEN f.total_rounds < t.fleet_round THEN CASE WHEN k.may_pend THEN ', ' ELSE ', not measured: ' END || f.total_rounds || ' of ' || t.fleet_round || ' rounds'
              WHEN f.plan_count_from_round_10 IS NULL THEN ', not measured' ELSE '' END AS detail,
       outlook_word(f.plan_count_from_round_10 >= t.plan_count OR c.rounds > 0 AND f.total_rounds + c.rounds >= t.fleet_round, (f.plan_count_from_round_10 >= t.plan_count) IS NOT TRUE,
         f.total_rounds >= t.fleet_round, is_behind := true) AS outlook,
       CASE WHEN f.total_rounds + c.rounds < t.fleet_round THEN 'round ' || t.fleet_round || ' cannot come: ' || f.total_rounds || ' ran, ' || c.rounds || ' to come'
         ELSE 'plan_count ' || shown_count(coalesce(f.plan_count_from_round_10, f.max_plan_count)) || ' of ' || shown_target(t.plan_count)
           || CASE WHEN f.total_rounds < t.fleet_round THEN ', first answer in round ' || t.fleet_round ELSE '' END END AS margin,
       CASE WHEN (f.plan_count_from_round_10 >= t.plan_count) IS NOT TRUE AND f.total_rounds >= t.fleet_round THEN c.closing_round_id END AS lost_since_round_id
FROM figures f, targets t, soak k, to_come c;
