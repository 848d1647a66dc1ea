-- `PLAN_ID exit=CODE ms=N`: a control plane may give plans names with blanks. What was printed is indented.
CREATE MACRO is_recovery_head(line) AS
  regexp_matches(line, '^\S.* exit=-?[0-9]+ ms=[0-9]+\s*$') OR regexp_matches(line, '^\S+ exit=-?[0-9]+(\s|$)');

-- One row per recovery that a round ran: a line `PLAN_ID exit=CODE …` of recovery.txt, with what the command printed
-- below it.
CREATE TABLE recovery_row AS
WITH numbered AS (
  SELECT round_id, line_no, line, is_recovery_head(line) AS is_head
  FROM text_line WHERE file = 'recovery.txt'
), grouped AS (
  SELECT *, max(CASE WHEN is_head THEN line_no END) OVER (PARTITION BY round_id ORDER BY line_no) AS head_no
    FROM numbered
), told AS (
  SELECT round_id, head_no, max(line) FILTER (is_head) AS head,
         string_agg(trim(line), chr(10) ORDER BY line_no) FILTER (NOT is_head) AS output
  FROM grouped WHERE head_no IS NOT NULL GROUP BY round_id, head_no
)
SELECT round_id, head_no AS line_no,
       regexp_extract(head, '^(.*\S) exit=-?[0-9]+(?:\s|$)', 1) AS plan_id,
       TRY_CAST(regexp_extract(head, '^.*\S exit=(-?[0-9]+)(?:\s|$)', 1) AS BIGINT) AS exit_code,
       TRY_CAST(regexp_extract(head, '.*\sms=([0-9]+)', 1) AS BIGINT) AS duration_ms,
       output
FROM told;

-- One row per round with recoveries in its raw file: what it says.
CREATE TABLE recovery_figures AS
SELECT round_id, count(*) FILTER (exit_code = 0) AS recovery_ok,
       count(*) FILTER (exit_code IS DISTINCT FROM 0) AS recovery_fail,
       count(*) FILTER (plan_id IN (SELECT known_as FROM drill_plan)) AS drill_recoveries
FROM recovery_row
GROUP BY round_id;

-- One row: since when rounds took plans away (a rollback), as their own files say: fewer are expected after it. What
-- config.env says now excuses no round.
CREATE TABLE rollback_since AS
SELECT min(starts_at) AS since FROM round_folder WHERE round_id IN (
  SELECT round_id FROM raw_text WHERE file = 'recovery-strategy.txt' UNION ALL
  SELECT round_id FROM raw_object WHERE file = 'integrity.json' AND contains(object, 'rolled_back')
    AND json_array_length(CASE WHEN json_valid(object) THEN object END, '$.rolled_back') > 0);

-- One row per recovery of an earlier round that a round's scan refutes: a line `ROUND PLAN_ID` of its refuted.txt, or
-- an entry of its summary's refuted_recoveries. It counts once, and not if the round of the recovery does not; one of a
-- round that is not there counts (contract, section 4 "Refuted recoveries").
CREATE TABLE refutation AS
WITH told AS (
  SELECT round_id, regexp_extract(line, '^(\S+) ', 1) AS recovered_in,
         regexp_extract(line, '^\S+ (.*\S)\s*$', 1) AS plan_id, true AS in_file
  FROM text_line WHERE file = 'refuted.txt' AND regexp_matches(line, '^\S+ .*\S')
  UNION ALL
  SELECT s.folder_id, e.value ->> '$.round_id', e.value ->> '$.plan_id', false
  FROM summary s JOIN round_kind k ON k.round_id = s.folder_id, json_each(s.refuted_recoveries) e
  WHERE k.kind = 'recorded' AND (e.value ->> '$.round_id') IS NOT NULL AND (e.value ->> '$.plan_id') IS NOT NULL
), named AS (
  SELECT round_id, recovered_in, plan_id, bool_or(in_file) AS in_file FROM told GROUP BY round_id, recovered_in, plan_id
)
SELECT t.round_id, t.recovered_in, t.plan_id, t.in_file,
       CAST(k.starts_at AS DATE) < CAST(f.starts_at AS DATE) AS of_earlier_date,
       coalesce(k.in_soak AND k.kind <> 'in_progress', true)
         AND row_number() OVER (PARTITION BY t.recovered_in, t.plan_id ORDER BY f.starts_at) = 1 AS counts
FROM named t JOIN round_kind f USING (round_id) LEFT JOIN round_kind k ON k.round_id = t.recovered_in;

-- One row per round that refutes recoveries.
CREATE TABLE refutation_figures AS
SELECT round_id, count(*) AS named, count(*) FILTER (in_file) AS named_in_file, count(*) FILTER (counts) AS refuted,
       count(*) FILTER (counts AND of_earlier_date) AS of_earlier_dates FROM refutation GROUP BY round_id;

