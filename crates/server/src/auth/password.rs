//! Passwords: argon2id with the parameters OWASP gives for 19 MiB (Password Storage Cheat Sheet), off the async threads, few at a time.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use axum::http::StatusCode;
use domain::{
    customer::{Identifier, NewPasswordError, check_new_password},
    staff::{PasswordError, check_password},
};
use tokio::sync::Semaphore;

use crate::problem::Problem;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes computed at once; each takes 19 MiB and a processor.
const AT_ONCE: usize = 2;
/// Those that may wait for one.
const WAITING: usize = 64;
/// How long one waits for its turn; then somebody is told to come back.
const WAIT: Duration = Duration::from_secs(10);
/// What is checked where there is no such account, so that it takes as long: the hash of nobody's password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { running: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::new(Semaphore::new(WAITING)) }
    }
}

impl Passwords {
    /// Checks a new password and hashes it.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        Self::check(&password)?;
        self.hash_checked(password).await
    }

    /// Checks a password that a member of the staff chose.
    pub fn check(password: &str) -> Result<(), Problem> {
        check_password(password).map_err(refused_length)
    }

    /// Checks a password that a customer chose for an address or number.
    pub fn check_for(password: &str, identifier: Option<&Identifier>) -> Result<(), Problem> {
        check_new_password(password, identifier).map_err(|error| match error {
            NewPasswordError::Length(error) => refused_length(error),
            NewPasswordError::TooCommon => Problem::invalid("password", "password_too_common", error.to_string()),
            NewPasswordError::HoldsIdentifier => Problem::invalid("password", "password_holds_identifier", error.to_string()),
        })
    }

    /// Hashes a password that was checked.
    pub async fn hash_checked(&self, password: String) -> Result<String, Problem> {
        self.run(move || {
            let hash = hasher()?.hash_password(password.as_bytes())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password fits what is stored; takes as long where nothing is stored.
    pub async fn fits(&self, password: String, stored: Option<String>) -> Result<bool, Problem> {
        if password.len() > domain::staff::MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        self.run(move || {
            let known = stored.is_some();
            let hash = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
            Ok(hasher()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static) -> Result<T, Problem> {
        let _place = self.waiting.try_acquire().map_err(|_| Problem::busy())?;
        let turn = tokio::time::timeout(WAIT, self.running.acquire()).await;
        let _turn = turn.map_err(|_| Problem::busy())?.map_err(|_| Problem::busy())?;
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Problem::internal(&error)),
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}

fn refused_length(error: PasswordError) -> Problem {
    let code = match error {
        PasswordError::TooShort => "password_too_short",
        PasswordError::TooLong => "password_too_long",
    };
    Problem::invalid("password", code, error.to_string())
}

fn hasher() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| argon2::password_hash::Error::Internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The answer to a wrong address and a wrong password alike.
pub fn sign_in_failed() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_failed", "address or password is wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("海内存知己 2026".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.fits("海内存知己 2026".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.fits("海内存知己 2027".to_owned(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        for password in ["", "x", "password"] {
            assert!(!Passwords::default().fits(password.to_owned(), None).await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_bad_new_password_is_refused_with_its_reason() {
        for (password, code) in [("123456789".to_owned(), "password_too_short"), ("x".repeat(257), "password_too_long")] {
            assert_eq!(Passwords::default().hash(password).await.unwrap_err().code, code);
        }
    }
}
