-- The customer of a conversation.
SELECT e.tenant_id, e.conversation_id, e.customer
FROM (
  SELECT tenant_id, conversation_id, MIN(seq) AS first_seq
  FROM dwd_event
  WHERE customer IS NOT NULL
  GROUP BY tenant_id, conversation_id
) AS num
JOIN dwd_event AS e ON e.tenant_id = num.tenant_id AND e.conversation_id = num.conversation_id AND e.seq = num.first_seq
