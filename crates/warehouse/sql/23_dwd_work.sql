-- One row for each stretch of work of an agent. The events are cut at quarters of an hour already. `band` is empty: it needs a type, and is no answer of the bot.
SELECT tenant_id, conversation_id, seq AS piece, episode, since AS began_at, day_key, queue, agent, group_id, department,
  channel, site, lang, goods, category, topic, entry, CASE WHEN seq < 0 THEN '' END AS band, how AS agent_state,
  contacts, ms AS work_ms, contacts * ms AS contact_ms, slots * ms AS slot_ms
FROM dwd_event
WHERE kind = 'agent.worked'
