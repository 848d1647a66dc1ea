-- Which rounds there are, whose they are, and which of them are gone (contract, section 3 "Kinds of rounds").

-- 0.99 is 0.990, and what decides is the slot in which a soak begins: setup moves SOAK_STARTED_AT to the first round's
-- own second.
CREATE MACRO start_slot(instant) AS
  floor(epoch(TRY_CAST(instant AS TIMESTAMPTZ)) / CAST(setting('ROUND_INTERVAL_SECONDS') AS DOUBLE));
CREATE MACRO same_setting(a, b) AS
  a = b OR coalesce(TRY_CAST(a AS DECIMAL(18, 9)) = TRY_CAST(b AS DECIMAL(18, 9)), start_slot(a) = start_slot(b),
    false);

-- One row per plan id that a round set out to create.
CREATE TABLE plan_id_line AS
SELECT l.round_id, l.line_no AS plan, trim(l.line) AS plan_id, l.is_terminated OR l.line_no < l.lines AS is_whole
FROM raw_line l JOIN round_folder f USING (round_id) WHERE l.file = 'plan-ids.txt' AND trim(l.line) <> '';

-- One row per round with plan ids: of how many plans. An id that stands there twice is one.
CREATE TABLE plan_id_count AS SELECT round_id, count(DISTINCT plan_id) AS ids FROM plan_id_line GROUP BY round_id;

-- One row per round whose plan-ids.txt holds an id that is not its own: the id of another second (its ids hold its
-- own), or one that another round has. Where two rounds have one id, it is the one's whose second it holds, else the
-- earlier one's.
CREATE TABLE strange_id AS
WITH id AS (
  SELECT i.round_id, i.plan, i.plan_id, f.starts_at, contains(i.plan_id, '-' || f.unix_ts || '-') AS is_own
    FROM plan_id_line i JOIN round_folder f USING (round_id)
  WHERE i.is_whole -- half an id is nobody's
), repeated AS (
  SELECT plan_id, first(round_id ORDER BY is_own DESC, starts_at) AS owner
  FROM id WHERE plan_id IN (SELECT plan_id FROM id GROUP BY plan_id HAVING count(*) > 1) GROUP BY plan_id
)
SELECT i.round_id, arg_min(i.plan_id, i.plan) AS plan_id, arg_min(r.owner, i.plan) AS owner
FROM id i LEFT JOIN repeated r ON r.plan_id = i.plan_id AND r.owner <> i.round_id
WHERE NOT i.is_own OR r.owner IS NOT NULL
GROUP BY i.round_id;

-- One row per summary that names what it ran for: of another soak is what has another name or another start.
CREATE TABLE origin AS
SELECT s.folder_id, s.targets ->> '$.SOAK_ID' AS soak_id, s.targets ->> '$.SOAK_STARTED_AT' AS soak_start,
       coalesce(s.targets ->> '$.SOAK_ID' <> setting('SOAK_ID'), false) AS other_name,
       coalesce(NOT same_setting(nullif(s.targets ->> '$.SOAK_STARTED_AT', ''), setting('SOAK_STARTED_AT')),
         false) AS other_start
FROM summary s WHERE s.targets IS NOT NULL;

-- One row per readable summary: why it is not taken for its folder's; NULL where it is.
CREATE TABLE doubt AS
WITH own AS (
  -- Where every round names another start, or another name, it is config.env that was edited.
  SELECT coalesce(bool_or(NOT other_name), false) AS names_it, coalesce(bool_or(NOT other_start), false) AS starts_it
    FROM origin
), timed AS (
  SELECT s.*, f.round_id AS folder, f.unix_ts AS folder_unix_ts, f.starts_at,
         CASE WHEN s.is_legacy THEN t.legacy_clock_tolerance_seconds ELSE 0 END AS tolerance_seconds,
         -- By how many seconds the end is not where the duration leads: the clock may have been set meanwhile, which
         -- older rounds did not tell.
         least(abs(epoch(s.finished_at) - f.unix_ts - s.duration_ms / 1000),
           abs(epoch(s.finished_at) - f.unix_ts - (s.duration_ms + s.clock_step_ms) / 1000)) AS end_off_seconds,
         CASE WHEN s.clock_step_ms IS NULL THEN k.day_seconds
           ELSE t.clock_tolerance_seconds END AS end_tolerance_seconds
  FROM said s JOIN round_folder f ON f.round_id = s.folder_id, targets t, soak k
)
SELECT s.folder AS round_id, coalesce(m.is_no_summary, false) AS is_blank, CASE
    WHEN m.is_no_summary THEN 'has no field of a round summary'
    WHEN len(s.mistyped_identity) > 0 THEN 'does not say to which round it belongs: '
      || array_to_string(list_sort(s.mistyped_identity), ', ') || ' cannot be read'
    WHEN s.round_id <> s.folder THEN 'says round_id ' || s.round_id
      || ', which is another folder: it was copied, moved or renamed'
    WHEN o.other_name AND w.names_it THEN 'says SOAK_ID ' || o.soak_id || ', begun '
      || coalesce(o.soak_start, 'at no time') || ', but config.env says SOAK_ID=' || setting('SOAK_ID')
      || ': the round belongs to another soak, or config.env was edited; if it was edited, restore SOAK_ID='
      || o.soak_id
    WHEN o.other_start AND w.starts_it THEN 'says that its soak began at ' || o.soak_start
      || ', but config.env says SOAK_STARTED_AT=' || coalesce(setting('SOAK_STARTED_AT'), '')
      || ': the round belongs to another soak, or config.env was edited; if it was edited, restore SOAK_STARTED_AT='
      || o.soak_start
    WHEN abs(s.unix_ts - s.folder_unix_ts) > s.tolerance_seconds THEN 'says unix_ts ' || s.unix_ts
      || ', which is not the folder''s time'
    WHEN abs(seconds_of(s.started_at) - s.folder_unix_ts) > s.tolerance_seconds THEN 'says started_at '
      || shown_instant(s.started_at) || ', which is not the folder''s time'
    WHEN NOT s.is_legacy AND s.round_id IS NULL AND s.unix_ts IS NULL
      THEN 'says neither round_id nor unix_ts, so its round is unknown'
    WHEN NOT s.is_legacy AND coalesce(s.round, 0) < 1 THEN 'does not say which round it is'
    WHEN s.end_off_seconds > s.end_tolerance_seconds
      THEN 'says finished_at ' || shown_instant(s.finished_at) || ', but the round took '
        || CAST(s.duration_ms AS BIGINT) || ' ms from the folder''s time'
  END AS reason
