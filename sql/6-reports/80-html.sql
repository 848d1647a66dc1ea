-- What the HTML pages show beside the texts. Views, not tables: only a page that is made pays for them.

CREATE MACRO shown_thousands(n) AS coalesce(format('{:,}', CAST(n AS BIGINT)), 'n/a');

-- 1.25 MiB, 340 KiB, 12 B.
CREATE MACRO shown_bytes(n) AS CASE WHEN n IS NULL THEN 'n/a' WHEN n >= 1048576 THEN CAST(CAST(n / 1048576.0 AS DECIMAL(18, 2)) AS VARCHAR) || ' MiB'
  WHEN n >= 1024 THEN CAST(CAST(n / 1024.0 AS DECIMAL(18, 1)) AS VARCHAR) || ' KiB' ELSE CAST(n AS VARCHAR) || ' B' END;

CREATE MACRO shown_minute(instant) AS strftime(instant AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M');

-- One row per check and claim that this file knows: how its value reads, and what it asks. One that is not listed is shown as it is.
CREATE TABLE verdict_reading AS
SELECT * FROM (VALUES
  ('VAL12-01', 'ms', '≤', 'The first setup started the control plane in time, and it answered 200.'),
  ('VAL12-02', 'count', '=', 'Round 1 created every plan without an error.'),
  ('VAL12-03', 'count', '≥', 'From round 10 on, one full listing held the fleet.'),
  ('VAL12-04', 'ms', '≤', 'The p99 of round 1, before anything accumulated.'),
  ('VAL12-05', 'count', '=', 'Stuck scans that did not answer 200 with a valid list.'),
  ('VAL12-06', 'rate', '≥', 'Recoveries that succeeded, days 1–7.'),
  ('VAL12-07', 'ms', '≤', 'The largest p99 of any round, days 1–7.'),
  ('VAL12-08', 'pct', '≥', 'Healthy rounds among those that ran.'),
  ('VAL12-09', 'count', '≥', 'Plans created over the whole soak.'),
  ('VAL12-10', 'rate', '≥', 'Recoveries that succeeded over the whole soak.'),
  ('C1', 'count', '=', 'Plans lost or listed twice while the fleet was held.'),
  ('C2', 'rate', '≥', 'Recoveries that succeeded over the whole soak.'),
  ('C3', 'ms', '≤', 'The largest p99 of any round of the soak.'),
  ('C4', 'pct', '≥', 'Healthy slots among all that were scheduled.')) r(id, unit, comparison, question);

-- One row per check and claim as a page shows it: worst first.
CREATE TABLE verdict_page AS
WITH all_verdicts AS (
  SELECT id, name, verdict, value, target, detail, 'check' AS kind, 1 AS part FROM check_row UNION ALL SELECT id, name, verdict, value, target, detail, 'claim', 2 FROM claim_row
), read_so AS (
  SELECT v.*, r.unit, r.comparison, r.question, v.verdict = 'FAIL' AND CASE r.comparison WHEN '≥' THEN v.value < v.target ELSE v.value > v.target END AS misses
  FROM all_verdicts v LEFT JOIN verdict_reading r USING (id)
)
SELECT v.id, v.kind, v.name, v.verdict, v.detail, coalesce(v.question, '') AS question,
       CASE WHEN v.value IS NULL THEN 'not measured' WHEN v.unit = 'ms' THEN shown_ms(v.value, v.misses) || ' ms' WHEN v.unit = 'rate' THEN shown_rate(v.value, v.misses)
         WHEN v.unit = 'pct' THEN shown_pct(v.value, v.misses) || ' %' WHEN v.value = floor(v.value) THEN shown_thousands(v.value) ELSE shown_count(v.value) END AS value,
       coalesce(v.comparison || ' ', '') || CASE WHEN v.target IS NULL THEN '–' WHEN v.unit = 'ms' THEN shown_thousands(v.target) || ' ms' WHEN v.unit = 'rate' THEN t.rollback_rate_text
         WHEN v.unit = 'pct' THEN t.uptime_pct_text || ' %' WHEN v.target = floor(v.target) THEN shown_thousands(v.target) ELSE shown_count(v.target) END AS target,
       m.outlook, coalesce(m.margin, '') AS margin, coalesce(m.confidence_text, '') AS confidence, m.lost_since_round_id
FROM read_so v LEFT JOIN margins m ON m.id = v.id, (SELECT rollback_rate_text, uptime_pct_text FROM targets) t
ORDER BY CASE WHEN v.verdict = 'FAIL' THEN 1 WHEN m.outlook = 'already lost' THEN 2 WHEN v.verdict = 'PENDING' THEN 3 ELSE 4 END, v.part, v.id;

-- One row: the verdict in a word, and why in one sentence. A checkpoint and a status have no overall verdict before the
-- end: one failure, or one that is certain to come, is enough to say FAIL, and no failure is not yet a pass.
CREATE TABLE headline AS
WITH all_verdicts AS (
  SELECT id, name, verdict, CASE WHEN verdict = 'PENDING' THEN 'already lost: ' || margin ELSE detail END AS detail, kind = 'check' AS is_check, verdict = 'FAIL' OR outlook = 'already lost' AS fails FROM margin_row
), failed AS (
  SELECT *, row_number() OVER (ORDER BY is_check DESC, id) AS place FROM all_verdicts WHERE fails
), counted AS (
  SELECT count(*) FILTER (is_check) AS checks, count(*) FILTER (is_check AND verdict = 'PASS') AS passed, count(*) FILTER (is_check AND verdict = 'PENDING') AS pending,
         count(*) FILTER (is_check AND fails) AS failed, count(*) FILTER (NOT is_check AND fails) AS failed_claims, bool_or(fails AND verdict = 'PENDING') AS any_to_fail
  FROM all_verdicts
), told AS (
  SELECT c.*, CASE WHEN failed > 0 THEN failed || ' of ' || checks || ' checks failed' ELSE 'no check failed' END
         || CASE WHEN failed_claims > 0 THEN CASE WHEN failed > 0 THEN ' and ' ELSE ', but ' END || failed_claims || CASE WHEN failed_claims = 1 THEN ' claim' ELSE ' claims' END || CASE WHEN failed = 0 THEN ' did' ELSE '' END ELSE '' END
         || CASE WHEN any_to_fail THEN ', those included that cannot pass any more' ELSE '' END
         || coalesce((SELECT ': ' || string_agg(id || ' ' || name || CASE WHEN detail = '' THEN '' ELSE ' (' || detail || ')' END, '; ' ORDER BY place) FROM failed WHERE place <= 3), '')
         || CASE WHEN failed + failed_claims > 3 THEN '; and ' || (failed + failed_claims - 3) || ' more' ELSE '' END AS failures
  FROM counted c
), worded AS (
  SELECT t.*, v.uncovered AND v.complete AS uncovered, o.overall = 'already lost' AS overall_lost, upper(left(o.because, 1)) || substr(o.because, 2) AS because, CASE
      WHEN NOT k.may_pend THEN v.overall
      WHEN t.failed + t.failed_claims > 0 OR o.overall = 'already lost' THEN 'FAIL' ELSE 'ON TRACK' END AS word
  FROM told t, verdict_row v, soak k, outlook o
)
SELECT w.word,
       CASE WHEN w.word = 'PASS' AND w.failed_claims = 0 THEN
           'All ' || w.checks || ' checks and all claims hold: ' || shown_thousands(f.healthy_rounds) || ' of ' || shown_thousands(f.total_rounds) || ' rounds were healthy, the slowest round''s p99 was '
           || shown_ms(f.max_p99_ms, false) || ' ms, ' || shown_thousands(f.recoveries_held) || ' of ' || shown_thousands(f.total_recovery_attempts)
           || ' recoveries succeeded, and no plan was lost or listed twice.'
         WHEN w.word = 'PASS' THEN 'All ' || w.checks || ' checks pass, ' || replace(w.failures, 'no check failed, ', '') || '.'
         WHEN w.word = 'ON TRACK' THEN 'Nothing failed in ' || shown_thousands(f.total_rounds) || CASE WHEN f.total_rounds = 1 THEN ' round' ELSE ' rounds' END || ': ' || w.passed || ' of ' || w.checks || ' checks pass'
           || CASE WHEN w.pending > 0 THEN ', ' || w.pending || ' cannot be judged yet' ELSE '' END || '.'
         WHEN w.word = 'INCOMPLETE' AND NOT k.has_ended THEN 'The soak ends on ' || strftime(k.end_at AT TIME ZONE 'UTC', '%Y-%m-%d') || ', and what is not measured by then has failed; so far '
           || w.failures || '.'
         WHEN w.word = 'INCOMPLETE' THEN 'The last 24 hours of the soak hold no round; ' || w.failures || '.'
         WHEN w.uncovered THEN 'Rounds ran in ' || shown_thousands(f.covered_slots) || ' of ' || shown_thousands(f.scheduled_rounds) || ' slots, too few for a soak of its whole length; ' || w.failures || '.'
         WHEN w.failed + w.failed_claims = 0 AND w.overall_lost THEN w.because || '; ' || w.failures || '.'
         ELSE upper(left(w.failures, 1)) || substr(w.failures, 2) || '.' END AS sentence
FROM worded w, figures f, soak k;

-- One row per figure of the strip at the head of a page.
CREATE TABLE key_figures AS
WITH verdict AS (SELECT id, verdict FROM check_row UNION ALL SELECT id, verdict FROM claim_row)
SELECT s.* EXCLUDE (id), coalesce(lower(v.verdict), '') AS state
FROM final_text x, figures f, soak k, targets t, LATERAL (VALUES
  (1, 'Rounds', shown_thousands(f.total_rounds), 'of ' || shown_thousands(f.scheduled_rounds) || ' scheduled' || CASE WHEN k.has_ended THEN '' ELSE ' so far' END, NULL),
  (2, 'Availability', x.uptime_pct || ' %', 'target ≥ ' || x.target_uptime_pct || ' %; ' || f.failed_rounds || ' failed, ' || f.interrupted_rounds || ' interrupted, ' || f.missed_rounds || ' missed', 'VAL12-08'),
  (3, 'Slowest round’s p99', x.max_p99_ms || ' ms', 'target ≤ ' || x.target_p99_ms || ' ms; all creates pooled ' || x.pooled_p99_ms || ' ms', 'C3'),
  (4, 'Recoveries', shown_thousands(f.recoveries_held) || ' of ' || shown_thousands(f.total_recovery_attempts), 'rate ' || x.agg_rollback_rate || ', target ≥ ' || x.target_rollback_rate
     || CASE WHEN f.recoveries_refuted > 0 THEN '; ' || shown_thousands(f.recoveries_refuted) || ' refuted, by exit codes ' || x.rollback_rate_by_exit_code ELSE '' END, 'C2'),
  (5, 'Plans in store', shown_thousands(f.max_plan_count), 'target ≥ ' || shown_thousands(t.plan_count) || '; ' || shown_thousands(f.total_creates) || ' created', 'VAL12-03'),
  (6, 'Lost or duplicated', CASE WHEN f.lost_plans IS NULL AND f.duplicate_plans IS NULL THEN 'n/a' ELSE shown_thousands(coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0)) END,
     'checked in ' || shown_thousands(f.set_checked_rounds) || CASE WHEN f.set_checked_rounds = 1 THEN ' round' ELSE ' rounds' END, 'C1'),
  (7, 'Restarts', shown_thousands(f.cp_restart_count), 'longest downtime ' || f.longest_downtime_rounds || CASE WHEN f.longest_downtime_rounds = 1 THEN ' round' ELSE ' rounds' END, NULL),
  (8, 'Alerts', shown_thousands((SELECT count(*) FROM alerts)), shown_thousands((SELECT count(*) FROM alerts WHERE level = 'ALERT')) || ' ALERT, ' || shown_thousands((SELECT count(*) FROM alerts WHERE level = 'WARN')) || ' WARN', NULL)
) s(place, label, value, note, id) LEFT JOIN verdict v ON v.id = s.id
ORDER BY s.place;

