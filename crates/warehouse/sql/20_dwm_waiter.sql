-- Since when somebody may be waiting for a reply in a service: since its beginning, unless there is nothing to reply to, and since each message of the customer.
SELECT tenant_id, conversation_id, seq AS service_seq, seq, happened_at
FROM dwm_edge
WHERE kind = 'agent.assigned' AND (how IS NULL OR how <> 'left_message')
UNION ALL
SELECT tenant_id, conversation_id, service_seq, seq, happened_at
FROM dwm_message
WHERE kind = 'customer.message'
