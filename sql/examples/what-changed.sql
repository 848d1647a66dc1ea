-- What changed around the soak: which build ran, against which control plane, in which boot of the host?
--
-- One row per run of rounds in which none of the three changed. Compare the date of a break in the figures with the
-- first rounds here.
WITH marked AS (
  SELECT *, (harness_version, cp_mode, boot_id) IS DISTINCT FROM lag((harness_version, cp_mode, boot_id))
    OVER (ORDER BY starts_at) AS is_new FROM rounds WHERE counted
), stretch AS (
  SELECT *, count_if(is_new) OVER (ORDER BY starts_at) AS n FROM marked
)
SELECT min(round_id) AS first_round, max(round_id) AS last_round, count(*) AS rounds,
       any_value(harness_version) AS harness_version, any_value(cp_mode) AS cp_mode,
       any_value(boot_id) AS boot_id, quantile_disc(p50_ms, 0.5) AS median_p50_ms
FROM stretch
GROUP BY n
ORDER BY first_round;
