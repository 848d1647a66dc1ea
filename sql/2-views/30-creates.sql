-- One row per line of the raw text files of visible rounds.
CREATE VIEW text_line AS SELECT l.*, k.kind FROM raw_line l JOIN round_kind k USING (round_id);

-- One row per plan that a round created or set out to create.
CREATE TABLE create_row AS
WITH whole AS (
  -- A killed round can leave its last line half written; half a latency would look fast.
  SELECT * FROM text_line WHERE is_terminated OR line_no < lines OR kind <> 'interrupted'
), ids AS (
  SELECT i.round_id, i.plan, i.plan_id FROM plan_id_line i JOIN round_kind USING (round_id)
), codes AS (
  -- The bash scripts may have written more than the code on a line: the code is its last word.
  SELECT round_id, line_no AS plan, nullif(regexp_extract(line, '(?:^|\s)([0-9]{3})\s*$', 1), '') AS http_code
    FROM whole WHERE file = 'plans-created.txt'
), seconds AS (
  SELECT round_id, line_no AS plan, text_number(line) AS s FROM whole WHERE file = 'create-times.txt'
), times AS (
  -- By whole nanoseconds, so that 0.0005 s is 0.5 ms and nothing beside it; abs, since -0 is 0. In doubles, as the
  -- database's exact decimals take eleven times as long for 432,000 creates.
  SELECT round_id, plan, CASE WHEN s >= 0 AND s < 1e9 THEN round(abs(s) * 1e9) / 1e6 END AS latency_ms FROM seconds
), stalls AS (
  SELECT round_id, line_no AS plan, CASE WHEN text_number(line) >= 0 THEN text_number(line) END AS stall_ms FROM whole
    WHERE file = 'create-stalls.txt'
)
SELECT round_id, plan, plan_id, http_code, latency_ms, stalls.stall_ms,
       -- Marked, and counted all the same: a stall of ours excuses no latency.
       stalls.stall_ms >= t.stall_ms AS stalled,
       codes.plan IS NOT NULL AS was_answered,
       -- A slow error counts, a fast refusal must not improve the percentiles (contract, section 3).
       latency_ms IS NOT NULL AND (http_code = '201' OR latency_ms > t.p99_ms) IS TRUE AS counted
FROM ids FULL JOIN codes USING (round_id, plan) FULL JOIN times USING (round_id, plan)
  LEFT JOIN stalls USING (round_id, plan), targets t;

-- One row per round that has raw create files: what they say.
CREATE TABLE create_figures AS
SELECT round_id,
       count(*) FILTER (http_code = '201') AS create_ok,
       count(*) FILTER (was_answered AND http_code IS DISTINCT FROM '201') AS create_errors,
       quantile_disc(latency_ms, 0.50) FILTER (counted) AS p50_ms,
       quantile_disc(latency_ms, 0.99) FILTER (counted) AS p99_ms,
       max(latency_ms) FILTER (counted) AS max_ms,
       count(*) FILTER (was_answered) AS answers,
       count(latency_ms) AS times,
       count(*) FILTER (stalled) AS stalled_creates,
       count(stall_ms) AS stalls_told,
       max(stall_ms) AS max_stall_ms,
       quantile_disc(latency_ms, 0.99) FILTER (counted AND stalled IS NOT TRUE) AS p99_ms_without_stalled
FROM create_row
GROUP BY round_id;

-- One row per plan that a round made from the drill template (contract, section 6): drill-plan.txt has the id that was
-- asked for, recoveries the one that the control plane gave it (CP_ID_KEY).
CREATE TABLE drill_plan AS
WITH given AS (
  SELECT regexp_extract(line, '^(\S+) ', 1) AS asked, max(regexp_extract(line, '^\S+ (.*\S)\s*$', 1)) AS given
  FROM text_line WHERE file = 'plan-ids-given.txt' GROUP BY asked
), asked AS (
  SELECT DISTINCT trim(line) AS plan_id FROM text_line WHERE file = 'drill-plan.txt' AND trim(line) <> ''
)
SELECT a.plan_id, coalesce(g.given, a.plan_id) AS known_as FROM asked a LEFT JOIN given g ON g.asked = a.plan_id;
