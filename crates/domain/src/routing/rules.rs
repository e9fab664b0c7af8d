//! The rules of a queue: who gets what waits in it, how long they may take to accept it, and what happens if nobody does.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::QueueId,
    refusal::Code,
    time::{HOUR, MINUTE, SECOND},
};

/// The units of an agent that a chat takes unless its queue says otherwise: two of ten, so that five chats fill an agent.
pub const CHAT_UNITS: i64 = 2;
/// The most units that a conversation of a queue may take, and the units of an agent for each of their slots and chat units.
pub const MAX_UNITS: i64 = 10;
/// The most time that an agent may have to accept an offer, in seconds.
pub const MAX_ACCEPT_S: i64 = 300;
/// The highest priority of a queue.
pub const MAX_PRIORITY: i64 = 9;
/// The longest time after which a rule of a queue may take effect, in seconds.
const MAX_AFTER_S: i64 = 24 * HOUR / SECOND;
/// The longest wait after which a customer may be offered to leave a message, in minutes.
pub const MAX_MESSAGE_AFTER_MIN: i64 = 600;
/// The greatest length of a queue that a rule may name.
const MAX_LENGTH: i64 = 10_000;

/// How the agent is chosen among those who may get a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The one who serves the fewest; at a tie, the one whose last assignment is longest ago.
    #[default]
    Balanced,
    /// The one whose last assignment is longest ago, however many they serve.
    RoundRobin,
    /// Nobody: the members take what waits themselves.
    Manual,
}

/// Where a conversation goes that has waited for too long, or that comes to a queue that is too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Overflow {
    /// The other queue.
    pub to: QueueId,
    /// After how many seconds of waiting; omitted if the time does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 5, maximum = 86400, nullable = false)]
    pub after_s: Option<i64>,
    /// If more than so many customers wait before it; omitted if the length does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000, nullable = false)]
    pub above: Option<i64>,
}

/// The rules of a queue. What is omitted is as it is by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QueueRules {
    /// How the agent is chosen.
    pub order: Order,
    /// Whether the agent who served the customer within the last 24 hours goes before everybody else, if they are free.
    pub last_agent_first: bool,
    /// How many seconds an agent has to accept a conversation that is offered, before it is offered to the next; `null` if agents are given conversations without
    /// being asked.
    #[schema(required = false, minimum = 5, maximum = 300)]
    pub accept_within_s: Option<i64>,
    /// What waits in a queue of higher priority goes before what has waited longer.
    #[schema(minimum = 0, maximum = 9)]
    pub priority: i64,
    /// After how many seconds of waiting one level less of each skill is asked for, again and again; 0 if never.
    #[schema(minimum = 0, maximum = 86400)]
    pub relax_every_s: i64,
    /// Where what waits for too long goes; `null` if it stays.
    #[schema(required = false)]
    pub overflow: Option<Overflow>,
    /// How many of an agent's units a conversation takes.
    #[schema(minimum = 1, maximum = 10)]
    pub units: i64,
    /// After how many minutes of waiting the customer is offered to leave a message instead, once in each wait; `null` if never. They wait on until they choose.
    #[schema(required = false, minimum = 1, maximum = 600)]
    pub offer_message_after_min: Option<i64>,
}

impl Default for QueueRules {
    fn default() -> Self {
        Self {
            order: Order::Balanced,
            last_agent_first: false,
            accept_within_s: None,
            priority: 0,
            relax_every_s: 30,
            overflow: None,
            units: CHAT_UNITS,
            offer_message_after_min: None,
        }
    }
}

/// What is wrong with the rules of a queue: the field, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesError {
    /// The field, below that of the rules.
    pub field: &'static str,
    /// The code of the refusal.
    pub code: Code,
    /// What would be right.
    pub fix: String,
}

impl QueueRules {
    /// Checks each rule by itself; whether overflow leads in a circle is known only beside the other queues ([`overflow_circle`]).
    pub fn check(&self) -> Result<(), RulesError> {
        let within = |field, value: Option<i64>, from: i64, to: i64| match value {
            Some(value) if !(from..=to).contains(&value) => Err(RulesError { field, code: Code::InvalidValue, fix: format!("a number from {from} to {to}") }),
            _ => Ok(()),
        };
        within("accept_within_s", self.accept_within_s, 5, MAX_ACCEPT_S)?;
        within("priority", Some(self.priority), 0, MAX_PRIORITY)?;
        within("relax_every_s", Some(self.relax_every_s), 0, MAX_AFTER_S)?;
        within("units", Some(self.units), 1, MAX_UNITS)?;
        within("offer_message_after_min", self.offer_message_after_min, 1, MAX_MESSAGE_AFTER_MIN)?;
        let Some(Overflow { after_s, above, .. }) = self.overflow else { return Ok(()) };
        within("overflow.after_s", after_s, 5, MAX_AFTER_S)?;
        within("overflow.above", above, 1, MAX_LENGTH)?;
        if after_s.is_none() && above.is_none() {
            let fix = "say after how many seconds, or above which length".to_owned();
            return Err(RulesError { field: "overflow", code: Code::InvalidValue, fix });
        }
        Ok(())
    }

