-- The replies in a service, and the first agent who replied: the one who has it, if its beginning does not say.
SELECT r.tenant_id, r.conversation_id, r.service_seq, r.replies, r.agent_seq, f.agent, f.group_id, f.department
FROM (
  SELECT tenant_id, conversation_id, service_seq,
    COUNT(CASE WHEN kind = 'agent.message' THEN 1 END) AS replies,
    MIN(CASE WHEN kind = 'agent.message' AND agent IS NOT NULL THEN seq END) AS agent_seq
  FROM dwm_message
  GROUP BY tenant_id, conversation_id, service_seq
) AS r
LEFT JOIN dwm_message AS f ON f.tenant_id = r.tenant_id AND f.conversation_id = r.conversation_id AND f.seq = r.agent_seq
