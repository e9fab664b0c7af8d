//! Lets connections in one after another: as many at the same time as the record can answer, and the others in the order in which they came. A connection that
//! would wait too long is told when to try again, before any work is spent on it; and no network takes up more than half of the wait.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use platform::{
    client_address::ClientAddress,
    shares::{Share, Shares},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

/// How many are let in at the same time: more than the record has readers, so that no reader has to wait for the next one.
const PLACES: u32 = 16;
/// The longest wait at the gate; clients give up a connection that does not greet them within 6 s.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest time for which a connection is sent away: the worst of a rush is the slowest moment, and judging by it too few would be back when the server is
/// free again.
const AWAY: Duration = Duration::from_secs(8);
/// How long one connection takes, until some have been measured.
const FIRST_STAY: Duration = Duration::from_millis(10);
/// The last stay counts as one part in this many of the mean.
const WEIGHT: u32 = 16;

/// Limits how many connections are greeted at once; see the module.
#[derive(Debug)]
pub struct Gate {
    places: Semaphore,
    /// The waiting connections, by network.
    waiting: Shares<String>,
    pace: Mutex<Pace>,
}

/// A connection that was let in. When this is dropped, the next one is let in.
#[derive(Debug)]
pub struct Place<'a> {
    gate: &'a Gate,
    since: Instant,
    _permit: SemaphorePermit<'a>,
}

/// How fast connections are let in, and how many wait.
#[derive(Debug)]
struct Pace {
    stay: Duration,
    waiting: u32,
    /// When the last connection that was sent away is expected.
    expected: Option<Instant>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { places: Semaphore::new(PLACES as usize), waiting: Shares::default(), pace: Mutex::new(Pace { stay: FIRST_STAY, waiting: 0, expected: None }) }
    }
}

impl Gate {
    /// Waits for a turn; this machine itself does not count as a network. The error is the time after which to try again, if the turn is too far away.
    pub async fn enter(&self, from: ClientAddress) -> Result<Place<'_>, Duration> {
        let permit = match self.places.try_acquire() {
            Ok(permit) => Some(permit),
            Err(_) => {
                let _waiting = self.queue(from)?;
                self.places.acquire().await.ok()
            }
        };
        // The semaphore is never closed.
        let _permit = permit.ok_or(AWAY)?;
        Ok(Place { gate: self, since: Instant::now(), _permit })
    }

    fn queue(&self, from: ClientAddress) -> Result<Waiting<'_>, Duration> {
        let mut pace = self.pace();
        let has_room = |held: usize, _| pace.wait_behind(held) <= PATIENCE / 2;
        let share = (!from.is_this_machine()).then(|| self.waiting.take(from.widest_network(), has_room));
        pace.queue(!matches!(share, Some(None)), Instant::now())?;
        Ok(Waiting { gate: self, _share: share.flatten() })
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A waiting connection, until it is let in or gives up.
struct Waiting<'a> {
    gate: &'a Gate,
    _share: Option<Share<String>>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut pace = self.gate.pace();
        pace.waiting = pace.waiting.saturating_sub(1);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.pace().note_stay(self.since.elapsed());
    }
}

impl Pace {
    /// Takes a place in the queue. Connections that are sent away are given times in their order, each after the turn of all before it.
    fn queue(&mut self, has_share: bool, now: Instant) -> Result<(), Duration> {
        let wait = self.wait_behind(self.waiting as usize);
        if has_share && wait <= PATIENCE {
            self.waiting += 1;
            return Ok(());
        }
        let turn = self.expected.map_or(now + wait, |last| last.max(now + wait)) + self.stay / PLACES;
        let turn = turn.min(now + AWAY);
        self.expected = Some(turn);
        Err(turn - now)
    }

    /// How long a connection waits behind this many others.
    fn wait_behind(&self, others: usize) -> Duration {
        self.stay * u32::try_from(others).unwrap_or(u32::MAX).saturating_add(1) / PLACES
    }

