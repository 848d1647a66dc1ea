-- VAL12-05: the stuck scan answered 200 with a valid payload in every round; a round that never got to scan has failed it.
INSERT INTO check_row BY NAME
SELECT 'VAL12-05' AS id, 'stuck_detection_ops' AS name,
       verdict_word(f.total_rounds > 0 AND f.scan_failures = t.scan_failures, false) AS verdict, f.scan_failures AS value, t.scan_failures AS target,
       'scan_failures=' || f.scan_failures AS detail
FROM figures f, targets t;
