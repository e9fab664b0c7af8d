//! Tries counted for all nodes together. Each node counts its own and tells the others through Redis until when they count, so a limit never disappears: without
//! Redis, or if somebody else writes to it, it is at worst as many times higher as there are nodes, and nobody is refused for tries that no node counted.
//!
//! A node tells at most [`GROUPS`] expiries. Up to a limit of that many tries, each is told with its own; above it, neighbouring tries are told together, with the
//! expiry of the oldest of them: of a node's tries, the others may miss about one part in [`GROUPS`].

use domain::time::Ts;
use platform::client_address::ClientAddress;
use realtime::cluster::{hints::Tries, redis::Redis};

use crate::auth::attempts::{Attempts, Limit};

/// The most expiries that a node tells of a key: as many tries as the limits on guessing allow have one each.
const GROUPS: usize = 64;

/// Counts tries of one kind, e.g. sign-ins.
pub struct Tally<'a> {
    name: &'static str,
    here: &'a Attempts,
    everywhere: Option<&'a Redis>,
}

impl<'a> Tally<'a> {
    /// For tries that are counted on this node, and together with other nodes if there is a Redis.
    pub const fn new(name: &'static str, here: &'a Attempts, everywhere: Option<&'a Redis>) -> Self {
        Self { name, here, everywhere }
    }

    /// Counts a try, or returns the number of seconds until the next one may be made.
    pub async fn take(&self, key: &str, limit: Limit, now: Ts) -> Result<(), u64> {
        self.here.take(key, limit, now)?;
        let Some(redis) = self.everywhere else { return Ok(()) };
        // Strangers may have crowded it out since.
        let own = self.own(key, limit).unwrap_or_else(|| groups_of(&[now], limit));
        let name = self.name_of(key);
        let Some(others) = redis.share_tries(&name, &own, limit.within_ms, now).await else { return Ok(()) };
        if own.iter().chain(&others).map(|tries| tries.count).sum::<usize>() <= limit.tries {
            return Ok(());
        }
        // What is refused does not count.
        self.here.give_back(key);
        match self.own(key, limit) {
            Some(own) => drop(redis.share_tries(&name, &own, limit.within_ms, now).await),
            None => redis.withdraw_tries(&name).await,
        }
        let wait_ms = others.iter().chain(&own).map(|tries| tries.until.since(now)).min().unwrap_or_default();
        Err(u64::try_from((wait_ms + 999) / 1_000).unwrap_or(1).max(1))
    }

    /// What this node counts under a key.
    fn own(&self, key: &str, limit: Limit) -> Option<Vec<Tries>> {
        self.here.tries(key).map(|made| groups_of(&made, limit))
    }

    /// Counts a try for every network that an address belongs to, the narrowest first: a try refused there does not count for its neighbours.
    pub async fn take_from(&self, address: ClientAddress, limit: Limit, now: Ts) -> Result<(), u64> {
        for (network, times) in address.networks() {
            self.take(&network, limit.times(times), now).await?;
        }
        Ok(())
    }

    /// Counts a try for the networks of an address, then for who makes it there.
    pub async fn take_of(&self, who: &str, own: Limit, address: ClientAddress, of_address: Limit, now: Ts) -> Result<(), u64> {
        self.take_from(address, of_address, now).await?;
        self.take(who, own, now).await
    }

    /// Takes back a try that [`Tally::take_from`] counted.
    pub async fn give_back_from(&self, address: ClientAddress) {
        for (network, _) in address.networks() {
            self.give_back(&network).await;
        }
    }

    /// Forgets a key's tries after it succeeded.
    pub async fn forget(&self, key: &str) {
        self.here.forget(key);
        if let Some(redis) = self.everywhere {
            redis.forget_tries(&self.name_of(key)).await;
        }
    }

    /// Takes the last try back because it does not count.
    pub async fn give_back(&self, key: &str) {
        self.here.give_back(key);
        if let Some(redis) = self.everywhere {
            redis.withdraw_tries(&self.name_of(key)).await;
        }
    }

    fn name_of(&self, key: &str) -> String {
        format!("{}:{key}", self.name)
    }
}

/// The groups in which tries that were made at these times are told, the oldest first.
fn groups_of(made: &[Ts], limit: Limit) -> Vec<Tries> {
    let until = |some: &[Ts]| some.first().map(|oldest| Tries { count: some.len(), until: oldest.plus(limit.within_ms) });
    made.chunks(made.len().div_ceil(GROUPS).max(1)).filter_map(until).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_is_told_with_its_own_expiry_and_many_in_few_groups() {
        let limit = Limit { tries: 3, within_ms: 60_000 };
        let until = |count, until| Tries { count, until: Ts(until) };
        assert_eq!(groups_of(&[Ts(0), Ts(50_000)], limit), [until(1, 60_000), until(1, 110_000)], "the second counts on when the first has expired");
        assert_eq!(groups_of(&[], limit), []);
        let made: Vec<Ts> = (0..4_800).map(Ts).collect();
        let groups = groups_of(&made, limit);
        assert_eq!((groups.len(), groups.iter().map(|tries| tries.count).sum::<usize>()), (GROUPS, made.len()));
        assert_eq!((groups[0], groups[GROUPS - 1]), (until(75, 60_000), until(75, 64_725)));
    }
}
