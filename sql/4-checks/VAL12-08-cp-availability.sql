-- VAL12-08: healthy rounds among those that ran, and healthy slots among those in which rounds ran; the worse share
-- decides, so that no number of good rounds beside a bad one in its slot makes up for it. The percentage alone decides
-- (the plan's "43 rounds" is wrong).
INSERT INTO check_row BY NAME
SELECT 'VAL12-08' AS id, 'cp_availability' AS name, 'Healthy rounds among those that ran.' AS question,
       verdict_word(percentage_reaches(f.healthy_rounds, f.total_rounds, t.uptime_pct)
         AND percentage_reaches(f.healthy_slots_with_rounds, f.slots_with_rounds, t.uptime_pct), k.may_pend) AS verdict,
       least(f.uptime_pct, f.slot_uptime_pct) AS value, '≥' AS comparison, t.uptime_pct AS target, 'pct' AS unit,
       'Availability' AS key_figure, ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS',
         'TARGET_UPTIME_PCT'] AS rests_on
FROM figures f, targets t, soak k;

-- One row: how many may still fail, of the rounds and of the slots that there are in the end.
CREATE TABLE availability_left AS
WITH counted AS (
  SELECT f.*, t.uptime_pct AS target, f.total_rounds - f.healthy_rounds AS bad_rounds,
         f.slots_with_rounds - f.healthy_slots_with_rounds AS bad_slots,
         f.total_rounds + c.rounds AS rounds_in_the_end, f.slots_with_rounds + c.slots AS slots_in_the_end,
         -- A round that runs in a slot which has one already can spoil it.
         c.rounds - c.slots AS slots_at_risk
  FROM figures f, targets t, to_come c
)
SELECT *, failures_allowed_pct(rounds_in_the_end, target) AS rounds_allowed,
       failures_allowed_pct(slots_in_the_end, target) AS slots_allowed,
       percentage_reaches(healthy_rounds, total_rounds, target) AS rounds_reach,
       percentage_reaches(healthy_slots_with_rounds, slots_with_rounds, target) AS slots_reach,
       healthy_slots_with_rounds * total_rounds < healthy_rounds * slots_with_rounds AS slots_are_worse
FROM counted;

INSERT INTO check_outlook BY NAME
WITH lost AS (
  -- The rounds that can still run lower the share of one that failed, so a missed slot can decide too: then no round
  -- did.
  SELECT (SELECT arg_max(r.round_id, r.round) FROM round_course r
          WHERE r.unhealthy > failures_allowed_pct(r.round + r.after_slots, t.uptime_pct)
            AND r.unhealthy_before <= failures_allowed_pct(r.round - 1 + r.before_slots, t.uptime_pct)) AS by_rounds,
         (SELECT arg_max(r.round_id, r.round) FROM round_course r
          WHERE r.bad_slots > failures_allowed_pct(r.slots + r.after_slots, t.uptime_pct)
            AND r.bad_slots - CASE WHEN r.spoils THEN 1 ELSE 0 END
              <= failures_allowed_pct(r.slots - CASE WHEN r.is_first THEN 1 ELSE 0 END + r.before_slots,
                t.uptime_pct)) AS by_slots
  FROM targets t
)
SELECT r.id, outlook_word(bad_rounds <= rounds_allowed AND bad_slots <= slots_allowed AND rounds_in_the_end > 0,
         NOT (total_rounds > 0 AND percentage_reaches(healthy_rounds, rounds_in_the_end, a.target)
           AND percentage_reaches(healthy_slots_with_rounds - slots_at_risk, slots_in_the_end, a.target)),
             total_rounds > 0,
         is_behind := (rounds_reach AND slots_reach) IS NOT TRUE) AS outlook,
       CASE WHEN bad_rounds <= rounds_allowed THEN by_slots WHEN bad_slots <= slots_allowed THEN by_rounds
         WHEN by_slots IS NOT NULL AND by_rounds IS NOT NULL THEN least(by_slots, by_rounds) END AS lost_since_round_id,
       CASE WHEN slots_are_worse THEN healthy_slots_with_rounds ELSE healthy_rounds END AS rate_ok,
       CASE WHEN slots_are_worse THEN slots_with_rounds ELSE total_rounds END AS rate_of,
       CASE WHEN slots_are_worse THEN 'slots' ELSE 'rounds' END AS rate_things
FROM check_row r, availability_left a, lost WHERE r.id = 'VAL12-08';

INSERT INTO check_words BY NAME
SELECT r.id, 'uptime=' || pct_words(r.value, a.total_rounds, rounds_reach AND slots_reach) || ', target='
  || t.uptime_pct_text || '%'
         || CASE WHEN healthy_slots_with_rounds * total_rounds = healthy_rounds * slots_with_rounds THEN ''
              ELSE ', by rounds ' || pct_words(a.uptime_pct, total_rounds, rounds_reach) || ' (' || healthy_rounds
                || ' of ' || total_rounds
                || '), by slots ' || pct_words(slot_uptime_pct, slots_with_rounds, slots_reach) || ' ('
                  || healthy_slots_with_rounds || ' of '
                || slots_with_rounds || ' with rounds)' END
         || unless_any(a.total_rounds) AS detail,
       unless_none_ran(rounds_in_the_end, CASE WHEN slots_allowed - bad_slots < rounds_allowed - bad_rounds
         THEN shown_budget(bad_slots, slots_allowed, 'unhealthy slots with rounds')
         ELSE shown_budget(bad_rounds, rounds_allowed, 'unhealthy rounds') END) AS margin,
       'health and restarted of ' || shown_thousands_of(a.total_rounds, 'round summaries')
         || '; a folder without one counts as unhealthy' AS files
FROM check_row r, availability_left a, targets t WHERE r.id = 'VAL12-08';

INSERT INTO check_round BY NAME SELECT 'VAL12-08' AS id, r.* FROM unhealthy_rounds() r;
