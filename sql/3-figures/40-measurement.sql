-- A clock that steps in every round needs no longer list to be seen.
CREATE MACRO most_clock_steps_listed() AS 10;
-- 1 round, 2026-10-01/round-000000; 2 rounds, from the first to the last
CREATE MACRO rounds_from_to(n, first_id, last_id) AS
  shown_number_of(n, 'rounds') || ', ' || first_id || CASE WHEN n = 1 THEN '' ELSE ' to ' || last_id END;

-- One row per note on the measurement itself, beside the verdicts and never in place of them: on one date or, where
-- date is NULL, on the whole soak.
CREATE TABLE note_row AS
WITH creates_stalled AS (
  SELECT grouping(r.date) = 1 AS is_all, r.date, count(*) AS creates, count(DISTINCT r.round_id) AS rounds,
         max(c.stall_ms) AS longest_ms
  FROM create_row c JOIN round_row r USING (round_id)
  WHERE c.stalled AND r.counted GROUP BY GROUPING SETS ((), (r.date)) HAVING count(*) > 0
), round_latencies AS (
  SELECT grouping(date) = 1 AS is_all, date, max(p99_ms) AS p99_ms,
         max(p99_ms_without_stalled) AS p99_ms_without_stalled,
         count(*) FILTER (p99_ms IS NOT NULL AND p99_ms_without_stalled IS NULL) AS rounds_without_rest
  FROM round_row WHERE counted GROUP BY GROUPING SETS ((), (date))
), overhead AS (
  SELECT grouping(r.date) = 1 AS is_all, r.date, count(*) AS rounds, max(r.probe_overhead_ms) AS largest_ms,
         arg_max(r.round_id, r.probe_overhead_ms) AS round_id
  FROM round_row r, targets t
  WHERE r.counted AND r.probe_overhead_ms > t.probe_overhead_ms GROUP BY GROUPING SETS ((), (r.date))
    HAVING count(*) > 0
), clock_steps AS (
  SELECT r.round_id, r.date, r.starts_at, r.clock_step_ms,
         row_number() OVER (ORDER BY r.starts_at) AS place, count(*) OVER () AS steps,
         row_number() OVER (PARTITION BY r.date ORDER BY r.starts_at) AS place_of_date,
         count(*) OVER (PARTITION BY r.date) AS steps_of_date
  FROM round_row r, targets t WHERE r.counted AND abs(r.clock_step_ms) > t.clock_step_ms
), clock_lines AS (
  SELECT true AS is_all, NULL::DATE AS date, * EXCLUDE (date, place_of_date, steps_of_date) FROM clock_steps
    WHERE place <= most_clock_steps_listed()
  UNION ALL
  SELECT false, date, round_id, starts_at, clock_step_ms, place_of_date, steps_of_date FROM clock_steps
    WHERE place_of_date <= most_clock_steps_listed()
), kept_in_part AS (
  SELECT grouping(r.date) = 1 AS is_all, r.date, s.file, count(*) AS files, sum(s.whole_bytes) AS whole_bytes,
         sum(s.kept_bytes) AS kept_bytes
  FROM stored_file s JOIN round_row r USING (round_id)
  WHERE r.counted AND s.problem IS NULL AND NOT s.is_whole GROUP BY GROUPING SETS ((s.file), (s.file, r.date))
    HAVING count(*) > 0
), failed_steps AS (
  -- The steps on which no check rests: one that fails every half hour must be read somewhere. And of each date the
  -- scans, which no alert and no figure of a daily tells; of the whole soak the check of the scans does.
  SELECT grouping(date) = 1 AS is_all, date, step, count(*) FILTER (verdict = 'FAIL') AS failed, count(*) AS rounds,
         min(round_id) FILTER (verdict = 'FAIL') AS first_round_id,
         max(round_id) FILTER (verdict = 'FAIL') AS last_round_id
  FROM step_row WHERE counted AND step IN ('v03_stuck_scan', 'v05_plan_count', 'v06_metrics')
    GROUP BY GROUPING SETS ((step), (step, date)) HAVING count(*) FILTER (verdict = 'FAIL') > 0
), unconfirmed AS (
  SELECT grouping(date) = 1 AS is_all, date, count(*) AS rounds, max(unconfirmed_plans) AS most,
         arg_max(round_id, unconfirmed_plans) AS round_id
  FROM round_row WHERE counted AND unconfirmed_plans > 0 GROUP BY GROUPING SETS ((), (date)) HAVING count(*) > 0
), by_id AS (
  SELECT grouping(date) = 1 AS is_all, date, count(*) AS rounds, max(plans) AS most,
         arg_max(round_id, plans) AS round_id
  FROM (SELECT r.date, r.round_id, count(*) AS plans FROM integrity_id i JOIN round_row r USING (round_id)
    WHERE r.counted AND i.finding = 'shown_by_id' GROUP BY r.date, r.round_id)
  GROUP BY GROUPING SETS ((), (date)) HAVING count(*) > 0
), newest_check AS (
  SELECT arg_max(round_id, starts_at) AS round_id FROM round_row WHERE counted AND lost_plans IS NOT NULL
), listed_again AS (
  SELECT count(*) AS plans, min(plan_id) AS plan_id, any_value(newest) AS newest
  FROM (SELECT i.plan_id, any_value(n.round_id) AS newest
    FROM integrity_id i JOIN round_row r USING (round_id), newest_check n
    WHERE r.counted AND i.finding = 'lost' GROUP BY i.plan_id HAVING NOT bool_or(i.round_id = n.round_id))
  HAVING count(*) > 0
), unrecorded AS (
  SELECT grouping(date) = 1 AS is_all, date, count(*) AS rounds, max(unrecorded_plans) AS most,
         min(round_id) AS first_round_id, max(round_id) AS last_round_id
  FROM round_row WHERE counted AND unrecorded_plans > 0 GROUP BY GROUPING SETS ((), (date)) HAVING count(*) > 0
), refuted AS (
  SELECT grouping(date) = 1 AS is_all, date, CAST(sum(recoveries_refuted) AS BIGINT) AS recoveries, count(*) AS rounds,
         min(round_id) AS first_round_id
  FROM round_row WHERE counted AND recoveries_refuted > 0 GROUP BY GROUPING SETS ((), (date)) HAVING count(*) > 0
), refuted_plan AS (
  SELECT round_id, arg_min(plan_id || ' of ' || recovered_in, (recovered_in, plan_id)) AS named FROM refutation
    WHERE counts GROUP BY round_id
), deferred AS (
  SELECT grouping(date) = 1 AS is_all, date, CAST(sum(recovery_deferred) AS BIGINT) AS recoveries, count(*) AS rounds,
         min(round_id) AS first_round_id, max(round_id) AS last_round_id
  FROM round_row WHERE counted AND recovery_deferred > 0 GROUP BY GROUPING SETS ((), (date)) HAVING count(*) > 0
), foreign_plans AS (
  SELECT grouping(date) = 1 AS is_all, date, count(*) AS rounds, max(stuck_foreign) AS most,
         CAST(coalesce(sum(foreign_recoveries), 0) AS BIGINT) AS recoveries, min(round_id) AS first_round_id,
         max(round_id) AS last_round_id
  FROM round_row WHERE counted AND (stuck_foreign > 0 OR foreign_recoveries > 0) GROUP BY GROUPING SETS ((), (date))
    HAVING count(*) > 0
), requests AS (
  SELECT round_id, date, starts_at, create_ok > 0 AND restarted IS NOT TRUE AND cp_http_requests_total
    = lag(cp_http_requests_total) OVER (ORDER BY starts_at) AS is_still
  FROM round_row WHERE counted AND cp_http_requests_total IS NOT NULL
), standing AS (
  -- Once may be a restart that nobody saw and as many requests since; twice in a row is none.
  SELECT grouping(date) = 1 AS is_all, date, count(*) FILTER (stands) AS rounds, count(*) AS scraped,
         min(round_id) FILTER (stands) AS first_round_id, max(round_id) FILTER (stands) AS last_round_id
  FROM (SELECT *, is_still AND lag(is_still) OVER (ORDER BY starts_at) AS stands FROM requests)
  GROUP BY GROUPING SETS ((), (date)) HAVING count(*) FILTER (stands) > 0
), heard AS (
  -- A round that was killed may have started the control plane too.
  SELECT round_id, date, starts_at, counted,
         TRY_CAST(split_part(cp_identity ->> '$.process', '@', 2) AS BIGINT) AS ticks,
         split_part(cp_identity ->> '$.process', '@', 3) AS boot,
         count_if(restarted IS DISTINCT FROM false OR kind = 'interrupted') OVER (ORDER BY starts_at) AS starts
  FROM round_row
), listened AS (
  -- A process is told as pid@ticks@boot: a younger one of the same boot has taken the place of the last one.
  SELECT round_id, date, starts_at, counted, lag(starts_at) OVER earlier AS since,
         starts = lag(starts) OVER earlier AND boot = lag(boot) OVER earlier
           AND ticks > lag(ticks) OVER earlier AS is_younger
  FROM heard WHERE ticks IS NOT NULL WINDOW earlier AS (ORDER BY starts_at)
), started_elsewhere AS (
  SELECT grouping(date) = 1 AS is_all, date, count(*) AS rounds, min(round_id) AS first_round_id,
         max(round_id) AS last_round_id
  FROM listened l WHERE counted AND is_younger AND NOT EXISTS (FROM resume r WHERE r.control_plane = 'started'
    AND r.logged_at BETWEEN l.since AND l.starts_at)
  GROUP BY GROUPING SETS ((), (date)) HAVING count(*) > 0
), noted AS (
  SELECT s.is_all, s.date, 1 AS place, 0 AS line_no, 'stalled_creates' AS topic,
         'creates measured while the harness itself stalled for ' || shown_target(t.stall_ms) || ' ms or longer: '
           || s.creates || ' in ' || shown_number_of(s.rounds, 'rounds')
           || ' (longest ' || shown_ms(s.longest_ms, true) || ' ms); max p99_ms without them: '
             || shown_ms(l.p99_ms_without_stalled, l.p99_ms_without_stalled > t.p99_ms)
           || ', with them, as judged: ' || shown_ms(l.p99_ms, l.p99_ms > t.p99_ms)
           || CASE WHEN l.rounds_without_rest > 0
             THEN ' (rounds in which every create stalled: ' || l.rounds_without_rest || ')' ELSE '' END AS note
  FROM creates_stalled s JOIN round_latencies l ON l.is_all = s.is_all AND l.date IS NOT DISTINCT FROM s.date, targets t
  UNION ALL
  SELECT o.is_all, o.date, 2, 0, 'probe_overhead',
         'rounds whose probe_overhead_ms is above ' || shown_target(t.probe_overhead_ms) || ' ms: ' || o.rounds
           || ' (largest ' || shown_ms(o.largest_ms, true) || ' ms, in ' || o.round_id
           || '): the prober itself adds to their latencies'
  FROM overhead o, targets t
  UNION ALL
  SELECT is_all, date, 3, place, 'clock_step',
         'the wall clock stepped by ' || format('{:+d}', clock_step_ms) || ' ms in ' || round_id
           || '; durations use the monotonic clock and are not affected'
           || CASE WHEN place = most_clock_steps_listed() AND steps > place
             THEN ' (and ' || (steps - place) || ' more steps)' ELSE '' END
  FROM clock_lines
  UNION ALL
  SELECT is_all, date, 4, 0, 'kept_in_part', file || ' was too large to keep whole in '
    || shown_number_of(files, 'rounds') || ': ' || kept_bytes || ' of ' || whole_bytes || ' bytes were kept'
  FROM kept_in_part
  UNION ALL
  SELECT is_all, date, 5, 0, step, step || ' failed in ' || failed || ' of ' || shown_number_of(rounds, 'rounds')
    || CASE WHEN failed = 1 THEN ', in ' || first_round_id
    ELSE ', from ' || first_round_id || ' to ' || last_round_id END
    || ' (for the reasons see failures in round-summary.json, or --sql @failed-steps)'
  FROM failed_steps WHERE step <> 'v03_stuck_scan' OR NOT is_all
  UNION ALL
  SELECT is_all, date, 5, 1, 'standing_metrics', 'cp_http_requests_total stood still in ' || rounds || ' of '
    || shown_number_of(scraped, 'rounds') || ' though plans were created'
    || CASE WHEN rounds = 1 THEN ', in ' || first_round_id
    ELSE ', from ' || first_round_id || ' to ' || last_round_id END
    || ': they come from a cache or from another process, and do not show the control plane that answers'
  FROM standing
  UNION ALL
  SELECT is_all, date, 5, 2, 'started_elsewhere',
         'something other than this soak, such as a supervisor, started the control plane again: '
    || 'another process than in the round before answered in '
    || rounds_from_to(rounds, first_round_id, last_round_id)
    || '; cp_restart_count does not count that, and no round measured how long it was away'
  FROM started_elsewhere
  UNION ALL
  SELECT is_all, date, 6, 0, 'unconfirmed_plans',
         'unconfirmed plans, which one listing missed or showed twice and the next did not: in '
    || shown_number_of(rounds, 'rounds') || ' (most ' || most || ', in ' || round_id || '); no verdict depends on them'
  FROM unconfirmed
  UNION ALL
  SELECT is_all, date, 6, 0, 'plans_shown_by_id',
         'plans that no listing showed, and the control plane answered with when it was asked for their ids: in '
    || shown_number_of(rounds, 'rounds') || ' (most ' || most || ', in ' || round_id
    || '); they count as listed, and the listing ends early or lags behind'
  FROM by_id
  UNION ALL
  SELECT true, NULL, 6, 1, 'lost_plans_listed_again',
         'plans that an earlier round called lost, and ' || newest || ' no longer does: ' || plans || ', first '
    || plan_id || '; the listing was late or cut short. They stay counted as lost, since each listing must show each '
    || 'plan (--sql @missing-plans)'
  FROM listed_again
  UNION ALL
  SELECT is_all, date, 6, 1, 'unrecorded_plans',
         'listed plans with ids that rounds of this soak give, though no folder of such a round is there: up to '
    || most || ', in ' || rounds_from_to(rounds, first_round_id, last_round_id)
    || '; rounds were deleted, the folder was restored from an older copy, or something else '
    || 'makes plans by the same PLAN_ID_PREFIX (warnings of these rounds name those that are missing)'
  FROM unrecorded
  UNION ALL
  SELECT r.is_all, r.date, 6, 0, 'recoveries_refuted',
         'recoveries with exit code 0 that changed nothing and count as failed: ' || r.recoveries || ', refuted by '
           || 'the stuck scans of ' || shown_number_of(r.rounds, 'rounds') || '; first in ' || r.first_round_id
      || coalesce(' (' || p.named || ')', '') || ' (--sql "FROM recoveries WHERE refuted_in IS NOT NULL")'
  FROM refuted r LEFT JOIN refuted_plan p ON p.round_id = r.first_round_id
  UNION ALL
  SELECT is_all, date, 6, 0, 'recoveries_deferred', 'recoveries that a round left for the next one: ' || recoveries
    || ' in ' || rounds_from_to(rounds, first_round_id, last_round_id) || '; rates count only recoveries that ran'
  FROM deferred
  UNION ALL
  SELECT is_all, date, 7, 0, 'foreign_plans', 'foreign stuck plans, which this soak did not make: up to '
    || coalesce(most, 0) || ' at once, in ' || rounds_from_to(rounds, first_round_id, last_round_id)
    || CASE WHEN recoveries = 0 THEN '; they were left alone' ELSE '; ' || recoveries
      || CASE WHEN recoveries = 1 THEN ' recovery' ELSE ' recoveries' END || ' of such plans ran and '
      || CASE WHEN recoveries = 1 THEN 'counts' ELSE 'count' END || ' (RECOVER_FOREIGN=yes)' END
  FROM foreign_plans
  UNION ALL
  SELECT date IS NULL, date, 8, 0, 'recover_foreign',
         'config.env says RECOVER_FOREIGN=yes: stuck plans that this soak did not make are also recovered and counted'
  FROM (SELECT DISTINCT date FROM round_row WHERE counted UNION ALL SELECT NULL)
    WHERE setting('RECOVER_FOREIGN') = 'yes'
)
SELECT CASE WHEN is_all THEN NULL ELSE date END AS date, place, line_no, topic, note FROM noted;

