<#import "parts.ftl" as part>
# VAL 12 — Fleet Rollout 30-Day Soak Final Report<#if t.rehearsal == "true"> (REHEARSAL)</#if><@part.altered t=t/>
<@part.anotherjudge j=judge/>

Soak start: ${t.soak_start}
Soak end: ${t.soak_end}
Duration days: ${t.duration_days}
Total rounds: ${t.total_rounds} (scheduled: ${t.scheduled_rounds})
Healthy rounds: ${t.healthy_rounds}
Failed rounds: ${t.failed_rounds}
Interrupted rounds: ${t.interrupted_rounds}
Missed rounds: ${t.missed_rounds}
CP restart count: ${t.cp_restart_count}
As of: ${t.as_of}
Report version: ${version}
Judge: ${judge.sha256} (${judge.standing})
Rounds by their seals: ${t.seals}
<@part.marks t=t/>

## Fleet Coverage
Total plans created: ${t.total_creates} (target ≥ ${t.target_total_creates} | expected ~${t.expected_total_creates})
Max concurrent plans: ${t.max_plan_count} (target ≥ ${t.target_plan_count})
Plan store final size: ${t.final_plan_count}
Failed creates: ${t.total_create_errors}
Lost plans: ${t.lost_plans} (target 0)
Duplicate plans: ${t.duplicate_plans} (target 0)
Revived plans: ${t.revived_plans}
Plan store final bytes: ${t.store_bytes_final}

## Rollback Reliability
Total recovery attempts: ${t.total_recovery_attempts}
Rollback sampled: ${t.rollback_sampled}
Total recovery successes: ${t.total_recovery_ok}
Total recovery failures: ${t.total_recovery_fail}
Refuted recoveries: ${t.recoveries_refuted}<#rt>
 (exit code 0, but a later stuck scan shows that nothing happened; they count as failed)
Aggregate rollback rate: ${t.agg_rollback_rate} (target ≥ ${t.target_rollback_rate})
7-day window rate: ${t.rollback_rate_7d}
30-day window rate: ${t.rollback_rate_30d} ← Gate D target
Rate by exit codes alone: ${t.rollback_rate_by_exit_code} (days 1-7: ${t.rollback_rate_7d_by_exit_code})
Deferred recoveries: ${t.total_recovery_deferred}
Recoveries of drill plans: ${t.drill_recoveries}

## Latency (create P99 across all rounds)
Round 1 p99_ms: ${t.round1_p99_ms} (baseline)
Day 7 p99_ms: ${t.day7_p99_ms}
Day 30 p99_ms: ${t.day30_p99_ms}
All-time max p99_ms: ${t.max_p99_ms} (target ≤ ${t.target_p99_ms}ms)
All-time 95th pct of p99: ${t.p95_of_p99_ms}
Pooled p99_ms of all creates: ${t.pooled_p99_ms}
Days 1-7 max p99_ms: ${t.p99_ms_7d} (pooled: ${t.pooled_p99_ms_7d})

## Availability
Total rounds: ${t.total_rounds}
Healthy rounds: ${t.healthy_rounds}
Uptime %: ${t.uptime_pct} (target ≥ ${t.target_uptime_pct}%)
Total CP restarts: ${t.cp_restart_count}
Uptime % of slots with rounds: ${t.slot_uptime_pct} (the worst round of each slot counts;<#rt>
 the availability check uses the lower of the two figures)
Longest downtime streak: ${t.longest_downtime_rounds} rounds
Uptime % of scheduled slots: ${t.scheduled_uptime_pct} (every slot counts, including slots without a round)
Coverage %: ${t.coverage_pct} (${t.coverage_words},<#rt>
 target ≥ ${t.target_coverage_pct}%)

## Stuck Detection
Total stuck plans detected: ${t.total_stuck_plans}
Total recoveries attempted: ${t.total_recovery_attempts}
Auto-recovery success rate: ${t.auto_recovery_rate}
Failed scans: ${t.scan_failures}

## Alerts Issued
<@part.lines of=alerts/>

## VAL12 Check Results
<@part.verdicts of=v.checks/>
Overall: ${t.overall} (${t.passed_checks}/${t.total_checks} checks)

## VAL12 Claims
<@part.verdicts of=v.claims/>
<@part.sitechecks of=v.site_checks/>

## Gate D Assessment
<#if t.gate_d == "PASS">
PASS: All Gate D criteria met — fleet soak demonstrates<#rt>
 <#if t.target_rollback_rate == "0.990">≥99%<#else>≥${t.target_rollback_rate}</#if> rollback reliability
across ≥${t.target_plan_count} concurrent plans over ${t.soak_days} days.
<#elseif t.gate_d == "FAIL">
FAIL: Gate D criteria not met — see check results above. Required: ${t.gate_d_requires}.
Also required: no plan lost or duplicated.
Why it fails: ${t.gate_d_because}.
<#elseif t.gate_d?starts_with("NOT ASSESSED") && !t.altered?has_content>
${t.gate_d}: ${t.gate_d_because}.
It would require ${t.gate_d_requires}, and no plan lost or duplicated.
<#elseif t.altered?has_content>
${t.gate_d}: altered evidence proves nothing, so overall is FAIL.<#rt>
 Restore what was changed or removed, take out what was added, and judge again.
report.java SOAK_DIR --type verify lists every file.
<#elseif t.gate_d?starts_with("NOT PROVEN")>
${t.gate_d}: too few slots <#if t.gate_d?contains("plans counted")>show the fleet<#else>have a round</#if><#rt>
 for a soak of ${t.soak_days} days<#rt>
 (target ≥ ${t.target_coverage_pct}%), so overall is FAIL.
By the plan's own wording, which sets no coverage target: ${t.gate_d_by_plan}. Required: ${t.gate_d_requires}.
Also required: no plan lost or duplicated.
<#else>
${t.gate_d}: see check results above. Required: ${t.gate_d_requires}.
Also required: no plan lost or duplicated.
</#if>

<@part.growth m=m/>

## Notes on the Measurement
<@part.lines of=m.notes/>

## Problems in the Evidence
<@part.problems of=problems/>

## Who Measured, Who Judged
<#list builds as line>
${line.label}: ${line.words}
</#list>

## Artifact
Archive: ${archive}
SHA-256: ${sha256}
Restore check: ${restored}
