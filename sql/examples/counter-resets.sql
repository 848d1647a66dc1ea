-- Were the control plane's counters reset without a restart that the soak recorded?
--
-- One row per round whose request counter is lower than in the round before. is_explained: this round restarted the
-- control plane, or the host was rebooted. If not, somebody else restarted it, or two instances answer at one address.
WITH counter AS (
  SELECT round_id, starts_at, restarted, boot_id, cp_http_requests_total AS requests,
         lag(cp_http_requests_total) OVER t AS before,
         lag(round_id) OVER t AS round_before, lag(boot_id) OVER t AS boot_before
  FROM rounds WHERE counted AND cp_http_requests_total IS NOT NULL WINDOW t AS (ORDER BY starts_at)
)
SELECT round_id, before AS requests_before, requests, coalesce(restarted, false)
  OR boot_id <> boot_before IS TRUE AS is_explained, round_before
FROM counter
WHERE requests < before
ORDER BY starts_at;
