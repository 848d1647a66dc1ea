-- One row per line of a raw text file. A file is split once: beside an unnest it would be, once a line.
CREATE TABLE raw_line AS
WITH split AS MATERIALIZED (
  SELECT round_id, file, text_lines(content) AS all_lines, len(text_lines(content)) AS lines,
         ends_with(content, chr(10)) AS is_terminated FROM raw_text WHERE content <> ''
)
SELECT round_id, file, unnest(all_lines) AS line, generate_subscripts(all_lines, 1) AS line_no, lines, is_terminated
  FROM split;
