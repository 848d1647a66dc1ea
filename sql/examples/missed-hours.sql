-- Which hours did cron miss?
--
-- One row per run of slots in which no round ran. host_rebooted: the rounds before and after it ran in different boots
-- of the host, so the host was down; false: the host was up, so look at cron, the disk and edits of the crontab.
WITH missed AS (
  SELECT slot, starts_at, slot - row_number() OVER (ORDER BY slot) AS run FROM slots WHERE status = 'missed'
), gap AS (
  SELECT min(slot) AS first_slot, max(slot) AS last_slot, min(starts_at) AS missed_from, max(starts_at) AS last_missed,
         count(*) AS missed_rounds FROM missed GROUP BY run
), beside AS (
  SELECT g.*, (SELECT arg_max(r.round_id, r.starts_at) FROM rounds r WHERE r.counted
    AND r.slot < g.first_slot) AS round_before,
         (SELECT arg_min(r.round_id, r.starts_at) FROM rounds r WHERE r.counted AND r.slot > g.last_slot) AS round_after
  FROM gap g
)
SELECT g.missed_from, g.last_missed, g.missed_rounds, g.round_before, g.round_after,
       b.boot_id <> a.boot_id AS host_rebooted
FROM beside g LEFT JOIN rounds b ON b.round_id = g.round_before LEFT JOIN rounds a ON a.round_id = g.round_after
ORDER BY g.missed_from;
