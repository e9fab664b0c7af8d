//! The work of agents. An entry records a time with one state and one number of conversations. It is cut at quarters of an hour, so that each stretch counts in
//! its own.

use domain::{
    entry::fact::Worked,
    staff::AgentState,
    time::{DAY, QUARTER, Ts},
};
use uuid::Uuid;

use crate::{rows::Event, window::Window};

/// Of a longer time, only the last 48 hours count. The record ends a stretch with every quarter of an hour, so this is a time that cannot be right.
const LONGEST_MS: i64 = 2 * DAY;

/// The events of a time of work, without their kind. Offline agents, and agents on a break without a conversation, have none.
pub(crate) fn events(worked: &Worked) -> impl Iterator<Item = Event> + use<> {
    let Worked { agent, since, until, state, open, capacity } = *worked;
    let contacts = open.max(0);
    let is_work = match state {
        AgentState::Available | AgentState::Busy => true,
        AgentState::Break => contacts > 0,
        AgentState::Offline => false,
    };
    let slots = if state == AgentState::Available { capacity.max(contacts) } else { contacts };
    let whole = Window { from: since.max(until.plus(-LONGEST_MS)), to: until };
    pieces(whole).filter(move |_| is_work).zip(0..).map(move |(Window { from, to }, seq)| Event {
        seq,
        agent: Some(agent.to_string()),
        how: Some(state.as_str().to_owned()),
        ms: Some(to.since(from)),
        since: Some(from.0),
        contacts: Some(contacts),
        slots: Some(slots),
        ..Event::default()
    })
}

/// A window cut at quarters of an hour.
fn pieces(whole: Window) -> impl Iterator<Item = Window> {
    let next = move |from: Ts| (from < whole.to).then(|| Window { from, to: whole.to.min(from.quarter().plus(QUARTER)) });
    std::iter::successors(next(whole.from), move |piece| next(piece.to))
}

/// What the events of one entry have in common instead of a conversation. The ids of streams are random, so no two entries come to the same.
pub(crate) const fn id_of(stream: Uuid, seq: i64) -> Uuid {
    Uuid::from_u128(stream.as_u128() ^ seq as u128)
}

#[cfg(test)]
mod tests {
    use domain::{id::AgentId, time::MINUTE};

    use super::*;

    fn events_of(state: AgentState, open: i64, (since, until): (i64, i64)) -> Vec<(i64, i64, i64, i64, i64)> {
        let agent = AgentId::new(Uuid::from_u128(5));
        let worked = Worked { agent, since: Ts(since * MINUTE), until: Ts(until * MINUTE), state, open, capacity: 5 };
        let told = |event: Event| {
            let [since, ms, contacts, slots] = [event.since, event.ms, event.contacts, event.slots].map(Option::unwrap);
            (event.seq, since / MINUTE, ms / MINUTE, contacts, slots)
        };
        events(&worked).map(told).collect()
    }

    #[test]
    fn a_time_is_cut_at_quarters_of_an_hour() {
        assert_eq!(events_of(AgentState::Available, 2, (10, 40)), [(0, 10, 5, 2, 5), (1, 15, 15, 2, 5), (2, 30, 10, 2, 5)]);
        assert_eq!(events_of(AgentState::Available, 0, (15, 30)), [(0, 15, 15, 0, 5)]);
        assert_eq!(events_of(AgentState::Available, 1, (20, 20)), []);
        assert_eq!(events_of(AgentState::Available, 1, (30, 20)), [], "the clocks of two nodes differ");
    }

    #[test]
    fn whoever_takes_no_more_conversations_has_as_many_slots_as_conversations() {
        assert_eq!(events_of(AgentState::Break, 2, (0, 3)), [(0, 0, 3, 2, 2)]);
        assert_eq!(events_of(AgentState::Break, 0, (0, 3)), []);
        assert_eq!(events_of(AgentState::Busy, 0, (0, 3)), [(0, 0, 3, 0, 0)], "at work, and takes nothing");
        assert_eq!(events_of(AgentState::Busy, 2, (0, 3)), [(0, 0, 3, 2, 2)]);
        assert_eq!(events_of(AgentState::Offline, 2, (0, 3)), []);
        assert_eq!(events_of(AgentState::Available, 7, (0, 3)), [(0, 0, 3, 7, 7)], "more than the agent should have");
    }

    #[test]
    fn of_a_very_long_time_the_last_two_days_count() {
        let events = events_of(AgentState::Available, 0, (0, 10 * 24 * 60));
        assert_eq!((events.len(), events.iter().map(|(_, _, ms, ..)| ms).sum::<i64>()), (4 * 48, 48 * 60));
        assert_eq!(events[0].1, 8 * 24 * 60);
    }

    #[test]
    fn every_entry_of_every_stream_has_an_id_of_its_own() {
        let streams = [Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001_u128), Uuid::from_u128(0x0193_0000_0000_7000_9000_0000_0000_0001_u128)];
        let ids: std::collections::HashSet<Uuid> = streams.iter().flat_map(|stream| (1..1_000).map(|seq| id_of(*stream, seq))).collect();
        assert_eq!(ids.len(), 2 * 999);
    }
}
