//! Admission of connections: each network may have a limited number, and none is accepted once the files that may be open at once are nearly used up, so that
//! some remain for the record, for uploads and for outgoing requests.

use std::sync::Arc;

use crate::{
    client_address::ClientAddress,
    shares::{Share, Shares},
};

/// Descriptors that are never used for connections; a quarter of all if few files may be open.
const RESERVE: u64 = 256;
/// The share of all connections that one network may have: one in this many.
const SHARE: u64 = 4;

/// Decides whether a connection is admitted; see the module.
#[derive(Debug, Clone)]
pub struct Doors {
    /// The first descriptor that is refused: the system always assigns the lowest free one.
    full: u64,
    share: usize,
    /// Whether every connection comes from a proxy: then the address says nothing, and the proxy has to limit what comes in.
    is_behind_proxy: bool,
    held: Shares<String>,
}

/// Why a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Too many files are open.
    Full,
    /// The network has used up its share.
    Share,
}

/// An admitted connection; it counts until the last copy is dropped.
#[derive(Debug, Clone)]
pub struct Admitted(#[expect(dead_code, reason = "held, not read")] Option<Arc<Share<String>>>);

impl Doors {
    /// For a process that may have this many files open.
    pub fn new(open_files: u64, is_behind_proxy: bool) -> Self {
        let full = open_files - RESERVE.min(open_files / 4);
        Self { full, share: usize::try_from(full / SHARE).unwrap_or(usize::MAX).max(1), is_behind_proxy, held: Shares::default() }
    }

    /// Admits a connection if there is room for it. This machine itself is not limited to a share: tools, and a proxy that was not configured.
    pub fn admit(&self, descriptor: i32, from: ClientAddress) -> Result<Admitted, Refused> {
        if u64::try_from(descriptor).is_ok_and(|descriptor| descriptor >= self.full) {
            return Err(Refused::Full);
        }
        if self.is_behind_proxy || from.is_this_machine() {
            return Ok(Admitted(None));
        }
        let share = self.held.take(from.widest_network(), |held, _| held < self.share).ok_or(Refused::Share)?;
        Ok(Admitted(Some(Arc::new(share))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> ClientAddress {
        ClientAddress(address.parse().unwrap())
    }

    #[test]
    fn one_network_has_its_share_and_something_is_left_for_the_record() {
        let doors = Doors::new(400, false);
        let mut held: Vec<Admitted> = (0..75).map(|n| doors.admit(n, from(&format!("2001:db8:1:{n:x}::1"))).unwrap()).collect();
        assert_eq!(doors.admit(75, from("2001:db8:1:ffff::1")).unwrap_err(), Refused::Share);
        held.push(doors.admit(299, from("203.0.113.7")).unwrap());
        assert_eq!(doors.admit(300, from("203.0.113.8")).unwrap_err(), Refused::Full);
        held.extend((0..200).map(|n| doors.admit(n, from("127.0.0.1")).unwrap()));
        let copy = held[0].clone();
        held.clear();
        assert_eq!(doors.held.keys(), 1, "a connection that was taken over is still one");
        drop(copy);
        assert_eq!(doors.held.keys(), 0);
    }

    #[test]
    fn behind_a_proxy_its_address_says_nothing() {
        let doors = Doors::new(2_048, true);
        let held: Vec<Admitted> = (0..1_792).map(|n| doors.admit(n, from("10.0.0.1")).unwrap()).collect();
        assert_eq!((held.len(), doors.admit(1_792, from("10.0.0.1")).unwrap_err()), (1_792, Refused::Full));
    }
}
