-- One row per turn of a customer with the bot, one per message that was a request, and one per request.
SELECT d.tenant_id, d.conversation_id, d.seq, d.episode, d.kind, d.happened_at, d.day_key,
  s.queue, s.agent, s.group_id, s.channel, s.site, s.lang, s.goods, s.category, d.topic, d.outcome, d.answer_ms
FROM dwm_dialogue AS d
LEFT JOIN dwd_session AS s ON s.tenant_id = d.tenant_id AND s.conversation_id = d.conversation_id AND s.episode = d.episode
