-- C4: healthy slots among the scheduled ones; a round that never ran counts against it.
INSERT INTO claim_row BY NAME
WITH bad_slot AS (
  -- A slot that has not passed is bad as soon as one of its rounds is.
  SELECT slot, min(s.starts_at) AS starts_at, arg_min(r.round_id, r.round) AS round_id, row_number() OVER (ORDER BY slot) AS place
  FROM slot_row s FULL JOIN (SELECT slot, round_id, round FROM round_row WHERE counted AND NOT healthy) r USING (slot)
  WHERE s.healthy IS NOT TRUE GROUP BY slot
), slots_left AS (
  SELECT count(*) AS bad_slots,
         any_value(b.round_id) FILTER (b.place = failures_allowed_pct(k.total_slots, t.uptime_pct) + 1) AS lost_round_id,
         any_value(b.starts_at) FILTER (b.place = failures_allowed_pct(k.total_slots, t.uptime_pct) + 1 AND b.round_id IS NULL) AS lost_at
  FROM bad_slot b, soak k, targets t
), judged AS (
  SELECT f.*, t.uptime_pct AS target, t.uptime_pct_text AS target_text, percentage_reaches(f.healthy_slots, f.scheduled_rounds, t.uptime_pct) AS passes
  FROM figures f, targets t
)
SELECT 'C4' AS id, 'availability_scheduled' AS name, verdict_word(passes, k.may_pend) AS verdict,
       scheduled_uptime_pct AS value, target,
       'scheduled_uptime=' || CASE WHEN scheduled_rounds = 0 THEN 'n/a' ELSE shown_pct(scheduled_uptime_pct, NOT passes) || '%' END || ', target=' || target_text || '%'
         || ', healthy ' || healthy_slots || ' of ' || scheduled_rounds || ' slots'
         || CASE WHEN missed_rounds > 0 THEN ', ' || missed_rounds || ' missed' ELSE '' END
         || CASE WHEN scheduled_rounds = 0 THEN ', not measured' ELSE '' END AS detail,
       -- At worst each round to come spoils a slot; one whose round is there already is spoilt by none.
       outlook_word(bad_slots <= failures_allowed_pct(k.total_slots, target), bad_slots + c.rounds > failures_allowed_pct(k.total_slots, target), scheduled_rounds > 0, is_behind := passes IS NOT TRUE) AS outlook,
       shown_budget(bad_slots, failures_allowed_pct(k.total_slots, target), 'unhealthy slots') || CASE WHEN lost_at IS NOT NULL THEN '; lost by the slot of ' || shown_instant(lost_at) ELSE '' END AS margin,
       lost_round_id AS lost_since_round_id,
       healthy_slots AS rate_ok, scheduled_rounds AS rate_of, 'slots' AS rate_things
FROM judged, soak k, slots_left, to_come c;
