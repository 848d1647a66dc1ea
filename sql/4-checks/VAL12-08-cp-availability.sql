-- VAL12-08: healthy rounds among those that ran; the percentage alone decides (the plan's "43 rounds" is wrong).
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT f.*, t.uptime_pct AS target, t.uptime_pct_text AS target_text, percentage_reaches(f.healthy_rounds, f.total_rounds, t.uptime_pct) AS passes,
         f.total_rounds - f.healthy_rounds AS unhealthy_rounds, c.rounds AS rounds_to_come, f.total_rounds + c.rounds AS rounds_in_the_end
  FROM figures f, targets t, to_come c
)
SELECT 'VAL12-08' AS id, 'cp_availability' AS name, verdict_word(passes, k.may_pend) AS verdict,
       uptime_pct AS value, target,
       'uptime=' || CASE WHEN total_rounds = 0 THEN 'n/a' ELSE shown_pct(uptime_pct, NOT passes) || '%' END || ', target=' || target_text || '%'
         || CASE WHEN total_rounds = 0 THEN ', not measured' ELSE '' END AS detail,
       outlook_word(percentage_reaches(healthy_rounds + rounds_to_come, rounds_in_the_end, target), NOT (total_rounds > 0 AND percentage_reaches(healthy_rounds, rounds_in_the_end, target)), total_rounds > 0) AS outlook,
       shown_budget(unhealthy_rounds, failures_allowed_pct(rounds_in_the_end, target), 'failed rounds') AS margin,
       -- The rounds that can still run lower the share of one that failed, so a missed slot can decide too: then no round did.
       (SELECT arg_max(r.round_id, r.round) FROM round_course r, targets t
        WHERE r.unhealthy > failures_allowed_pct(r.round + r.after_slots, t.uptime_pct) AND r.unhealthy_before <= failures_allowed_pct(r.round - 1 + r.before_slots, t.uptime_pct)) AS lost_since_round_id,
       healthy_rounds AS rate_ok, total_rounds AS rate_of, 'rounds' AS rate_things
FROM judged, soak k;
