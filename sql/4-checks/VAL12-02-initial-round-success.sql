-- VAL12-02: round 1 created every plan without an error.
INSERT INTO check_row BY NAME
SELECT 'VAL12-02' AS id, 'initial_round_success' AS name, 'Round 1 created every plan without an error.' AS question,
       verdict_word(o.is_recorded AND o.create_errors = t.create_errors AND o.create_ok = t.plans_per_round,
         false) AS verdict,
       o.create_errors AS value, '=' AS comparison, t.create_errors AS target, 'count' AS unit,
       ['SOAK_STARTED_AT', 'ROUND_INTERVAL_SECONDS', 'PLANS_PER_ROUND'] AS rests_on
FROM targets t LEFT JOIN round_one o ON true;

INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(r.verdict = 'PASS' OR o.round_id IS NULL AND c.rounds > 0, r.verdict <> 'PASS',
  false) AS outlook,
       CASE WHEN r.verdict <> 'PASS' THEN o.round_id END AS lost_since_round_id
FROM check_row r LEFT JOIN round_one o ON true, to_come c WHERE r.id = 'VAL12-02';

INSERT INTO check_words BY NAME
WITH judged AS (
  SELECT r.id, r.verdict = 'PASS' AS passes, o.round_id, o.create_ok, t.plans_per_round, CASE
      WHEN o.round_id IS NULL THEN 'not measured: round 1 is missing'
      WHEN NOT o.is_recorded THEN 'round 1 was interrupted'
      WHEN o.create_errors IS NULL OR o.create_ok IS NULL
        THEN 'not measured: create_ok=' || shown_count(o.create_ok) || ', create_errors='
          || shown_count(o.create_errors)
      ELSE 'create_errors=' || o.create_errors || ', create_ok=' || o.create_ok || ' of ' || t.plans_per_round
    END AS reason
  FROM check_row r LEFT JOIN round_one o ON true, targets t WHERE r.id = 'VAL12-02'
)
SELECT id, CASE WHEN passes THEN '' ELSE reason END AS detail,
       CASE WHEN round_id IS NULL THEN 'first measured in round 1'
         WHEN passes THEN create_ok || ' of ' || plans_per_round || ' created in round 1'
         ELSE reason END AS margin,
       'round 1’s round-summary.json' AS files
FROM judged;

INSERT INTO check_round BY NAME
SELECT 'VAL12-02' AS id, round_id, 'round-summary.json' AS file,
       'create_ok=' || shown_count(create_ok) || ', create_errors=' || shown_count(create_errors) AS says
FROM round_row WHERE counted AND round = 1;
