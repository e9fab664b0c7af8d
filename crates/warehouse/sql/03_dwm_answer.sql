-- What the bot said to a message: when it answered first, and what its last answer was.
SELECT k.tenant_id, k.conversation_id, k.ref_seq,
  MAX(CASE WHEN e.seq = k.first_seq THEN e.happened_at END) AS first_at,
  MAX(CASE WHEN e.seq = k.last_seq THEN e.outcome END) AS outcome,
  MAX(CASE WHEN e.seq = k.last_seq THEN e.topic END) AS topic
FROM (
  SELECT tenant_id, conversation_id, ref_seq, MIN(seq) AS first_seq, MAX(seq) AS last_seq
  FROM dwd_event
  WHERE kind = 'bot.answer' AND ref_seq IS NOT NULL
  GROUP BY tenant_id, conversation_id, ref_seq
) AS k
JOIN dwd_event AS e ON e.tenant_id = k.tenant_id AND e.conversation_id = k.conversation_id AND e.ref_seq = k.ref_seq
WHERE e.kind = 'bot.answer'
GROUP BY k.tenant_id, k.conversation_id, k.ref_seq
