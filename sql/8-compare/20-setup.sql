-- What the two soaks ran with, and what each came to as a whole.

-- One row per setting that may differ although the two compare the same things: names, dates, addresses, who is told.
CREATE TABLE own_setting AS SELECT unnest(['SOAK_ID', 'SOAK_STARTED_AT', 'CP_URL', 'CP_METRICS_URL',
  'AUTONOMY_AUDIT_DIR', 'ALERT_COMMAND', 'PING_URL', 'HEAD_COMMAND', 'TSA_URL']) AS key;

-- One row per setting, plan template or observation in which they differ; NULL where one has none.
CREATE VIEW setup_differences AS
WITH root AS (
  -- Where the folder stood, which is no difference: in an archive it stands elsewhere by now.
  SELECT side, regexp_extract(value, '^(/.+)/audit-store$', 1) AS folder FROM raw_config
    WHERE key = 'AUTONOMY_AUDIT_DIR'
), named_value AS (
  SELECT side, 1 AS place, c.key AS name, CASE WHEN r.folder = '' THEN c.value
           -- Newer soaks name what lies in their folder from there.
           WHEN c.key IN ('CP_COMMAND', 'AUTONOMY_CLI') THEN replace(c.value, r.folder || '/', '')
             ELSE replace(c.value, r.folder, 'SOAK_DIR') END AS value
  FROM raw_config c LEFT JOIN root r USING (side) WHERE c.key NOT IN (SELECT key FROM own_setting)
  UNION ALL
  SELECT side, 2, file, 'sha256 ' || left(sha256, 12) FROM soak_file
  UNION ALL
  SELECT side, 3, 'control plane (cp_mode)', cp_mode FROM final_report
  UNION ALL
  SELECT side, 4, 'harness_version', string_agg(DISTINCT harness_version, ', ' ORDER BY harness_version) FROM rounds
    WHERE counted GROUP BY side
)
SELECT name, max(value) FILTER (side = 'baseline') AS baseline, max(value) FILTER (side = 'this') AS this
FROM named_value GROUP BY place, name HAVING baseline IS DISTINCT FROM this ORDER BY place, name;

-- One row per check, claim and overall verdict, each of the whole soak and by its own targets.
CREATE TABLE verdict_pair AS
WITH verdict_of AS (
  SELECT side, 1 AS place, id, name, verdict, value FROM checks
  UNION ALL
  SELECT side, 2, id, name, verdict, value FROM claims
  UNION ALL
  SELECT side, 3, 'overall', 'overall', overall, NULL FROM final_report
  UNION ALL
  SELECT side, 4, 'gate_d', 'gate_d', gate_d, NULL FROM final_report
), sides AS (
  SELECT place, id, name, max(verdict) FILTER (side = 'baseline') AS baseline,
         max(verdict) FILTER (side = 'this') AS this,
         max(value) FILTER (side = 'baseline') AS baseline_value, max(value) FILTER (side = 'this') AS this_value
  FROM verdict_of GROUP BY place, id, name
)
SELECT *, CASE WHEN baseline IS NOT DISTINCT FROM this THEN 'same' WHEN this = 'PASS' THEN 'better'
  WHEN baseline = 'PASS' THEN 'worse' ELSE 'other' END AS change FROM sides;

-- One row: whether both hold the very same rounds, which a folder and its own archive do.
CREATE TABLE identity AS
WITH baseline AS (SELECT * EXCLUDE (side) FROM rounds WHERE side = 'baseline'),
  this AS (SELECT * EXCLUDE (side) FROM rounds WHERE side = 'this')
SELECT NOT EXISTS (FROM baseline EXCEPT ALL FROM this)
  AND NOT EXISTS (FROM this EXCEPT ALL FROM baseline) AS same_evidence;
