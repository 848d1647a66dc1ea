-- VAL12-07: the largest round p99 of days 1-7; the pooled p99 is shown elsewhere, the stricter one judges.
INSERT INTO check_row BY NAME
SELECT 'VAL12-07' AS id, 'latency_maintained_7d' AS name, 'The largest p99 of any round, days 1–' || k.early_days
  || '.' AS question,
       verdict_word(k.early_days_passed AND f.p99_ms_7d <= t.p99_ms, k.may_pend AND NOT k.early_days_passed) AS verdict,
       f.p99_ms_7d AS value, '≤' AS comparison, t.p99_ms AS target, 'ms' AS unit,
       ['SOAK_STARTED_AT', 'ROUND_INTERVAL_SECONDS', 'TARGET_P99_MS'] AS rests_on
FROM figures f, targets t, soak k;

INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(k.soak_days >= k.early_days AND (r.value <= r.target OR r.value IS NULL AND c.rounds_7d > 0),
         c.rounds_7d > 0 OR (r.value <= r.target) IS NOT TRUE, r.value IS NOT NULL) AS outlook,
       CASE WHEN k.soak_days < k.early_days THEN NULL WHEN r.value IS NULL THEN c.closing_round_id_7d
         ELSE first_slow_round(k.early_days) END AS lost_since_round_id,
       'days 1-7' AS p99_span
FROM check_row r, soak k, to_come c WHERE r.id = 'VAL12-07';

INSERT INTO check_words BY NAME
SELECT r.id, latency_words('p99_7d', r.value, r.target)
         || CASE WHEN k.early_days_passed THEN unless_measured(r.value)
           ELSE early_days_missing(k.soak_days, k.early_days, k.may_pend) END AS detail,
       CASE WHEN k.soak_days < k.early_days THEN no_such_day(k.soak_days, k.early_days)
         ELSE worst_round_words(r.value, r.target) || to_come_words(c.rounds_7d) END AS margin,
       'p99_ms of the round summaries of days 1–7' AS files
FROM check_row r, soak k, to_come c WHERE r.id = 'VAL12-07';

INSERT INTO check_round BY NAME SELECT 'VAL12-07' AS id, r.* FROM slow_rounds(true) r;

INSERT INTO check_gap BY NAME SELECT 'VAL12-07' AS id, g.* FROM latency_gap(true) g;

INSERT INTO check_outset_cause BY NAME SELECT 'VAL12-07' AS id, no_create_is_that_fast() AS cause FROM reach
  WHERE p99_ms = 0;
