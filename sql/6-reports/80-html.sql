-- What the HTML pages show beside the texts.

-- 1.25 MiB, 340 KiB, 12 B.
CREATE MACRO shown_bytes(n) AS
  CASE WHEN n IS NULL THEN 'n/a' WHEN n >= 1048576 THEN CAST(CAST(n / 1048576.0 AS DECIMAL(18, 2)) AS VARCHAR) || ' MiB'
  WHEN n >= 1024 THEN CAST(CAST(n / 1024.0 AS DECIMAL(18, 1)) AS VARCHAR) || ' KiB' ELSE CAST(n AS VARCHAR) || ' B' END;

CREATE MACRO shown_minute(instant) AS strftime(instant AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M');

-- A target with its thousands parted, and with all of its decimals: 4,000, 100.5.
CREATE MACRO shown_goal(target) AS
  CASE WHEN target = floor(target) THEN shown_thousands(target) ELSE shown_count(target) END;

-- One row per check and claim as a page shows it: worst first.
CREATE TABLE verdict_page AS
WITH read_so AS (
  SELECT *, verdict = 'FAIL' AND CASE comparison WHEN '≥' THEN value < target ELSE value > target END AS misses
    FROM judged_row
)
SELECT v.id, v.kind, v.name, v.verdict, v.detail, coalesce(v.question, '') AS question,
       CASE WHEN v.value IS NULL THEN 'not measured' WHEN v.unit = 'ms' THEN shown_ms(v.value, v.misses) || ' ms'
         WHEN v.unit = 'rate' THEN shown_rate(v.value, v.misses)
         WHEN v.unit = 'pct' THEN shown_pct(v.value, v.misses) || ' %'
           WHEN v.value = floor(v.value) THEN shown_thousands(v.value) ELSE shown_count(v.value) END AS value,
       coalesce(v.comparison || ' ', '') || CASE WHEN v.target IS NULL THEN '–'
         -- The plan's as config.env writes them; a site check has a target of its own.
         WHEN v.unit = 'rate' AND v.kind <> 'site check' THEN t.rollback_rate_text
         WHEN v.unit = 'pct' AND v.kind <> 'site check' THEN t.uptime_pct_text || ' %'
           ELSE shown_goal(v.target) || CASE v.unit WHEN 'ms' THEN ' ms' WHEN 'pct' THEN ' %' ELSE '' END END AS target,
       coalesce(v.files, 'the rounds’ summaries') AS files, m.outlook, coalesce(m.margin, '') AS margin,
       coalesce(m.confidence_text, '') AS confidence, m.lost_since_round_id
FROM read_so v LEFT JOIN margins m ON m.id = v.id, (SELECT rollback_rate_text, uptime_pct_text FROM targets) t
ORDER BY CASE WHEN v.verdict = 'FAIL' THEN 1 WHEN m.outlook = 'already lost' THEN 2 WHEN v.verdict = 'PENDING' THEN 3
  ELSE 4 END, v.kind, v.id;

-- One row: the verdict in a word, and why in one sentence. A checkpoint and a status have no overall verdict before the
-- end: one failure, or one that is certain to come, is enough to say FAIL, and no failure is not yet a pass.
CREATE TABLE headline AS
WITH all_verdicts AS (
  SELECT id, name, verdict, CASE WHEN verdict = 'PENDING' THEN 'already lost: ' || margin ELSE detail END AS detail,
         kind = 'check' AS is_check, verdict = 'FAIL' OR outlook = 'already lost' AS fails, outlook = 'behind' AS behind
  FROM margin_row WHERE kind IN ('check', 'claim')
), failed AS (
  SELECT *, row_number() OVER (ORDER BY is_check DESC, id) AS place FROM all_verdicts WHERE fails
), counted AS (
  SELECT count(*) FILTER (is_check) AS checks, count(*) FILTER (is_check AND verdict = 'PASS') AS passed,
         count(*) FILTER (is_check AND verdict = 'PENDING') AS pending,
         count(*) FILTER (is_check AND fails) AS failed, count(*) FILTER (NOT is_check AND fails) AS failed_claims,
         bool_or(fails AND verdict = 'PENDING') AS any_to_fail, count(*) FILTER (behind) AS behind,
         string_agg(id || ' ' || name, ', ' ORDER BY is_check DESC, id) FILTER (behind) AS are_behind
  FROM all_verdicts
), told AS (
  SELECT c.*, CASE WHEN failed > 0 THEN failed || ' of ' || checks || ' checks failed' ELSE 'no check failed' END
         || CASE WHEN failed_claims > 0 THEN CASE WHEN failed > 0 THEN ' and ' ELSE ', but ' END || failed_claims
           || CASE WHEN failed_claims = 1 THEN ' claim' ELSE ' claims' END || CASE WHEN failed = 0 THEN ' did'
           ELSE '' END ELSE '' END
         || CASE WHEN any_to_fail THEN ' (including those that can no longer pass)' ELSE '' END AS counts,
         coalesce((SELECT ': ' || string_agg(id || ' ' || name || CASE WHEN detail = '' THEN '' ELSE ' (' || detail
           || ')' END, '; ' ORDER BY place) FROM failed WHERE place <= 3), '')
         || CASE WHEN failed + failed_claims > 3 THEN '; and ' || (failed + failed_claims - 3) || ' more'
           ELSE '' END AS those
  FROM counted c
), worded AS (
  SELECT t.*, t.counts || t.those AS failures,
         v.uncovered AND v.complete AS uncovered, v.uncounted AND v.complete AS uncounted,
         o.overall = 'already lost' AS overall_lost,
         upper(left(a.words, 1)) || substr(a.words, 2) AS altered,
         upper(left(o.because, 1)) || substr(o.because, 2) AS because, CASE
      WHEN NOT k.may_pend THEN v.overall
      WHEN a.altered > 0 OR t.failed + t.failed_claims > 0 OR o.overall = 'already lost' THEN 'FAIL'
      WHEN t.behind > 0 THEN 'BEHIND' ELSE 'ON TRACK' END AS word
  FROM told t, verdict_row v, soak k, outlook o, seal_state a
)
SELECT w.word, (SELECT shown_list(list(id ORDER BY id)) FROM judged_row
         WHERE kind = 'check' AND for_gate_d = 'pass') AS gate_needs,
       CASE WHEN w.altered IS NOT NULL THEN w.altered || '. Altered evidence proves nothing; '
           || w.failures || '.'
         WHEN w.word = 'PASS' AND w.failed_claims = 0 THEN
           'All ' || w.checks || ' checks and all claims hold: ' || shown_thousands(f.healthy_rounds) || ' of '
             || shown_thousands(f.total_rounds) || ' rounds were healthy, the slowest round''s p99 was '
           || shown_ms(f.max_p99_ms, false) || ' ms, ' || shown_thousands(f.recoveries_held) || ' of '
             || shown_thousands(f.total_recovery_attempts)
           || ' recoveries succeeded, and no plan was lost or listed twice.'
         WHEN w.word = 'PASS' THEN 'All ' || w.checks || ' checks pass, but '
           || shown_number_of(w.failed_claims, 'claims') || ' failed' || w.those || '.'
         WHEN w.word IN ('ON TRACK', 'BEHIND') THEN 'No check has failed. ' || w.passed || ' of ' || w.checks
           || CASE WHEN w.passed = 1 THEN ' checks has' ELSE ' checks have' END || ' passed for good'
           || CASE WHEN w.pending = 0 THEN '' WHEN w.pending = 1 THEN '; 1 is still open'
             ELSE '; ' || w.pending || ' are still open' END || '.'
           || CASE WHEN f.total_rounds > f.healthy_rounds THEN ' Of ' || shown_thousands(f.total_rounds)
             || CASE WHEN f.total_rounds = 1 THEN ' round, ' ELSE ' rounds, ' END
             || shown_thousands(f.total_rounds - f.healthy_rounds) || CASE WHEN f.total_rounds - f.healthy_rounds = 1
               THEN ' was' ELSE ' were' END || ' not healthy.' ELSE '' END
           || CASE WHEN w.behind > 0 THEN ' Below target now, and can still reach it: ' || w.are_behind || '.'
             ELSE '' END
         WHEN w.word = 'INCOMPLETE' AND NOT k.has_ended THEN 'The soak ends on '
           || strftime(k.end_at AT TIME ZONE 'UTC', '%Y-%m-%d')
           || '; whatever is not measured by then fails. So far, '
           || w.failures || '.'
         WHEN w.word = 'INCOMPLETE' THEN 'No round was recorded in the last 24 hours of the soak; ' || w.failures || '.'
         WHEN w.uncovered THEN 'Rounds ran in ' || shown_thousands(f.covered_slots) || ' of '
           || shown_thousands(f.scheduled_rounds) || ' slots, fewer than the coverage target needs; ' || w.failures
           || '.'
         WHEN w.uncounted THEN 'The plans were counted in ' || shown_thousands(f.plan_counted_slots) || ' of '
           || shown_thousands(f.scheduled_rounds) || ' slots, fewer than the coverage target needs; ' || w.failures
           || '.'
         WHEN w.failed + w.failed_claims = 0 AND w.overall_lost THEN w.because || '; ' || w.failures || '.'
         ELSE upper(left(w.failures, 1)) || substr(w.failures, 2) || '.' END AS sentence
FROM worded w, figures f, soak k;

-- One row per figure of the strip at the head of a page.
CREATE TABLE key_figures AS
SELECT s.*, coalesce(lower(v.verdict), '') AS state
FROM final_text x, figures f, soak k, targets t, LATERAL (VALUES
  (1, 'Rounds', shown_thousands(f.total_rounds), CASE WHEN f.scheduled_rounds = 0 THEN 'no slot has passed yet'
    ELSE 'of ' || shown_thousands(f.scheduled_rounds) || ' scheduled' || CASE WHEN k.has_ended THEN ''
      ELSE ' so far' END END),
  (2, 'Availability', with_unit(x.uptime_pct, ' %'), 'target ≥ ' || x.target_uptime_pct || ' %; ' || f.failed_rounds
    || ' failed, ' || f.interrupted_rounds || ' interrupted, ' || f.missed_rounds || ' missed'),
  (3, 'Slowest round’s p99', with_unit(x.max_p99_ms, ' ms'),
    'target ≤ ' || x.target_p99_ms || ' ms; all creates pooled ' || with_unit(x.pooled_p99_ms, ' ms')),
  (4, 'Recoveries', CASE WHEN f.total_recovery_attempts = 0 THEN 'none' || CASE WHEN k.has_ended THEN '' ELSE ' yet' END
    ELSE shown_thousands(f.recoveries_held) || ' of ' || shown_thousands(f.total_recovery_attempts) END, 'rate '
    || x.agg_rollback_rate || ', target ≥ ' || x.target_rollback_rate
     || CASE WHEN f.recoveries_refuted > 0 THEN '; ' || shown_thousands(f.recoveries_refuted)
       || ' refuted, by exit codes ' || x.rollback_rate_by_exit_code ELSE '' END),
  (5, 'Plans in store', shown_thousands(f.max_plan_count), 'target ≥ ' || shown_goal(t.plan_count) || '; '
    || shown_thousands(f.total_creates) || ' created'),
  (6, 'Lost or duplicated', CASE WHEN f.lost_plans IS NULL AND f.duplicate_plans IS NULL THEN 'n/a'
    ELSE shown_thousands(coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0)) END,
     'checked in ' || shown_thousands_of(f.set_checked_rounds, 'rounds')),
  (7, 'Restarts', shown_thousands(f.cp_restart_count), 'longest downtime '
    || f.longest_downtime_rounds || ' ' || shown_things(f.longest_downtime_rounds, 'rounds')),
  (8, 'Alerts', shown_thousands((SELECT count(*) FROM alerts)),
    shown_thousands((SELECT count(*) FROM alerts WHERE level = 'ALERT')) || ' ALERT, '
    || shown_thousands((SELECT count(*) FROM alerts WHERE level = 'WARN')) || ' WARN')
) s(place, label, value, note) LEFT JOIN (FROM judged_row WHERE kind <> 'site check') v ON v.key_figure = s.label
ORDER BY s.place;

