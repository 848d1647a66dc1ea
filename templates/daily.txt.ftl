<#import "parts.ftl" as part>
# VAL 12 — Daily Summary ${t.date} (day ${t.day})<#if t.rehearsal == "true"> (REHEARSAL)</#if><@part.altered t=t/>
<@part.anotherjudge j=judge/>

<#if lost?has_content>
${lost}
</#if>
Report version: ${version}
Judge: ${judge.sha256} (${judge.standing})
Rounds: ${t.total_rounds} (healthy ${t.healthy_rounds}, interrupted ${t.interrupted_rounds}, missed ${t.missed_rounds})
Uptime %: ${t.daily_uptime_pct} (target ≥ ${t.target_uptime_pct}%)
Plans created: ${t.create_ok} (failed: ${t.daily_create_errors})
Create p99_ms, worst round: ${t.daily_p99_ms} (warning above ${t.warn_daily_p99_ms}ms; pooled: ${t.pooled_p99_ms})
Recoveries: ${t.recovery_ok} ok, ${t.recovery_fail} failed, ${t.recoveries_refuted} refuted
Rollback rate: ${t.daily_rollback_rate} (target ≥ ${t.target_rollback_rate};<#rt>
 by exit codes alone: ${t.rollback_rate_by_exit_code})
Rounds with stuck plans: ${t.stuck_rounds} (longest streak: ${t.daily_stuck_rounds})
Plans in store: ${t.plan_count}
Store bytes: ${t.store_bytes}
Store check: ${t.store_check}
Control plane: ${t.cp_mode}<#if t.rehearsal == "true"> (REHEARSAL)</#if>
<#if head?has_content>
Head of the evidence: ${head}
</#if>

## Notes on the Measurement
<@part.lines of=notes/>

## Alerts
<@part.lines of=alerts/>
