-- C4: healthy slots among the scheduled ones; a round that never ran counts against it.
INSERT INTO claim_row BY NAME
WITH judged AS (
  SELECT f.*, t.uptime_pct AS target, t.uptime_pct_text AS target_text, percentage_reaches(f.healthy_slots, f.scheduled_rounds, t.uptime_pct) AS passes
  FROM figures f, targets t
)
SELECT 'C4' AS id, 'availability_scheduled' AS name, verdict_word(passes, k.is_checkpoint AND NOT k.has_ended) AS verdict,
       scheduled_uptime_pct AS value, target,
       'scheduled_uptime=' || CASE WHEN scheduled_rounds = 0 THEN 'n/a' ELSE shown_pct(scheduled_uptime_pct, NOT passes) || '%' END || ', target=' || target_text || '%'
         || ', healthy ' || healthy_slots || ' of ' || scheduled_rounds || ' slots'
         || CASE WHEN missed_rounds > 0 THEN ', ' || missed_rounds || ' missed' ELSE '' END
         || CASE WHEN scheduled_rounds = 0 THEN ', not measured' ELSE '' END AS detail
FROM judged, soak k;
