-- VAL12-04: the p99 of round 1, before anything accumulated.
INSERT INTO check_row BY NAME
SELECT 'VAL12-04' AS id, 'latency_baseline' AS name, 'The p99 of round 1, before anything accumulated.' AS question,
       verdict_word(o.is_recorded AND o.p99_ms <= t.p99_ms, false) AS verdict,
       o.p99_ms AS value, '≤' AS comparison, t.p99_ms AS target, 'ms' AS unit,
       ['SOAK_STARTED_AT', 'ROUND_INTERVAL_SECONDS', 'TARGET_P99_MS'] AS rests_on
FROM targets t LEFT JOIN round_one o ON true;

INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(r.verdict = 'PASS' OR o.round_id IS NULL AND c.rounds > 0, r.verdict <> 'PASS',
  false) AS outlook,
       CASE WHEN r.verdict <> 'PASS' THEN o.round_id END AS lost_since_round_id, 'round 1' AS p99_span
FROM check_row r LEFT JOIN round_one o ON true, to_come c WHERE r.id = 'VAL12-04';

INSERT INTO check_words BY NAME
SELECT r.id, latency_words('p99', r.value, r.target) || CASE WHEN o.is_recorded = false THEN ', round 1 was interrupted'
  ELSE unless_measured(r.value) END AS detail,
       CASE WHEN o.round_id IS NULL THEN 'first measured in round 1'
         WHEN o.is_recorded THEN shown_ms_of(r.value, r.verdict <> 'PASS', r.target)
         ELSE 'round 1 was interrupted' END AS margin,
       'round 1’s round-summary.json and create-times.txt' AS files
FROM check_row r LEFT JOIN round_one o ON true WHERE r.id = 'VAL12-04';

INSERT INTO check_round BY NAME
SELECT 'VAL12-04' AS id, round_id, 'create-times.txt' AS file, says_p99(p99_ms, false) AS says FROM round_row
  WHERE counted AND round = 1;

INSERT INTO check_outset_cause BY NAME SELECT 'VAL12-04' AS id, no_create_is_that_fast() AS cause FROM reach
  WHERE p99_ms = 0;
