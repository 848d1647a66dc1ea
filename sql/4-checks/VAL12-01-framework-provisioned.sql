-- VAL12-01: the first setup passed, health answered 200, and the control plane was up within the target.
INSERT INTO check_row BY NAME
WITH setup AS (
  SELECT setup_value('result') AS result, setup_value('health_http_code') AS health_http_code,
         -- Nothing was started, so nothing was slow.
         CASE WHEN coalesce(setup_value('cp_mode'), setting('CP_MODE')) = 'attached' THEN 0.0 ELSE text_number(setup_value('cp_start_ms')) END AS cp_start_ms
), judged AS (
  SELECT s.*, CASE
      WHEN NOT EXISTS (FROM setup_fact) THEN 'not measured: there is no setup-summary.txt'
      WHEN result IS DISTINCT FROM 'PASS' THEN 'setup-summary.txt says result: ' || coalesce(result, 'nothing') || coalesce(', ' || setup_value('reason'), '')
      WHEN health_http_code IS DISTINCT FROM '200' THEN 'setup-summary.txt says health_http_code: ' || coalesce(health_http_code, 'nothing')
      WHEN s.cp_start_ms IS NULL THEN 'cp_start_ms not measured: setup-summary.txt says ' || coalesce(setup_value('cp_start_ms'), 'nothing')
      WHEN s.cp_start_ms > t.cp_start_ms THEN 'cp_start_ms=' || shown_ms(s.cp_start_ms, true) || ', target=' || t.cp_start_ms || ' (setup-summary.txt)'
    END AS reason
  FROM setup s, targets t
)
SELECT 'VAL12-01' AS id, 'framework_provisioned' AS name, verdict_word(j.reason IS NULL, false) AS verdict, j.cp_start_ms AS value, t.cp_start_ms AS target, coalesce(j.reason, '') AS detail,
       -- Only the first setup writes the file; a soak that the bash scripts began may still get one.
       outlook_word(j.reason IS NULL OR NOT s.is_there AND c.rounds > 0, j.reason IS NOT NULL, false) AS outlook,
       CASE WHEN j.reason IS NULL THEN 'up in ' || shown_ms(j.cp_start_ms, false) || ' of ' || t.cp_start_ms || ' ms' WHEN s.is_there THEN j.reason ELSE 'there is no setup-summary.txt' END AS margin
FROM judged j, targets t, to_come c, (SELECT count(*) > 0 AS is_there FROM setup_fact) s;
