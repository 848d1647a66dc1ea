-- VAL12-07: the largest round p99 of days 1-7; the pooled p99 is shown elsewhere, the stricter one judges.
INSERT INTO check_row BY NAME
SELECT 'VAL12-07' AS id, 'latency_maintained_7d' AS name,
       verdict_word(k.early_days_passed AND f.p99_ms_7d <= t.p99_ms, k.is_checkpoint AND NOT k.early_days_passed) AS verdict,
       f.p99_ms_7d AS value, t.p99_ms AS target,
       'p99_7d=' || shown_ms_unit(f.p99_ms_7d, f.p99_ms_7d > t.p99_ms) || ', target=' || shown_target(t.p99_ms) || 'ms'
         || CASE WHEN NOT k.early_days_passed THEN CASE WHEN k.is_checkpoint THEN ', ' ELSE ', not measured: ' END || k.early_days || ' days have not passed'
              WHEN f.p99_ms_7d IS NULL THEN ', not measured' ELSE '' END AS detail
FROM figures f, targets t, soak k;
