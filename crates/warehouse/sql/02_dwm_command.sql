-- Messages of which a request says that they were the request.
SELECT tenant_id, conversation_id, ref_seq
FROM dwd_event
WHERE kind = 'human.requested' AND ref_seq IS NOT NULL
GROUP BY tenant_id, conversation_id, ref_seq
