<#import "parts.ftl" as part>
# VAL 12 — Checkpoint, Days 1 to ${t.day}<#if t.complete != "true"> (INCOMPLETE)</#if><#rt>
<#if t.rehearsal == "true"> (REHEARSAL)</#if><@part.altered t=t/>
<@part.anotherjudge j=judge/>

Window: ${t.window_start} to ${t.window_end}, as of ${t.as_of}
Report version: ${version}
Judge: ${judge.sha256} (${judge.standing})
Rounds: ${t.total_rounds} (healthy ${t.healthy_rounds}, interrupted ${t.interrupted_rounds}, missed ${t.missed_rounds})
Uptime %: ${t.uptime_pct} (target ≥ ${t.target_uptime_pct}%)
Plans created: ${t.total_creates}
Recovery attempts: ${t.recovery_attempts_nd} (refuted: ${t.recoveries_refuted})
Rollback rate: ${t.rollback_rate_nd} (target ≥ ${t.target_rollback_rate};<#rt>
 by exit codes alone: ${t.rollback_rate_by_exit_code})
Create p99_ms, worst round: ${t.p99_ms_nd} (target ≤ ${t.target_p99_ms}ms; pooled: ${t.pooled_p99_ms_nd})
Control plane: ${t.cp_mode}<#if t.rehearsal == "true"> (REHEARSAL)</#if>

## Check Results
<@part.verdicts of=v.checks/>

## Claims
<@part.verdicts of=v.claims/>
<@part.sitechecks of=v.site_checks/>

<@part.outlook o=o/>

<@part.growth m=m/>

## Notes on the Measurement
<@part.lines of=m.notes/>

## Problems in the Evidence
<@part.problems of=problems/>
