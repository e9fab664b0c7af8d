-- One row per round of a customer and an agent.
SELECT msg.tenant_id, msg.conversation_id, msg.seq, msg.episode, msg.happened_at AS replied_at, msg.day_key, v.queue,
  CASE WHEN v.agent IS NOT NULL THEN v.agent WHEN r.agent_seq <= msg.seq THEN r.agent END AS agent,
  CASE WHEN v.agent IS NOT NULL THEN v.group_id WHEN r.agent_seq <= msg.seq THEN r.group_id END AS group_id,
  CASE WHEN v.agent IS NOT NULL THEN v.department WHEN r.agent_seq <= msg.seq THEN r.department END AS department,
  s.channel, s.site, s.lang, s.goods, s.category, s.topic, s.entry, s.band,
  msg.happened_at - w.happened_at AS reply_ms
FROM dwm_round AS n
JOIN dwm_message AS msg ON msg.tenant_id = n.tenant_id AND msg.conversation_id = n.conversation_id AND msg.seq = n.reply_seq
JOIN dwm_waiter AS w ON w.tenant_id = n.tenant_id AND w.conversation_id = n.conversation_id AND w.service_seq = n.service_seq AND w.seq = n.since_seq
JOIN dwm_tenure AS v ON v.tenant_id = n.tenant_id AND v.conversation_id = n.conversation_id AND v.seq = n.service_seq
LEFT JOIN dwm_replier AS r ON r.tenant_id = n.tenant_id AND r.conversation_id = n.conversation_id AND r.service_seq = n.service_seq
LEFT JOIN dwd_session AS s ON s.tenant_id = msg.tenant_id AND s.conversation_id = msg.conversation_id AND s.episode = msg.episode
