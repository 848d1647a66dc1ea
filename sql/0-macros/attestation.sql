-- What final-report.intoto.json says of a final report (contract, section 4 "Attestation"), from the report's own JSON:
-- the statement in an archive speaks of the report that lies there. It fails closed: the predicate knows PASSED, WARNED
-- ("passed with warnings") and FAILED, and no word for "not yet" or "not assessed", so whatever has not passed says
-- FAILED.

CREATE MACRO attested_verdicts(report) AS list_concat(
  coalesce(TRY_CAST(json_extract(report, '$.checks') AS JSON[]), []),
  coalesce(TRY_CAST(json_extract(report, '$.claims') AS JSON[]), []));

-- The checks, the claims and the gate with this verdict. What has neither passed nor failed is in no list: a policy
-- that wants it will not find it among the passed.
CREATE MACRO attested_tests(report, word) AS list_concat(
  list_transform(list_filter(attested_verdicts(report),
    lambda v: coalesce(json_extract_string(v, '$.verdict') = word, false)),
    lambda v: coalesce(json_extract_string(v, '$.id'), '') || ' ' || coalesce(json_extract_string(v, '$.name'), '')),
  CASE WHEN json_extract_string(report, '$.gate_d') = word THEN ['gate_d'] ELSE [] END);

CREATE MACRO attested_result(report) AS CASE
  WHEN NOT coalesce(json_extract_string(report, '$.overall') = 'PASS'
    AND json_extract_string(report, '$.gate_d') = 'PASS'
    AND json_extract_string(report, '$.rehearsal') = 'false', false) THEN 'FAILED'
  WHEN len(attested_tests(report, 'FAIL')) > 0 THEN 'WARNED'
  ELSE 'PASSED' END;
