-- VAL12-01: the first setup passed, health answered 200, and the control plane was up within the target.
INSERT INTO check_row BY NAME
WITH said AS (
  SELECT setup_value('result') AS result, setup_value('health_http_code') AS health_http_code, text_number(setup_value('cp_start_ms')) AS written_ms,
         -- Its start is not measured only where every round says so too.
         coalesce(setup_value('cp_mode'), setting('CP_MODE')) = 'attached' AND NOT EXISTS (FROM round_row WHERE kind = 'recorded' AND cp_mode IS DISTINCT FROM 'attached') AS is_attached
), setup AS (
  -- Where nothing was started there is nothing to measure.
  SELECT * EXCLUDE (written_ms), CASE WHEN NOT is_attached AND written_ms >= 0 THEN written_ms END AS cp_start_ms FROM said
), judged AS (
  SELECT s.*, CASE
      WHEN NOT EXISTS (FROM setup_fact) THEN 'not measured: there is no setup-summary.txt'
      WHEN EXISTS (FROM setup_of_another) THEN 'not measured: setup-summary.txt is another soak''s, it says ' || (SELECT said FROM setup_of_another)
      WHEN EXISTS (FROM setup_twice WHERE key IN ('result', 'health_http_code', 'cp_start_ms', 'cp_mode')) THEN 'not measured: setup-summary.txt contradicts itself'
      WHEN result IS DISTINCT FROM 'PASS' THEN 'setup-summary.txt says result: ' || coalesce(result, 'nothing') || coalesce(', ' || setup_value('reason'), '')
      WHEN health_http_code IS DISTINCT FROM '200' THEN 'setup-summary.txt says health_http_code: ' || coalesce(health_http_code, 'nothing')
      WHEN s.cp_start_ms IS NULL AND NOT is_attached THEN 'cp_start_ms not measured: setup-summary.txt says ' || coalesce(setup_value('cp_start_ms'), 'nothing')
      WHEN s.cp_start_ms > t.cp_start_ms THEN 'cp_start_ms=' || shown_ms(s.cp_start_ms, true) || ', target=' || t.cp_start_ms || ' (setup-summary.txt)'
    END AS reason,
    CASE WHEN is_attached THEN 'attached: start not measured' END AS unmeasured
  FROM setup s, targets t
)
SELECT 'VAL12-01' AS id, 'framework_provisioned' AS name, verdict_word(j.reason IS NULL, false) AS verdict, j.cp_start_ms AS value, t.cp_start_ms AS target,
       coalesce(j.reason, j.unmeasured, '') AS detail,
       -- Only the first setup writes the file; a soak that the bash scripts began may still get one.
       outlook_word(j.reason IS NULL OR NOT s.is_there AND c.rounds > 0, j.reason IS NOT NULL, false) AS outlook,
       CASE WHEN j.reason IS NULL THEN coalesce(j.unmeasured, 'up in ' || shown_ms(j.cp_start_ms, false) || ' of ' || t.cp_start_ms || ' ms')
         WHEN s.is_there THEN j.reason ELSE 'there is no setup-summary.txt' END AS margin
FROM judged j, targets t, to_come c, (SELECT count(*) > 0 AS is_there FROM setup_fact) s;
