//! Password hashing: argon2id with the parameters OWASP gives for 19 MiB (Password Storage Cheat Sheet), off the async threads, few at a time, in memory that
//! is kept.
//!
//! Checking a password takes a place first. A network may hold few of them, and once half are taken, requests without proof of work are sent to get one: the
//! other half stays free for people, however many networks a stranger has.

use std::{sync::Arc, time::Duration};

use argon2::{Algorithm, Argon2, Params, Version, password_hash::phc::PasswordHash};
use axum::http::StatusCode;
use domain::{
    customer::{Identifier, NewPasswordError, check_new_password},
    refusal::Code,
    staff::{PasswordError, check_password},
};
use platform::{
    client_address::ClientAddress,
    shares::{Share, Shares},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::memory::{Memory, Piece};
use crate::problem::Problem;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many hashes of the staff's passwords, and how many of customers' passwords, are computed at once; each takes 19 MiB and a processor.
const AT_ONCE: usize = 2;
/// How many hashes of both are computed at once: each side always has one that the other cannot take.
const AT_ONCE_TOGETHER: usize = 3;
/// How many may wait for a hash.
const PLACES: usize = 64;
/// Places reserved for requests with proof of work.
const LEFT_FOR_PROOF: usize = PLACES / 2;
/// Places of one network: enough for an office in the morning.
const PER_NETWORK: usize = PLACES / 4;
/// How long to wait for a turn; after that the client is told to come back later.
const WAIT: Duration = Duration::from_secs(30);
/// The hash of nobody's password, checked if there is no such account, so that this takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords of the staff, or of customers.
#[derive(Debug, Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
    by_network: Shares<String>,
    memory: Arc<Memory>,
}

/// Hashes the passwords of both: however many customers come, they do not block the staff, and no more memory is held than both need together.
#[derive(Debug)]
pub struct BothPasswords {
    /// For the staff.
    pub staff: Passwords,
    /// For customers.
    pub customers: Passwords,
}

impl Default for BothPasswords {
    fn default() -> Self {
        let memory = Arc::new(Memory::new(AT_ONCE_TOGETHER));
        Self { staff: Passwords::within(memory.clone()), customers: Passwords::within(memory) }
    }
}

/// A place among those whose password is being checked; freed when this is dropped.
#[derive(Debug)]
pub struct Place {
    _place: OwnedSemaphorePermit,
    _of_network: Option<Share<String>>,
}

/// Why no place is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlace {
    /// The remaining places are reserved for requests with proof of work.
    ProofWanted,
    /// No place is left, or this network has used up its own.
    Busy,
}

/// Everything that one hash needs.
struct Turn {
    piece: Piece,
    _running: OwnedSemaphorePermit,
    _place: Place,
}