-- One row per round that a verdict turns on, the most telling first; place counts within the verdict.
CREATE TABLE verdict_rounds AS
SELECT c.id, row_number() OVER (PARTITION BY c.id ORDER BY c.weight, r.starts_at, c.file) AS place,
       count(*) OVER (PARTITION BY c.id) AS rounds,
       c.round_id, c.file, c.says
FROM check_round c JOIN round_row r USING (round_id);

-- One row per counted round, for the charts and the table of all rounds.
CREATE TABLE round_page AS
SELECT round_id, seconds_of(starts_at) AS unix_ts, soak_day,
       CASE WHEN kind = 'interrupted' THEN 'interrupted' WHEN healthy THEN 'ok' ELSE 'failed' END AS status,
       restarted IS TRUE AS restarted, p50_ms, p99_ms, max_ms, plan_count, stuck_count,
       counted_recovery_ok AS recovery_ok, recovery_fail,
       coalesce(recoveries_refuted, 0) AS recoveries_refuted,
       store_bytes, wal_bytes, cp_rss_bytes, cp_open_fds,
       -- The steps that failed, in words where the round told why.
       CASE WHEN kind = 'interrupted' THEN coalesce(summary_problem, 'no round-summary.json')
         ELSE concat_ws('; ', CASE WHEN restarted THEN 'restarted' END, CASE WHEN hung THEN 'hung' END,
           CASE WHEN port_conflict THEN 'port conflict' END,
           f.steps, CASE WHEN failures <> '{}' THEN left(failures, 400) END) END AS remarks
