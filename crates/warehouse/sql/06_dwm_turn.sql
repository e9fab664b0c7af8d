-- What became of each turn, and from what it was answered. Commands and requests have neither.
SELECT r.tenant_id, r.conversation_id, r.seq, r.episode, r.kind, r.bot_result,
  CASE WHEN r.bot_result = 'answered' THEN r.entry END AS entry,
  CASE WHEN r.bot_result = 'answered' THEN r.confidence END AS confidence,
  CASE WHEN r.bot_result = 'answered' THEN v.verdict END AS verdict,
  CASE WHEN r.bot_result = 'answered' THEN v.helped END AS helped
FROM (
  SELECT tenant_id, conversation_id, seq, episode, kind, entry, confidence,
    CASE
      WHEN kind = 'turn' AND outcome IN ('confident', 'attribute') THEN 'answered'
      WHEN kind = 'turn' AND outcome = 'did_you_mean' THEN 'offered'
      WHEN kind = 'turn' AND outcome = 'no_answer' THEN 'missed'
      WHEN kind = 'turn' AND outcome IS NOT NULL THEN 'other'
    END AS bot_result
  FROM dwm_dialogue
) AS r
LEFT JOIN dwm_verdict AS v ON v.tenant_id = r.tenant_id AND v.conversation_id = r.conversation_id AND v.ref_seq = r.seq
