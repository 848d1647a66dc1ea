<#import "parts.ftl" as part>
# VAL 12 — Status of ${t.soak_id} as of ${t.as_of}<#if t.rehearsal == "true"> (REHEARSAL)</#if><@part.altered t=t/>
<@part.anotherjudge j=judge/>

Report version: ${version}
Judge: ${judge.sha256} (${judge.standing})
Soak: ${t.soak_start} to ${t.soak_end} (${t.state}, day ${t.day} of ${t.soak_days})
Last round: ${t.last_round} (${t.last_round_health}; unhealthy rounds in a row: ${t.consecutive_unhealthy_rounds})
Next round due: ${t.next_due}
<#if cron != "">
Cron: ${cron}
</#if>
Rounds: ${t.total_rounds}<#rt>
<#if t.scheduled_rounds == "0">
, and no slot has passed yet<#rt>
<#else>
, slots that have passed: ${t.scheduled_rounds}<#rt>
</#if>
 (healthy ${t.healthy_rounds}, failed ${t.failed_rounds}, interrupted ${t.interrupted_rounds},<#rt>
 missed ${t.missed_rounds})
Coverage %: ${t.coverage_pct} (${t.coverage_words},<#rt>
 target ≥ ${t.target_coverage_pct}%)
Uptime %: ${t.uptime_pct} (target ≥ ${t.target_uptime_pct}%)
Plans in store: ${t.plan_count}
Create p99_ms, worst round: ${t.max_p99_ms} (target ≤ ${t.target_p99_ms}ms)
<#if t.total_recovery_attempts == "0">
Rollback rate: n/a, no recovery was attempted<#rt>
<#else>
Rollback rate: ${t.agg_rollback_rate} of ${t.total_recovery_attempts} attempts<#rt>
</#if>
 (target ≥ ${t.target_rollback_rate};<#rt>
 refuted: ${t.recoveries_refuted}, by exit codes alone: ${t.rollback_rate_by_exit_code})
Control plane: ${t.cp_mode}<#if t.rehearsal == "true"> (REHEARSAL)</#if>

## Checks so far
<@part.verdicts of=v.checks/>

## Claims so far
<@part.verdicts of=v.claims/>
<@part.sitechecks of=v.site_checks/>

<@part.outlook o=o/>

<@part.growth m=m/>

## Notes on the Measurement
<@part.lines of=m.notes/>

## Alerts
<@part.lines of=alerts/>
