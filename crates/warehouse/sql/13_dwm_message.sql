-- Messages of both sides, each in the service in which it was sent: the one that the last edge before it began.
SELECT m.tenant_id, m.conversation_id, m.seq, m.episode, m.kind, m.happened_at, m.day_key, m.agent, m.group_id, k.seq AS service_seq
FROM (
  SELECT e.tenant_id, e.conversation_id, e.seq, e.episode, e.kind, e.happened_at, e.day_key, e.agent, e.group_id, MAX(x.seq) AS edge_seq
  FROM dwd_event AS e
  JOIN dwm_edge AS x ON x.tenant_id = e.tenant_id AND x.conversation_id = e.conversation_id AND x.seq < e.seq
  WHERE x.is_end = 1 AND (e.kind = 'agent.message' OR (e.kind = 'customer.message' AND e.how = 'agent'))
  GROUP BY e.tenant_id, e.conversation_id, e.seq, e.episode, e.kind, e.happened_at, e.day_key, e.agent, e.group_id
) AS m
JOIN dwm_service AS k ON k.tenant_id = m.tenant_id AND k.conversation_id = m.conversation_id AND k.seq = m.edge_seq
