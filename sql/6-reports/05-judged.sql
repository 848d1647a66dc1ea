-- What holds for all checks alike is done once, here, so that none can forget it.

-- One row per check that rests on a setting which was edited after the soak began: FAIL whatever its figures, until the
-- setting is restored. And per word of the verdict that does ('overall', 'Gate D'), of the kind 'word'.
CREATE TABLE edited_verdict AS
WITH resting AS (
  SELECT c.kind, c.id, unnest(c.rests_on) AS key FROM check_row c UNION ALL SELECT 'word', unnest(words), key
    FROM verdict_setting
)
SELECT r.kind, r.id, string_agg(n.reason, '; ' ORDER BY n.key) AS reason, list(n.key) AS keys
FROM resting r JOIN setting_now n USING (key) WHERE n.edited GROUP BY r.kind, r.id;

INSERT INTO problem_row BY NAME
WITH failing AS (
  SELECT n.key, string_agg(e.id, ', ' ORDER BY e.kind, e.id = 'Gate D', e.id) AS ids
  FROM setting_now n JOIN edited_verdict e ON list_contains(e.keys, n.key)
    WHERE n.edited AND e.kind <> 'site check' GROUP BY n.key
)
SELECT 'config.env' AS file, 0 AS place, CASE WHEN n.recorded_in IS NULL THEN replace(n.reason, 'config.env says ', '')
    ELSE n.key || ' is ' || n.is_now || ', but the soak began with ' || n.begun_with || ' (' || n.source || ')' END
  || ': the verdicts that depend on it fail (' || f.ids || ') until you restore '
  || CASE WHEN n.recorded_in IS NULL THEN 'it' ELSE n.key || '=' || n.begun_with END AS reason
FROM setting_now n JOIN failing f USING (key);

-- One row per check with gaps in what it rests on: later evidence does not bring what is not there, so its outlook is
-- lost whatever the verdict may say as yet, and no PASS rests on it.
CREATE TABLE unmeasured_verdict AS
SELECT id, string_agg(reason, '; ' ORDER BY lost_at, reason) AS reason, min(lost_at) AS lost_at,
       nullif(arg_min(coalesce(lost_since_round_id, ''),
         (lost_at, lost_since_round_id IS NULL)), '') AS lost_since_round_id
FROM check_gap GROUP BY id;

-- One row per check, as all reports tell it.
CREATE TABLE judged_row AS
WITH told AS (
  SELECT c.* EXCLUDE (detail), o.* EXCLUDE (id), coalesce(w.detail, c.detail,
    plain_detail(c.value, c.comparison, c.target)) AS detail, w.margin, w.files
  FROM check_row c LEFT JOIN check_outlook o USING (id) LEFT JOIN check_words w USING (id)
), edited AS (
  SELECT t.* REPLACE (CASE WHEN e.id IS NULL THEN verdict ELSE 'FAIL' END AS verdict,
    concat_ws('; ', e.reason, nullif(detail, '')) AS detail),
         e.reason AS edit
  FROM told t LEFT JOIN edited_verdict e USING (kind, id)
), gaps AS (
  -- Where it was lost before the gap, or is no loss of a round (a soak without a day 7), the older reason has the
  -- margin.
  SELECT e.*, u.reason AS gap, u.lost_since_round_id AS gap_round_id, e.outlook IS NOT DISTINCT FROM 'already lost'
           AND CASE WHEN e.lost_since_round_id IS NULL THEN e.kind = 'check'
             ELSE round_time(e.lost_since_round_id) < u.lost_at END AS is_lost_before
  FROM edited e LEFT JOIN unmeasured_verdict u USING (id)
), measured AS (
  SELECT * REPLACE (CASE WHEN gap IS NOT NULL AND verdict = 'PASS' THEN 'FAIL' ELSE verdict END AS verdict,
           CASE WHEN gap IS NULL THEN detail ELSE gap || '; ' || detail END AS detail,
           CASE WHEN gap IS NULL THEN outlook ELSE 'already lost' END AS outlook,
           CASE WHEN gap IS NULL OR is_lost_before THEN margin ELSE gap END AS margin,
           CASE WHEN gap IS NULL OR is_lost_before THEN lost_since_round_id
             ELSE gap_round_id END AS lost_since_round_id)
  FROM gaps
), lost AS (
  -- No PASS stands beside "already lost": a bad round of a slot that has not passed yet is lost before its share is
  -- counted.
  SELECT * REPLACE (CASE WHEN verdict = 'PASS' AND outlook = 'already lost' THEN 'FAIL' ELSE verdict END AS verdict,
           CASE WHEN verdict = 'PASS' AND outlook = 'already lost' THEN 'already lost: ' || coalesce(margin, detail)
             ELSE detail END AS detail)
  FROM measured
), unsaid AS (
  -- A site check may say PENDING at any time: where a report has the last word, what was not measured is no pass.
  SELECT l.* REPLACE (CASE WHEN l.verdict = 'PENDING' AND NOT k.may_pend THEN 'FAIL' ELSE l.verdict END AS verdict,
           CASE WHEN l.verdict = 'PENDING' AND NOT k.may_pend THEN 'not measured, it still says PENDING: ' || l.detail
             ELSE l.detail END AS detail,
           CASE WHEN l.verdict = 'PENDING' AND NOT k.may_pend AND k.has_ended THEN 'already lost'
             ELSE l.outlook END AS outlook)
  FROM lost l, soak k
), pending AS (
  -- A checkpoint or a status that says PASS says it for good: what a later round can still fail is PENDING, as the
  -- final report may have to say FAIL.
  SELECT l.* REPLACE (CASE WHEN k.may_pend AND verdict = 'PASS'
    AND coalesce(outlook <> 'passed for good', c.rounds > 0) THEN 'PENDING'
           ELSE verdict END AS verdict)
  FROM unsaid l, soak k, to_come c
), placed AS (
  -- A FAIL that has a round to look at names it: the recovery that failed first, or the round that lost it.
  SELECT *, CASE WHEN verdict <> 'FAIL' THEN NULL WHEN first_failure IS NOT NULL THEN first_failure
           WHEN outlook = 'already lost' AND lost_since_round_id IS NOT NULL AND edit IS NULL
             AND NOT contains(detail, lost_since_round_id)
             THEN 'lost since rounds/' || lost_since_round_id END AS place
  FROM pending
)
SELECT * EXCLUDE (gap, gap_round_id, is_lost_before, first_failure, place)
         REPLACE (concat_ws(', ', CASE WHEN place IS NOT NULL AND detail = '' THEN NULL ELSE detail END,
           place) AS detail)
FROM placed;

-- One row per check of the plan.
CREATE VIEW checks AS SELECT id, name, verdict, value, target, detail FROM judged_row WHERE kind = 'check' ORDER BY id;

-- One row per check of the user's own.
CREATE VIEW site_checks AS SELECT id, name, verdict, value, target, detail FROM judged_row WHERE kind = 'site check'
  ORDER BY id;

-- One row per claim under test.
CREATE VIEW claims AS SELECT id, name, verdict, value, target, detail FROM judged_row WHERE kind = 'claim' ORDER BY id;
