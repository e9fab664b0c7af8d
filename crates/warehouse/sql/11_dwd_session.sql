-- One row per episode, with its timestamps.
SELECT s.tenant_id, s.conversation_id, s.episode, s.began_with, s.created_at, s.day_key, cus.customer, s.queue, s.agent, s.group_id, s.department, s.channel, s.site, s.lang,
  s.goods, s.category, s.topic, s.entry,
  -- An episode is not one answer.
  CASE WHEN s.turns < 0 THEN '' END AS band,
  s.turns, s.missed, s.requests, s.first_turn_at, s.first_answer_at,
  CASE WHEN s.first_answer_at >= s.first_turn_at THEN s.first_answer_at - s.first_turn_at END AS first_answer_ms,
  s.first_request_at, s.wait_ended_at,
  CASE
    WHEN s.wait_ms IS NOT NULL AND s.wait_kind = 'agent.assigned' THEN 'answered'
    WHEN s.wait_ms > {short_ms} THEN 'abandoned'
    WHEN s.wait_ms IS NOT NULL THEN 'short'
  END AS wait_end,
  s.wait_ms, s.first_reply_at,
  CASE WHEN s.first_reply_at >= s.asked_at THEN s.first_reply_at - s.asked_at END AS first_reply_ms,
  s.ended_at,
  -- A rating changes only how the work of the bot ended: what the customer says decides, or, without it, whether the rating is good.
  CASE
    WHEN s.outcome IN ('bot_resolved_assumed', 'bot_resolved_confirmed', 'bot_unanswered') AND s.settled = 1 THEN 'bot_resolved_confirmed'
    WHEN s.outcome IN ('bot_resolved_assumed', 'bot_resolved_confirmed', 'bot_unanswered') AND s.settled IS NOT NULL THEN 'bot_unanswered'
    WHEN s.outcome = 'bot_resolved_assumed' AND s.is_good = 1 THEN 'bot_resolved_confirmed'
    ELSE s.outcome
  END AS outcome,
  s.first_rated_at, s.score,
  CASE WHEN s.agent IS NOT NULL THEN 'person' ELSE 'bot' END AS served_by,
  -- A customer comes back with the next episode, or with another conversation.
  CASE
    WHEN s.back_at >= s.ended_at AND s.back_at - s.ended_at <= {day_ms} THEN 'within_a_day'
    WHEN nxt.created_at >= s.ended_at AND nxt.created_at - s.ended_at <= {day_ms} THEN 'within_a_day'
    WHEN s.back_at >= s.ended_at AND s.back_at - s.ended_at <= {three_days_ms} THEN 'within_three_days'
    WHEN nxt.created_at >= s.ended_at AND nxt.created_at - s.ended_at <= {three_days_ms} THEN 'within_three_days'
    WHEN s.ended_at IS NOT NULL THEN 'no'
  END AS came_back
FROM dwm_stamp AS s
LEFT JOIN dwm_customer AS cus ON cus.tenant_id = s.tenant_id AND cus.conversation_id = s.conversation_id
LEFT JOIN dwm_stamp AS nxt ON nxt.tenant_id = s.tenant_id AND nxt.conversation_id = s.conversation_id AND nxt.episode = s.episode + 1
