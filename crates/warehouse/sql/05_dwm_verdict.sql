-- The last judgement of the answer to a message, and what the customer said of it last.
SELECT num.tenant_id, num.conversation_id, num.ref_seq,
  MAX(CASE WHEN e.seq = num.verdict_seq THEN e.outcome END) AS verdict,
  MAX(CASE WHEN e.seq = num.helped_seq AND e.flag = 1 THEN 'yes' WHEN e.seq = num.helped_seq THEN 'no' END) AS helped
FROM (
  SELECT tenant_id, conversation_id, ref_seq,
    MAX(CASE WHEN kind = 'answer.judged' THEN seq END) AS verdict_seq,
    MAX(CASE WHEN kind = 'answer.rated' THEN seq END) AS helped_seq
  FROM dwd_event
  WHERE kind IN ('answer.judged', 'answer.rated') AND ref_seq IS NOT NULL
  GROUP BY tenant_id, conversation_id, ref_seq
) AS num
JOIN dwd_event AS e ON e.tenant_id = num.tenant_id AND e.conversation_id = num.conversation_id AND e.ref_seq = num.ref_seq
WHERE e.kind IN ('answer.judged', 'answer.rated')
GROUP BY num.tenant_id, num.conversation_id, num.ref_seq
