-- Rounds: the next reply to each of them, and the first one it replies to.
SELECT n.tenant_id, n.conversation_id, n.service_seq, n.reply_seq, MIN(n.seq) AS since_seq
FROM (
  SELECT w.tenant_id, w.conversation_id, w.service_seq, w.seq, MIN(r.seq) AS reply_seq
  FROM dwm_waiter AS w
  JOIN dwm_message AS r ON r.tenant_id = w.tenant_id AND r.conversation_id = w.conversation_id AND r.service_seq = w.service_seq AND r.seq > w.seq
  WHERE r.kind = 'agent.message'
  GROUP BY w.tenant_id, w.conversation_id, w.service_seq, w.seq
) AS n
GROUP BY n.tenant_id, n.conversation_id, n.service_seq, n.reply_seq
