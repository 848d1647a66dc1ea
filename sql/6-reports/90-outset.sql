-- What the settings alone have decided before the first round: one row per sentence, for setup. Checks and claims that are lost
-- already speak for themselves; the rest is what a soak of these settings runs into.
CREATE TABLE outset AS
WITH reach AS (
  SELECT k.total_slots, least(k.early_days, k.soak_days) * k.day_seconds // k.interval_seconds AS early_slots, k.soak_days * k.day_seconds AS soak_seconds, k.interval_seconds,
         k.total_slots * t.plans_per_round AS most_plans, t.fleet_round * t.plans_per_round AS plans_at_fleet_round, t.*,
         CAST(setting('RECOVERY_DRILL_EVERY') AS BIGINT) AS drill_every, CAST(setting('STUCK_THRESHOLD_SECONDS') AS BIGINT) AS stuck_seconds,
         CAST(setting('CP_START_TIMEOUT_SECONDS') AS BIGINT) AS start_timeout, setting('CP_MODE') = 'attached' AS is_attached
  FROM soak k, targets t
), lost AS (
  SELECT id, id || ' ' || name || ' is lost before the first round: ' || margin AS sentence FROM margin_row WHERE outlook = 'already lost'
), said AS (
  SELECT 'VAL12-01' AS id, 'CP_START_TIMEOUT_SECONDS=' || start_timeout || ' is how long setup waits; VAL12-01 still allows ' || cp_start_ms || ' ms' AS sentence
  FROM reach WHERE NOT is_attached AND start_timeout * 1000 > cp_start_ms
  UNION ALL
  SELECT 'VAL12-03', 'VAL12-03 needs ' || shown_target(plan_count) || ' plans at once, and ' || total_slots || ' rounds of ' || plans_per_round || ' make ' || most_plans
    || ': it fails unless the control plane lists others beside them'
  FROM reach WHERE most_plans < plan_count AND NOT is_attached
  UNION ALL
  SELECT 'VAL12-03', 'from round ' || fleet_round || ' on a round expects ' || shown_target(plan_count) || ' plans (v05_plan_count), and ' || plans_per_round || ' a round are '
    || plans_at_fleet_round || ' by then: rounds ' || fleet_round || ' to ' || CAST(ceil(plan_count / plans_per_round) - 1 AS BIGINT) || ' will end with exit 10'
  FROM reach WHERE plans_at_fleet_round < plan_count AND most_plans >= plan_count AND NOT is_attached
  UNION ALL
  SELECT 'VAL12-04', 'TARGET_P99_MS=0: no create takes 0 ms, so VAL12-04, VAL12-07 and C3 fail' FROM reach WHERE p99_ms = 0
  UNION ALL
  SELECT 'VAL12-06', 'the first recovery drill is in round ' || drill_every || ' and is recovered in a later one, but days 1-7 have ' || early_slots
    || ' rounds: unless plans get stuck by themselves VAL12-06 fails' || CASE WHEN drill_every >= total_slots THEN ', and VAL12-10, C2 and Gate D with it' ELSE '' END
  FROM reach WHERE drill_every > 0 AND drill_every >= early_slots
  UNION ALL
  SELECT 'VAL12-10', 'STUCK_THRESHOLD_SECONDS=' || stuck_seconds || ' is not below the length of the soak, ' || soak_seconds
    || ' s: no plan of it is ever stuck, nothing is recovered, and VAL12-06, VAL12-10, C2 and Gate D fail'
  FROM reach WHERE stuck_seconds >= soak_seconds
)
SELECT id, sentence FROM lost UNION ALL SELECT s.id, s.sentence FROM said s ORDER BY id, sentence;
