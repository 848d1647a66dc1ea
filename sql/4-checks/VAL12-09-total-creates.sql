-- VAL12-09: plans created over the whole soak.
INSERT INTO check_row BY NAME
SELECT 'VAL12-09' AS id, 'total_creates' AS name, verdict_word(f.total_creates >= t.total_creates, k.is_checkpoint AND NOT k.has_ended) AS verdict,
       f.total_creates AS value, t.total_creates AS target,
       'creates=' || f.total_creates || ', target=' || shown_target(t.total_creates) AS detail
FROM figures f, targets t, soak k;
