-- Which entries of an episode decide what: the first or the last of each sort. They are ordered by number, because clocks may be corrected.
SELECT e.tenant_id, e.conversation_id, e.episode,
  MAX(CASE WHEN e.kind = 'session.began' THEN e.seq END) AS began_seq,
  MIN(CASE WHEN e.kind IN ('session.began', 'queue.entered') AND e.queue IS NOT NULL THEN e.seq END) AS queue_seq,
  MIN(CASE WHEN (e.kind = 'agent.assigned' OR (e.kind = 'session.began' AND e.how = 'agent')) AND e.agent IS NOT NULL THEN e.seq END) AS agent_seq,
  MAX(CASE WHEN e.kind = 'bot.answer' AND e.topic IS NOT NULL THEN e.seq END) AS topic_seq,
  MAX(CASE WHEN e.kind = 'bot.answer' AND e.entry IS NOT NULL THEN e.seq END) AS entry_seq,
  MIN(CASE WHEN e.kind = 'customer.back' THEN e.seq END) AS back_seq,
  CAST(SUM(CASE WHEN d.kind = 'turn' THEN 1 ELSE 0 END) AS BIGINT) AS turns,
  CAST(SUM(CASE WHEN d.kind = 'turn' AND d.outcome = 'no_answer' THEN 1 ELSE 0 END) AS BIGINT) AS missed,
  CAST(SUM(CASE WHEN e.kind = 'human.requested' THEN 1 ELSE 0 END) AS BIGINT) AS requests,
  MIN(CASE WHEN d.kind = 'turn' THEN e.seq END) AS first_turn_seq,
  MIN(CASE WHEN e.kind = 'bot.answer' AND t.kind = 'turn' THEN e.seq END) AS first_answer_seq,
  MIN(CASE WHEN e.kind = 'human.requested' THEN e.seq END) AS first_request_seq,
  MIN(CASE
    WHEN e.kind IN ('queue.left', 'agent.assigned') THEN e.seq
    WHEN e.kind = 'session.began' AND e.how = 'agent' THEN e.seq
    WHEN e.kind = 'session.resolved' AND e.ms IS NOT NULL THEN e.seq
  END) AS wait_seq,
  MIN(CASE WHEN e.kind = 'agent.message' THEN e.seq END) AS first_reply_seq,
  -- An end that an agent took back was none.
  CASE
    WHEN MAX(CASE WHEN e.kind = 'session.resolved' THEN e.seq END) > COALESCE(MAX(CASE WHEN e.kind = 'session.resumed' THEN e.seq END), 0)
    THEN MAX(CASE WHEN e.kind = 'session.resolved' THEN e.seq END)
  END AS ended_seq,
  MIN(CASE WHEN e.kind = 'session.rated' THEN e.seq END) AS first_rated_seq,
  MAX(CASE WHEN e.kind = 'session.rated' THEN e.seq END) AS rated_seq,
  MAX(CASE WHEN (e.kind = 'session.rated' AND e.flag IS NOT NULL) OR (e.kind = 'answer.rated' AND e.how = 'settles') THEN e.seq END) AS settled_seq,
  MAX(CASE WHEN e.kind = 'session.rated' AND e.score > {middle_rating} THEN e.seq END) AS good_seq
FROM dwd_event AS e
LEFT JOIN dwm_dialogue AS d ON d.tenant_id = e.tenant_id AND d.conversation_id = e.conversation_id AND d.seq = e.seq
LEFT JOIN dwm_dialogue AS t ON t.tenant_id = e.tenant_id AND t.conversation_id = e.conversation_id AND t.seq = e.ref_seq AND t.episode = e.episode AND t.seq < e.seq
WHERE e.kind <> 'agent.worked'
GROUP BY e.tenant_id, e.conversation_id, e.episode
HAVING COUNT(CASE WHEN e.kind NOT IN ('agent.lost', 'agent.handed_back', 'session.resumed', 'customer.back', 'answer.judged', 'answer.rated') AND (e.kind <> 'customer.message' OR e.how = 'bot') THEN 1 END) > 0
