-- What begins or ends a service, or tells in which queue the conversation was before it. An end that an agent took back is neither.
SELECT e.tenant_id, e.conversation_id, e.seq, e.episode, e.kind, e.happened_at, e.day_key, e.agent, e.group_id, e.department, e.queue, e.how,
  CASE WHEN e.kind <> 'session.began' OR e.how = 'agent' THEN 1 ELSE 0 END AS is_end
FROM dwd_event AS e
LEFT JOIN (
  SELECT tenant_id, conversation_id, episode, MAX(seq) AS seq
  FROM dwd_event
  WHERE kind = 'session.resumed'
  GROUP BY tenant_id, conversation_id, episode
) AS r ON r.tenant_id = e.tenant_id AND r.conversation_id = e.conversation_id AND r.episode = e.episode
WHERE e.kind IN ('session.began', 'queue.entered', 'agent.assigned', 'agent.lost', 'agent.handed_back')
  OR (e.kind = 'session.resolved' AND (r.seq IS NULL OR r.seq < e.seq))
