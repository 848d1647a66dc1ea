<#-- The text and the markdown form: headings and lists are the same in both, the tables come in the form's own layout. -->
# VAL 12 — ${this} compared with ${baseline}<#if t.rehearsal == "true"> (REHEARSAL)</#if>

- Baseline: ${baseline}
- This: ${this}
- Result: ${t.outcome}
<#list lines as line>
- ${line}
</#list>

## Differences of Set-up
<#if setup?has_content>

They are compared all the same; a difference below may come from one of these.

${setup}<#else>
none
</#if>

## Verdicts

Of each soak as a whole, by its own targets.

${verdicts}
## Figures

- Over time: ${t.common_time}
- At equal plan counts: ${t.common_plans}

${figures}
## The Soaks as Wholes

Beside the comparison: their lengths may differ.

${soaks}
## How This Was Judged

- A figure is better or worse where its p, two-sided and corrected by Holm over all figures tested, is below ${t.tested_below}: the chance that even one figure is called so without cause is then at most ${t.family_error}, also of days that resemble each other. A change below ${t.negligible} of a size or a time is negligible even then. Intervals are 95 % each.
- Rounds in a row resemble each other, so a round is not an observation. Times and sizes are compared by the medians of blocks of the common time, or of bins of plan counts, beside a straight line each, and count for fewer the more they resemble each other; counts of failures are divided by their design effect; memory and descriptors are also compared by their growth within a life of the process.
- "Within noise" does not say that the two are alike: a change for the worse that is smaller than the one in the column "shown from" would not have been noticed. "Not told" says that no change could have been.
- What is more than noise differs between these two runs. Two machines differ as well: only soaks on the same one, or several of each, tell a change of the control plane from that.
