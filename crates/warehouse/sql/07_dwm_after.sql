-- What the customer did next in the episode after an answer.
SELECT f.tenant_id, f.conversation_id, f.seq, MIN(l.seq) AS next_seq
FROM dwm_turn AS f
JOIN dwm_turn AS l ON l.tenant_id = f.tenant_id AND l.conversation_id = f.conversation_id AND l.episode = f.episode AND l.seq > f.seq
WHERE f.bot_result = 'answered'
GROUP BY f.tenant_id, f.conversation_id, f.seq
