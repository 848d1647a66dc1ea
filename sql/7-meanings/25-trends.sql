-- What the views trends, harness_cost and notes hold, for people: --sql without a text shows it.
COMMENT ON VIEW trends IS
  'One row per measure that may grow with the plans in the store: its slope against plan_count, and '
  'whether that is a trend; measures that restart with the process are judged within each of its lives.';
COMMENT ON COLUMN trends.series IS 'The measure, a column of rounds';
COMMENT ON COLUMN trends.unit IS 'Its unit';
COMMENT ON COLUMN trends.n IS 'Points';
COMMENT ON COLUMN trends.basis IS
  'What a point is: the median of a UTC day from 10 days on, else of 6 hours; for measures '
  'that restart with the process the median of 6 hours (or less, where its lives are short)';
COMMENT ON COLUMN trends.slope_per_1000_plans IS 'Median of the slopes of all pairs of points of one life, times 1,000';
COMMENT ON COLUMN trends.intercept IS
  'Median of y - slope * plan_count; NULL over several lives, each of which has its own '
  'level';
COMMENT ON COLUMN trends.mann_kendall_s IS 'Pairs of one life that rise together, minus pairs that do not';
COMMENT ON COLUMN trends.mann_kendall_var IS 'Variance of S without a trend and without dependence, ties corrected';
COMMENT ON COLUMN trends.mann_kendall_z IS '(S - sign(S)) / sqrt(variance)';
COMMENT ON COLUMN trends.p_value IS
  'Two-sided, of the slope of a line with a level for each life and AR(1) errors, by '
  'Student''s t; NULL where it is too early to tell';
COMMENT ON COLUMN trends.target IS 'What the measure must not exceed, if there is such a target';
COMMENT ON COLUMN trends.reached_at_plan_count IS
  'Plans at the first round above the target, or, if there is none yet, at '
  'about which the first is expected if the trend continues; NULL unless slope > 0 and p < 0.01';
COMMENT ON COLUMN trends.lives IS
  'Lives of the process that are long enough to tell; NULL for what a restart does not touch';
COMMENT ON COLUMN trends.autocorrelation IS
  'Lag-1 autocorrelation of the errors that p_value assumes: corrected for '
  'its bias and raised by its uncertainty; NULL where the line leaves none';
COMMENT ON COLUMN trends.detectable_per_1000_plans IS
  'The slope that would have been detected as a trend in four of five such '
  'soaks';
COMMENT ON COLUMN trends.reached_at_plan_count_low IS
  '95 % interval of a reached_at_plan_count that is still to come, lower '
  'end';
COMMENT ON COLUMN trends.reached_at_plan_count_high IS 'Upper end; NULL where it is open';
COMMENT ON COLUMN trends.detail IS 'The same in words';

COMMENT ON VIEW harness_cost IS 'One row per measure of what the harness itself costs a round.';
COMMENT ON COLUMN harness_cost.measure IS 'The measure, a column of rounds';
COMMENT ON COLUMN harness_cost.rounds IS 'Rounds that measured it';
COMMENT ON COLUMN harness_cost.median IS 'Nearest-rank median over these rounds';
COMMENT ON COLUMN harness_cost.max IS 'Largest';
COMMENT ON COLUMN harness_cost.sum IS 'Sum over these rounds; NULL for peaks';
COMMENT ON COLUMN harness_cost.detail IS 'The same in words';

COMMENT ON VIEW notes IS
  'One row per note on the measurement; notes change no verdict.';
COMMENT ON COLUMN notes.date IS 'UTC date that it concerns; NULL for the whole soak';
COMMENT ON COLUMN notes.topic IS 'What it is about, such as clock_step; of a step that failed its name';
COMMENT ON COLUMN notes.note IS 'The note';
