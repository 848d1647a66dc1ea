-- VAL12-07: the largest round p99 of days 1-7; the pooled p99 is shown elsewhere, the stricter one judges.
INSERT INTO check_row BY NAME
SELECT 'VAL12-07' AS id, 'latency_maintained_7d' AS name,
       verdict_word(k.early_days_passed AND f.p99_ms_7d <= t.p99_ms, k.may_pend AND NOT k.early_days_passed) AS verdict,
       f.p99_ms_7d AS value, t.p99_ms AS target,
       'p99_7d=' || shown_ms_unit(f.p99_ms_7d, f.p99_ms_7d > t.p99_ms) || ', target=' || shown_target(t.p99_ms) || 'ms'
         || CASE WHEN NOT k.early_days_passed THEN early_days_missing(k.soak_days, k.early_days, k.may_pend)
              WHEN f.p99_ms_7d IS NULL THEN ', not measured' ELSE '' END AS detail,
       outlook_word(k.soak_days >= k.early_days AND (f.p99_ms_7d <= t.p99_ms OR f.p99_ms_7d IS NULL AND c.rounds_7d > 0),
         c.rounds_7d > 0 OR (f.p99_ms_7d <= t.p99_ms) IS NOT TRUE, f.p99_ms_7d IS NOT NULL) AS outlook,
       CASE WHEN k.soak_days < k.early_days THEN no_such_day(k.soak_days, k.early_days)
         ELSE 'worst round ' || shown_ms(f.p99_ms_7d, f.p99_ms_7d > t.p99_ms) || ' of ' || shown_target(t.p99_ms) || ' ms'
           || CASE WHEN c.rounds_7d > 0 THEN ', ' || c.rounds_7d || ' rounds to come' ELSE '' END END AS margin,
       CASE WHEN k.soak_days < k.early_days THEN NULL WHEN f.p99_ms_7d IS NULL THEN c.closing_round_id_7d
         ELSE (SELECT arg_min(r.round_id, r.round) FROM round_row r, targets t, soak k WHERE r.counted AND r.soak_day <= k.early_days AND r.p99_ms > t.p99_ms) END AS lost_since_round_id,
       'days 1-7' AS p99_span
FROM figures f, targets t, soak k, to_come c;