impl Passwords {
    /// Checks a new password and hashes it.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        Self::check(&password)?;
        self.hash_checked(password).await
    }

    /// Checks a password chosen by a member of the staff.
    pub fn check(password: &str) -> Result<(), Problem> {
        check_password(password).map_err(refused_length)
    }

    /// Checks a password that a customer chose for an email address or mobile number.
    pub fn check_for(password: &str, identifier: Option<&Identifier>) -> Result<(), Problem> {
        check_new_password(password, identifier).map_err(|error| match error {
            NewPasswordError::Length(error) => refused_length(error),
            NewPasswordError::TooCommon => Problem::invalid("password", Code::PasswordTooCommon, error.to_string()),
            NewPasswordError::HoldsIdentifier => Problem::invalid("password", Code::PasswordHoldsIdentifier, error.to_string()),
        })
    }

    fn within(memory: Arc<Memory>) -> Self {
        Self { running: Arc::new(Semaphore::new(AT_ONCE)), places: Arc::new(Semaphore::new(PLACES)), by_network: Shares::default(), memory }
    }

    /// A place for somebody who is not known yet. This machine itself may hold any number: behind a proxy that was not configured, everybody has its address.
    pub fn place(&self, from: ClientAddress, is_proved: bool) -> Result<Place, NoPlace> {
        if !is_proved && self.places.available_permits() <= LEFT_FOR_PROOF {
            return Err(NoPlace::ProofWanted);
        }
        let of_network = || self.by_network.take(from.widest_network(), |held, _| held < PER_NETWORK).ok_or(NoPlace::Busy);
        let of_network = if from.is_this_machine() { None } else { Some(of_network()?) };
        self.take(of_network).ok_or(NoPlace::Busy)
    }

    fn take(&self, of_network: Option<Share<String>>) -> Option<Place> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        Some(Place { _place: place, _of_network: of_network })
    }

    /// Hashes a password that has been checked.
    pub async fn hash_checked(&self, password: String) -> Result<String, Problem> {
        let place = self.take(None).ok_or_else(Problem::busy)?;
        self.run(place, move |piece| Ok(piece.hash(&hasher()?, password.as_bytes())?.to_string())).await
    }

    /// Whether the password of somebody who is signed in matches the stored hash.
    pub async fn fits(&self, password: String, stored: String) -> Result<bool, Problem> {
        let place = self.take(None).ok_or_else(Problem::busy)?;
        self.fits_at(place, password, Some(stored)).await
    }

    /// Whether a password matches the stored hash; takes as long if there is none.
    pub async fn fits_at(&self, place: Place, password: String, stored: Option<String>) -> Result<bool, Problem> {
        if password.len() > domain::staff::MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        self.run(place, move |piece| {
            let known = stored.is_some();
            let hash = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
            Ok(piece.fits(password.as_bytes(), &hash)? && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce(&mut Piece) -> Result<T, argon2::password_hash::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = async {
            let running = self.running.clone().acquire_owned().await?;
            Ok::<_, tokio::sync::AcquireError>(Turn { piece: self.memory.lend().await?, _running: running, _place: place })
        };
        let turn = tokio::time::timeout(WAIT, turn).await.map_err(|_| Problem::busy())?;
        let mut turn = turn.map_err(|_| Problem::busy())?;
        // The turn moves into the task: a client that leaves midway does not free anything before the work is done.
        match tokio::task::spawn_blocking(move || work(&mut turn.piece)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Problem::internal(&error)),
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}

fn refused_length(error: PasswordError) -> Problem {
    let code = match error {
        PasswordError::TooShort => Code::PasswordTooShort,
        PasswordError::TooLong => Code::PasswordTooLong,
    };
    Problem::invalid("password", code, error.to_string())
}

fn hasher() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| argon2::password_hash::Error::Internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The answer to a wrong address and to a wrong password alike.
pub fn sign_in_failed() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, Code::SignInFailed, "the address or the password is wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        BothPasswords::default().staff
    }
    fn from(address: &str) -> ClientAddress {
        ClientAddress(address.parse().unwrap())
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = passwords();
        let hash = passwords.hash("海内存知己 2026".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.fits("海内存知己 2026".to_owned(), hash.clone()).await.unwrap());
        assert!(!passwords.fits("海内存知己 2027".to_owned(), hash.clone()).await.unwrap());
        assert_ne!(passwords.hash("海内存知己 2026".to_owned()).await.unwrap(), hash, "each has a salt of its own");
    }

    #[tokio::test]
    async fn a_hash_made_elsewhere_fits_whatever_it_took() {
        // Test vectors of the reference implementation (phc-winner-argon2, src/test.c).
        for stored in [
            "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg",
            "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        ] {
            assert!(passwords().fits("password".to_owned(), stored.to_owned()).await.unwrap(), "{stored}");
            assert!(!passwords().fits("passwort".to_owned(), stored.to_owned()).await.unwrap(), "{stored}");
        }
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        for password in ["", "x", "password"] {
            let passwords = passwords();
            let place = passwords.place(from("203.0.113.7"), false).unwrap();
            assert!(!passwords.fits_at(place, password.to_owned(), None).await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_bad_new_password_is_refused_with_its_reason() {
        for (password, code) in [("123456789".to_owned(), Code::PasswordTooShort), ("x".repeat(257), Code::PasswordTooLong)] {
            assert_eq!(passwords().hash(password).await.unwrap_err().code, code);
        }
    }

    #[tokio::test]
    async fn no_more_memory_is_made_than_is_used_at_once() {
        let both = BothPasswords::default();
        let hashes = (0..20).map(|n| if n % 2 == 0 { &both.staff } else { &both.customers }).map(|passwords| passwords.hash("long enough".to_owned()));
        let done = futures_util::future::join_all(hashes).await;
        assert!(done.iter().all(Result::is_ok), "{done:?}");
        let pieces = both.staff.memory.pieces();
        assert!((1..=AT_ONCE_TOGETHER).contains(&pieces.len()) && pieces.iter().all(|blocks| *blocks == MEMORY_KIB as usize), "{pieces:?}");
    }

    #[test]
    fn a_network_holds_few_places_and_half_are_left_for_who_proves_work() {
        let passwords = passwords();
        let mut held: Vec<Place> = (0..PER_NETWORK).map(|n| passwords.place(from(&format!("2001:db8:1:{n:x}::1")), false).unwrap()).collect();
        // All of a /48 counts as one network here, however many networks it contains.
        assert_eq!(passwords.place(from("2001:db8:1:ffff::1"), true).unwrap_err(), NoPlace::Busy);
        held.extend((held.len()..LEFT_FOR_PROOF).map(|n| passwords.place(from(&format!("2001:db8:2{n:x}::1")), false).unwrap()));
        assert_eq!(passwords.place(from("203.0.113.7"), false).unwrap_err(), NoPlace::ProofWanted);
        held.extend((held.len()..PLACES).map(|n| passwords.place(from(&format!("203.0.113.{n}")), true).unwrap()));
        assert_eq!(passwords.place(from("198.51.100.7"), true).unwrap_err(), NoPlace::Busy);
        held.clear();
        assert_eq!(passwords.by_network.keys(), 0);
        passwords.place(from("2001:db8:1:ffff::1"), false).unwrap();
    }
}
