-- VAL12-03: from round 10 on, a listing paged to its end reached the fleet's target.
INSERT INTO check_row BY NAME
SELECT 'VAL12-03' AS id, 'fleet_target_reached' AS name,
       verdict_word(f.plan_count_from_round_10 >= t.plan_count, k.is_checkpoint AND f.total_rounds < t.fleet_round) AS verdict,
       f.plan_count_from_round_10 AS value, t.plan_count AS target,
       'plan_count=' || shown_count(f.plan_count_from_round_10) || ', target=' || shown_target(t.plan_count)
         || CASE WHEN f.total_rounds < t.fleet_round THEN CASE WHEN k.is_checkpoint THEN ', ' ELSE ', not measured: ' END || f.total_rounds || ' of ' || t.fleet_round || ' rounds'
              WHEN f.plan_count_from_round_10 IS NULL THEN ', not measured' ELSE '' END AS detail
FROM figures f, targets t, soak k;