-- One row per round that a verdict turns on, the most telling first; place counts within the verdict.
CREATE TABLE verdict_rounds AS
WITH counted AS (SELECT r.*, k.early_days FROM round_row r, soak k WHERE r.counted),
told AS (
  SELECT 'VAL12-02' AS id, round_id, 'round-summary.json' AS file, 'create_ok=' || shown_count(create_ok) || ', create_errors=' || shown_count(create_errors) AS says, 0.0::DOUBLE AS weight, starts_at FROM counted WHERE round = 1
  UNION ALL
  SELECT 'VAL12-03', round_id, 'round-summary.json', 'plan_count=' || shown_thousands(plan_count), 0, starts_at
  FROM counted WHERE plan_count IS NOT NULL AND round >= (SELECT fleet_round FROM targets) QUALIFY row_number() OVER (ORDER BY plan_count DESC, starts_at) = 1
  UNION ALL
  SELECT 'VAL12-04', round_id, 'create-times.txt', 'p99 ' || shown_ms(p99_ms, false) || ' ms', 0, starts_at FROM counted WHERE round = 1
  UNION ALL
  SELECT 'VAL12-05', round_id, CASE kind WHEN 'interrupted' THEN '' ELSE 'stuck-scan.json' END,
         CASE kind WHEN 'interrupted' THEN 'interrupted: no scan' ELSE 'scan_http_code=' || coalesce(scan_http_code, 'n/a') || ', scan_ok=' || coalesce(CAST(scan_ok AS VARCHAR), 'n/a') END, 0, starts_at FROM counted WHERE NOT scanned
  UNION ALL
  SELECT v.id, round_id, 'recovery.txt', counted_recovery_fail || ' of ' || (counted_recovery_ok + counted_recovery_fail) || ' recoveries failed', -counted_recovery_fail, starts_at
  FROM counted, (VALUES ('VAL12-06', true), ('VAL12-10', false), ('C2', false)) v(id, early) WHERE counted_recovery_fail > 0 AND (soak_day <= early_days OR NOT v.early)
  UNION ALL
  SELECT v.id, round_id, 'refuted.txt', recoveries_refuted || CASE WHEN recoveries_refuted = 1 THEN ' recovery of an earlier round is' ELSE ' recoveries of earlier rounds are' END || ' refuted by its stuck scan', -recoveries_refuted, starts_at
  FROM counted, (VALUES ('VAL12-06', true), ('VAL12-10', false), ('C2', false)) v(id, early) WHERE recoveries_refuted > 0 AND (soak_day <= early_days OR NOT v.early)
  UNION ALL
  SELECT v.id, r.round_id, 'create-times.txt', 'p99 ' || shown_ms(r.p99_ms, r.p99_ms > t.p99_ms) || ' ms', -r.p99_ms, r.starts_at
  FROM counted r, targets t, (VALUES ('VAL12-07', true), ('C3', false)) v(id, early) WHERE r.p99_ms IS NOT NULL AND (r.soak_day <= r.early_days OR NOT v.early)
  -- The slowest one is always named; beyond the target, all are.
  QUALIFY r.p99_ms > t.p99_ms OR row_number() OVER (PARTITION BY v.id ORDER BY r.p99_ms DESC, r.starts_at) = 1
  UNION ALL
  SELECT v.id, round_id, CASE kind WHEN 'interrupted' THEN '' ELSE 'round-summary.json' END,
         CASE WHEN kind = 'interrupted' THEN 'interrupted' ELSE 'health=' || coalesce(health, 'n/a') || CASE WHEN restarted THEN ', restarted' ELSE '' END || CASE WHEN hung THEN ', hung' ELSE '' END END, 0, starts_at
  FROM counted, (VALUES ('VAL12-08'), ('C4')) v(id) WHERE NOT healthy
  UNION ALL
  SELECT 'C1', r.round_id, 'integrity.json', 'lost=' || shown_count(r.lost_plans) || ', duplicate=' || shown_count(r.duplicate_plans) || coalesce(': ' || left(string_agg(i.finding || ' ' || i.plan_id, ', ' ORDER BY i.finding DESC, i.plan_id), 200), ''),
         -(coalesce(r.lost_plans, 0) + coalesce(r.duplicate_plans, 0)), r.starts_at
  FROM counted r LEFT JOIN integrity_id i ON i.round_id = r.round_id AND i.finding IN ('lost', 'duplicate')
  WHERE r.lost_plans > 0 OR r.duplicate_plans > 0 GROUP BY r.round_id, r.lost_plans, r.duplicate_plans, r.starts_at
  UNION ALL
  SELECT 'C1', round_id, 'store-check.json', left(store_check, 200), -1e9, starts_at FROM counted WHERE store_check <> 'ok'
  UNION ALL
  SELECT 'C1', round_id, 'store-check.json', 'not checked: ' || left(store_unchecked, 200), 1, starts_at FROM counted WHERE store_unchecked IS NOT NULL
)
SELECT id, row_number() OVER (PARTITION BY id ORDER BY weight, starts_at, file) AS place, count(*) OVER (PARTITION BY id) AS rounds, round_id, file, says
FROM told
ORDER BY id, place;

