-- The settings that decide verdicts: what config.env says now, and what was recorded when the soak began and while it
-- ran.

-- One row per setting of config.env that decides verdicts. Which checks rest on it each check says itself (rests_on);
-- words that do are here. laxer says on which side of the plan's value less is asked for, or seen. SOAK_ID decides
-- none: with SOAK_STARTED_AT it tells a round of another soak (25-kinds.sql).
CREATE TABLE verdict_setting AS
SELECT key, CASE WHEN key = 'TARGET_COVERAGE_PCT' THEN ['overall', 'Gate D'] ELSE [] END AS words, laxer FROM raw_config
  WHERE decides;

-- Whether a asks for less than b.
CREATE MACRO is_laxer(a, b, side) AS
  coalesce(CASE side WHEN 'lower' THEN TRY_CAST(a AS DECIMAL(18, 9)) < TRY_CAST(b AS DECIMAL(18, 9))
  WHEN 'higher' THEN TRY_CAST(a AS DECIMAL(18, 9)) > TRY_CAST(b AS DECIMAL(18, 9)) END, false);

-- One row per round and setting that it recorded. Rounds of older versions and of the bash scripts recorded none.
CREATE TABLE recorded_setting AS
WITH text AS (
  SELECT DISTINCT targets FROM round_row WHERE targets IS NOT NULL
), setting_of_text AS (
  SELECT t.targets, e.key, e.value ->> '$' AS value FROM text t, json_each(t.targets) e
    JOIN verdict_setting v ON v.key = e.key WHERE e.type <> 'NULL'
)
SELECT r.round_id, r.starts_at, s.key, s.value FROM round_row r JOIN setting_of_text s USING (targets);

-- One row: the schedule that the rounds themselves show, their median distance and the first of them. A few rounds show
-- none.
CREATE TABLE shown_schedule AS
WITH apart AS (
  SELECT starts_at, epoch(starts_at) - lag(epoch(starts_at)) OVER (ORDER BY starts_at) AS seconds FROM round_row
    WHERE kind <> 'in_progress' AND NOT after_end
)
SELECT min(starts_at) AS first_at, CASE WHEN count(*) >= 10
  THEN CAST(60 * round(quantile_cont(seconds, 0.5) / 60) AS BIGINT) END AS every_seconds FROM apart;

