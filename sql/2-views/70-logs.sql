-- One row per line of alerts.log, `<ISO-8601> LEVEL key[=value] … day=N`; logged_at is NULL where it is no such line.
CREATE TABLE alert_line AS
WITH parts AS (
  SELECT line_no, line, TRY_CAST(nullif(regexp_extract(line, '^(\S+T\S+) ', 1), '') AS TIMESTAMPTZ) AS logged_at,
         nullif(regexp_extract(line, '^\S+ (ALERT|WARN) ', 1), '') AS level,
         nullif(regexp_extract(line, '^\S+ (?:ALERT|WARN) ([^= ]+)', 1), '') AS key,
         nullif(regexp_extract(line, '^\S+ (?:ALERT|WARN) [^= ]+=(\S+)', 1), '') AS own_value,
         nullif(regexp_extract(line, ' (?:consecutive_failures|consecutive_rounds)=(\S+)', 1), '') AS consecutive,
         nullif(regexp_extract(line, ' threshold=(\S+)', 1), '') AS threshold,
         TRY_CAST(nullif(regexp_extract(line, ' day=(-?[0-9]+)', 1), '') AS BIGINT) AS day
  FROM raw_log_line WHERE file = 'alerts.log' AND trim(line) <> ''
)
SELECT line_no, line, CASE WHEN level IS NOT NULL THEN logged_at END AS logged_at, level, key,
       coalesce(own_value, consecutive) AS value, threshold, day
FROM parts;

-- One row per key of setup-summary.txt, as the first setup wrote it; all that stands there where it is several values:
-- setup writes each once.
CREATE TABLE setup_fact AS
WITH told AS (
  SELECT line_no, lower(trim(regexp_extract(line, '^([^:=]+)[:=]', 1))) AS key,
         trim(regexp_extract(line, '^[^:=]+[:=](.*)$', 1)) AS value
  FROM raw_log_line WHERE file = 'setup-summary.txt' AND regexp_matches(line, '^[^:=]+[:=]')
)
SELECT key, arg_min(value, line_no) AS value,
       CASE WHEN count(DISTINCT value) > 1 THEN string_agg(DISTINCT value, ' and ' ORDER BY value) END AS several
FROM told GROUP BY key;

SET VARIABLE setup_fact_value = (SELECT map_from_entries(list((key, value))) FROM setup_fact);
CREATE MACRO setup_value(name) AS getvariable('setup_fact_value')[name];

-- One row if setup-summary.txt is another soak's: neither config.env nor a round has its name, or no round that tells
-- has its start.
CREATE TABLE setup_of_another AS
SELECT CASE WHEN s.other_name THEN 'soak_id: ' || setup_value('soak_id') ELSE 'started_at: '
  || setup_value('started_at') END AS said
FROM (
  SELECT coalesce(setup_value('soak_id') <> setting('SOAK_ID')
    AND count(*) FILTER (soak_id = setup_value('soak_id')) = 0, false) AS other_name,
         TRY_CAST(setup_value('started_at') AS TIMESTAMPTZ) IS NOT NULL
           AND NOT same_setting(setup_value('started_at'), setting('SOAK_STARTED_AT'))
           AND count(soak_start) > 0 AND count(*) FILTER (same_setting(soak_start,
             setup_value('started_at'))) = 0 AS other_start
  FROM origin
) s WHERE s.other_name OR s.other_start;

-- One row: what the first setup's own check goes by. cp_start_ms is NULL where it is not measured: its start is only
-- left out of the reckoning where every round says, too, that the control plane was attached.
CREATE TABLE first_setup AS
WITH told AS (
  SELECT setup_value('result') AS result, setup_value('reason') AS why,
         setup_value('health_http_code') AS health_http_code,
         setup_value('cp_start_ms') AS written_cp_start_ms, text_number(setup_value('cp_start_ms')) AS written_ms,
         coalesce(setup_value('cp_mode'), setting('CP_MODE')) = 'attached'
           AND NOT EXISTS (FROM round_row WHERE kind = 'recorded'
             AND cp_mode IS DISTINCT FROM 'attached') AS is_attached
)
SELECT * EXCLUDE (written_ms), CASE WHEN NOT is_attached AND written_ms >= 0 THEN written_ms END AS cp_start_ms,
       EXISTS (FROM setup_fact) AS is_there, NOT EXISTS (FROM setup_of_another) AS is_ours,
       (SELECT said FROM setup_of_another) AS of_another,
       NOT EXISTS (FROM setup_fact WHERE several IS NOT NULL
         AND key IN ('result', 'health_http_code', 'cp_start_ms', 'cp_mode')) AS is_clear
FROM told;

-- One row per later act of setup on the same soak; control_plane is NULL where it did not resume it.
CREATE TABLE resume AS
SELECT line_no, line, TRY_CAST(regexp_extract(line, '^(\S+) ', 1) AS TIMESTAMPTZ) AS logged_at,
       nullif(regexp_extract(line, ' control_plane=(started|alive|attached)(?: |$)', 1), '') AS control_plane
FROM raw_log_line WHERE file = 'setup-resumes.log' AND trim(line) <> '';
