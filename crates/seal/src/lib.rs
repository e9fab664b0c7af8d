//! Seals data that is stored outside memory and read only by this installation: encrypted with its seal key and bound to its purpose.
//!
//! - [`vault`]: seals and looks up data that identifies people
//! - [`company_key`]: the key of each company, and what it seals
//! - [`audit`]: what chains and signs audit logs
//! - [`purpose`]: what secrets of the staff are sealed for
//! - [`signed`]: what sites say of their customers, and the secrets they sign with

pub mod audit;
pub mod company_key;
pub mod facts;
pub mod purpose;
pub mod signed;
pub mod vault;

use std::fmt;

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};

/// The length of the random nonce that precedes sealed data, in bytes.
const NONCE_BYTES: usize = 12;

/// Sealing failed: there is no randomness, or the key is unusable.
#[derive(Debug, thiserror::Error)]
#[error("sealing failed")]
pub struct CannotSeal;

/// Seals and opens data with the installation's key. Cheap to clone.
#[derive(Clone)]
pub struct Sealer {
    key: [u8; 32],
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// A sealer with this key.
    pub fn new(seal_key: &[u8]) -> Self {
        Self { key: Sha256::digest(seal_key).into() }
    }

    /// Seals a secret for a purpose; it opens only for the same purpose.
    pub fn seal(&self, purpose: &[u8], secret: &[u8]) -> Result<Vec<u8>, CannotSeal> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| CannotSeal)?;
        let cipher = ChaCha20Poly1305::new_from_slice(&self.key).map_err(|_| CannotSeal)?;
        let sealed = cipher.encrypt(&nonce.into(), Payload { msg: secret, aad: purpose }).map_err(|_| CannotSeal)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// A keyed digest for a purpose; only this installation can compute it.
    pub fn mac(&self, purpose: &[u8], message: &[u8]) -> Vec<u8> {
        digest(&digest(&self.key, &[purpose]), &[message])
    }

    /// Opens data that was sealed for this purpose; `None` if it was not, or if it was tampered with.
    pub fn open(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, data) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        ChaCha20Poly1305::new_from_slice(&self.key).ok()?.decrypt(&nonce.into(), Payload { msg: data, aad: purpose }).ok()
    }
}

/// A keyed digest of the concatenated parts.
pub fn digest(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_for_its_purpose_only() {
        let (sealer, other) = (Sealer::new(b"key"), Sealer::new(b"other"));
        let sealed = sealer.seal(b"a", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(sealer.open(b"a", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(sealer.mac(b"a", b"x"), sealer.mac(b"a", b"x"));
        assert!([sealer.mac(b"b", b"x"), sealer.mac(b"a", b"y"), other.mac(b"a", b"x")].iter().all(|mac| *mac != sealer.mac(b"a", b"x")));
        assert_eq!((sealer.open(b"b", &sealed), other.open(b"a", &sealed), sealer.open(b"a", &sealed[1..]), sealer.open(b"a", b"")), (None, None, None, None));
    }
}