-- One row per id that a round's integrity.json names, and as what.
CREATE TABLE integrity_id AS
WITH readable AS (
  SELECT o.round_id, CASE WHEN json_valid(o.object) THEN o.object END AS object FROM raw_object o
    JOIN round_kind k USING (round_id)
  WHERE o.file = 'integrity.json'
), array_of AS (
  SELECT round_id, unnest(['lost', 'duplicate', 'revived', 'unconfirmed', 'shown_by_id']) AS finding,
         unnest([json_extract(object, '$.lost'), json_extract(object, '$.duplicate'), json_extract(object, '$.revived'),
           json_extract(object, '$.unconfirmed'), json_extract(object, '$.shown_by_id')]) AS ids
  FROM readable
)
SELECT round_id, finding, unnest(CAST(ids AS VARCHAR[])) AS plan_id FROM array_of WHERE json_type(ids) = 'ARRAY'
UNION ALL
-- Where a lost plan was seen last, or that it never was, is told of no other.
(SELECT round_id, 'lost', unnest(CAST(json_extract(object, '$.never_listed') AS VARCHAR[])) FROM readable
  WHERE json_type(json_extract(object, '$.never_listed')) = 'ARRAY'
 UNION SELECT round_id, 'lost', unnest(json_keys(object, '$.last_seen')) FROM readable
   WHERE json_type(json_extract(object, '$.last_seen')) = 'OBJECT'
 EXCEPT SELECT round_id, finding, unnest(CAST(ids AS VARCHAR[])) FROM array_of WHERE json_type(ids) = 'ARRAY')
UNION ALL
-- What should be a list and is none still names something.
SELECT round_id, finding, left(CAST(ids AS VARCHAR), 60) FROM array_of WHERE json_type(ids) NOT IN ('ARRAY', 'NULL')
UNION ALL
SELECT round_id, 'lost', left(CAST(told AS VARCHAR), 60)
FROM (SELECT round_id, unnest(['ARRAY', 'OBJECT']) AS form,
        unnest([json_extract(object, '$.never_listed'), json_extract(object, '$.last_seen')]) AS told FROM readable)
WHERE json_type(told) NOT IN (form, 'NULL');

-- A dotted path, whatever characters its names have, as DuckDB takes it.
CREATE MACRO pointer_of(path) AS
  '/' || nullif(replace(replace(replace(path, '~', '~0'), '/', '~1'), '.', '/'), '');

-- By what a round knows a plan of an answer (contract, section 5): CP_ID_KEY where it holds a text or a whole number,
-- else the first of the usual names; a plan without any is known as a whole.
CREATE MACRO plan_id_of(plan, id_key) AS coalesce(
  CASE WHEN json_type(plan, pointer_of(id_key)) IN ('VARCHAR', 'UBIGINT', 'BIGINT')
    THEN plan ->> pointer_of(id_key) END,
  plan ->> '$.plan_id', plan ->> '$.id', plan ->> '$.rollout_id', plan ->> '$.rollout_plan_id', plan ->> '$.name',
  CAST(plan AS VARCHAR));

-- A plan that is listed twice, with another age the second time, is one.
CREATE MACRO plans_in(list, id_key) AS
  len(list_distinct(list_transform(CAST(list AS JSON[]), lambda plan: plan_id_of(plan, id_key))));

-- One row per readable stuck-scan.json whose count can be told: the list that CP_STUCK_KEY names, else its one array,
-- whatever the name (but for those that round.java takes for no plans), or what is said of the answer that lies beside
-- it compressed. A null is an empty list, unless a list lies deeper: then the null is another field's, such as an
-- error's. Texts beside it, or beside a list that lies deeper, may be plans or anything else.
CREATE TABLE stuck_scan AS
WITH answer AS (
  SELECT o.round_id, o.object, json_extract(o.object, pointer_of(setting('CP_STUCK_KEY'))) AS named
  FROM raw_object o JOIN round_kind k USING (round_id)
  WHERE o.file = 'stuck-scan.json' AND json_valid(o.object)
), fields AS (
  SELECT a.round_id, a.named, e.key, e.type, e.value,
         e.type = 'ARRAY' AND regexp_replace(lower(e.key), '[^a-z0-9]', '', 'g')
           NOT IN ('links', 'link', 'errors', 'error', 'warnings') AS is_list,
         e.type = 'NULL' AND NOT regexp_matches(lower(e.key), '^(next|prev|continue|error|warnings|message)') AS is_none
  FROM answer a, json_each(a.object) e
), told AS (
  SELECT round_id, setting('CP_ID_KEY') AS id_key, any_value(named) AS named, bool_or(is_none) AS is_none,
         max(json_count(value)) FILTER (key = 'stuck_count') AS stored,
         bool_or(key = 'stored_in') AS is_stored, count(*) FILTER (is_list) AS lists,
         any_value(value) FILTER (is_list) AS list, bool_or(type = 'NULL') AS has_null,
         bool_or(type = 'OBJECT' AND contains(CAST(value AS VARCHAR), '[')) AS is_deeper
  FROM fields GROUP BY round_id
)
SELECT round_id,
       CASE
         WHEN is_stored THEN stored
         WHEN json_type(named) = 'ARRAY' THEN plans_in(named, id_key)
         WHEN json_type(named) = 'NULL' THEN 0
         WHEN lists = 1 AND (NOT is_none AND NOT is_deeper OR contains(CAST(list AS VARCHAR), '{'))
           THEN plans_in(list, id_key)
         WHEN lists = 0 AND has_null AND NOT is_deeper THEN 0
       END AS stuck_plans
FROM told;
