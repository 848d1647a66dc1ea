-- One row per finding about the evidence itself: what was broken, mistyped, ignored, duplicated or contradictory.
CREATE TABLE problem_row AS
WITH found AS (
  SELECT 'rounds/' || round_id || '/round-summary.json' AS file, 1 AS place,
         summary_problem || ' (the round counts as interrupted)' AS reason
  FROM round_row WHERE summary_problem IS NOT NULL AND NOT is_gone
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 1, 'is missing: the round was interrupted' FROM round_row r
  WHERE r.kind = 'interrupted' AND r.summary_problem IS NULL
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 1, 'says it is round ' || number || ', but '
    || CASE WHEN others > 0 THEN gone || ' of rounds ' || (number_before + 1) || ' to ' || (number - 1)
      || CASE WHEN gone = 1 THEN ' is' ELSE ' are' END
         WHEN gone = 1 THEN 'round ' || (number - 1) || ' is' ELSE 'rounds ' || (number - gone) || ' to '
           || (number - 1) || ' are' END
    || ' missing: ' || CASE WHEN gone = 1 THEN 'its folder was removed, and it counts'
      ELSE 'their folders were removed, and they count' END || ' as interrupted'
  FROM gone_run
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 2, field || ' is ' || left(value, 60) || ', which is not '
    || wanted || coalesce(': counts as ' || b.counts_as, ': not measured')
  FROM mistyped_field LEFT JOIN bad_value b USING (field)
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 2, 'lacks ' || array_to_string(fields, ', ')
    || ': not measured' FROM missing_field WHERE NOT is_no_summary
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 2, 'schema is ' || schema || ', but this reader knows only 1'
    FROM round_row WHERE schema <> 1
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 2,
         'belongs to a rehearsal and was mixed in: other rounds did not run on a virtual clock'
  FROM round_row WHERE rehearsal AND EXISTS (FROM round_row o WHERE NOT o.rehearsal)
    AND setting('SOAK_REHEARSAL') IS DISTINCT FROM 'true'
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 2,
         'says rehearsal=false, but config.env says SOAK_REHEARSAL=true'
  FROM round_row WHERE NOT rehearsal AND setting('SOAK_REHEARSAL') = 'true'
  UNION ALL
  SELECT 'config.env', 2, 'does not say SOAK_REHEARSAL=true, but all rounds belong to a rehearsal'
  WHERE EXISTS (FROM round_row WHERE rehearsal) AND NOT EXISTS (FROM round_row WHERE NOT rehearsal)
    AND setting('SOAK_REHEARSAL') IS DISTINCT FROM 'true'
  UNION ALL
  SELECT 'rounds/' || round_id, 3, 'is after the end of the soak: kept, but not counted' FROM round_row
    WHERE after_end
  UNION ALL
  SELECT 'rounds/' || round_id, 3, 'is before the start of the soak: not counted' FROM round_row WHERE NOT in_soak
    AND NOT after_end
  UNION ALL
  SELECT 'rounds/' || r.round_id, 3, 'is in the future: ignored' FROM raw_round r, soak k WHERE k.is_now
    AND round_time(r.round_id) >= k.as_of
  UNION ALL
  SELECT 'rounds/' || round_id, 3, 'is not a date and time: ignored' FROM raw_round WHERE round_time(round_id) IS NULL
  UNION ALL
  SELECT file, 3, 'is not a round folder: ignored' FROM raw_stray
  UNION ALL
  SELECT file, 3, reason FROM raw_unreadable
  UNION ALL
  SELECT 'rounds/' || round_id || '/round-summary.json', 4, 'says slot ' || said_slot || ', but its time is in slot '
    || slot FROM round_row WHERE is_recorded AND said_slot <> slot
  UNION ALL
  -- A gap in the ordinals is told where it begins, not for every round after it.
  SELECT 'rounds/' || round_id || '/round-summary.json', 4, 'says it is round ' || said_round
    || ', but its folder is number ' || round || ' of the soak'
  FROM (SELECT *, lag(said_round - round, 1, 0) OVER (ORDER BY starts_at) AS shift_before FROM round_row WHERE counted
    AND said_round IS NOT NULL)
  WHERE said_round - round <> shift_before AND said_round <> round
  UNION ALL
  SELECT 'rounds/' || r.round_id || '/round-summary.json', 4, 'says create_ok=' || r.said_create_ok
    || ', but plans-created.txt is missing: the summary counts'
  FROM round_row r LEFT JOIN create_figures c USING (round_id) WHERE r.is_recorded
    AND r.said_create_ok + r.said_create_errors > 0 AND coalesce(c.answers, 0) = 0
  UNION ALL
  SELECT 'rounds/' || r.round_id || '/round-summary.json', 4, 'says recoveries_refuted='
    || coalesce(CAST(r.said_recoveries_refuted AS VARCHAR), 'null') || ', but refuted.txt names '
    || coalesce(x.named_in_file, 0) || CASE WHEN x.named > x.named_in_file THEN ' and refuted_recoveries '
    || (x.named - x.named_in_file) || ' others' ELSE '' END || ': the larger value counts'
  FROM round_row r LEFT JOIN refutation_figures x USING (round_id)
  WHERE r.kind = 'recorded' AND (coalesce(r.said_recoveries_refuted, 0) <> coalesce(x.named_in_file, 0)
    OR x.named > x.named_in_file) AND NOT EXISTS (FROM stored_file s WHERE s.round_id = r.round_id
    AND s.file = 'refuted.txt' AND NOT s.is_whole)
  UNION ALL
  SELECT 'rounds/' || f.round_id || '/refuted.txt', 4, 'names ' || f.plan_id || ' of ' || f.recovered_in || ', and '
    || CASE WHEN k.round_id IS NULL THEN 'there is no such round: the refutation still counts'
    ELSE 'its recovery.txt has no such recovery with exit code 0: the refutation still counts' END
  FROM refutation f LEFT JOIN round_kind k ON k.round_id = f.recovered_in
  WHERE NOT EXISTS (FROM recovery_row v WHERE v.round_id = f.recovered_in AND v.plan_id = f.plan_id AND v.exit_code = 0)
  UNION ALL
  SELECT 'rounds/' || o.round_id || '/' || o.file, 2, o.problem FROM raw_object o JOIN round_row USING (round_id)
    WHERE o.file IN ('integrity.json', 'store-check.json') AND o.problem IS NOT NULL
  UNION ALL
  SELECT path, 2, problem FROM stored_file WHERE problem IS NOT NULL
  UNION ALL
  SELECT 'rounds/' || r.round_id || '/round-summary.json', 4, 'says store_unchecked '
    || coalesce('"' || left(s.store_unchecked, 60) || '"', 'null') || ', but store-check.json says '
    || coalesce('"' || left(f.unchecked, 60) || '"', 'null')
  FROM summary s JOIN round_row r ON r.round_id = s.folder_id JOIN store_finding f ON f.round_id = r.round_id
    WHERE r.kind = 'recorded' AND (s.store_unchecked IS NULL) <> (f.unchecked IS NULL)
  UNION ALL
  SELECT 'rounds/' || round_id || '/create-stalls.txt', 5, 'line ' || line_no || ' is not a duration in milliseconds: '
    || left(line, 40) FROM text_line
  WHERE file = 'create-stalls.txt' AND coalesce(text_number(line), -1) < 0
    AND (is_terminated OR line_no < lines OR kind <> 'interrupted')
  UNION ALL
  SELECT 'rounds/' || c.round_id || '/create-times.txt', 4, 'has ' || c.times || ' of ' || c.answers || ' latencies'
  FROM create_figures c JOIN round_row r USING (round_id) WHERE r.is_recorded AND c.times <> c.answers
  UNION ALL
  SELECT 'rounds/' || round_id || '/' || file, 5, 'line ' || line_no || ' is incomplete: ignored' FROM text_line
  WHERE kind = 'interrupted' AND NOT is_terminated AND line_no = lines
    AND file IN ('plans-created.txt', 'create-times.txt')
  UNION ALL
  SELECT 'rounds/' || round_id || '/plans-created.txt', 5, 'line ' || plan || ' is not an HTTP code' FROM create_row
    WHERE was_answered AND http_code IS NULL
  UNION ALL
  SELECT 'rounds/' || round_id || '/create-times.txt', 5, 'line ' || line_no || ' is not a duration in seconds: '
    || left(line, 40) FROM text_line
  WHERE file = 'create-times.txt' AND coalesce(text_number(line), -1) < 0
    AND (is_terminated OR line_no < lines OR kind <> 'interrupted')
  UNION ALL
  SELECT 'rounds/' || round_id || '/recovery.txt', 5, 'line ' || line_no || ' is not `PLAN_ID exit=CODE ms=N`: '
    || left(line, 40) FROM text_line
  WHERE file = 'recovery.txt' AND kind IN ('recorded', 'interrupted') AND NOT regexp_matches(line, '^(\s|$)')
    AND NOT is_recovery_head(line)
  UNION ALL
  SELECT 'rounds/' || round_id || '/plan-ids.txt', 5, plan_id || ' appears ' || count(*)
    || ' times: each id is used only once, and counts as one plan'
  FROM plan_id_line GROUP BY round_id, plan_id HAVING count(*) > 1
  UNION ALL
  SELECT 'rounds/' || first_round_id || '/round-summary.json', 4, 'ran under ' || key || '=' || value
    || ', but the soak began with ' || begun_with
    || CASE WHEN rounds = 1 THEN '' ELSE '; so did ' || (rounds - 1) || ' more rounds, up to ' || last_round_id END
  FROM deviating_rounds
  UNION ALL
  SELECT 'alerts.log', 6, 'line ' || line_no || ' is not an alert line: ' || left(line, 60) FROM alert_line
    WHERE logged_at IS NULL
  UNION ALL
  SELECT 'setup-summary.txt', 4, 'says ' || key || ' more than once: ' || several FROM setup_fact
    WHERE several IS NOT NULL
  UNION ALL
  SELECT 'setup-summary.txt', 4, 'says ' || said || ', which is another soak: it was copied from there'
  FROM setup_of_another
  UNION ALL
  SELECT 'setup-summary.txt', 4, 'says ' || lower(key) || ': ' || by_setup || ', but the soak began with ' || begun_with
    || ' (' || source || ')'
  FROM setting_now WHERE by_setup IS NOT NULL AND NOT same_setting(by_setup, begun_with) AND key <> 'SOAK_STARTED_AT'
  UNION ALL
  SELECT 'setup-resumes.log', 6, 'line ' || line_no || ' has no time: ' || left(line, 60) FROM resume
    WHERE logged_at IS NULL
)
SELECT file, reason, place FROM found;

-- Of problems that say the same of other rounds, lines, figures or quoted texts, the kind is the same: the name of the
-- file and the words, and no more of them than stand before a colon.
CREATE MACRO problem_kind(file, reason) AS left(md5(
  regexp_replace(regexp_replace(file, '^rounds/[^/]*/[^/]*/?', ''), '\d+', '', 'g') || ':' || regexp_replace(
    regexp_replace(reason, ' is .*, which is not |: .*$|"[^"]*"|`[^`]*`', ' ', 'g'), '[\d.,]+', '', 'g')), 8);

-- One row per problem: its kind, and its place in the order in which reports list them.
CREATE VIEW problem_in_order AS
WITH told AS (
  SELECT file, place, coalesce(reason, 'holds null where text is required') AS reason FROM problem_row
)
SELECT file, reason, problem_kind(file, reason) AS kind, row_number() OVER (ORDER BY file, place, reason) AS place
FROM told;

-- One row per problem, in that order.
CREATE VIEW problems AS SELECT file, reason, kind FROM problem_in_order ORDER BY place;
