-- Which builds wrote the rounds that the report sees, in the order of their first rounds: `version` is NULL for rounds of
-- the bash scripts, `build_sha256`, the hash of bin/SHA256SUMS that the round sealed, where no frozen build ran.
CREATE TABLE measuring_build AS
SELECT harness_version AS version, seal ->> '$.build' AS build_sha256, count(*) AS rounds,
       min(folder_id) AS first_round, max(folder_id) AS last_round
FROM summary
GROUP BY ALL;
