-- One row per turn of a customer with the bot, one per message that was a request, and one per request.
SELECT d.tenant_id, d.conversation_id, d.seq, d.episode, d.kind, d.happened_at, d.day_key,
  s.queue, s.agent, s.group_id, s.department, s.channel, s.site, s.lang, s.goods, s.category, d.topic,
  t.entry, CASE {bands} END AS band, d.outcome, d.answer_ms, t.bot_result, t.confidence,
  -- What the customer does after an answer tells whether it was poor. Of several reasons, the first counts.
  CASE
    WHEN t.bot_result = 'answered' AND t.verdict = 'wrong' THEN 'judged_wrong'
    WHEN t.bot_result = 'answered' AND t.helped = 'no' THEN 'unhelpful'
    WHEN t.bot_result = 'answered' AND n.kind IN ('request', 'command') THEN 'asked_person'
    WHEN t.bot_result = 'answered' AND n.kind = 'turn' AND n.entry = t.entry THEN 'repeated'
    WHEN t.bot_result = 'answered' AND n.kind IS NULL AND s.score < {middle_rating} THEN 'rated_poor'
  END AS poor,
  t.verdict, d.asked_via, d.reason, t.helped
FROM dwm_dialogue AS d
LEFT JOIN dwd_session AS s ON s.tenant_id = d.tenant_id AND s.conversation_id = d.conversation_id AND s.episode = d.episode
LEFT JOIN dwm_turn AS t ON t.tenant_id = d.tenant_id AND t.conversation_id = d.conversation_id AND t.seq = d.seq
LEFT JOIN dwm_after AS nxt ON nxt.tenant_id = d.tenant_id AND nxt.conversation_id = d.conversation_id AND nxt.seq = d.seq
LEFT JOIN dwm_turn AS n ON n.tenant_id = d.tenant_id AND n.conversation_id = d.conversation_id AND n.seq = nxt.next_seq
