-- VAL12-01: the first setup passed, health answered 200, and the control plane was up within the target.
INSERT INTO check_row BY NAME
SELECT 'VAL12-01' AS id, 'framework_provisioned' AS name, true AS is_of_first_setup,
       'The first setup started the control plane in time, and it answered 200.' AS question,
       verdict_word(s.is_there AND s.is_ours AND s.is_clear AND s.result = 'PASS' AND s.health_http_code = '200'
         AND (s.is_attached OR s.cp_start_ms <= t.cp_start_ms), false) AS verdict,
       s.cp_start_ms AS value, '≤' AS comparison, t.cp_start_ms AS target, 'ms' AS unit, [] AS rests_on
FROM first_setup s, targets t;

-- Only the first setup writes the file; a soak that the bash scripts began may still get one.
INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(r.verdict = 'PASS' OR NOT s.is_there AND c.rounds > 0, r.verdict <> 'PASS', false) AS outlook
FROM check_row r, first_setup s, to_come c WHERE r.id = 'VAL12-01';

INSERT INTO check_words BY NAME
WITH judged AS (
  SELECT r.id, r.verdict = 'PASS' AS passes, s.*, t.cp_start_ms AS target, CASE
      WHEN NOT s.is_there THEN 'not measured: there is no setup-summary.txt'
      WHEN NOT s.is_ours THEN 'not measured: setup-summary.txt belongs to another soak, it says ' || s.of_another
      WHEN NOT s.is_clear THEN 'not measured: setup-summary.txt contradicts itself'
      WHEN s.result IS DISTINCT FROM 'PASS' THEN 'setup-summary.txt says result: ' || coalesce(s.result, 'nothing')
        || coalesce(', ' || s.why, '')
      WHEN s.health_http_code IS DISTINCT FROM '200' THEN 'setup-summary.txt says health_http_code: '
        || coalesce(s.health_http_code, 'nothing')
      WHEN s.cp_start_ms IS NULL THEN 'cp_start_ms not measured: setup-summary.txt says '
        || coalesce(s.written_cp_start_ms, 'nothing')
      ELSE 'cp_start_ms=' || shown_ms(s.cp_start_ms, true) || ', target=' || t.cp_start_ms || ' (setup-summary.txt)'
    END AS reason,
         CASE WHEN s.is_attached THEN 'attached: start not measured' END AS unmeasured
  FROM check_row r, first_setup s, targets t WHERE r.id = 'VAL12-01'
)
SELECT id, coalesce(CASE WHEN NOT passes THEN reason END, unmeasured, '') AS detail,
       CASE WHEN passes THEN coalesce(unmeasured, 'up in ' || shown_ms_of(cp_start_ms, false, target))
         WHEN is_there THEN reason ELSE 'there is no setup-summary.txt' END AS margin,
       'setup-summary.txt, as the first setup wrote it' AS files
FROM judged;

INSERT INTO check_outset BY NAME
SELECT 'VAL12-01' AS id, 'setup waits ' || start_timeout_seconds || ' s for the start (CP_START_TIMEOUT_SECONDS), but '
  || 'VAL12-01 still allows only ' || cp_start_ms || ' ms' AS sentence
FROM reach WHERE NOT is_attached AND start_timeout_seconds * 1000 > cp_start_ms;
