-- C3: no round's p99 ever exceeded the target.
INSERT INTO claim_row BY NAME
SELECT 'C3' AS id, 'latency_throughout' AS name,
       CASE WHEN f.max_p99_ms > t.p99_ms THEN 'FAIL' ELSE verdict_word(f.max_p99_ms <= t.p99_ms, k.is_checkpoint AND NOT k.has_ended) END AS verdict,
       f.max_p99_ms AS value, t.p99_ms AS target,
       'max_p99=' || shown_ms_unit(f.max_p99_ms, f.max_p99_ms > t.p99_ms) || ', pooled_p99=' || shown_ms_unit(f.pooled_p99_ms, f.pooled_p99_ms > t.p99_ms)
         || ', target=' || shown_target(t.p99_ms) || 'ms' || CASE WHEN f.max_p99_ms IS NULL THEN ', not measured' ELSE '' END AS detail
FROM figures f, targets t, soak k;