-- One row per verdict: the files that it was made from, in words.
CREATE TABLE verdict_files AS
SELECT v.id, v.files FROM figures f, LATERAL (VALUES
  ('VAL12-01', 'setup-summary.txt, as the first setup wrote it'),
  ('VAL12-02', 'round 1’s round-summary.json'),
  ('VAL12-03', 'plan_count of ' || shown_thousands(f.total_rounds) || ' round summaries; the round with the most plans'),
  ('VAL12-04', 'round 1’s round-summary.json and create-times.txt'),
  ('VAL12-05', 'scan_http_code and scan_ok of ' || shown_thousands(f.total_rounds) || ' round summaries, ' || shown_thousands(f.scan_failures) || ' failed'),
  ('VAL12-06', shown_thousands(f.recovery_attempts_7d) || ' recoveries of days 1–7 in the rounds’ recovery.txt, ' || shown_thousands(f.recoveries_refuted_7d) || ' refuted by refuted.txt'),
  ('VAL12-07', 'p99_ms of the round summaries of days 1–7'),
  ('VAL12-08', 'health and restarted of ' || shown_thousands(f.total_rounds) || ' round summaries; a folder without one counts as unhealthy'),
  ('VAL12-09', 'create_ok of ' || shown_thousands(f.total_rounds) || ' round summaries'),
  ('VAL12-10', shown_thousands(f.total_recovery_attempts) || ' recoveries in the rounds’ recovery.txt, ' || shown_thousands(f.recoveries_refuted) || ' refuted by refuted.txt'),
  ('C1', 'the set check of ' || shown_thousands(f.set_checked_rounds) || ' rounds (integrity.json) and the store checks of ' || shown_thousands((SELECT count(*) FROM round_row WHERE counted AND store_check IS NOT NULL)) || ' (store-check.json)'),
  ('C2', shown_thousands(f.total_recovery_attempts) || ' recoveries in the rounds’ recovery.txt, ' || shown_thousands(f.recoveries_refuted) || ' refuted by refuted.txt'),
  ('C3', 'p99_ms of ' || shown_thousands(f.total_rounds) || ' round summaries; all creates pooled: ' || shown_ms(f.pooled_p99_ms, false) || ' ms'),
  ('C4', shown_thousands(f.scheduled_rounds) || ' scheduled slots, ' || shown_thousands(f.missed_rounds) || ' of them without a round')) v(id, files);

