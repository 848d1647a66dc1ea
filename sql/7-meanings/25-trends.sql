-- What the views trends, harness_cost and notes hold, for people: --sql without a text shows it.
COMMENT ON VIEW trends IS 'One row per measure that may grow with the plans in the store: Theil-Sen slope and Mann-Kendall test against plan_count.';
COMMENT ON COLUMN trends.series IS 'The measure, a column of rounds';
COMMENT ON COLUMN trends.unit IS 'Its unit';
COMMENT ON COLUMN trends.n IS 'Points';
COMMENT ON COLUMN trends.basis IS 'What a point is: a day''s medians from 10 days on, else a round';
COMMENT ON COLUMN trends.slope_per_1000_plans IS 'Median of the slopes of all pairs of points, times 1,000';
COMMENT ON COLUMN trends.intercept IS 'Median of y - slope * plan_count';
COMMENT ON COLUMN trends.mann_kendall_s IS 'Pairs that rise together less pairs that do not';
COMMENT ON COLUMN trends.mann_kendall_var IS 'Variance of S without a trend, ties corrected';
COMMENT ON COLUMN trends.mann_kendall_z IS '(S - sign(S)) / sqrt(variance)';
COMMENT ON COLUMN trends.p_value IS 'Two-sided, of Z as a standard normal deviate (absolute error below 2e-7)';
COMMENT ON COLUMN trends.target IS 'What the measure must not exceed, if there is such a target';
COMMENT ON COLUMN trends.reached_at_plan_count IS 'Where the line meets the target; NULL unless slope > 0 and p < 0.01';
COMMENT ON COLUMN trends.detail IS 'The same in words';

COMMENT ON VIEW harness_cost IS 'One row per measure of what the harness itself costs a round.';
COMMENT ON COLUMN harness_cost.measure IS 'The measure, a column of rounds';
COMMENT ON COLUMN harness_cost.rounds IS 'Rounds that measured it';
COMMENT ON COLUMN harness_cost.median IS 'Nearest-rank median over these rounds';
COMMENT ON COLUMN harness_cost.max IS 'Largest';
COMMENT ON COLUMN harness_cost.sum IS 'Sum over these rounds; NULL for peaks';
COMMENT ON COLUMN harness_cost.detail IS 'The same in words';

COMMENT ON VIEW notes IS 'One row per thing that a reader must know of the measurement; none of them changes a verdict.';
COMMENT ON COLUMN notes.date IS 'UTC date that it speaks of; NULL for the whole soak';
COMMENT ON COLUMN notes.topic IS 'stalled_creates, probe_overhead, clock_step or kept_in_part';
COMMENT ON COLUMN notes.note IS 'The note';
