-- What were the longest outages?
--
-- One row per run of consecutive slots that were not ok, longest first. An outage lasts from its first slot to the next
-- slot that is ok, or to now, and no longer than the soak. In `failed` and `interrupted` slots a round ran and shows
-- why; in `missed` slots no round ran, so the state of the control plane is unknown.
WITH grouped AS (
  SELECT slot, starts_at, status, slot - row_number() OVER (PARTITION BY healthy ORDER BY slot) AS run, healthy
    FROM slots
), spell AS (
  SELECT min(slot) AS first_slot, max(slot) AS last_slot, min(starts_at) AS outage_from, count(*) AS slots,
         count(*) FILTER (status = 'failed') AS failed, count(*) FILTER (status = 'interrupted') AS interrupted,
         count(*) FILTER (status = 'missed') AS missed
  FROM grouped WHERE NOT healthy GROUP BY run
)
SELECT s.outage_from, n.starts_at AS until_slot, round(epoch(coalesce(n.starts_at,
  f.soak_end) - s.outage_from) / 60) AS minutes, s.slots, s.failed, s.interrupted, s.missed
FROM spell s LEFT JOIN slots n ON n.slot = s.last_slot + 1, final_report f
ORDER BY s.slots DESC, s.first_slot
LIMIT 10;
