-- The time from message to message in a service, without long pauses.
SELECT msg.tenant_id, msg.conversation_id, msg.service_seq,
  CAST(SUM(CASE WHEN msg.happened_at - p.happened_at <= {pause_ms} THEN msg.happened_at - p.happened_at ELSE 0 END) AS BIGINT) AS talk_ms
FROM (
  SELECT l.tenant_id, l.conversation_id, l.service_seq, l.seq, l.happened_at, MAX(f.seq) AS before_seq
  FROM dwm_message AS l
  JOIN dwm_message AS f ON f.tenant_id = l.tenant_id AND f.conversation_id = l.conversation_id AND f.service_seq = l.service_seq AND f.seq < l.seq
  GROUP BY l.tenant_id, l.conversation_id, l.service_seq, l.seq, l.happened_at
) AS msg
JOIN dwm_message AS p ON p.tenant_id = msg.tenant_id AND p.conversation_id = msg.conversation_id AND p.seq = msg.before_seq
GROUP BY msg.tenant_id, msg.conversation_id, msg.service_seq
