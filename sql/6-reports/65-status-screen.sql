-- What the status shows on one screen: display strings, and the soak's days one by one.

-- A span of time as a person says it: 12 min, 3 h 5 min, 2 d 4 h.
CREATE MACRO shown_span(seconds) AS CASE WHEN seconds < 60 THEN CAST(CAST(floor(seconds) AS BIGINT) AS VARCHAR) || ' s'
  WHEN seconds < 3600 THEN CAST(CAST(floor(seconds / 60) AS BIGINT) AS VARCHAR) || ' min'
  WHEN seconds < 86400 THEN CAST(floor(seconds / 3600) AS BIGINT) || ' h ' || CAST(floor(seconds % 3600 / 60) AS BIGINT)
    || ' min'
  ELSE CAST(floor(seconds / 86400) AS BIGINT) || ' d ' || CAST(floor(seconds % 86400 / 3600) AS BIGINT) || ' h' END;

-- Behind how long a round is overdue: how many slots have none.
CREATE MACRO shown_missed(slots) AS
  CASE WHEN slots > 0 THEN ', ' || shown_number_of(slots, 'slots') || ' missed' ELSE '' END;

-- One row per day of the soak, T0 to T0 + 24 h being day 1.
CREATE VIEW soak_days AS
WITH of_rounds AS (
  SELECT soak_day, count(*) AS rounds, count(*) FILTER (NOT healthy) AS failed_rounds FROM round_row WHERE counted
    GROUP BY soak_day
), of_slots AS (
  SELECT soak_day, count(*) FILTER (status = 'missed') AS missed_slots FROM slot_row GROUP BY soak_day
)
SELECT d.soak_day, to_timestamp(k.t0_unix + (d.soak_day - 1) * k.day_seconds) AS starts_at,
       coalesce(r.rounds, 0) AS rounds, coalesce(r.failed_rounds, 0) AS failed_rounds,
       coalesce(s.missed_slots, 0) AS missed_slots,
       CASE WHEN r.failed_rounds > 0 THEN 'failed' WHEN s.missed_slots > 0 THEN 'missed' WHEN r.rounds > 0 THEN 'ok'
         ELSE 'to come' END AS state
FROM soak k, range(1, k.soak_days + 1) d(soak_day) LEFT JOIN of_rounds r USING (soak_day)
  LEFT JOIN of_slots s USING (soak_day)
ORDER BY d.soak_day;

-- What to write into config.env again; two keys fill a line.
CREATE MACRO shown_restore(keys) AS 'restore ' || array_to_string(keys[:2], ', ')
  || CASE WHEN len(keys) > 2 THEN ' and ' || (len(keys) - 2) || ' more' ELSE '' END;

-- One row per check and claim, as margins; edited says how one heals that fails by an edit of config.env, else ''.
CREATE TABLE status_margin AS
WITH edit AS (
  SELECT e.id, shown_restore(list(n.key || '=' || left(n.begun_with, 40) ORDER BY n.key)) AS edited
  FROM edited_verdict e JOIN setting_now n ON list_contains(e.keys, n.key) GROUP BY e.id
)
SELECT m.*, coalesce(e.edited, '') AS edited FROM bounded_margin m LEFT JOIN edit e USING (id) ORDER BY kind, id;

-- One row: the lines of the screen that are neither a bar nor a list.
CREATE TABLE status_screen AS
WITH failed AS (
  -- By their numbers alone: the line is short.
  SELECT round_id, string_agg(left(step, 3), ' ' ORDER BY step) AS steps FROM step_row WHERE verdict = 'FAIL'
    GROUP BY round_id
)
SELECT s.soak_id, 'day ' || s.day || ' of ' || s.soak_days || ', ' || s.state AS day, coalesce(s.cp_mode, 'n/a')
  || CASE WHEN s.rehearsal THEN ' (REHEARSAL)' ELSE '' END
  || CASE WHEN a.altered > 0 THEN ' (EVIDENCE ALTERED)' ELSE '' END AS kind,
       strftime(s.as_of AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S UTC') AS as_of,
       CASE WHEN s.last_round_at IS NULL THEN 'no round yet'
         ELSE shown_span(epoch(s.as_of) - epoch(s.last_round_at)) || ' ago: ' || s.last_round_id || ', '
           || CASE WHEN s.last_round_healthy THEN 'healthy' WHEN s.last_round_kind = 'interrupted' THEN 'interrupted'
             ELSE 'not healthy' END
           || CASE WHEN s.consecutive_unhealthy_rounds > 1 THEN ' (' || s.consecutive_unhealthy_rounds || ' in a row)'
             ELSE '' END
           || ', p99 ' || CASE WHEN s.last_p99_ms IS NULL THEN 'n/a'
             ELSE shown_ms(s.last_p99_ms, s.last_p99_ms > t.p99_ms) || ' ms' END
             || coalesce(', FAIL ' || f.steps, '') END AS last,
       CASE WHEN s.round_in_progress THEN 'a round is running now' || shown_missed(s.slots_since_last_round)
         WHEN s.overdue_seconds IS NOT NULL THEN 'OVERDUE by ' || shown_span(s.overdue_seconds) || ' since '
           || strftime(s.due_at AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M')
           || shown_missed(s.slots_since_last_round)
         WHEN s.state = 'ended' THEN 'none: the soak has ended' || CASE WHEN s.slots_since_last_round > 0 THEN ', '
           || shown_number_of(s.slots_since_last_round, 'slots') || ' missed at its end' ELSE '' END
         WHEN s.due_at IS NULL THEN 'none: the last slot has its round'
         WHEN s.due_at <= s.as_of THEN 'due now' ELSE 'in ' || shown_span(epoch(s.due_at) - epoch(s.as_of)) || ', at '
           || strftime(s.due_at AT TIME ZONE 'UTC', '%H:%M') END AS next,
       s.overdue_seconds IS NOT NULL AS is_overdue,
       s.healthy_rounds || ' healthy, ' || s.failed_rounds || ' failed, ' || s.interrupted_rounds || ' interrupted, '
         || s.missed_rounds || ' missed; slot ' || s.scheduled_rounds || ' of ' || s.total_slots AS rounds,
       coalesce((SELECT e.verdicts || CASE WHEN e.verdicts = 1 THEN ' verdict FAILS' ELSE ' verdicts FAIL' END
         || ' because config.env was edited: ' || shown_restore(n.keys)
         FROM (SELECT count(*) AS verdicts FROM edited_verdict) e,
           (SELECT list(key || '=' || left(begun_with, 40) ORDER BY key) AS keys FROM setting_now WHERE edited) n
         WHERE e.verdicts > 0), '') AS edited,
       o.line AS outlook, s.alerts_24h || ' in 24 h, ' || s.alerts_total || ' in all' AS alerts
FROM status s LEFT JOIN failed f ON f.round_id = s.last_round_id, outlook o, targets t, seal_state a;
