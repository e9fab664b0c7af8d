-- What the bot said to a message: when it answered first, and what its last answer was.
SELECT num.tenant_id, num.conversation_id, num.ref_seq,
  MAX(CASE WHEN e.seq = num.first_seq THEN e.happened_at END) AS first_at,
  MAX(CASE WHEN e.seq = num.last_seq THEN e.outcome END) AS outcome,
  MAX(CASE WHEN e.seq = num.last_seq THEN e.topic END) AS topic,
  MAX(CASE WHEN e.seq = num.last_seq THEN e.entry END) AS entry,
  MAX(CASE WHEN e.seq = num.last_seq THEN e.confidence END) AS confidence
FROM (
  SELECT tenant_id, conversation_id, ref_seq, MIN(seq) AS first_seq, MAX(seq) AS last_seq
  FROM dwd_event
  WHERE kind = 'bot.answer' AND ref_seq IS NOT NULL
  GROUP BY tenant_id, conversation_id, ref_seq
) AS num
JOIN dwd_event AS e ON e.tenant_id = num.tenant_id AND e.conversation_id = num.conversation_id AND e.ref_seq = num.ref_seq
WHERE e.kind = 'bot.answer'
GROUP BY num.tenant_id, num.conversation_id, num.ref_seq
