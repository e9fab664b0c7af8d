-- Turns, commands and requests, without what is known of their episode.
SELECT e.tenant_id, e.conversation_id, e.seq, e.episode, e.happened_at, e.day_key,
  CASE WHEN e.kind = 'human.requested' THEN 'request' WHEN e.flag = 1 OR com.ref_seq IS NOT NULL THEN 'command' ELSE 'turn' END AS kind,
  CASE WHEN e.kind = 'customer.message' THEN ans.topic END AS topic,
  CASE WHEN e.kind = 'customer.message' THEN ans.outcome END AS outcome,
  CASE WHEN e.kind = 'customer.message' THEN ans.first_at - e.happened_at END AS answer_ms,
  ans.entry, ans.confidence,
  CASE WHEN e.kind = 'human.requested' THEN e.how END AS asked_via,
  CASE WHEN e.kind = 'human.requested' THEN e.outcome END AS reason
FROM dwd_event AS e
LEFT JOIN dwm_command AS com ON com.tenant_id = e.tenant_id AND com.conversation_id = e.conversation_id AND com.ref_seq = e.seq
LEFT JOIN dwm_answer AS ans ON ans.tenant_id = e.tenant_id AND ans.conversation_id = e.conversation_id AND ans.ref_seq = e.seq
WHERE (e.kind = 'customer.message' AND e.how = 'bot') OR e.kind = 'human.requested'
