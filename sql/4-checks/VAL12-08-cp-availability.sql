-- VAL12-08: healthy rounds among those that ran, and healthy slots among those in which rounds ran; the worse share decides, so that no number of good
-- rounds beside a bad one in its slot makes up for it. The percentage alone decides (the plan's "43 rounds" is wrong).
INSERT INTO check_row BY NAME
WITH counted AS (
  SELECT f.*, t.uptime_pct AS target, t.uptime_pct_text AS target_text, f.total_rounds - f.healthy_rounds AS bad_rounds, f.slots_with_rounds - f.healthy_slots_with_rounds AS bad_slots,
         f.total_rounds + c.rounds AS rounds_in_the_end, f.slots_with_rounds + c.slots AS slots_in_the_end,
         -- A round that runs in a slot which has one already can spoil it.
         c.rounds - c.slots AS slots_at_risk
  FROM figures f, targets t, to_come c
), judged AS (
  SELECT *, failures_allowed_pct(rounds_in_the_end, target) AS rounds_allowed, failures_allowed_pct(slots_in_the_end, target) AS slots_allowed,
         healthy_slots_with_rounds * total_rounds < healthy_rounds * slots_with_rounds AS slots_are_worse, healthy_slots_with_rounds * total_rounds <> healthy_rounds * slots_with_rounds AS they_differ,
         percentage_reaches(healthy_rounds, total_rounds, target) AND percentage_reaches(healthy_slots_with_rounds, slots_with_rounds, target) AS passes
  FROM counted
), lost AS (
  -- The rounds that can still run lower the share of one that failed, so a missed slot can decide too: then no round did.
  SELECT (SELECT arg_max(r.round_id, r.round) FROM round_course r
          WHERE r.unhealthy > failures_allowed_pct(r.round + r.after_slots, t.uptime_pct) AND r.unhealthy_before <= failures_allowed_pct(r.round - 1 + r.before_slots, t.uptime_pct)) AS by_rounds,
         (SELECT arg_max(r.round_id, r.round) FROM round_course r
          WHERE r.bad_slots > failures_allowed_pct(r.slots + r.after_slots, t.uptime_pct)
            AND r.bad_slots - CASE WHEN r.spoils THEN 1 ELSE 0 END <= failures_allowed_pct(r.slots - CASE WHEN r.is_first THEN 1 ELSE 0 END + r.before_slots, t.uptime_pct)) AS by_slots
  FROM targets t
)
SELECT 'VAL12-08' AS id, 'cp_availability' AS name, verdict_word(passes, k.may_pend) AS verdict,
       least(uptime_pct, slot_uptime_pct) AS value, target,
       'uptime=' || CASE WHEN total_rounds = 0 THEN 'n/a' ELSE shown_pct(least(uptime_pct, slot_uptime_pct), NOT passes) || '%' END || ', target=' || target_text || '%'
         || CASE WHEN they_differ THEN ', by rounds ' || shown_pct(uptime_pct, NOT percentage_reaches(healthy_rounds, total_rounds, target)) || '% (' || healthy_rounds || ' of ' || total_rounds || '), by slots '
              || shown_pct(slot_uptime_pct, NOT percentage_reaches(healthy_slots_with_rounds, slots_with_rounds, target)) || '% (' || healthy_slots_with_rounds || ' of ' || slots_with_rounds || ' with rounds)' ELSE '' END
         || CASE WHEN total_rounds = 0 THEN ', not measured' ELSE '' END AS detail,
       outlook_word(bad_rounds <= rounds_allowed AND bad_slots <= slots_allowed AND rounds_in_the_end > 0,
         NOT (total_rounds > 0 AND percentage_reaches(healthy_rounds, rounds_in_the_end, target) AND percentage_reaches(healthy_slots_with_rounds - slots_at_risk, slots_in_the_end, target)), total_rounds > 0,
         is_behind := passes IS NOT TRUE) AS outlook,
       CASE WHEN slots_allowed - bad_slots < rounds_allowed - bad_rounds THEN shown_budget(bad_slots, slots_allowed, 'unhealthy slots with rounds')
         ELSE shown_budget(bad_rounds, rounds_allowed, 'failed rounds') END AS margin,
       CASE WHEN bad_rounds <= rounds_allowed THEN by_slots WHEN bad_slots <= slots_allowed THEN by_rounds WHEN by_slots IS NOT NULL AND by_rounds IS NOT NULL THEN least(by_slots, by_rounds) END AS lost_since_round_id,
       CASE WHEN slots_are_worse THEN healthy_slots_with_rounds ELSE healthy_rounds END AS rate_ok, CASE WHEN slots_are_worse THEN slots_with_rounds ELSE total_rounds END AS rate_of,
       CASE WHEN slots_are_worse THEN 'slots' ELSE 'rounds' END AS rate_things
FROM judged, lost, soak k;