-- One row per note, those on the whole soak first.
CREATE VIEW notes AS SELECT date, topic, note FROM note_row ORDER BY date NULLS FIRST, place, line_no, note;

-- One row per measure of what the harness itself costs a round.
CREATE VIEW harness_cost AS
WITH measured AS (
  UNPIVOT (SELECT harness_cpu_ms, harness_peak_rss_bytes, evidence_bytes FROM round_row WHERE counted)
    ON harness_cpu_ms, harness_peak_rss_bytes, evidence_bytes INTO NAME measure VALUE amount
), summed AS (
  SELECT measure, count(*) AS rounds, quantile_disc(amount, 0.5) AS median, max(amount) AS largest,
         sum(amount)::BIGINT AS total FROM measured GROUP BY measure
)
SELECT m.measure, coalesce(s.rounds, 0) AS rounds, s.median, s.largest AS max,
       -- Peaks of processes that ran one after the other add up to nothing.
       CASE WHEN m.measure <> 'harness_peak_rss_bytes' THEN s.total END AS sum,
       m.measure || ': ' || CASE WHEN s.rounds IS NULL THEN 'n/a'
         ELSE 'median ' || s.median || ', max ' || s.largest
           || CASE WHEN m.measure <> 'harness_peak_rss_bytes' THEN ', sum ' || s.total ELSE '' END
           || ' over ' || shown_number_of(s.rounds, 'rounds') END AS detail
FROM (VALUES (1, 'harness_cpu_ms'), (2, 'harness_peak_rss_bytes'), (3, 'evidence_bytes')) m(place, measure)
  LEFT JOIN summed s USING (measure)
ORDER BY m.place;