    fn note_stay(&mut self, stayed: Duration) {
        self.stay = (self.stay * (WEIGHT - 1) + stayed) / WEIGHT;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    const HERE: ClientAddress = ClientAddress(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    /// A gate at which each connection stays this long.
    fn gate(stay: Duration) -> Gate {
        let gate = Gate::default();
        gate.pace().stay = stay;
        gate
    }

    #[tokio::test]
    async fn those_who_come_are_let_in_in_their_order_and_no_more_than_can_be() {
        let gate = gate(Duration::from_secs(1));
        let mut inside = Vec::new();
        for _ in 0..PLACES {
            inside.push(gate.enter(HERE).await.unwrap());
        }
        // Within 3 s there is room for three times as many.
        let mut waiting: Vec<_> = (0..3 * PLACES).map(|_| Box::pin(gate.enter(HERE))).collect();
        for one in &mut waiting {
            assert!(poll!(one.as_mut()).is_pending());
        }
        assert!(gate.enter(HERE).await.is_err());
        drop(inside.pop());
        assert!(poll!(waiting[1].as_mut()).is_pending());
        let first = waiting.remove(0).await.unwrap();
        assert!(poll!(waiting[0].as_mut()).is_pending(), "one left, one came");
        // A connection that gives up no longer waits.
        drop(waiting);
        drop((first, inside));
        assert_eq!((gate.pace().waiting, gate.places.available_permits()), (0, PLACES as usize));
    }

    #[tokio::test]
    async fn a_network_takes_up_no_more_than_half_of_the_wait() {
        let gate = gate(Duration::from_secs(1));
        let from = |last| ClientAddress(std::net::IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, last)));
        let mut inside = Vec::new();
        for _ in 0..PLACES {
            inside.push(gate.enter(from(1)).await.unwrap());
        }
        let mut waiting: Vec<_> = (0..3 * PLACES / 2).map(|_| Box::pin(gate.enter(from(1)))).collect();
        for one in &mut waiting {
            assert!(poll!(one.as_mut()).is_pending());
        }
        assert!(gate.enter(from(1)).await.is_err(), "its share is taken");
        let mut other = Box::pin(gate.enter(from(2)));
        assert!(poll!(other.as_mut()).is_pending(), "somebody else has room");
        drop((waiting, inside));
        drop(other.await.unwrap());
        assert_eq!(gate.waiting.keys(), 0);
    }

    #[test]
    fn who_is_sent_away_is_told_when_the_turn_comes_one_after_another() {
        let (gate, now) = (gate(Duration::from_secs(1)), Instant::now());
        let mut pace = gate.pace();
        pace.waiting = 3 * PLACES;
        let told: Vec<Duration> = (0..50).map(|_| pace.queue(true, now).unwrap_err()).collect();
        assert!(told[0] > PATIENCE && told[0] < PATIENCE * 2, "{told:?}");
        assert!(told.windows(2).all(|pair| pair[1] - pair[0] == Duration::from_secs(1) / PLACES), "as fast as they are let in: {told:?}");
        // A connection that comes when all those have come starts a new queue.
        assert_eq!(pace.queue(true, now + Duration::from_secs(60)), Err(told[0]));
        pace.waiting = 0;
        assert_eq!(pace.queue(true, now), Ok(()));
    }

    #[test]
    fn nobody_is_sent_away_for_long_and_the_pace_is_that_of_the_last_ones() {
        let (gate, now) = (gate(Duration::from_secs(4)), Instant::now());
        let mut pace = gate.pace();
        pace.waiting = PLACES;
        let told: Vec<Duration> = (0..1_000).map(|_| pace.queue(true, now).unwrap_err()).collect();
        assert_eq!((told[999], told.iter().max()), (AWAY, Some(&AWAY)));
        (0..200).for_each(|_| pace.note_stay(Duration::from_millis(10)));
        assert!(pace.stay < Duration::from_millis(11) && pace.queue(true, now).is_ok(), "{pace:?}");
    }
}
