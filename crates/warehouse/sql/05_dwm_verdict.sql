-- The last judgement of the answer to a message.
SELECT num.tenant_id, num.conversation_id, num.ref_seq, e.outcome AS verdict
FROM (
  SELECT tenant_id, conversation_id, ref_seq, MAX(seq) AS last_seq
  FROM dwd_event
  WHERE kind = 'answer.judged' AND ref_seq IS NOT NULL
  GROUP BY tenant_id, conversation_id, ref_seq
) AS num
JOIN dwd_event AS e ON e.tenant_id = num.tenant_id AND e.conversation_id = num.conversation_id AND e.seq = num.last_seq
