-- VAL12-05: the stuck scan answered 200 with a valid payload in every round; a round that never got to scan has failed it.
INSERT INTO check_row BY NAME
SELECT 'VAL12-05' AS id, 'stuck_detection_ops' AS name,
       verdict_word(f.total_rounds > 0 AND f.scan_failures = t.scan_failures, false) AS verdict, f.scan_failures AS value, t.scan_failures AS target,
       'scan_failures=' || f.scan_failures AS detail,
       outlook_word(f.scan_failures = t.scan_failures AND f.total_rounds + c.rounds > 0, c.rounds > 0 OR f.total_rounds = 0 OR f.scan_failures <> t.scan_failures, f.total_rounds > 0) AS outlook,
       shown_budget(f.scan_failures, t.scan_failures, 'failed scans') AS margin,
       (SELECT arg_min(round_id, round) FROM round_row WHERE counted AND NOT scanned) AS lost_since_round_id
FROM figures f, targets t, to_come c;
