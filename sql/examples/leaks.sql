-- Does the control plane leak memory or files between its restarts?
--
-- One row per life of its process, as far as rounds saw it: from a restart, the first round of a boot or of another
-- process, to the next such round. Growth per day over many rounds is a leak; over a few rounds it is warm-up.
WITH lived AS (
  SELECT *, restarted OR boot_id IS DISTINCT FROM lag(boot_id) OVER (ORDER BY starts_at)
           OR coalesce((cp_identity ->> '$.process') <> lag(cp_identity ->> '$.process') OVER (ORDER BY starts_at),
             false) AS is_new
  FROM rounds WHERE counted
), life AS (
  SELECT *, count_if(is_new) OVER (ORDER BY starts_at) AS n FROM lived
), measured AS (
  SELECT n, min(round_id) AS first_round, count(*) AS rounds, epoch(max(starts_at) - min(starts_at)) / 86400 AS days,
         arg_min(cp_rss_bytes, starts_at) AS first_rss, arg_max(cp_rss_bytes, starts_at) AS last_rss,
         arg_min(cp_open_fds, starts_at) AS first_fds, arg_max(cp_open_fds, starts_at) AS last_fds
  FROM life WHERE cp_rss_bytes IS NOT NULL OR cp_open_fds IS NOT NULL GROUP BY n
)
SELECT first_round, rounds, round(days, 2) AS days, first_rss AS first_rss_bytes, last_rss AS last_rss_bytes,
       CASE WHEN days > 0 THEN round((last_rss - first_rss) / days) END AS rss_bytes_per_day, first_fds, last_fds,
       CASE WHEN days > 0 THEN round((last_fds - first_fds) / days, 1) END AS fds_per_day
FROM measured
ORDER BY first_round;
