-- Which recoveries failed, and why?
--
-- One row per exit code and first line of what the command printed, most frequent first. Exit code 124: it did not end
-- within RECOVERY_TIMEOUT_SECONDS and was killed; 0: a later stuck scan refuted it. The whole output is in
-- recoveries.output.
SELECT exit_code, split_part(coalesce(output, ''), chr(10), 1) AS first_line, count(*) AS recoveries,
       count(*) FILTER (is_drill) AS drills,
       max(duration_ms) AS longest_ms, min(round_id) AS first_round, max(round_id) AS last_round,
       arg_max(plan_id, round_id) AS last_plan_id
FROM recoveries
WHERE NOT ok OR refuted_in IS NOT NULL
GROUP BY exit_code, first_line
ORDER BY recoveries DESC, exit_code, first_line;
