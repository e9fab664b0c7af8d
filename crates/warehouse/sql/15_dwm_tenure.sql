-- What those entries say.
SELECT num.tenant_id, num.conversation_id, num.seq, num.episode,
  MAX(CASE WHEN x.seq = num.seq THEN x.happened_at END) AS began_at,
  MAX(CASE WHEN x.seq = num.seq THEN x.day_key END) AS day_key,
  MAX(CASE WHEN x.seq = num.seq THEN x.agent END) AS agent,
  MAX(CASE WHEN x.seq = num.seq THEN x.group_id END) AS group_id,
  MAX(CASE WHEN x.seq = num.seq THEN x.department END) AS department,
  MAX(CASE WHEN x.seq = num.seq AND x.kind = 'session.began' THEN 'reopened' WHEN x.seq = num.seq THEN x.how END) AS how,
  COALESCE(MAX(CASE WHEN x.seq = num.place_seq THEN x.queue END), MAX(CASE WHEN x.seq = num.queue_seq THEN x.queue END)) AS queue,
  MAX(CASE WHEN x.seq = num.end_seq THEN x.happened_at END) AS ended_at,
  MAX(CASE WHEN x.seq = num.end_seq THEN x.kind END) AS end_kind,
  MAX(CASE WHEN x.seq = num.end_seq AND x.kind = 'agent.assigned' THEN x.how END) AS end_how
FROM dwm_service AS num
JOIN dwm_edge AS x ON x.tenant_id = num.tenant_id AND x.conversation_id = num.conversation_id
GROUP BY num.tenant_id, num.conversation_id, num.seq, num.episode
