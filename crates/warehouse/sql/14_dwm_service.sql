-- Which entries a service consists of: its beginning, its end, where the conversation was then, and in which queue the episode was first.
SELECT b.tenant_id, b.conversation_id, b.seq, b.episode,
  MIN(CASE WHEN x.is_end = 1 AND x.seq > b.seq THEN x.seq END) AS end_seq,
  MAX(CASE WHEN x.kind IN ('session.began', 'queue.entered') AND x.seq <= b.seq THEN x.seq END) AS place_seq,
  MIN(CASE WHEN x.queue IS NOT NULL AND x.episode = b.episode AND x.seq <= b.seq THEN x.seq END) AS queue_seq
FROM dwm_edge AS b
JOIN dwm_edge AS x ON x.tenant_id = b.tenant_id AND x.conversation_id = b.conversation_id
WHERE b.is_end = 1 AND b.kind IN ('session.began', 'agent.assigned')
GROUP BY b.tenant_id, b.conversation_id, b.seq, b.episode
