-- C4: healthy slots among the scheduled ones; a round that never ran counts against it.
INSERT INTO check_row BY NAME
SELECT 'C4' AS id, 'availability_scheduled' AS name, 'claim' AS kind,
       'Healthy slots among all that were scheduled.' AS question,
       verdict_word(percentage_reaches(f.healthy_slots, f.scheduled_rounds, t.uptime_pct), k.may_pend) AS verdict,
       f.scheduled_uptime_pct AS value, '≥' AS comparison, t.uptime_pct AS target, 'pct' AS unit,
       ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS', 'TARGET_UPTIME_PCT'] AS rests_on
FROM figures f, targets t, soak k;

-- One row: how many slots of the whole soak may be bad, how many are already, and the one that lost it: by its round,
-- or by the time at which it passed without one.
CREATE TABLE slots_left AS
WITH bad_slot AS (
  -- A slot that has not passed is bad as soon as one of its rounds is.
  SELECT slot, min(s.starts_at) AS starts_at, arg_min(r.round_id, r.round) AS round_id,
         row_number() OVER (ORDER BY slot) AS place
  FROM slot_row s FULL JOIN (SELECT slot, round_id, round FROM round_row WHERE counted AND NOT healthy) r USING (slot)
  WHERE s.healthy IS NOT TRUE GROUP BY slot
), budget AS (
  SELECT failures_allowed_pct(k.total_slots, t.uptime_pct) AS allowed FROM soak k, targets t
)
SELECT a.allowed, count(b.slot) AS bad_slots, any_value(b.round_id) FILTER (b.place = a.allowed + 1) AS lost_round_id,
       any_value(b.starts_at) FILTER (b.place = a.allowed + 1 AND b.round_id IS NULL) AS lost_at
FROM budget a LEFT JOIN bad_slot b ON true GROUP BY a.allowed;

-- At worst each round to come spoils a slot; one whose round is there already is spoilt by none.
INSERT INTO check_outlook BY NAME
SELECT 'C4' AS id, outlook_word(l.bad_slots <= l.allowed, l.bad_slots + c.rounds > l.allowed, f.scheduled_rounds > 0,
         is_behind := percentage_reaches(f.healthy_slots, f.scheduled_rounds, t.uptime_pct) IS NOT TRUE) AS outlook,
       l.lost_round_id AS lost_since_round_id, f.healthy_slots AS rate_ok, f.scheduled_rounds AS rate_of,
       'slots' AS rate_things
FROM figures f, targets t, slots_left l, to_come c;

INSERT INTO check_words BY NAME
SELECT 'C4' AS id,
       'scheduled_uptime=' || pct_words(f.scheduled_uptime_pct, f.scheduled_rounds,
         percentage_reaches(f.healthy_slots, f.scheduled_rounds, t.uptime_pct))
         || ', target=' || t.uptime_pct_text || '%, '
         || slots_words('healthy', f.healthy_slots, f.scheduled_rounds)
         || CASE WHEN f.missed_rounds > 0 THEN ', ' || f.missed_rounds || ' missed' ELSE '' END
           || unless_any(f.scheduled_rounds) AS detail,
       shown_budget(l.bad_slots, l.allowed, 'unhealthy slots')
         || CASE WHEN l.lost_at IS NOT NULL THEN '; lost by the slot of ' || shown_instant(l.lost_at)
         ELSE '' END AS margin,
       shown_thousands_of(f.scheduled_rounds, 'scheduled slots') || ', ' || shown_thousands(f.missed_rounds)
         || ' of them without a round' AS files
FROM figures f, targets t, slots_left l;

INSERT INTO check_round BY NAME SELECT 'C4' AS id, r.* FROM unhealthy_rounds() r;
