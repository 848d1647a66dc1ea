-- What a recorded round says in two places of its summary that do not agree, and what of it is missing: a summary or a
-- file was altered after the round. The worse counts (48-worse.sql); here the contradiction is told.
INSERT INTO problem_row BY NAME
WITH recorded AS (
  SELECT *, 'rounds/' || round_id AS folder FROM round_row WHERE kind = 'recorded'
), as_said AS (
  SELECT s.*, k.round_id AS its_id, k.kind, 'rounds/' || k.round_id AS folder,
         (s.scan_http_code = '200' AND s.scan_ok) IS TRUE AS scanned, t.plan_count AS target_plans, t.fleet_round,
         f.result AS file_result
  FROM round_kind k JOIN said s ON s.folder_id = k.round_id LEFT JOIN store_finding f ON f.round_id = k.round_id,
    targets t WHERE k.kind IN ('recorded', 'legacy')
), step AS (
  -- bad: what no step that passed can have found; explained: what a step that failed can have found.
  SELECT r.its_id, r.folder, r.kind, r.failures, unnest([
    {step: 'v01_health', said: r.v01_health, bad: r.health IS DISTINCT FROM 'ok' OR r.restarted IS TRUE,
      explained: r.health IS DISTINCT FROM 'ok' OR r.restarted IS TRUE,
     why: 'health is ' || coalesce(r.health, 'null') || CASE WHEN r.restarted THEN ', restarted' ELSE '' END},
    {step: 'v02_creates', said: r.v02_creates, bad: r.create_errors > 0, explained: coalesce(r.create_errors, 1) > 0
      OR coalesce(r.create_ok, 0) = 0,
     why: 'create_errors is ' || r.create_errors},
    {step: 'v03_stuck_scan', said: r.v03_stuck_scan, bad: NOT r.scanned, explained: NOT r.scanned, why: 'the scan '
      || CASE WHEN r.scanned THEN 'succeeded' ELSE 'failed' END},
    {step: 'v04_recovery', said: r.v04_recovery, bad: NOT r.scanned OR r.recovery_fail > 0 OR r.recoveries_refuted > 0,
     explained: NOT r.scanned OR coalesce(r.recovery_fail, 1) > 0 OR r.recoveries_refuted > 0,
     why: CASE WHEN NOT r.scanned THEN 'the scan failed' WHEN r.recoveries_refuted > 0
       AND coalesce(r.recovery_fail, 0) = 0 THEN 'recoveries_refuted is ' || r.recoveries_refuted
       ELSE 'recovery_fail is ' || r.recovery_fail END},
    {step: 'v05_plan_count', said: r.v05_plan_count, bad: r.plan_count IS NULL, explained: r.plan_count IS NULL
      OR r.plan_count < r.target_plans AND r.round >= r.fleet_round,
     why: 'plan_count is ' || coalesce(CAST(r.plan_count AS VARCHAR), 'null')},
    {step: 'v06_metrics', said: r.v06_metrics, bad: r.metrics_ok IS NOT TRUE, explained: r.metrics_ok IS NOT TRUE,
      why: 'metrics_ok is ' || CASE WHEN r.metrics_ok THEN 'true' ELSE 'not true' END},
    {step: 'v07_integrity', said: r.v07_integrity, bad: r.lost_plans IS NULL OR r.duplicate_plans IS NULL
      OR r.lost_plans + r.duplicate_plans > 0 OR r.store_check <> 'ok',
     explained: r.lost_plans IS NULL OR r.duplicate_plans IS NULL OR r.lost_plans + r.duplicate_plans > 0
       OR r.store_check <> 'ok' OR r.file_result <> 'ok',
     why: CASE WHEN r.store_check <> 'ok' THEN 'the store is damaged' ELSE 'lost_plans is '
       || coalesce(CAST(r.lost_plans AS VARCHAR), 'null') || ', duplicate_plans '
       || coalesce(CAST(r.duplicate_plans AS VARCHAR), 'null') END}
  ], recursive := true)
  FROM as_said r
), lacking AS (
  SELECT its_id, folder, kind, step AS field FROM step WHERE said IS NULL
  UNION ALL
  SELECT r.its_id, r.folder, r.kind, m.field
  FROM as_said r, LATERAL (VALUES ('round_id', r.round_id IS NULL), ('unix_ts', r.unix_ts IS NULL),
      ('started_at', r.started_at IS NULL), ('rehearsal', r.rehearsal IS NULL), ('cp_mode', r.cp_mode IS NULL),
      ('health_http_code', r.health_http_code IS NULL AND r.health = 'ok'),
      ('expected_plans', r.expected_plans IS NULL AND r.lost_plans IS NOT NULL)) m(field, lacks)
  WHERE m.lacks
), raw_ids AS (
  SELECT c.round_id, count(c.plan_id) AS ids, count(*) FILTER (c.was_answered) AS answers
  FROM create_row c JOIN round_row r USING (round_id) WHERE r.kind = 'recorded' GROUP BY c.round_id
), file_of AS (
  SELECT round_id, file FROM raw_object UNION ALL SELECT round_id, file FROM raw_text
), mode AS (
  SELECT r.cp_mode, min(r.folder) AS folder, count(*) AS rounds FROM recorded r
    WHERE r.cp_mode <> (SELECT value FROM raw_config WHERE key = 'CP_MODE' AND is_written) GROUP BY r.cp_mode
), found AS (
  -- An attached control plane was not started, so its start is not measured: all must say so.
  SELECT 'setup-summary.txt' AS file, 4 AS place, 'says cp_mode: ' || setup_value('cp_mode') || ', but ' || min(folder)
    || '/round-summary.json says ' || coalesce(arg_min(cp_mode, folder), 'none')
    || CASE WHEN count(*) > 1 THEN ', and ' || shown_others(count(*) - 1) ELSE '' END
      || CASE WHEN setup_value('cp_mode') = 'attached' THEN ': setup''s start of the control plane counts'
      ELSE '' END AS reason
  FROM recorded WHERE setup_value('cp_mode') IS NOT NULL AND cp_mode IS DISTINCT FROM setup_value('cp_mode')
    HAVING count(*) > 0
  UNION ALL
  SELECT folder || '/round-summary.json' AS file, 4 AS place, 'health is "' || left(health, 40)
    || '", which is neither ok nor failed: the round is not healthy' AS reason
  FROM recorded WHERE health NOT IN ('ok', 'failed')
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says ' || step || ' PASS, but ' || why || ': the figures count' FROM step
    WHERE said = 'PASS' AND bad
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says ' || step || ' ' || said || ', but ' || why || ': the failure counts'
    FROM step WHERE said <> 'PASS' AND explained IS NOT TRUE
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says health ok, but ' || CASE WHEN hung THEN 'hung is true'
    ELSE 'health_http_code is ' || health_http_code END || ': the round is not healthy'
  FROM as_said WHERE health = 'ok' AND (hung OR health_http_code <> '200')
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says restarted ' || coalesce(CAST(restarted AS VARCHAR), 'null')
    || ', but restart_ms is ' || shown_ms(restart_ms, false) || ': it was restarted'
  FROM as_said WHERE restart_ms IS NOT NULL AND restarted IS NOT TRUE
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says ' || step || ' ' || said || ', but its failures ' || CASE said
    WHEN 'FAIL' THEN 'give no reason' ELSE 'give a reason for failing' END || ': the failure counts'
  FROM step WHERE failures IS NOT NULL AND said = CASE WHEN list_contains(json_keys(failures), step) THEN 'PASS'
    ELSE 'FAIL' END
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says plan_count=' || plan_count || ', expected_plans=' || expected_plans
    || ' and lost_plans=' || lost_plans || ': the three do not add up, and '
    || (expected_plans - plan_count - coalesce(unconfirmed_plans, 0)) || ' are lost'
  FROM as_said WHERE kind = 'recorded' AND plan_count + coalesce(unconfirmed_plans, 0) < expected_plans - lost_plans
  UNION ALL
  -- What is promised stays promised, unless the soak itself takes plans away.
  SELECT folder || '/round-summary.json', 4, 'says expected_plans=' || expected_plans || ', fewer than the '
    || expected_before || ' of the round before: the set check no longer covered all promised plans'
  FROM (SELECT folder, starts_at, expected_plans, lag(expected_plans) OVER (ORDER BY starts_at) AS expected_before
    FROM recorded WHERE counted AND expected_plans IS NOT NULL)
  WHERE expected_plans < expected_before AND (starts_at >= (SELECT since FROM rollback_since)) IS NOT TRUE
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says expected_plans=' || expected_plans || ', but the ' || expected_before
    || ' of the round before and the ' || create_ok
    || ' that this one created are more: the set check did not cover all promised plans'
  FROM (SELECT folder, starts_at, expected_plans, create_ok,
      lag(expected_plans) OVER (ORDER BY starts_at) AS expected_before FROM recorded
    WHERE counted AND expected_plans IS NOT NULL)
  WHERE expected_plans >= expected_before AND expected_plans < expected_before + create_ok
    AND (starts_at >= (SELECT since FROM rollback_since)) IS NOT TRUE
  UNION ALL
  SELECT 'rounds/' || o.round_id || '/integrity.json', 4, f.finding || ' is not ' || f.words
    || ' of ids: it counts as one id'
  FROM raw_object o JOIN round_kind k USING (round_id),
    (VALUES ('lost', 'ARRAY', 'a list'), ('duplicate', 'ARRAY', 'a list'), ('revived', 'ARRAY', 'a list'),
      ('unconfirmed', 'ARRAY', 'a list'), ('shown_by_id', 'ARRAY', 'a list'), ('never_listed', 'ARRAY', 'a list'),
      ('last_seen', 'OBJECT', 'an object'))
      f(finding, form, words)
  WHERE o.file = 'integrity.json' AND json_type(json_extract(CASE WHEN json_valid(o.object) THEN o.object END, '$.'
    || f.finding)) NOT IN (f.form, 'NULL')
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, m.field || ' is null, but ' || m.raw_file || ' gives ' || m.told
    || ': the file counts'
  FROM recorded r JOIN summary s ON s.folder_id = r.round_id LEFT JOIN create_figures c ON c.round_id = r.round_id
    LEFT JOIN recovery_figures v ON v.round_id = r.round_id,
    LATERAL (VALUES ('p99_ms', s.p99_ms IS NULL, 'create-times.txt', shown_ms(c.p99_ms, false)),
      ('create_errors', s.create_errors IS NULL, 'plans-created.txt', CAST(nullif(c.create_errors, 0) AS VARCHAR)),
      ('recovery_ok', s.recovery_ok IS NULL, 'recovery.txt', CAST(v.recovery_ok AS VARCHAR)),
      ('recovery_fail', s.recovery_fail IS NULL, 'recovery.txt', CAST(v.recovery_fail AS VARCHAR))) m(field, lacks,
      raw_file, told)
  WHERE m.lacks AND m.told IS NOT NULL AND m.told <> 'n/a'
    AND NOT EXISTS (FROM mistyped_field t WHERE t.round_id = r.round_id AND t.field = m.field)
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, m.field || ' is null, although ' || m.although || ': not measured'
  FROM recorded r JOIN summary s ON s.folder_id = r.round_id LEFT JOIN create_figures c ON c.round_id = r.round_id,
    LATERAL (VALUES ('create_ok', s.create_ok IS NULL AND c.answers > 0, 'plans-created.txt has ' || c.answers
      || ' answers'),
      ('create_errors', s.create_errors IS NULL AND c.answers > 0 AND c.create_errors = 0, 'plans-created.txt has '
        || c.answers || ' answers'),
      ('stuck_count', s.stuck_count IS NULL AND s.scan_ok, 'scan_ok is true'),
      ('restarted', s.restarted IS NULL AND s.health = 'ok', 'health is ok')) m(field, lacks, although)
  WHERE m.lacks AND NOT EXISTS (FROM mistyped_field t WHERE t.round_id = r.round_id AND t.field = m.field)
    AND NOT EXISTS (FROM missing_field x WHERE x.round_id = r.round_id AND list_contains(x.fields, m.field))
  UNION ALL
  -- What a round decides before anything else, or by each of its steps: what is not told was taken out.
  SELECT l.folder || '/round-summary.json', 4, 'does not report ' || string_agg(l.field, ', ' ORDER BY l.field)
    || ', which every round reports'
  FROM lacking l LEFT JOIN missing_field x ON x.round_id = l.its_id
  WHERE l.kind = 'recorded' AND NOT coalesce(list_contains(x.fields, l.field), false)
    AND NOT EXISTS (FROM mistyped_field t WHERE t.round_id = l.its_id AND t.field = l.field)
  GROUP BY l.folder
  UNION ALL
  SELECT folder || '/round-summary.json', 4,
         'says port_conflict, but all its steps passed, and a round skips them while a stranger answers'
  FROM as_said WHERE port_conflict AND list_distinct([v02_creates, v03_stuck_scan, v04_recovery, v05_plan_count,
    v06_metrics]) = ['PASS']
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says create_ok=' || create_ok || ' and create_errors=' || create_errors
    || ', but PLANS_PER_ROUND was ' || (targets ->> '$.PLANS_PER_ROUND') || ': some creates were removed'
  FROM as_said WHERE kind = 'recorded' AND create_ok + create_errors > 0
    AND create_ok + create_errors < TRY_CAST(targets ->> '$.PLANS_PER_ROUND' AS BIGINT)
  UNION ALL
  SELECT r.folder || '/create-times.txt', 4, 'has no latencies and the summary has no p99_ms, but ' || r.create_ok
    || ' plans were created: not measured' FROM recorded r WHERE r.create_ok > 0 AND r.p99_ms IS NULL
    AND NOT EXISTS (FROM mistyped_field t WHERE t.round_id = r.round_id AND t.field = 'p99_ms')
  UNION ALL
  SELECT r.folder || '/plan-ids.txt', 4, 'has ' || i.ids || ' ids, but plans-created.txt has ' || i.answers || ' codes'
    FROM recorded r JOIN raw_ids i USING (round_id) WHERE i.answers > 0 AND i.ids <> i.answers
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, 'says drill_recoveries=' || r.drill_recoveries
    || ', but recovery.txt and the drill-plan.txt of the rounds have ' || coalesce(v.drill_recoveries, 0)
  FROM recorded r LEFT JOIN recovery_figures v USING (round_id)
  WHERE r.drill_recoveries <> coalesce(v.drill_recoveries, 0)
    AND r.said_recovery_ok + r.said_recovery_fail = coalesce(v.recovery_ok + v.recovery_fail, 0)
  UNION ALL
  SELECT r.folder || '/integrity.json', 4, CASE WHEN r.lost_plans IS NULL
    OR r.duplicate_plans IS NULL
    THEN 'exists, but the summary reports no lost_plans and duplicate_plans: not measured (' || r.folder
    || '/round-summary.json)'
    ELSE 'is missing, but the summary says lost_plans=' || r.lost_plans || ': the summary counts' END
  FROM as_said r WHERE r.kind = 'recorded' AND (r.lost_plans IS NULL
    OR r.duplicate_plans IS NULL) = EXISTS (FROM file_of o WHERE o.round_id = r.its_id AND o.file = 'integrity.json')
  UNION ALL
  SELECT r.folder || '/metrics-scrape.prom', 4,
         'is missing or empty, but the summary says metrics_ok: it counts as not scraped' FROM as_said r
  WHERE r.kind = 'recorded' AND r.metrics_ok AND NOT EXISTS (FROM file_of o WHERE o.round_id = r.its_id
    AND o.file = 'metrics-scrape.prom')
  UNION ALL
  SELECT r.folder || '/store-check.json', 4, 'is missing, but ' || r.folder || '/round-summary.json says '
    || CASE WHEN r.store_check IS NULL THEN 'store_unchecked "' || left(r.store_unchecked, 60) ELSE 'store_check "'
    || left(r.store_check, 60) END || '": the summary counts' FROM recorded r
  WHERE coalesce(r.store_check, r.store_unchecked) IS NOT NULL
    AND NOT EXISTS (FROM file_of o WHERE o.round_id = r.round_id AND o.file = 'store-check.json')
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says cp_mode ' || cp_mode || ', but config.env says CP_MODE='
    || setting('CP_MODE') || CASE WHEN rounds > 1 THEN '; ' || shown_others(rounds - 1) ELSE '' END
  FROM mode
)
SELECT file, reason, place FROM found;
