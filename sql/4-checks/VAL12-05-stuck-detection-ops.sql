-- VAL12-05: the stuck scan answered 200 with a valid payload in every round; a round that never got to scan has failed
-- it.
INSERT INTO check_row BY NAME
SELECT 'VAL12-05' AS id, 'stuck_detection_ops' AS name,
       'Every stuck scan answered 200 with a valid list.' AS question,
       verdict_word(f.total_rounds > 0 AND f.scan_failures = t.scan_failures, false) AS verdict,
       f.scan_failures AS value, '=' AS comparison, t.scan_failures AS target, 'count' AS unit,
       ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS'] AS rests_on
FROM figures f, targets t;

INSERT INTO check_outlook BY NAME
SELECT r.id, outlook_word(r.value = r.target AND f.total_rounds + c.rounds > 0, c.rounds > 0 OR f.total_rounds = 0
  OR r.value <> r.target,
         f.total_rounds > 0) AS outlook,
       (SELECT arg_min(round_id, round) FROM round_row WHERE counted AND NOT scanned) AS lost_since_round_id
FROM check_row r, figures f, to_come c WHERE r.id = 'VAL12-05';

INSERT INTO check_words BY NAME
SELECT 'VAL12-05' AS id, 'scan_failures=' || f.scan_failures AS detail,
       unless_none_ran(f.total_rounds + c.rounds, shown_budget(f.scan_failures, t.scan_failures, 'failed scans'))
         AS margin,
       'scan_http_code and scan_ok of ' || shown_thousands_of(f.total_rounds, 'round summaries') || ', '
         || shown_thousands(f.scan_failures) || ' failed' AS files
FROM figures f, targets t, to_come c;

INSERT INTO check_round BY NAME
SELECT 'VAL12-05' AS id, round_id, CASE kind WHEN 'interrupted' THEN '' ELSE 'stuck-scan.json' END AS file,
       CASE kind WHEN 'interrupted' THEN 'interrupted: no scan'
         ELSE 'scan_http_code=' || coalesce(scan_http_code, 'n/a') || ', scan_ok='
           || coalesce(CAST(scan_ok AS VARCHAR), 'n/a') END AS says
FROM round_row WHERE counted AND NOT scanned;
