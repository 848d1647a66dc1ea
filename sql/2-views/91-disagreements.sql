-- What a round's summary says and a file beside it tells otherwise. The worse of the two counts (48-worse.sql); here it
-- is told.
INSERT INTO problem_row BY NAME
WITH round AS (
  SELECT s.*, k.kind, 'rounds/' || k.round_id AS folder, k.round_id AS its_id, t.plans_per_round, t.ms_tolerance,
         t.legacy_ms_tolerance
  FROM round_kind k JOIN said s ON s.folder_id = k.round_id, targets t WHERE k.kind IN ('recorded', 'legacy')
), figure AS (
  -- What the two tell of one figure; NULL: nothing to compare.
  SELECT r.folder, f.*
  FROM round r
  LEFT JOIN mistyped_summary b ON b.round_id = r.its_id
  LEFT JOIN create_figures c ON c.round_id = r.its_id
  LEFT JOIN plan_id_count i ON i.round_id = r.its_id
  LEFT JOIN integrity_figures n ON n.round_id = r.its_id
  LEFT JOIN raw_object o ON o.round_id = r.its_id AND o.file = 'integrity.json'
  LEFT JOIN stuck_scan x ON x.round_id = r.its_id,
  LATERAL (VALUES
    ('create_ok', r.create_ok, 'plans-created.txt has', CASE WHEN c.answers > 0 THEN c.create_ok END, 'smaller'),
    ('create_ok', r.create_ok, 'plan-ids.txt names', CASE WHEN r.create_ok > i.ids
      AND coalesce(c.answers, 0) = 0 THEN i.ids END, 'smaller'),
    ('create_ok', r.create_ok, 'PLANS_PER_ROUND was',
      CASE WHEN r.create_ok > TRY_CAST(r.targets ->> '$.PLANS_PER_ROUND' AS BIGINT)
      AND coalesce(c.answers, 0) = 0 THEN TRY_CAST(r.targets ->> '$.PLANS_PER_ROUND' AS BIGINT) END, 'smaller'),
    ('create_errors', r.create_errors, 'plans-created.txt has', CASE WHEN c.answers > 0 THEN c.create_errors END,
      'larger'),
    ('lost_plans', r.lost_plans, 'integrity.json names', CASE WHEN r.kind = 'recorded'
      AND o.object IS NOT NULL THEN coalesce(n.lost, 0) END, 'larger'),
    ('duplicate_plans', r.duplicate_plans, 'integrity.json names', CASE WHEN r.kind = 'recorded'
      AND o.object IS NOT NULL THEN coalesce(n.duplicate, 0) END, 'larger'),
    ('revived_plans', r.revived_plans, 'integrity.json names', CASE WHEN r.kind = 'recorded'
      AND o.object IS NOT NULL THEN coalesce(n.revived, 0) END, 'larger'),
    ('unconfirmed_plans', r.unconfirmed_plans, 'integrity.json names', CASE WHEN r.kind = 'recorded'
      AND o.object IS NOT NULL THEN coalesce(n.unconfirmed, 0) END, 'larger'),
    ('stuck_count', r.stuck_count, 'stuck-scan.json holds', CASE WHEN r.scan_ok THEN x.stuck_plans END, 'larger')
  ) f(field, told, file, held, counts)
  -- What a mistyped field counts as is said where it is told that it is mistyped.
  WHERE f.told <> f.held AND NOT coalesce(map_contains(b.bad, f.field), false)
), latency AS (
  SELECT r.folder, f.*
  FROM round r LEFT JOIN create_figures c ON c.round_id = r.its_id,
  LATERAL (VALUES ('p50_ms', r.p50_ms, 'create-times.txt gives', c.p50_ms),
    ('p99_ms', r.p99_ms, 'create-times.txt gives', c.p99_ms), ('max_ms', r.max_ms, 'create-times.txt gives', c.max_ms),
    ('p99_ms', r.p99_ms, 'p50_ms is', CASE WHEN r.p50_ms > r.p99_ms AND c.p99_ms IS NULL THEN r.p50_ms END),
    ('p99_ms', r.p99_ms, 'max_ms of fewer than 100 creates is', CASE WHEN r.max_ms > r.p99_ms AND c.p99_ms IS NULL
      AND r.create_ok + r.create_errors < 100 THEN r.max_ms END)
  ) f(field, told, file, held)
  WHERE abs(f.told - f.held) > CASE r.kind WHEN 'legacy' THEN r.legacy_ms_tolerance ELSE r.ms_tolerance END
), found AS (
  SELECT folder || '/round-summary.json' AS file, 4 AS place, 'says ' || field || '=' || told || ', but ' || file || ' '
    || held || ': the ' || counts || ' value counts' AS reason
  FROM figure
  UNION ALL
  SELECT folder || '/round-summary.json', 4, 'says ' || field || '=' || shown_ms(told, false) || ', but ' || file || ' '
    || shown_ms(held, false) || ': the larger value counts' FROM latency
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, 'says recovery_ok=' || coalesce(CAST(r.recovery_ok AS VARCHAR), 'null')
    || ' and recovery_fail=' || coalesce(CAST(r.recovery_fail AS VARCHAR), 'null')
    || ', but recovery.txt has ' || w.recovery_ok || ' and ' || w.recovery_fail
      || ': the fewer successes and the more failures count'
  FROM round r JOIN whole_recovery w ON w.round_id = r.its_id WHERE r.recovery_ok <> w.recovery_ok
    OR r.recovery_fail <> w.recovery_fail
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, 'says recovery_ok=' || r.recovery_ok || ', but '
    || CASE WHEN r.stuck IS NULL THEN 'its scan told no stuck plans: none counts' ELSE r.stuck
    || CASE WHEN r.stuck = 1 THEN ' plan was stuck' ELSE ' plans were stuck' END
    || CASE WHEN r.others > 0 THEN ' and ' || r.others || ' of the recoveries failed or were deferred' ELSE '' END
      || ': at most ' || greatest(0, r.stuck - r.others)
      || CASE WHEN greatest(0, r.stuck - r.others) = 1 THEN ' counts' ELSE ' count' END END
  FROM (SELECT r.*, least(r.stuck_count, x.stuck_plans) AS stuck,
    coalesce(r.recovery_fail, v.recovery_fail, 0) + coalesce(r.recovery_deferred, 0) AS others
        FROM round r JOIN scan_file x ON x.round_id = r.its_id LEFT JOIN recovery_figures v ON v.round_id = r.its_id) r
  WHERE r.kind = 'recorded' AND r.recovery_ok > greatest(0, r.stuck - r.others)
  UNION ALL
  SELECT 'rounds/' || r.round_id || '/recovery.txt', 4, 'holds ' || v.recovery_ok || ' successes, '
    || CASE WHEN x.no_file THEN 'but stuck-scan.json is missing: none counts' ELSE 'but ' || x.stuck_plans
    || CASE WHEN x.stuck_plans = 1 THEN ' plan was stuck' ELSE ' plans were stuck' END || ': only that many count' END
  FROM folder_kind r JOIN recovery_figures v ON v.round_id = r.round_id JOIN scan_file x ON x.round_id = r.round_id
  WHERE r.kind = 'interrupted' AND NOT r.is_strange AND v.recovery_ok > CASE WHEN x.no_file THEN 0
    ELSE greatest(0, x.stuck_plans - v.recovery_fail) END
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, 'says recovery_ok=' || coalesce(CAST(r.recovery_ok AS VARCHAR), 'null')
    || ', recovery_fail=' || coalesce(CAST(r.recovery_fail AS VARCHAR), 'null') || ' and recovery_deferred='
    || coalesce(CAST(r.recovery_deferred AS VARCHAR), 'null')
    || ', but its scan showed ' || w.untold || CASE WHEN w.untold = 1
      THEN ' more stuck plan: it counts as a failed recovery'
      ELSE ' more stuck plans: they count as failed recoveries' END
  FROM round r JOIN worse w ON w.round_id = r.its_id WHERE w.untold > 0
  UNION ALL
  SELECT r.folder || '/listing.json.gz', 4,
         'exists only if plans were lost or listed twice, but the summary says lost_plans=0 and duplicate_plans=0: '
           'not measured'
  FROM round r JOIN raw_text l ON l.round_id = r.its_id AND l.file = 'listing.json.gz' WHERE r.kind = 'recorded'
    AND r.lost_plans + r.duplicate_plans = 0
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, 'says expected_plans=' || r.expected_plans
    || ', but the round itself created ' || w.create_ok
    || ': the set check did not cover all of them and does not count'
  FROM round r JOIN worse w ON w.round_id = r.its_id WHERE w.is_no_check AND r.expected_plans < w.create_ok
  UNION ALL
  SELECT r.folder || '/stuck-scan.json', 4, x.no_answer || ', but the summary says scan_ok: the scan counts as failed'
    FROM round r JOIN scan_file x ON x.round_id = r.its_id WHERE r.scan_ok AND x.no_answer IS NOT NULL
  UNION ALL
  SELECT r.folder || '/round-summary.json', 4, 'says store_check '
    || coalesce('"' || left(r.store_check, 60) || '"', 'null') || ', but store-check.json says '
    || coalesce('"' || left(f.result, 60) || '"', 'null')
    || CASE WHEN f.result <> 'ok' OR r.store_check <> 'ok' THEN ': the damage counts'
      WHEN f.result IS NULL THEN ': not checked' ELSE ': the file counts' END
  FROM round r JOIN store_finding f ON f.round_id = r.its_id WHERE r.kind = 'recorded'
    AND r.store_check IS DISTINCT FROM f.result
)
SELECT file, reason, place FROM found;
