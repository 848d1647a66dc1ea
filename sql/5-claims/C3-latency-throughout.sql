-- C3: no round's p99 ever exceeded the target.
INSERT INTO claim_row BY NAME
SELECT 'C3' AS id, 'latency_throughout' AS name,
       CASE WHEN f.max_p99_ms > t.p99_ms THEN 'FAIL' ELSE verdict_word(f.max_p99_ms <= t.p99_ms, k.is_checkpoint AND NOT k.has_ended) END AS verdict,
       f.max_p99_ms AS value, t.p99_ms AS target,
       'max_p99=' || shown_ms_unit(f.max_p99_ms, f.max_p99_ms > t.p99_ms) || ', pooled_p99=' || shown_ms_unit(f.pooled_p99_ms, f.pooled_p99_ms > t.p99_ms)
         || ', target=' || shown_target(t.p99_ms) || 'ms' || CASE WHEN f.max_p99_ms IS NULL THEN ', not measured' ELSE '' END AS detail,
       outlook_word(f.max_p99_ms <= t.p99_ms OR f.max_p99_ms IS NULL AND c.rounds > 0, c.rounds > 0 OR (f.max_p99_ms <= t.p99_ms) IS NOT TRUE, f.max_p99_ms IS NOT NULL) AS outlook,
       'worst round ' || shown_ms(f.max_p99_ms, f.max_p99_ms > t.p99_ms) || ' of ' || shown_target(t.p99_ms) || ' ms' AS margin,
       CASE WHEN f.max_p99_ms IS NULL THEN c.closing_round_id ELSE o.first_over END AS lost_since_round_id,
       b.p99_ms AS estimate, b.low_ms AS confidence_low, b.high_ms AS confidence_high,
       -- The claim is about every round; how many of them may be slower is a rate like any other.
       shown_p99_confidence(b.low_ms, b.high_ms, b.creates) || '; ' || o.over || ' of ' || o.rounds || ' rounds above ' || shown_target(t.p99_ms) || ' ms: 95 % interval '
         || shown_interval(100 * clopper_pearson_low(o.over, o.rounds), 100 * clopper_pearson_high(o.over, o.rounds), 2) || ' %' AS confidence_text
FROM figures f, targets t, soak k, to_come c, p99_bound b,
  (SELECT arg_min(r.round_id, r.round) FILTER (r.p99_ms > t.p99_ms) AS first_over, count(*) FILTER (r.p99_ms > t.p99_ms) AS over, count(*) AS rounds
   FROM round_row r, targets t WHERE r.counted AND r.p99_ms IS NOT NULL) o
WHERE b.span = 'soak';
