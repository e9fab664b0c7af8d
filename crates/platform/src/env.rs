//! The only source of time, ids and randomness.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use domain::time::{Clock, Ts};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The machine's clock, plus the corrections made to it.
#[derive(Debug, Default)]
pub struct SystemClock {
    offset: AtomicI64,
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one real clock")]
    fn now(&self) -> Ts {
        let ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        Ts(i64::try_from(ms).unwrap_or(i64::MAX).saturating_add(self.corrected_by()))
    }
    fn correct(&self, by: i64) {
        self.offset.fetch_add(by, Relaxed);
    }
    fn corrected_by(&self) -> i64 {
        self.offset.load(Relaxed)
    }
}

/// Time, ids and secrets for handlers.
#[derive(Clone)]
pub struct Env {
    clock: Arc<dyn Clock>,
}

impl Env {
    /// An environment on this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
    /// The current time.
    pub fn now(&self) -> Ts {
        self.clock.now()
    }
    /// The clock itself.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }
    /// A new UUIDv7.
    #[expect(clippy::disallowed_methods, reason = "this is the one source of ids")]
    pub fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
    /// A new secret of 256 bits, as 64 hex digits.
    pub fn secret(&self) -> Result<String, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
    }
    /// A new code of so many decimal digits, at most 15, to be typed.
    pub fn code(&self, digits: u32) -> Result<String, getrandom::Error> {
        let number = u64::from_str_radix(&self.secret()?[..15], 16).unwrap_or_default();
        Ok(format!("{:0width$}", number % 10_u64.pow(digits), width = digits as usize))
    }
}

/// The hash of a secret that is stored in place of it.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