    /// Whether a customer who has waited for this time, in milliseconds, is to be offered to leave a message instead.
    pub fn offers_message_after(&self, waited_ms: i64) -> bool {
        self.offer_message_after_min.is_some_and(|minutes| waited_ms >= minutes * MINUTE)
    }

    /// By how many levels the skills that are asked for are relaxed after this time of waiting, in milliseconds.
    pub const fn relaxed_steps(&self, waited_ms: i64) -> i64 {
        if self.relax_every_s == 0 { 0 } else { waited_ms / (self.relax_every_s * SECOND) }
    }
}

/// The queues through which a queue's overflow leads back to itself, or into another circle; `None` if it ends. `to` says where each queue overflows to.
pub fn overflow_circle(from: QueueId, to: impl Fn(QueueId) -> Option<QueueId>) -> Option<Vec<QueueId>> {
    let mut way = vec![from];
    loop {
        let next = to(*way.last()?)?;
        if let Some(at) = way.iter().position(|passed| *passed == next) {
            return Some(way.split_off(at));
        }
        way.push(next);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn queue(n: u128) -> QueueId {
        QueueId::new(Uuid::from_u128(n))
    }

    #[test]
    fn a_rule_out_of_bounds_names_its_field() {
        let overflow = |after_s, above| Some(Overflow { to: queue(1), after_s, above });
        let ok = QueueRules { accept_within_s: Some(30), overflow: overflow(Some(60), None), ..QueueRules::default() };
        assert_eq!(ok.check(), Ok(()));
        for (rules, field) in [
            (QueueRules { accept_within_s: Some(4), ..ok.clone() }, "accept_within_s"),
            (QueueRules { priority: 10, ..ok.clone() }, "priority"),
            (QueueRules { relax_every_s: -1, ..ok.clone() }, "relax_every_s"),
            (QueueRules { units: 0, ..ok.clone() }, "units"),
            (QueueRules { offer_message_after_min: Some(0), ..ok.clone() }, "offer_message_after_min"),
            (QueueRules { overflow: overflow(Some(1), None), ..ok.clone() }, "overflow.after_s"),
            (QueueRules { overflow: overflow(None, Some(0)), ..ok.clone() }, "overflow.above"),
            (QueueRules { overflow: overflow(None, None), ..ok.clone() }, "overflow"),
        ] {
            assert_eq!(rules.check().unwrap_err().field, field);
        }
    }

    #[test]
    fn a_message_is_offered_once_the_wait_is_as_long_as_the_rule_says() {
        let rules = QueueRules { offer_message_after_min: Some(5), ..QueueRules::default() };
        assert_eq!([299_999, 300_000].map(|ms| rules.offers_message_after(ms)), [false, true]);
        assert!(!QueueRules::default().offers_message_after(i64::MAX));
    }

    #[test]
    fn overflow_into_itself_and_in_a_circle_is_found() {
        let way = |pairs: &'static [(u128, u128)]| move |from: QueueId| pairs.iter().find(|(of, _)| queue(*of) == from).map(|(_, to)| queue(*to));
        assert_eq!(overflow_circle(queue(1), way(&[(1, 2), (2, 3)])), None);
        assert_eq!(overflow_circle(queue(1), way(&[(1, 1)])), Some(vec![queue(1)]));
        assert_eq!(overflow_circle(queue(1), way(&[(1, 2), (2, 3), (3, 1)])), Some(vec![queue(1), queue(2), queue(3)]));
        assert_eq!(overflow_circle(queue(1), way(&[(1, 2), (2, 3), (3, 2)])), Some(vec![queue(2), queue(3)]));
    }

    #[test]
    fn omitted_rules_are_those_by_default_and_unknown_ones_are_refused() {
        assert_eq!(serde_json::from_str::<QueueRules>("{}").unwrap(), QueueRules::default());
        assert_eq!(serde_json::from_str::<QueueRules>(r#"{"order": "round_robin"}"#).unwrap().order, Order::RoundRobin);
        assert!(serde_json::from_str::<QueueRules>(r#"{"oder": "manual"}"#).is_err());
        assert_eq!([0, 29_999, 30_000, 95_000].map(|ms| QueueRules::default().relaxed_steps(ms)), [0, 0, 1, 3]);
    }
}
