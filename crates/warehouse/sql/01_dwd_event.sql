-- The events, each once: what delivers them may repeat itself. To number the copies and keep the first is the form in which Flink removes copies from a stream.
SELECT {event_columns}
FROM (
  SELECT {event_columns},
    ROW_NUMBER() OVER (PARTITION BY tenant_id, conversation_id, seq ORDER BY happened_at) AS nth
  FROM ods_event
) AS numbered
WHERE nth = 1