-- One row per counted round, for the charts and the table of all rounds.
CREATE TABLE round_page AS
SELECT round_id, date, starts_at, seconds_of(starts_at) AS unix_ts, round, slot, soak_day,
       CASE WHEN kind = 'interrupted' THEN 'interrupted' WHEN healthy THEN 'ok' ELSE 'failed' END AS status,
       restarted IS TRUE AS restarted, p50_ms, p99_ms, max_ms, plan_count, stuck_count, counted_recovery_ok AS recovery_ok, counted_recovery_fail AS recovery_fail, coalesce(recoveries_refuted, 0) AS recoveries_refuted,
       store_bytes, wal_bytes, cp_rss_bytes, cp_open_fds,
       -- The steps that failed, in words where the round told why.
       CASE WHEN kind = 'interrupted' THEN coalesce(summary_problem, 'no round-summary.json')
         ELSE concat_ws('; ', CASE WHEN restarted THEN 'restarted' END, CASE WHEN hung THEN 'hung' END, CASE WHEN port_conflict THEN 'port conflict' END,
           nullif(array_to_string(list_filter([CASE WHEN v01_health = 'FAIL' THEN 'v01_health' END, CASE WHEN v02_creates = 'FAIL' THEN 'v02_creates' END, CASE WHEN v03_stuck_scan = 'FAIL' THEN 'v03_stuck_scan' END,
             CASE WHEN v04_recovery = 'FAIL' THEN 'v04_recovery' END, CASE WHEN v05_plan_count = 'FAIL' THEN 'v05_plan_count' END, CASE WHEN v06_metrics = 'FAIL' THEN 'v06_metrics' END,
             CASE WHEN v07_integrity = 'FAIL' THEN 'v07_integrity' END], lambda step: step IS NOT NULL), ', '), ''),
           CASE WHEN failures <> '{}' THEN left(failures, 400) END) END AS remarks
