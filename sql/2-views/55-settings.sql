-- The settings that decide verdicts: what config.env says now, and what the rounds recorded when they ran.

-- One row per setting of config.env that decides verdicts, and the checks and claims that rest on it. SOAK_ID decides none:
-- with SOAK_STARTED_AT it tells a round of another soak (20-summaries.sql).
CREATE TABLE verdict_setting AS
FROM (VALUES
  ('TARGET_PLAN_COUNT', ['VAL12-03', 'C1']),
  ('TARGET_P99_MS', ['VAL12-04', 'VAL12-07', 'C3']),
  ('TARGET_ROLLBACK_RATE', ['VAL12-06', 'VAL12-10', 'C2']),
  ('TARGET_UPTIME_PCT', ['VAL12-08', 'C4']),
  ('TARGET_TOTAL_CREATES', ['VAL12-09']),
  ('PLANS_PER_ROUND', ['VAL12-02', 'VAL12-09']),
  -- What ended when, and which rounds count.
  ('SOAK_DAYS', ['VAL12-03', 'VAL12-05', 'VAL12-08', 'VAL12-09', 'VAL12-10', 'C1', 'C2', 'C3', 'C4']),
  ('SOAK_STARTED_AT', ['VAL12-02', 'VAL12-03', 'VAL12-04', 'VAL12-05', 'VAL12-06', 'VAL12-07', 'VAL12-08', 'VAL12-09', 'VAL12-10', 'C1', 'C2', 'C3', 'C4']),
  ('ROUND_INTERVAL_SECONDS', ['VAL12-02', 'VAL12-03', 'VAL12-04', 'VAL12-05', 'VAL12-06', 'VAL12-07', 'VAL12-08', 'VAL12-09', 'VAL12-10', 'C1', 'C2', 'C3', 'C4'])
) v(key, rests);

-- 0.99 is 0.990, and what decides is the slot in which a soak begins: setup moves SOAK_STARTED_AT to the first round's own second.
CREATE MACRO start_slot(instant) AS floor(epoch(TRY_CAST(instant AS TIMESTAMPTZ)) / CAST(setting('ROUND_INTERVAL_SECONDS') AS DOUBLE));
CREATE MACRO same_setting(a, b) AS a = b OR coalesce(TRY_CAST(a AS DECIMAL(18, 9)) = TRY_CAST(b AS DECIMAL(18, 9)), start_slot(a) = start_slot(b), false);

-- One row per round and setting that it recorded. Rounds of older versions and of the bash scripts recorded none.
CREATE TABLE recorded_setting AS
WITH text AS (
  SELECT DISTINCT targets FROM round_row WHERE targets IS NOT NULL
), setting_of_text AS (
  SELECT t.targets, e.key, e.value ->> '$' AS value FROM text t, json_each(t.targets) e JOIN verdict_setting v ON v.key = e.key WHERE e.type <> 'NULL'
)
SELECT r.round_id, r.starts_at, s.key, s.value FROM round_row r JOIN setting_of_text s USING (targets);

-- One row per setting that a round recorded: what the soak was begun with, and what config.env says.
CREATE TABLE setting_now AS
WITH first AS (
  SELECT key, arg_min(value, starts_at) AS value, arg_min(round_id, starts_at) AS round_id FROM recorded_setting GROUP BY key
)
SELECT f.key, v.rests, f.value AS begun_with, f.round_id AS recorded_in, setting(f.key) AS is_now, NOT same_setting(f.value, setting(f.key)) AS edited
FROM first f JOIN verdict_setting v USING (key);

-- One row per run of rounds, one after the other, that ran under another value than the soak was begun with.
CREATE TABLE deviating_rounds AS
WITH compared AS (
  SELECT r.*, n.begun_with, same_setting(r.value, n.begun_with) AS same, row_number() OVER (PARTITION BY r.key ORDER BY r.starts_at) AS place
  FROM recorded_setting r JOIN setting_now n USING (key)
), grouped AS (
  SELECT *, place - row_number() OVER (PARTITION BY key, value ORDER BY starts_at) AS run FROM compared WHERE NOT same
)
SELECT key, value, any_value(begun_with) AS begun_with, count(*) AS rounds, min(round_id) AS first_round_id, max(round_id) AS last_round_id
FROM grouped GROUP BY key, value, run;
