//! People, wherever one must not pretend to be many: visitors who come from one network count as one person, and so do those of one account.

use std::collections::HashMap;

use domain::id::{CustomerId, VisitorId};

/// What tells people apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The visitor.
    pub visitor: VisitorId,
    /// The account of that visitor, if any.
    pub account: Option<CustomerId>,
    /// A digest of the network that the visitor was last seen from, where networks are distinguished.
    pub network: Option<Vec<u8>>,
}

/// Numbers people.
#[derive(Debug, Default)]
pub struct People {
    networks: HashMap<Vec<u8>, u32>,
    accounts: HashMap<CustomerId, u32>,
    visitors: HashMap<VisitorId, u32>,
    count: u32,
}

impl People {
    /// The number of a person, which is always the same: that of the account if it is known already, or else that of the network.
    pub fn number(&mut self, seen: &Seen) -> u32 {
        let Seen { visitor, account, network } = seen;
        let known = account.and_then(|account| self.accounts.get(&account)).or_else(|| network.as_ref().and_then(|network| self.networks.get(network)));
        let number = known.or_else(|| self.visitors.get(visitor)).copied().unwrap_or(self.count);
        if number == self.count {
            self.count += 1;
        }
        // An account that was seen elsewhere before does not bring its network along: many share one with it.
        if let Some(network) = network.as_ref().filter(|_| account.is_none_or(|account| !self.accounts.contains_key(&account))) {
            self.networks.entry(network.clone()).or_insert(number);
        }
        if let Some(account) = account {
            self.accounts.entry(*account).or_insert(number);
        } else if network.is_none() {
            self.visitors.entry(*visitor).or_insert(number);
        }
        number
    }
}
