-- VAL12-08: healthy rounds among those that ran; the percentage alone decides (the plan's "43 rounds" is wrong).
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT f.*, t.uptime_pct AS target, t.uptime_pct_text AS target_text, percentage_reaches(f.healthy_rounds, f.total_rounds, t.uptime_pct) AS passes
  FROM figures f, targets t
)
SELECT 'VAL12-08' AS id, 'cp_availability' AS name, verdict_word(passes, k.is_checkpoint AND NOT k.has_ended) AS verdict,
       uptime_pct AS value, target,
       'uptime=' || CASE WHEN total_rounds = 0 THEN 'n/a' ELSE shown_pct(uptime_pct, NOT passes) || '%' END || ', target=' || target_text || '%'
         || CASE WHEN total_rounds = 0 THEN ', not measured' ELSE '' END AS detail
FROM judged, soak k;
