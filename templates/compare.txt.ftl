<#-- The text and the markdown form. Both have the same headings and lists; each lays out its own tables. -->
# VAL 12 — ${this} compared with ${baseline}<#if t.rehearsal == "true"> (REHEARSAL)</#if>

- Baseline: ${baseline}
- This: ${this}
- Report version: ${version}
- Result: ${t.outcome}
<#list lines as line>
- ${line}
</#list>

## Differences in Setup
<#if setup?has_content>

The two soaks were set up differently. Each of these points may explain a difference below.

${setup}<#else>
none
</#if>

## Verdicts

Each soak is judged as a whole, by its own targets.

${verdicts}
## Figures

- Over time: ${t.common_time}
- At equal plan counts: ${t.common_plans}

${figures}
## Both Soaks in Full

These figures cover each soak from its start to its end. They are not compared, because the lengths may differ.

${soaks}
## How This Was Judged

- A figure is "better" or "worse" if its two-sided p-value, corrected by Holm over all figures tested, is below
  ${t.tested_below}. The chance that noise alone produces even one such result is then at most ${t.family_error}, even
  if consecutive days resemble each other. A size or a time that changed by less than ${t.negligible} is "negligible"
  even then. Each interval is a 95 % confidence interval.
- Consecutive rounds resemble each other, so one round is not one independent observation. Times and sizes are
  compared by the medians of blocks of the common time, or of bins of plan counts, around one straight line per soak;
  the more these medians resemble their neighbours, the fewer independent values they count for. Counts of failures
  are divided by their design effect. Memory and descriptors are also compared by their growth within one life of the
  process.
- "Within noise" does not mean that the two soaks are equal: a change for the worse that is smaller than the one in
  the column "shown from" would not have been detected. "Inconclusive" (in JSON: not told) means that no change could
  have been detected.
- A difference beyond noise is a difference between these two runs, and different machines cause differences too. To
  attribute one to the control plane, run both soaks on the same machine, or several soaks of each version.
