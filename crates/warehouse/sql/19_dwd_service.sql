-- One row for each time that an agent had a conversation. An agent who answers a left message begins a service anew: the one before never was.
SELECT v.tenant_id, v.conversation_id, v.seq, v.episode, v.began_at, v.day_key, v.queue,
  COALESCE(v.agent, r.agent) AS agent,
  CASE WHEN v.agent IS NULL THEN r.group_id ELSE v.group_id END AS group_id,
  CASE WHEN v.agent IS NULL THEN r.department ELSE v.department END AS department,
  s.channel, s.site, s.lang, s.goods, s.category, s.topic, s.entry, s.band, v.how, v.ended_at,
  CASE
    WHEN v.end_kind = 'agent.assigned' THEN 'transferred'
    WHEN v.end_kind = 'queue.entered' THEN 'queued'
    WHEN v.end_kind = 'agent.lost' THEN 'returned'
    WHEN v.end_kind = 'agent.handed_back' THEN 'handed_back'
    WHEN v.end_kind IS NOT NULL THEN 'resolved'
  END AS service_end,
  v.ended_at - v.began_at AS handle_ms,
  CASE WHEN v.ended_at IS NOT NULL THEN COALESCE(t.talk_ms, 0) END AS talk_ms,
  COALESCE(r.replies, 0) AS replies
FROM dwm_tenure AS v
LEFT JOIN dwm_replier AS r ON r.tenant_id = v.tenant_id AND r.conversation_id = v.conversation_id AND r.service_seq = v.seq
LEFT JOIN dwm_talk AS t ON t.tenant_id = v.tenant_id AND t.conversation_id = v.conversation_id AND t.service_seq = v.seq
LEFT JOIN dwd_session AS s ON s.tenant_id = v.tenant_id AND s.conversation_id = v.conversation_id AND s.episode = v.episode
WHERE v.end_how IS NULL OR v.end_how <> 'left_message'