FROM timed s LEFT JOIN missing_field m ON m.round_id = s.folder LEFT JOIN origin o ON o.folder_id = s.folder, own w;

-- One row per folder whose number another folder has as well: the number is the one's whose place it fits best, else
-- the earlier one's.
CREATE TABLE repeated_number AS
WITH placed AS (
  SELECT round_id, starts_at, row_number() OVER (ORDER BY starts_at) AS place FROM round_folder
), numbered AS (
  SELECT p.*, s.round AS number FROM placed p JOIN summary s ON s.folder_id = p.round_id
  JOIN doubt d ON d.round_id = p.round_id LEFT JOIN strange_id i ON i.round_id = p.round_id
  WHERE d.reason IS NULL AND i.round_id IS NULL AND s.round IS NOT NULL
), owned AS (
  SELECT number, first(round_id ORDER BY abs(number - place), starts_at) AS owner
  FROM numbered WHERE number IN (SELECT number FROM numbered GROUP BY number HAVING count(*) > 1) GROUP BY number
)
SELECT n.round_id, n.number, o.owner FROM numbered n JOIN owned o USING (number) WHERE n.round_id <> o.owner;

-- One row per summary like the bash scripts' that has, or stands beside, what these never wrote.
CREATE TABLE disguise AS
WITH told AS (
  SELECT s.folder_id, unnest(list_filter(json_keys(f.summary),
    lambda field: field IN ('slot', 'started_at', 'finished_at', 'duration_ms', 'rehearsal', 'cp_mode',
    'expected_plans', 'lost_plans', 'duplicate_plans'))) AS what
  FROM summary s JOIN round_folder f ON f.round_id = s.folder_id WHERE s.is_legacy
  UNION ALL
  SELECT t.round_id, t.file FROM raw_text t JOIN summary s ON s.folder_id = t.round_id WHERE s.is_legacy
    AND t.file IN ('plan-ids.txt', 'create-stalls.txt', 'drill-plan.txt', 'refuted.txt')
  UNION ALL
  SELECT o.round_id, o.file FROM raw_object o JOIN summary s ON s.folder_id = o.round_id WHERE s.is_legacy
    AND o.file IN ('integrity.json', 'store-check.json')
)
SELECT folder_id, min(what) AS what FROM told GROUP BY folder_id;

