//! Tries counted for all nodes together. Without Redis each node counts its own, so a limit never disappears: at worst it is as many times higher as there are
//! nodes.

use domain::time::Ts;
use platform::client_address::ClientAddress;
use realtime::cluster::redis::Redis;

use crate::auth::attempts::{Attempts, Limit};

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
        match redis.count(&self.key(key), limit.within_ms).await {
            Some((tries, wait_ms)) if tries > limit.tries as i64 => Err(u64::try_from((wait_ms + 999) / 1_000).unwrap_or(1).max(1)),
            _ => Ok(()),
        }
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
            redis.forget(&self.key(key)).await;
        }
    }

    /// Takes the last try back because it does not count.
    pub async fn give_back(&self, key: &str) {
        self.here.give_back(key);
        if let Some(redis) = self.everywhere {
            redis.uncount(&self.key(key)).await;
        }
    }

    fn key(&self, key: &str) -> String {
        use sha2::{Digest as _, Sha256};
        // Redis must not hold addresses.
        let sum: String = Sha256::digest(key.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}:{sum}", self.name)
    }
}