FROM round_row
  LEFT JOIN (SELECT round_id, string_agg(step, ', ' ORDER BY step) AS steps FROM step_row WHERE verdict = 'FAIL'
    GROUP BY round_id) f USING (round_id)
WHERE counted
ORDER BY starts_at;

-- One row per slot with rounds: their ids.
CREATE TABLE slot_ids AS
SELECT slot, string_agg(round_id, ' and ' ORDER BY starts_at) AS round_ids FROM round_row WHERE in_soak GROUP BY slot;

-- One row per slot that has passed and is not ok.
CREATE TABLE bad_slot_page AS
SELECT s.slot, shown_minute(s.starts_at) AS starts, s.status, i.round_ids
FROM slot_row s LEFT JOIN slot_ids i USING (slot)
WHERE s.status <> 'ok';

-- One row per cell of the grid of slots, also of what is still to come: per_cell slots of one soak day in a row, told
-- by the worst of them, the first of these. By cells, not by slots: at an interval of a second a soak has 2.6 million
-- of them.
CREATE MACRO slot_cells(first_slot, end_slot, per_cell) AS TABLE
WITH grid AS (
  SELECT *, day_seconds // interval_seconds AS per_day FROM soak
), cells AS (
  SELECT d.soak_day, c.place, greatest((d.soak_day - 1) * k.per_day + c.place * per_cell, first_slot) AS slot
  FROM grid k, range(first_slot // k.per_day + 1, (end_slot - 1) // k.per_day + 2) d(soak_day),
    range((k.per_day + per_cell - 1) // per_cell) c(place)
  WHERE (d.soak_day - 1) * k.per_day + c.place * per_cell < end_slot
    AND (d.soak_day - 1) * k.per_day + least((c.place + 1) * per_cell, k.per_day) > first_slot
), worst AS (
  SELECT s.soak_day, (s.slot % k.per_day) // per_cell AS place,
         min({'rank': list_position(['failed', 'interrupted', 'missed', 'ok'], s.status), 'slot': s.slot}).slot AS slot
  FROM slot_row s, grid k WHERE s.slot >= first_slot AND s.slot < end_slot GROUP BY ALL
)
SELECT c.soak_day, c.place, coalesce(s.status, 'to come') AS status, coalesce(w.slot, c.slot) AS slot,
       shown_minute(to_timestamp(k.t0_unix + coalesce(w.slot, c.slot) * k.interval_seconds)) AS starts, i.round_ids
FROM grid k, cells c LEFT JOIN worst w USING (soak_day, place) LEFT JOIN slot_row s ON s.slot = w.slot
  LEFT JOIN slot_ids i ON i.slot = coalesce(w.slot, c.slot)
ORDER BY c.soak_day, c.place;

-- One row per day of the soak that has begun: what the charts show, as numbers.
CREATE TABLE day_page AS
WITH of_rounds AS (
  SELECT soak_day, count(*) AS rounds, count(*) FILTER (status = 'ok') AS ok,
         count(*) FILTER (status = 'failed') AS failed, count(*) FILTER (status = 'interrupted') AS interrupted,
         count(*) FILTER (restarted) AS restarts, quantile_disc(p99_ms, 0.5) AS median_p99_ms,
         max(p99_ms) AS max_p99_ms, arg_max(round_id, p99_ms) AS slowest_round,
         arg_max(plan_count, unix_ts) FILTER (plan_count IS NOT NULL) AS plan_count,
         arg_max(store_bytes, unix_ts) FILTER (store_bytes IS NOT NULL) AS store_bytes,
         max(wal_bytes) AS wal_bytes, max(cp_rss_bytes) AS cp_rss_bytes, max(cp_open_fds) AS cp_open_fds,
         coalesce(sum(recovery_ok), 0)::BIGINT AS recovery_ok, coalesce(sum(recovery_fail), 0)::BIGINT AS recovery_fail,
         coalesce(sum(recoveries_refuted), 0)::BIGINT AS recoveries_refuted
  FROM round_page GROUP BY soak_day
), of_slots AS (
  SELECT soak_day, count(*) AS slots, count(*) FILTER (status = 'missed') AS missed FROM slot_row GROUP BY soak_day
), summed AS (
  SELECT soak_day, coalesce(s.slots, 0) AS slots, coalesce(s.missed, 0) AS missed, r.* EXCLUDE (soak_day),
         greatest(0, sum(coalesce(r.recovery_ok, 0) - coalesce(r.recoveries_refuted, 0)) OVER so_far) AS cumulative_ok,
         sum(coalesce(r.recovery_ok, 0) + coalesce(r.recovery_fail, 0)) OVER so_far AS cumulative_attempts
  FROM of_slots s FULL JOIN of_rounds r USING (soak_day)
  WINDOW so_far AS (ORDER BY soak_day)
)
SELECT soak_day, strftime((k.t0 + to_days(CAST(soak_day - 1 AS INTEGER))) AT TIME ZONE 'UTC', '%Y-%m-%d') AS begins,
       coalesce(rounds, 0) AS rounds, slots, coalesce(ok, 0) AS ok,
       coalesce(failed, 0) AS failed, coalesce(interrupted, 0) AS interrupted, missed,
       coalesce(restarts, 0) AS restarts,
       shown_ms(median_p99_ms, false) AS median_p99_ms, shown_ms(max_p99_ms, max_p99_ms > t.p99_ms) AS max_p99_ms,
       coalesce(slowest_round, 'n/a') AS slowest_round,
       shown_thousands(plan_count) AS plan_count, shown_bytes(store_bytes) AS store_bytes,
       shown_bytes(wal_bytes) AS wal_bytes, shown_bytes(cp_rss_bytes) AS cp_rss_bytes,
       shown_count(cp_open_fds) AS cp_open_fds, coalesce(recovery_ok, 0) AS recovery_ok,
       coalesce(recovery_fail, 0) AS recovery_fail, coalesce(recoveries_refuted, 0) AS recoveries_refuted,
       CAST(cumulative_ok AS BIGINT) AS cumulative_ok, CAST(cumulative_attempts AS BIGINT) AS cumulative_attempts,
       shown_rate(share(cumulative_ok, cumulative_attempts), cumulative_attempts > 0
         AND NOT share_reaches(cumulative_ok, cumulative_attempts, t.rollback_rate)) AS cumulative_rate,
       CASE WHEN cumulative_attempts > 0 THEN shown_interval(clopper_pearson_low(CAST(cumulative_ok AS BIGINT),
         CAST(cumulative_attempts AS BIGINT)), clopper_pearson_high(CAST(cumulative_ok AS BIGINT),
         CAST(cumulative_attempts AS BIGINT)), 3) ELSE 'n/a' END AS cumulative_interval
FROM summed, soak k, (SELECT p99_ms, rollback_rate FROM targets) t
ORDER BY soak_day;

-- One row per round that recovered something or refuted a recovery, with the rate of all recoveries up to it; at most
-- 60 of them, the last one too, with its confidence interval. No rate stands before the first recovery that counts: a
-- round may refute one whose own round is not there.
CREATE TABLE recovery_page AS
WITH tried AS (
  SELECT round_id, unix_ts, soak_day, coalesce(recovery_ok, 0) AS recovery_ok,
         coalesce(recovery_fail, 0) AS recovery_fail, recoveries_refuted FROM round_page
           WHERE recovery_ok + recovery_fail > 0 OR recoveries_refuted > 0
), summed AS (
  SELECT *, CAST(greatest(0, sum(recovery_ok - recoveries_refuted) OVER (ORDER BY unix_ts)) AS BIGINT) AS ok,
         CAST(sum(recovery_ok + recovery_fail) OVER (ORDER BY unix_ts) AS BIGINT) AS attempts,
         row_number() OVER (ORDER BY unix_ts DESC) - 1 AS place, count(*) OVER () AS rounds
  FROM tried
), marked AS (
  SELECT *, place % CAST(ceil(rounds / 60) AS BIGINT) = 0 AS bounded FROM summed
)
SELECT * EXCLUDE (place, rounds, bounded), share(ok, attempts) AS rate,
       CASE WHEN bounded THEN clopper_pearson_low(ok, attempts) END AS low,
       CASE WHEN bounded THEN clopper_pearson_high(ok, attempts) END AS high
FROM marked WHERE attempts > 0 ORDER BY unix_ts;