-- One row per visible round folder: what it is, and why it is not what it says.
CREATE TABLE folder_kind AS
WITH judged AS (
  SELECT f.*, coalesce(s.is_legacy, false) AS is_legacy, s.round AS said_round,
         -- What makes another's of it: its raw files speak of another round.
         coalesce(d.reason,
           CASE WHEN i.owner IS NOT NULL THEN 'is beside a plan-ids.txt that holds ' || i.plan_id || ' of '
             || i.owner || ': each id is used only once'
             WHEN i.round_id IS NOT NULL THEN 'is beside a plan-ids.txt that holds ' || i.plan_id
               || ', but ids of this round contain ' || f.unix_ts END,
           CASE WHEN n.round_id IS NOT NULL THEN 'says it is round ' || n.number || ', and so does ' || n.owner
             || ': one of the two is a copy' END,
           CASE WHEN s.is_legacy AND f.starts_at > min(f.starts_at) FILTER (NOT s.is_legacy AND d.reason IS NULL)
             OVER () THEN 'has no schema, but earlier rounds have one: the bash scripts must not run any more once '
               || 'this tool has gone on with their soak' END,
           CASE WHEN g.folder_id IS NOT NULL
             THEN 'has no schema, but ' || g.what || ', which only rounds with a schema have'
             END) AS doubt,
         -- Of a summary without anything the raw files may still be the round's own.
         f.is_link OR i.round_id IS NOT NULL OR n.round_id IS NOT NULL OR d.reason IS NOT NULL
           AND NOT d.is_blank AS is_strange,
         f.starts_at = max(f.starts_at) OVER () AS is_newest
  FROM round_folder f LEFT JOIN summary s ON s.folder_id = f.round_id LEFT JOIN doubt d ON d.round_id = f.round_id
  LEFT JOIN strange_id i ON i.round_id = f.round_id LEFT JOIN repeated_number n ON n.round_id = f.round_id
    LEFT JOIN disguise g ON g.folder_id = f.round_id
)
SELECT j.* EXCLUDE (problem, doubt, is_newest),
       coalesce(j.problem, j.doubt) AS summary_problem,
       CASE
         WHEN j.summary IS NOT NULL AND j.doubt IS NULL THEN CASE WHEN j.is_legacy THEN 'legacy' ELSE 'recorded' END
         WHEN NOT j.has_summary AND j.doubt IS NULL AND j.is_newest AND k.is_now
           AND (k.round_runs OR seconds_of(k.as_of) - j.unix_ts < k.interval_seconds) THEN 'in_progress'
         ELSE 'interrupted'
       END AS kind
FROM judged j, soak k;

-- One row per number of a round whose folder lies at as_of or later. A round that ran before one that is seen has one,
-- if the clock stood ahead when it ran.
CREATE TABLE later_number AS
WITH later AS MATERIALIZED (
  -- First, or every summary of the soak would be parsed for it.
  SELECT round_id FROM raw_round ANTI JOIN round_folder USING (round_id) WHERE round_time(round_id) IS NOT NULL
)
SELECT DISTINCT json_count(CAST(r.summary AS JSON) -> 'round') AS number
FROM raw_round r SEMI JOIN later USING (round_id) WHERE json_valid(r.summary);

-- One row per gap in the rounds' own numbers that their folders do not fill: so many were there and are gone. A clock
-- that was set back puts folders out of order, and leaves no number out.
CREATE TABLE gone_run AS
WITH placed AS (
  SELECT *, row_number() OVER (ORDER BY starts_at) AS place FROM folder_kind
), numbered AS (
  SELECT round_id, said_round AS number, place, slot, unix_ts, lag(said_round, 1, 0) OVER upward AS number_before,
         lag(place, 1, 0) OVER upward AS place_before,
         lag(slot, 1, -1) OVER upward AS slot_before, lag(unix_ts) OVER upward AS unix_before
  FROM placed WHERE kind = 'recorded' WINDOW upward AS (ORDER BY said_round)
), lacking AS (
  SELECT *, number - number_before - (place - place_before) - (
    SELECT count(*) FROM later_number l WHERE l.number > n.number_before AND l.number < n.number) AS lacks
  FROM (FROM numbered WHERE place > place_before AND number - number_before > place - place_before) n
)
SELECT round_id, number, number_before, slot, slot_before, unix_ts, unix_before, place - place_before - 1 AS others,
       -- A number beyond all measure is no reason for as many rounds.
       least(lacks, 1 + slot - slot_before) AS gone
FROM lacking WHERE lacks > 0;

-- One row per round that is gone, at a slot between its neighbours.
CREATE TABLE gone_round AS
WITH spread AS (
  SELECT g.*, n.n, greatest(g.slot_before + n.n * (g.slot - g.slot_before) // (g.gone + 1),
    CASE WHEN g.unix_before IS NULL THEN least(g.slot, 0) ELSE g.slot_before END) AS its_slot
  FROM gone_run g, LATERAL (SELECT unnest(range(1, g.gone + 1)) AS n) n
), timed AS (
  SELECT s.*, least(s.unix_ts, greatest(k.t0_unix + s.its_slot * k.interval_seconds,
    coalesce(s.unix_before + s.n, k.t0_unix))) AS its_unix FROM spread s, soak k
)
SELECT strftime(to_timestamp(its_unix) AT TIME ZONE 'UTC', '%Y-%m-%d') || '/round-' || (number_before + n)
  || '-is-gone' AS round_id,
       to_timestamp(its_unix) AS starts_at, its_unix AS unix_ts, its_slot AS slot,
       CASE WHEN others = 0 THEN 'round ' || (number_before + n) || ' is' ELSE 'one of rounds ' || (number_before + 1)
         || ' to ' || (number - 1) || ' is' END
         || ' missing: rounds/' || round_id || ' says it is round ' || number AS summary_problem
FROM timed;

-- One row per round: the folders, and those that are gone.
CREATE TABLE round_kind AS
SELECT *, false AS is_gone FROM folder_kind
UNION ALL BY NAME
SELECT g.*, g.slot >= 0 AND g.slot < k.total_slots AS in_soak, g.slot >= k.total_slots AS after_end,
       false AS has_summary, false AS is_legacy, false AS is_link, true AS is_strange, 'interrupted' AS kind,
       true AS is_gone
FROM gone_round g, soak k;
