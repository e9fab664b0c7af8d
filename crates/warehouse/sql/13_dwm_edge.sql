-- What begins or ends a service, or tells in which queue the conversation was before it.
SELECT tenant_id, conversation_id, seq, episode, kind, happened_at, day_key, agent, group_id, queue, how,
  CASE WHEN kind <> 'session.began' OR how = 'agent' THEN 1 ELSE 0 END AS is_end
FROM dwd_event
WHERE kind IN ('session.began', 'queue.entered', 'agent.assigned', 'agent.lost', 'agent.handed_back', 'session.resolved')
