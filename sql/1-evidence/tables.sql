-- What the reader fills: evidence as text, nothing interpreted.

-- Beside these it makes raw_plan: one row of what the plan fixes and no setting moves (src/settings/Plan.java).

-- One row per key of config.env and per default; plan_value is the default, whatever config.env says. Verdicts rest on
-- what decides; laxer says on which side of the plan's value less is asked for, or seen.
CREATE TABLE raw_config (key VARCHAR, value VARCHAR, is_written BOOLEAN, plan_value VARCHAR, decides BOOLEAN,
  laxer VARCHAR);

-- One row: what is judged. round_runs: a process holds round.lock, as far as this machine tells; heads_given: heads
-- that were known elsewhere are held against the rounds.
CREATE TABLE raw_scope (as_of TIMESTAMPTZ, is_now BOOLEAN, round_runs BOOLEAN, checkpoint_day BIGINT,
  heads_given BOOLEAN);

-- One row per folder rounds/YYYY-MM-DD/round-HHMMSS; summary is the text of round-summary.json if that is one whole
-- JSON object; is_link: the folder, its date or one of its files is a link to another place.
CREATE TABLE raw_round (round_id VARCHAR, has_summary BOOLEAN, summary VARCHAR, problem VARCHAR, is_link BOOLEAN);

-- One row per raw text file of a round; of metrics-scrape.prom and listing.json.gz only that it is there.
CREATE TABLE raw_text (round_id VARCHAR, file VARCHAR, content VARCHAR);

-- One row per other JSON file of a round.
CREATE TABLE raw_object (round_id VARCHAR, file VARCHAR, object VARCHAR, problem VARCHAR);

-- One row per file of a round whose whole lies compressed in NAME.gz: path is the file that the problem is about.
CREATE TABLE raw_stored (round_id VARCHAR, file VARCHAR, path VARCHAR, whole_bytes BIGINT, kept_bytes BIGINT,
  problem VARCHAR);

-- One row per line of alerts.log, setup-summary.txt and setup-resumes.log.
CREATE TABLE raw_log_line (file VARCHAR, line_no BIGINT, line VARCHAR);

-- One row per daily summary, by its file's date: products of daily reports, and witnesses of what the evidence was
-- then.
CREATE TABLE raw_daily (date VARCHAR, object VARCHAR, problem VARCHAR);

-- One row per file or folder that is not as a round sealed it (src/seal), the first bad one first; round_id: the round
-- that it belongs to, or since which it is so, if there is one.
CREATE TABLE raw_seal_finding (place BIGINT, kind VARCHAR, path VARCHAR, what VARCHAR, round_id VARCHAR);

-- One row per round that a seal could speak of; state: anchored, sealed or unsealed (contract, section 8).
CREATE TABLE raw_seal_round (round_id VARCHAR, state VARCHAR);

-- One row per name below rounds/ that is no round folder.
CREATE TABLE raw_stray (file VARCHAR);

-- One row per file that could not be read as text.
CREATE TABLE raw_unreadable (file VARCHAR, reason VARCHAR);

-- One row per line of the audit store; filled when a statement asks for it.
CREATE TABLE raw_audit_line (file VARCHAR, line_no BIGINT, line VARCHAR);

-- One row per sample of a metrics-scrape.prom, without a value where that is no finite number; filled when a statement
-- asks for it.
CREATE TABLE raw_metrics (round_id VARCHAR, family VARCHAR, value DOUBLE);
