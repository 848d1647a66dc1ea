-- One row per record of the audit store that is older than as_of; a line that is not a JSON object has its text in
-- record.
CREATE VIEW audit AS
WITH parsed AS (
  SELECT file, line_no, line, CASE WHEN json_valid(line) THEN CASE WHEN json_type(line) = 'OBJECT'
    THEN CAST(line AS JSON) END END AS j
  FROM raw_audit_line WHERE trim(line) <> ''
)
SELECT p.file, p.line_no, json_instant(p.j -> 'timestamp') AS logged_at, json_text(p.j -> 'event_name') AS event_name,
       json_text(p.j -> 'category') AS category,
       json_text(p.j -> 'action') AS action, json_text(p.j -> 'outcome') AS outcome,
       json_text(p.j -> 'source') AS source, json_text(p.j -> 'actor') AS actor,
       json_text(p.j -> 'resource_type') AS resource_type, json_text(p.j -> 'resource') AS resource, p.line AS record
FROM parsed p, soak k
WHERE json_instant(p.j -> 'timestamp') IS NULL OR json_instant(p.j -> 'timestamp') < k.as_of
ORDER BY p.file, p.line_no;
