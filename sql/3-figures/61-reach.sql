-- One row: what a soak of these settings can reach, before any of it has run.
CREATE TABLE reach AS
SELECT k.total_slots, least(k.early_days, k.soak_days) * k.day_seconds // k.interval_seconds AS early_slots,
       k.soak_days * k.day_seconds AS soak_seconds, k.interval_seconds, k.total_slots * t.plans_per_round AS most_plans,
       t.fleet_round * t.plans_per_round AS plans_at_fleet_round, t.*,
       CAST(setting('RECOVERY_DRILL_EVERY') AS BIGINT) AS drill_every,
       CAST(setting('STUCK_THRESHOLD_SECONDS') AS BIGINT) AS stuck_seconds,
       CAST(setting('CP_START_TIMEOUT_SECONDS') AS BIGINT) AS start_timeout_seconds,
       setting('CP_MODE') = 'attached' AS is_attached
FROM soak k, targets t;
