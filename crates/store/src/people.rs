//! Who counts as one person, wherever many must not be made up by one: visitors who come from one network are one person, and so are those of one account.

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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn seen(visitor: u128, account: Option<u128>, network: Option<&str>) -> Seen {
        let id = Uuid::from_u128;
        Seen {
            visitor: VisitorId::new(id(visitor)),
            account: account.map(|account| CustomerId::new(id(account))),
            network: network.map(|network| network.as_bytes().to_vec()),
        }
    }

    #[test]
    fn a_network_is_one_person_and_so_is_an_account() {
        for (name, all, expected) in [
            ("visitors of whom nothing is known", vec![seen(1, None, None), seen(2, None, None), seen(1, None, None)], vec![0, 1, 0]),
            ("one network", vec![seen(1, None, Some("a")), seen(2, None, Some("a")), seen(3, None, Some("b"))], vec![0, 0, 1]),
            ("accounts made on one network", vec![seen(1, Some(7), Some("a")), seen(2, Some(8), Some("a")), seen(3, None, Some("a"))], vec![0, 0, 0]),
            ("an account on two sites and networks", vec![seen(1, Some(7), Some("a")), seen(2, Some(7), Some("b"))], vec![0, 0]),
            ("others on its second network", vec![seen(1, Some(7), Some("a")), seen(2, Some(7), Some("b")), seen(3, None, Some("b"))], vec![0, 0, 1]),
            ("accounts without networks", vec![seen(1, Some(7), None), seen(2, Some(7), None), seen(3, Some(8), None)], vec![0, 0, 1]),
        ] {
            let mut people = People::default();
            assert_eq!(all.iter().map(|one| people.number(one)).collect::<Vec<_>>(), expected, "{name}");
        }
    }
}
