<#-- What several reports share. Layout only: no figure is computed, rounded or compared here. -->
<#macro marks t>
Rounds after the end: ${t.rounds_after_end}
Control plane: ${t.cp_mode}<#if t.cp_mode == "embedded"> (built into this harness; not the product's)</#if>
<#if t.rehearsal == "true">
REHEARSAL: played on a virtual clock; it tests the harness and proves nothing about a control plane.
</#if>
</#macro>
<#macro altered t><#if t.altered?has_content> (EVIDENCE ALTERED: ${t.altered?keep_after(": ")})</#if></#macro>
<#macro anotherjudge j>
<#if j.notice?has_content>

${j.notice}
<#list j.lines as line>
${line}
</#list>
</#if>
</#macro>
<#macro lines of>
<#list of as line>
${line}
<#else>
none
</#list>
</#macro>
<#macro verdicts of>
<#list of as c>
${c.id} ${c.name}: ${c.verdict}<#if c.detail?has_content> (${c.detail})</#if>
</#list>
</#macro>
<#macro sitechecks of>
<#if of?has_content>

## Site Checks (this soak's own; they do not affect the overall verdict or Gate D)
<@verdicts of=of/>
</#if>
</#macro>
<#macro outlook o>
## Can It Still Pass?
${o.line}
<#list o.margins as c>
${c.id} ${c.name}: ${c.outlook} (${c.margin})<#if c.lost_since_round_id??>, since ${c.lost_since_round_id}</#if>
</#list>

## Confidence Intervals (for information: verdicts compare the measured figures)
<#list o.margins as c>
<#if c.confidence_text??>
${c.id} ${c.name}: ${c.confidence_text}
</#if>
</#list>
</#macro>
<#macro growth m>
## Growth
Theil-Sen slope against plan_count, shown where p < 0.01
<#list m.bases as basis, series>
${series}: from ${basis}
</#list>
<#list m.trends as trend>
${trend.series}: ${trend.detail}
</#list>

## Harness's Own Cost
<#list m.harness_cost as cost>
${cost.detail}
</#list>
</#macro>
<#macro problems of>
<#list of as p>
<#if p.file??>${p.file}: </#if>${p.reason}
<#else>
none
</#list>
</#macro>
