-- Messages of both sides, each in the service in which it was sent: the one that the last edge before it began.
SELECT msg.tenant_id, msg.conversation_id, msg.seq, msg.episode, msg.kind, msg.happened_at, msg.day_key, msg.agent, msg.group_id, msg.department, num.seq AS service_seq
FROM (
  SELECT e.tenant_id, e.conversation_id, e.seq, e.episode, e.kind, e.happened_at, e.day_key, e.agent, e.group_id, e.department, MAX(x.seq) AS edge_seq
  FROM dwd_event AS e
  JOIN dwm_edge AS x ON x.tenant_id = e.tenant_id AND x.conversation_id = e.conversation_id AND x.seq < e.seq
  WHERE x.is_end = 1 AND (e.kind = 'agent.message' OR (e.kind = 'customer.message' AND e.how = 'agent'))
  GROUP BY e.tenant_id, e.conversation_id, e.seq, e.episode, e.kind, e.happened_at, e.day_key, e.agent, e.group_id, e.department
) AS msg
JOIN dwm_service AS num ON num.tenant_id = msg.tenant_id AND num.conversation_id = msg.conversation_id AND num.seq = msg.edge_seq