FROM round_row WHERE counted
ORDER BY starts_at;

-- One row per slot that has passed and is not ok.
CREATE TABLE bad_slot_page AS
WITH ids AS (
  SELECT slot, string_agg(round_id, ' and ' ORDER BY starts_at) AS round_ids FROM round_row WHERE in_soak GROUP BY slot
)
SELECT s.slot, shown_minute(s.starts_at) AS starts, s.status, i.round_ids
FROM slot_row s LEFT JOIN ids i USING (slot)
WHERE s.status <> 'ok';

-- One row per cell of the grid of slots, also of what is still to come: per_cell slots of one soak day in a row, told by the worst of
-- them, the first of these. By cells, not by slots: at an interval of a second a soak has 2.6 million of them.
CREATE MACRO slot_cells(first_slot, end_slot, per_cell) AS TABLE
WITH grid AS (
  SELECT *, day_seconds // interval_seconds AS per_day FROM soak
), cells AS (
  SELECT d.soak_day, c.place, greatest((d.soak_day - 1) * k.per_day + c.place * per_cell, first_slot) AS slot
  FROM grid k, range(first_slot // k.per_day + 1, (end_slot - 1) // k.per_day + 2) d(soak_day), range((k.per_day + per_cell - 1) // per_cell) c(place)
  WHERE (d.soak_day - 1) * k.per_day + c.place * per_cell < end_slot AND (d.soak_day - 1) * k.per_day + least((c.place + 1) * per_cell, k.per_day) > first_slot
), worst AS (
  SELECT s.soak_day, (s.slot % k.per_day) // per_cell AS place,
         min({'rank': list_position(['failed', 'interrupted', 'missed', 'ok'], s.status), 'slot': s.slot}).slot AS slot
  FROM slot_row s, grid k WHERE s.slot >= first_slot AND s.slot < end_slot GROUP BY ALL
), ids AS (
  SELECT slot, string_agg(round_id, ' and ' ORDER BY starts_at) AS round_ids FROM round_row WHERE in_soak GROUP BY slot
)
SELECT c.soak_day, c.place, coalesce(s.status, 'to come') AS status, coalesce(w.slot, c.slot) AS slot,
       shown_minute(to_timestamp(k.t0_unix + coalesce(w.slot, c.slot) * k.interval_seconds)) AS starts, i.round_ids
FROM grid k, cells c LEFT JOIN worst w USING (soak_day, place) LEFT JOIN slot_row s ON s.slot = w.slot LEFT JOIN ids i ON i.slot = coalesce(w.slot, c.slot)
ORDER BY c.soak_day, c.place;

-- One row per day of the soak that has begun: what the charts show, as numbers.
CREATE TABLE day_page AS
WITH of_rounds AS (
  SELECT soak_day, count(*) AS rounds, count(*) FILTER (status = 'ok') AS ok, count(*) FILTER (status = 'failed') AS failed, count(*) FILTER (status = 'interrupted') AS interrupted,
         count(*) FILTER (restarted) AS restarts, quantile_disc(p99_ms, 0.5) AS median_p99_ms, max(p99_ms) AS max_p99_ms, arg_max(round_id, p99_ms) AS slowest_round,
         arg_max(plan_count, unix_ts) FILTER (plan_count IS NOT NULL) AS plan_count, arg_max(store_bytes, unix_ts) FILTER (store_bytes IS NOT NULL) AS store_bytes,
         max(wal_bytes) AS wal_bytes, max(cp_rss_bytes) AS cp_rss_bytes, max(cp_open_fds) AS cp_open_fds,
         coalesce(sum(recovery_ok), 0)::BIGINT AS recovery_ok, coalesce(sum(recovery_fail), 0)::BIGINT AS recovery_fail, coalesce(sum(recoveries_refuted), 0)::BIGINT AS recoveries_refuted
  FROM round_page GROUP BY soak_day
), of_slots AS (
  SELECT soak_day, count(*) AS slots, count(*) FILTER (status = 'missed') AS missed FROM slot_row GROUP BY soak_day
), summed AS (
  SELECT soak_day, coalesce(s.slots, 0) AS slots, coalesce(s.missed, 0) AS missed, r.* EXCLUDE (soak_day),
         greatest(0, sum(coalesce(r.recovery_ok, 0) - coalesce(r.recoveries_refuted, 0)) OVER so_far) AS cumulative_ok, sum(coalesce(r.recovery_ok, 0) + coalesce(r.recovery_fail, 0)) OVER so_far AS cumulative_attempts
  FROM of_slots s FULL JOIN of_rounds r USING (soak_day)
  WINDOW so_far AS (ORDER BY soak_day)
)
SELECT soak_day, strftime((k.t0 + to_days(CAST(soak_day - 1 AS INTEGER))) AT TIME ZONE 'UTC', '%Y-%m-%d') AS begins, coalesce(rounds, 0) AS rounds, slots, coalesce(ok, 0) AS ok,
       coalesce(failed, 0) AS failed, coalesce(interrupted, 0) AS interrupted, missed, coalesce(restarts, 0) AS restarts,
       shown_ms(median_p99_ms, false) AS median_p99_ms, shown_ms(max_p99_ms, max_p99_ms > t.p99_ms) AS max_p99_ms, coalesce(slowest_round, 'n/a') AS slowest_round,
       shown_thousands(plan_count) AS plan_count, shown_bytes(store_bytes) AS store_bytes, shown_bytes(wal_bytes) AS wal_bytes, shown_bytes(cp_rss_bytes) AS cp_rss_bytes,
       shown_count(cp_open_fds) AS cp_open_fds, coalesce(recovery_ok, 0) AS recovery_ok, coalesce(recovery_fail, 0) AS recovery_fail, coalesce(recoveries_refuted, 0) AS recoveries_refuted,
       CAST(cumulative_ok AS BIGINT) AS cumulative_ok, CAST(cumulative_attempts AS BIGINT) AS cumulative_attempts,
       shown_rate(share(cumulative_ok, cumulative_attempts), cumulative_attempts > 0 AND NOT share_reaches(cumulative_ok, cumulative_attempts, t.rollback_rate)) AS cumulative_rate,
       CASE WHEN cumulative_attempts > 0 THEN shown_interval(clopper_pearson_low(CAST(cumulative_ok AS BIGINT), CAST(cumulative_attempts AS BIGINT)), clopper_pearson_high(CAST(cumulative_ok AS BIGINT), CAST(cumulative_attempts AS BIGINT)), 3) ELSE 'n/a' END AS cumulative_interval
FROM summed, soak k, (SELECT p99_ms, rollback_rate FROM targets) t
ORDER BY soak_day;

-- One row per round that recovered something or refuted a recovery, with the rate of all recoveries up to it; at most 60 of them, the last one too, with
-- its confidence interval.
CREATE TABLE recovery_page AS
WITH tried AS (
  SELECT round_id, unix_ts, soak_day, coalesce(recovery_ok, 0) AS recovery_ok, coalesce(recovery_fail, 0) AS recovery_fail, recoveries_refuted FROM round_page WHERE recovery_ok + recovery_fail > 0 OR recoveries_refuted > 0
), summed AS (
  SELECT *, CAST(greatest(0, sum(recovery_ok - recoveries_refuted) OVER (ORDER BY unix_ts)) AS BIGINT) AS ok, CAST(sum(recovery_ok + recovery_fail) OVER (ORDER BY unix_ts) AS BIGINT) AS attempts,
         row_number() OVER (ORDER BY unix_ts DESC) - 1 AS place, count(*) OVER () AS rounds
  FROM tried
), marked AS (
  SELECT *, place % CAST(ceil(rounds / 60) AS BIGINT) = 0 AS bounded FROM summed
)
SELECT * EXCLUDE (place, rounds, bounded), share(ok, attempts) AS rate,
       CASE WHEN bounded THEN clopper_pearson_low(ok, attempts) END AS low, CASE WHEN bounded THEN clopper_pearson_high(ok, attempts) END AS high
FROM marked ORDER BY unix_ts;
