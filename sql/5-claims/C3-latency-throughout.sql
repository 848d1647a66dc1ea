-- C3: no round's p99 ever exceeded the target.
INSERT INTO claim_row BY NAME
SELECT 'C3' AS id, 'latency_throughout' AS name,
       CASE WHEN f.max_p99_ms > t.p99_ms THEN 'FAIL' ELSE verdict_word(f.max_p99_ms <= t.p99_ms, k.may_pend) END AS verdict,
       f.max_p99_ms AS value, t.p99_ms AS target,
       'max_p99=' || shown_ms_unit(f.max_p99_ms, f.max_p99_ms > t.p99_ms) || ', pooled_p99=' || shown_ms_unit(f.pooled_p99_ms, f.pooled_p99_ms > t.p99_ms)
         || ', target=' || shown_target(t.p99_ms) || 'ms' || CASE WHEN f.max_p99_ms IS NULL THEN ', not measured' ELSE '' END AS detail,
       outlook_word(f.max_p99_ms <= t.p99_ms OR f.max_p99_ms IS NULL AND c.rounds > 0, c.rounds > 0 OR (f.max_p99_ms <= t.p99_ms) IS NOT TRUE, f.max_p99_ms IS NOT NULL) AS outlook,
       'worst round ' || shown_ms(f.max_p99_ms, f.max_p99_ms > t.p99_ms) || ' of ' || shown_target(t.p99_ms) || ' ms' AS margin,
       CASE WHEN f.max_p99_ms IS NULL THEN c.closing_round_id ELSE (SELECT arg_min(r.round_id, r.round) FROM round_row r, targets t WHERE r.counted AND r.p99_ms > t.p99_ms) END AS lost_since_round_id,
       'soak' AS p99_span
FROM figures f, targets t, soak k, to_come c;
