//! What a passkey made and what it signed, checked as Web Authentication (Level 3, sections 7.1 and 7.2) says.
//!
//! No attestation is asked for, so the statement about the maker of the device is not read. User verification is always required: a passkey stands for two
//! proofs, the device and what unlocks it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::cbor::{Item, take};

/// The signature algorithms that are accepted (COSE): ECDSA with P-256, Ed25519, and RSA, which Windows uses.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// The longest id of a credential, in bytes (section 7.1, step 25).
const MAX_ID_BYTES: usize = 1023;
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;

/// What an answer must be an answer to.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// The domain for which the passkey is made.
    pub rp_id: &'a str,
    /// The origin of our pages.
    pub origin: &'a str,
    /// The challenge, as it was sent.
    pub challenge: &'a str,
}

/// A key that checks signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "snake_case")]
enum Key {
    /// A point of P-256, uncompressed.
    P256 { point: String },
    /// An Ed25519 key.
    Ed25519 { key: String },
    /// An RSA key, of at least 2048 bits.
    Rsa { n: String, e: String },
}

/// What is kept of a passkey: its public key, and how often it says it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    key: Key,
    counter: u32,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    is_cross_origin: bool,
}

/// Whether the browser says that it was asked for this, by one of our own pages.
fn is_for(client_data: &[u8], kind: &str, expected: &Expected<'_>) -> bool {
    serde_json::from_slice::<ClientData>(client_data)
        .is_ok_and(|said| said.kind == kind && said.challenge == expected.challenge && said.origin == expected.origin && !said.is_cross_origin)
}

/// The beginning of what the authenticator says: its flags and its counter, if it is about our domain and has verified its user.
fn flags_and_counter(data: &mut &[u8], rp_id: &str) -> Option<(u8, u32)> {
    let domain = take(data, 32)?;
    let flags = take(data, 1)?[0];
    let counter = take(data, 4)?.iter().fold(0, |value, byte| value << 8 | u32::from(*byte));
    let is_backup_possible = flags & BACKUP_ELIGIBLE != 0 || flags & BACKED_UP == 0;
    let is_verified = flags & USER_PRESENT != 0 && flags & USER_VERIFIED != 0;
    (domain == Sha256::digest(rp_id).as_slice() && is_verified && is_backup_possible).then_some((flags, counter))
}

impl Credential {
    /// The id and the key of a passkey that was made; `None` if anything about it is wrong.
    pub fn from_attestation(expected: &Expected<'_>, client_data: &[u8], attestation: &[u8]) -> Option<(Vec<u8>, Self)> {
        if !is_for(client_data, "webauthn.create", expected) {
            return None;
        }
        let mut rest = attestation;
        let object = Item::read(&mut rest)?;
        let Item::Bytes(mut data) = *object.get(&Item::Text("authData"))? else { return None };
        let (flags, counter) = flags_and_counter(&mut data, expected.rp_id)?;
        if !rest.is_empty() || flags & HAS_CREDENTIAL == 0 {
            return None;
        }
        let _model = take(&mut data, 16)?;
        let length = take(&mut data, 2)?.iter().fold(0, |value, byte| value << 8 | usize::from(*byte));
        if length == 0 || length > MAX_ID_BYTES {
            return None;
        }
        let id = take(&mut data, length)?.to_vec();
        Some((id, Self { key: Key::read(&Item::read(&mut data)?)?, counter }))
    }

    /// The passkey after it signed a challenge; `None` if anything about that is wrong.
    ///
    /// A counter that does not go up belongs to a copy of the device (section 6.1.1); most passkeys do not count.
    pub fn after_use(&self, expected: &Expected<'_>, client_data: &[u8], data: &[u8], signature: &[u8]) -> Option<Self> {
        let (_, counter) = flags_and_counter(&mut &*data, expected.rp_id)?;
        let signed = [data, Sha256::digest(client_data).as_slice()].concat();
        let is_newer = counter > self.counter || (counter == 0 && self.counter == 0);
        (is_for(client_data, "webauthn.get", expected) && is_newer && self.key.has_signed(&signed, signature)).then(|| Self { key: self.key.clone(), counter })
    }
}

