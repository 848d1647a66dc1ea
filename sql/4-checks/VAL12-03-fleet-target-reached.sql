-- VAL12-03: from round 10 on, a listing paged to its end reached the fleet's target.
INSERT INTO check_row BY NAME
SELECT 'VAL12-03' AS id, 'fleet_target_reached' AS name, 'From round ' || t.fleet_round
  || ' on, a complete listing reached the fleet target.' AS question,
       -- A fleet that was reached stays reached, and one that was not can still be.
       verdict_word(f.plan_count_from_round_10 >= t.plan_count, k.may_pend
         AND (f.plan_count_from_round_10 >= t.plan_count) IS NOT TRUE) AS verdict,
       f.plan_count_from_round_10 AS value, '≥' AS comparison, t.plan_count AS target, 'count' AS unit,
       'pass' AS for_gate_d,
       'Plans in store' AS key_figure, ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS',
         'TARGET_PLAN_COUNT'] AS rests_on
FROM figures f, targets t, soak k;

INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(r.value >= r.target OR c.rounds > 0 AND f.total_rounds + c.rounds >= t.fleet_round,
         (r.value >= r.target) IS NOT TRUE, f.total_rounds >= t.fleet_round, is_behind := true) AS outlook,
       CASE WHEN (r.value >= r.target) IS NOT TRUE AND f.total_rounds >= t.fleet_round
         THEN c.closing_round_id END AS lost_since_round_id
FROM check_row r, figures f, targets t, to_come c WHERE r.id = 'VAL12-03';

INSERT INTO check_words BY NAME
SELECT r.id, 'plan_count=' || shown_count(f.plan_count_from_round_10) || ', target=' || shown_target(t.plan_count)
         || CASE WHEN f.total_rounds < t.fleet_round THEN not_yet(k.may_pend) || f.total_rounds || ' of '
           || t.fleet_round || ' rounds'
              ELSE unless_measured(f.plan_count_from_round_10) END AS detail,
       CASE WHEN f.total_rounds + c.rounds < t.fleet_round
           THEN 'round ' || t.fleet_round || ' can no longer run: ' || f.total_rounds || ' ran, ' || c.rounds
             || ' to come'
         ELSE 'plan_count ' || shown_count(coalesce(f.plan_count_from_round_10, f.max_plan_count)) || ', target '
           || shown_target(t.plan_count)
           || CASE WHEN f.total_rounds < t.fleet_round THEN ', first judged in round ' || t.fleet_round
             ELSE '' END END AS margin,
       'plan_count of ' || shown_thousands_of(f.total_rounds, 'round summaries')
         || '; the round with the most plans' AS files
FROM check_row r, figures f, targets t, soak k, to_come c WHERE r.id = 'VAL12-03';

INSERT INTO check_round BY NAME
SELECT 'VAL12-03' AS id, r.round_id, 'round-summary.json' AS file, 'plan_count='
  || shown_thousands(r.plan_count) AS says
FROM round_row r, targets t WHERE r.counted AND r.plan_count IS NOT NULL AND r.round >= t.fleet_round
QUALIFY row_number() OVER (ORDER BY r.plan_count DESC, r.starts_at) = 1;

INSERT INTO check_outset BY NAME
SELECT 'VAL12-03' AS id, 'VAL12-03 needs ' || shown_target(plan_count) || ' plans at once, and ' || total_slots
  || ' rounds of '
    || plans_per_round || ' make ' || most_plans
      || ': it fails unless the control plane also lists plans of others' AS sentence
FROM reach WHERE most_plans < plan_count AND NOT is_attached
UNION ALL
SELECT 'VAL12-03', 'from round ' || fleet_round || ' on each round expects ' || shown_target(plan_count)
  || ' plans (v05_plan_count), but '
    || plans_per_round || ' a round make ' || plans_at_fleet_round || ' by then: rounds ' || fleet_round || ' to '
    || CAST(ceil(plan_count / plans_per_round) - 1 AS BIGINT) || ' will end with exit code 10'
FROM reach WHERE plans_at_fleet_round < plan_count AND most_plans >= plan_count AND NOT is_attached;