-- One row per setting: what the soak was begun with, what config.env says, and whether that is an edit. The first round
-- that recorded a setting has the first word, unless most rounds asked for more; setup-summary.txt has the second. What
-- nothing recorded is the plan's, or what the rounds show: who takes the record away must not gain a laxer rule by it.
-- But no build before 2.0.0 recorded STUCK_THRESHOLD_SECONDS, and no soak that one made may fail for that: a lower one
-- gains nothing, since Gate D is not assessed then. Before the first round nothing was edited.
CREATE TABLE setting_now AS
WITH counted AS (
  SELECT key, value, count(*) AS rounds, min(starts_at) AS first_at, arg_min(round_id, starts_at) AS round_id
    FROM recorded_setting GROUP BY key, value
), first_and_most AS (
  SELECT key, arg_min(value, first_at) AS first_value, arg_min(round_id, first_at) AS first_round_id,
         arg_max(value, (rounds, value)) AS most_value, arg_max(round_id, (rounds, value)) AS most_round_id,
         max(rounds) * 2 > sum(rounds) AS is_most
  FROM counted GROUP BY key
), by_rounds AS (
  -- One round that asks for less than most others is not how the soak was begun.
  SELECT f.key, CASE WHEN strict THEN most_value ELSE first_value END AS value, CASE WHEN strict THEN most_round_id
    ELSE first_round_id END AS round_id
  FROM (SELECT f.*, f.is_most AND is_laxer(f.first_value, f.most_value, v.laxer) AS strict FROM first_and_most f
    JOIN verdict_setting v USING (key)) f
), by_setup AS (
  -- The bash scripts wrote no soak_id; when they began is the first round's to tell.
  SELECT v.key, setup_value(CASE v.key WHEN 'SOAK_STARTED_AT' THEN 'started_at' ELSE lower(v.key) END) AS value
  FROM verdict_setting v WHERE v.key <> 'SOAK_STARTED_AT' OR setup_value('soak_id') IS NOT NULL
    AND TRY_CAST(setup_value('started_at') AS TIMESTAMPTZ) IS NOT NULL
), told AS (
  SELECT v.key, v.words, v.laxer, setting(v.key) AS is_now, r.value AS by_round, r.round_id, s.value AS by_setup,
         (SELECT plan_value FROM raw_config c WHERE c.key = v.key) AS plan_value
  FROM verdict_setting v LEFT JOIN by_rounds r USING (key) LEFT JOIN by_setup s USING (key)
  WHERE EXISTS (FROM round_row WHERE is_recorded)
), shown AS (
  SELECT t.*, CASE WHEN t.by_round IS NOT NULL THEN NULL
      WHEN t.key = 'SOAK_STARTED_AT' AND start_slot(CAST(h.first_at AS VARCHAR)) < start_slot(t.is_now)
        THEN shown_instant(h.first_at)
      -- A round by hand now and then moves no median; half the rounds at half the distance are another schedule.
      WHEN t.key = 'ROUND_INTERVAL_SECONDS' AND h.every_seconds < 0.75 * CAST(t.is_now AS DOUBLE)
        THEN CAST(h.every_seconds AS VARCHAR)
    END AS by_rounds_themselves
  FROM told t, shown_schedule h
), judged AS (
  SELECT *, CASE WHEN by_round IS NOT NULL THEN by_round WHEN by_rounds_themselves IS NOT NULL THEN by_rounds_themselves
    WHEN by_setup IS NOT NULL THEN by_setup
           WHEN is_laxer(is_now, plan_value, laxer) AND key <> 'STUCK_THRESHOLD_SECONDS' THEN plan_value
             ELSE is_now END AS begun_with,
         CASE WHEN by_round IS NOT NULL THEN 'rounds/' || round_id || '/round-summary.json'
           WHEN by_rounds_themselves IS NOT NULL THEN 'the rounds themselves'
           WHEN by_setup IS NOT NULL THEN 'setup-summary.txt' ELSE 'the plan' END AS source
  FROM shown
), compared AS (
  SELECT *, NOT same_setting(begun_with, is_now) AS edited FROM judged
)
SELECT key, words, begun_with, source, round_id AS recorded_in, by_setup, is_now, edited,
       'config.env says ' || key || '=' || is_now || CASE source
           WHEN 'the plan' THEN ', which is laxer than the plan''s ' || begun_with
             || ', and neither a round nor setup-summary.txt recorded it: set '
           WHEN 'the rounds themselves' THEN CASE key WHEN 'SOAK_STARTED_AT' THEN ', but the first round began '
             || begun_with ELSE ', but the rounds came every ' || begun_with || ' s' END
             || ', and no round recorded the setting: set '
           ELSE ', but the soak began with ' || begun_with || ' (recorded in ' || coalesce(recorded_in, source)
             || '): restore ' END || key || '=' || begun_with AS reason
FROM compared;

-- One row per run of rounds, one after the other, that ran under another value than the soak was begun with.
CREATE TABLE deviating_rounds AS
WITH compared AS (
  SELECT r.*, n.begun_with, same_setting(r.value, n.begun_with) AS same,
         row_number() OVER (PARTITION BY r.key ORDER BY r.starts_at) AS place
  FROM recorded_setting r JOIN setting_now n USING (key)
), grouped AS (
  SELECT *, place - row_number() OVER (PARTITION BY key, value ORDER BY starts_at) AS run FROM compared WHERE NOT same
)
SELECT key, value, any_value(begun_with) AS begun_with, count(*) AS rounds, min(round_id) AS first_round_id,
       max(round_id) AS last_round_id
FROM grouped GROUP BY key, value, run;