impl Key {
    /// A key as COSE writes it (RFC 9053, sections 2 and 7; RFC 8230, section 4).
    fn read(key: &Item<'_>) -> Option<Self> {
        const KIND: i64 = 1;
        const ALGORITHM: i64 = 3;
        match (key.int(KIND)?, key.int(ALGORITHM)?) {
            (2, -7) if key.int(-1) == Some(1) => {
                let (x, y) = (key.bytes(-2)?, key.bytes(-3)?);
                (x.len() == 32 && y.len() == 32).then(|| Self::P256 { point: BASE64.encode([&[4], x, y].concat()) })
            }
            (1, -8) if key.int(-1) == Some(6) => key.bytes(-2).filter(|key| key.len() == 32).map(|key| Self::Ed25519 { key: BASE64.encode(key) }),
            (3, -257) => Some(Self::Rsa { n: BASE64.encode(key.bytes(-1)?), e: BASE64.encode(key.bytes(-2)?) }),
            _ => None,
        }
    }

    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let bytes_of = |text: &str| BASE64.decode(text).unwrap_or_default();
        match self {
            Self::P256 { point } => UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, bytes_of(point)).verify(message, signature),
            Self::Ed25519 { key } => UnparsedPublicKey::new(&signature::ED25519, bytes_of(key)).verify(message, signature),
            Self::Rsa { n, e } => RsaPublicKeyComponents { n: bytes_of(n), e: bytes_of(e) }.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature),
        }
        .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passkeys::device::Device;

    const EXPECTED: Expected<'_> = Expected { rp_id: "care.example.com", origin: "https://care.example.com", challenge: "Y2hhbGxlbmdl" };

    fn made(device: &Device) -> Credential {
        let (client_data, attestation) = device.make(&EXPECTED);
        let (id, credential) = Credential::from_attestation(&EXPECTED, &client_data, &attestation).unwrap();
        assert_eq!(id, device.id);
        credential
    }

    #[test]
    fn what_a_passkey_signed_is_accepted_and_survives_the_record() {
        let mut device = Device::with_new_key();
        let credential: Credential = serde_json::from_str(&serde_json::to_string(&made(&device)).unwrap()).unwrap();
        let (client_data, data, signature) = device.sign(&EXPECTED);
        assert_eq!(credential.after_use(&EXPECTED, &client_data, &data, &signature), Some(credential.clone()));
        // A device that counts.
        device.counter = 5;
        let (client_data, data, signature) = device.sign(&EXPECTED);
        let used = credential.after_use(&EXPECTED, &client_data, &data, &signature).unwrap();
        assert_eq!(used.after_use(&EXPECTED, &client_data, &data, &signature), None, "a copy of the device has fallen behind");
    }

    #[test]
    fn nothing_else_is_accepted() {
        let device = Device::with_new_key();
        let credential = made(&device);
        for other in [
            Expected { rp_id: "evil.example", ..EXPECTED },
            Expected { origin: "https://evil.example", ..EXPECTED },
            Expected { challenge: "b3RoZXI", ..EXPECTED },
        ] {
            let (client_data, data, signature) = device.sign(&other);
            assert_eq!(credential.after_use(&EXPECTED, &client_data, &data, &signature), None, "{other:?}");
            let (client_data, attestation) = device.make(&other);
            assert_eq!(Credential::from_attestation(&EXPECTED, &client_data, &attestation), None, "{other:?}");
        }
        let (client_data, data, signature) = device.sign(&EXPECTED);
        let (made_data, attestation) = device.make(&EXPECTED);
        // Neither another key's signature, nor one of something else, nor one kind of answer for the other.
        let (_, _, others) = Device::with_new_key().sign(&EXPECTED);
        assert_eq!(credential.after_use(&EXPECTED, &client_data, &data, &others), None);
        assert_eq!(credential.after_use(&EXPECTED, &made_data, &data, &signature), None);
        assert_eq!(Credential::from_attestation(&EXPECTED, &client_data, &attestation), None);
        for flags in [0, USER_PRESENT, USER_VERIFIED, USER_PRESENT | USER_VERIFIED | BACKED_UP] {
            let mut careless = device.clone();
            careless.flags = flags;
            let (client_data, data, signature) = careless.sign(&EXPECTED);
            assert_eq!(credential.after_use(&EXPECTED, &client_data, &data, &signature), None, "{flags}");
            let (client_data, attestation) = careless.make(&EXPECTED);
            assert_eq!(Credential::from_attestation(&EXPECTED, &client_data, &attestation), None, "{flags}");
        }
        // However an answer is cut short or changed, it is refused and nothing panics.
        for end in 0..attestation.len() {
            assert_eq!(Credential::from_attestation(&EXPECTED, &made_data, &attestation[..end]), None, "{end}");
        }
        for at in 0..data.len() {
            let mut changed = data.clone();
            changed[at] ^= 1;
            assert_eq!(credential.after_use(&EXPECTED, &client_data, &changed, &signature), None, "{at}");
            assert_eq!(credential.after_use(&EXPECTED, &client_data, &data[..at], &signature), None, "{at}");
        }
    }
}
