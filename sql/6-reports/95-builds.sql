-- One row per build that wrote rounds which the report sees. `version` is NULL for rounds of the bash scripts;
-- `build_sha256`, the hash of bin/SHA256SUMS that the round sealed, is NULL where no frozen build ran.
CREATE TABLE measuring_build AS
SELECT harness_version AS version, seal ->> '$.build' AS build_sha256, count(*) AS rounds,
       min(folder_id) AS first_round, max(folder_id) AS last_round
FROM summary
GROUP BY ALL;

-- One row per build of the control plane that rounds found running, by the files of its process. None where no round
-- could see that.
CREATE TABLE control_plane_build AS
SELECT i ->> '$.program' AS program, i ->> '$.program_sha256' AS program_sha256, i ->> '$.jar' AS jar,
       i ->> '$.jar_sha256' AS jar_sha256, i ->> '$.version' AS version, count(*) AS rounds,
       min(folder_id) AS first_round, max(folder_id) AS last_round
FROM (SELECT folder_id, cp_identity AS i FROM summary)
WHERE coalesce(i ->> '$.program_sha256', i ->> '$.jar_sha256') IS NOT NULL
GROUP BY ALL;
