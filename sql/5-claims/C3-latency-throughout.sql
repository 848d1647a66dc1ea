-- C3: no round's p99 ever exceeded the target.
INSERT INTO check_row BY NAME
SELECT 'C3' AS id, 'latency_throughout' AS name, 'claim' AS kind,
       'The largest p99 of any round of the soak.' AS question,
       CASE WHEN f.max_p99_ms > t.p99_ms THEN 'FAIL' ELSE verdict_word(f.max_p99_ms <= t.p99_ms,
         k.may_pend) END AS verdict,
       f.max_p99_ms AS value, '≤' AS comparison, t.p99_ms AS target, 'ms' AS unit, 'Slowest round’s p99' AS key_figure,
       ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS', 'TARGET_P99_MS'] AS rests_on
FROM figures f, targets t, soak k;

INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(r.value <= r.target OR r.value IS NULL AND c.rounds > 0, c.rounds > 0
  OR (r.value <= r.target) IS NOT TRUE,
         r.value IS NOT NULL) AS outlook,
       CASE WHEN r.value IS NULL THEN c.closing_round_id ELSE first_slow_round(k.soak_days) END AS lost_since_round_id,
       'soak' AS p99_span
FROM check_row r, soak k, to_come c WHERE r.id = 'C3';

INSERT INTO check_words BY NAME
SELECT 'C3' AS id, p99_words('max_p99', f.max_p99_ms, t.p99_ms) || ', '
  || latency_words('pooled_p99', f.pooled_p99_ms, t.p99_ms) || unless_measured(f.max_p99_ms) AS detail,
       worst_round_words(f.max_p99_ms, t.p99_ms) AS margin,
       'p99_ms of ' || shown_thousands_of(f.total_rounds, 'round summaries') || '; all creates pooled: '
         || shown_ms(f.pooled_p99_ms, false) || ' ms' AS files
FROM figures f, targets t;

INSERT INTO check_round BY NAME SELECT 'C3' AS id, r.* FROM slow_rounds(false) r;

INSERT INTO check_gap BY NAME SELECT 'C3' AS id, g.* FROM latency_gap(false) g;
INSERT INTO check_gap BY NAME SELECT 'C3' AS id, g.* FROM day_gap('no latency measured') g;

INSERT INTO check_outset_cause BY NAME SELECT 'C3' AS id, no_create_is_that_fast() AS cause FROM reach WHERE p99_ms = 0;
