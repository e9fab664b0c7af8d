//! A device with a passkey, for tests.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit_app::{StaffClient, TestApp};

use super::credential::Expected;

/// A device with one passkey, of P-256.
#[derive(Clone)]
pub struct Device {
    /// The id of the passkey.
    pub id: Vec<u8>,
    /// What it says besides: present, verified, may be backed up and is.
    pub flags: u8,
    /// How often it was used; 0 if it does not count.
    pub counter: u32,
    key: Vec<u8>,
}

impl Device {
    /// A device with a new key.
    pub fn with_new_key() -> Self {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap().as_ref().to_vec();
        Self { id: Sha256::digest(&key).to_vec(), flags: 0b1_1101, counter: 0, key }
    }
    fn pair(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.key, &SystemRandom::new()).unwrap()
    }
    fn client_data(kind: &str, to: &Expected<'_>) -> Vec<u8> {
        json!({"type": kind, "challenge": to.challenge, "origin": to.origin, "crossOrigin": false}).to_string().into_bytes()
    }
    fn data(&self, to: &Expected<'_>, more: u8) -> Vec<u8> {
        [Sha256::digest(to.rp_id).as_slice(), &[self.flags | more], &self.counter.to_be_bytes()].concat()
    }

    /// Makes the passkey: what the browser says, and the attestation object.
    pub fn make(&self, to: &Expected<'_>) -> (Vec<u8>, Vec<u8>) {
        let pair = self.pair();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let key = [&b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..], x, b"\x22\x58\x20", y].concat();
        let data = [&self.data(to, 1 << 6)[..], &[0; 16], &u16::try_from(self.id.len()).unwrap().to_be_bytes(), &self.id, &key].concat();
        let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"[..], &[u8::try_from(data.len()).unwrap()], &data].concat();
        (Self::client_data("webauthn.create", to), object)
    }

    /// Signs a challenge: what the browser says, what the device says, and the signature.
    pub fn sign(&self, to: &Expected<'_>) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let (client_data, data) = (Self::client_data("webauthn.get", to), self.data(to, 0));
        let signed = [&data[..], Sha256::digest(&client_data).as_slice()].concat();
        let signature = self.pair().sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec();
        (client_data, data, signature)
    }

    /// Makes the passkey for the options of a server; the body that adds it.
    pub fn new_passkey(&self, options: &Value, origin: &str, name: &str) -> Value {
        let (client_data, attestation) = self.make(&challenge_of(options, origin));
        let encoded = |bytes: Vec<u8>| BASE64.encode(bytes);
        json!({
            "token": options["token"], "name": name, "id": encoded(self.id.clone()), "client_data": encoded(client_data), "attestation": encoded(attestation),
        })
    }

    /// Signs the challenge in the options of a server; the body that answers it.
    pub fn answer(&self, options: &Value, origin: &str) -> Value {
        let (client_data, data, signature) = self.sign(&challenge_of(options, origin));
        let encoded = |bytes: Vec<u8>| BASE64.encode(bytes);
        json!({
            "token": options["token"], "id": encoded(self.id.clone()), "client_data": encoded(client_data), "authenticator_data": encoded(data),
            "signature": encoded(signature),
        })
    }
}

fn challenge_of<'a>(options: &'a Value, origin: &'a str) -> Expected<'a> {
    Expected { rp_id: options["rp_id"].as_str().unwrap(), origin, challenge: options["challenge"].as_str().unwrap() }
}

/// The origin of pages at a server on this machine.
pub fn origin(app: &TestApp) -> String {
    app.base.replace("127.0.0.1", "localhost")
}

/// A device with a passkey that a member has added, and the answer.
pub async fn add_passkey(app: &TestApp, member: &StaffClient, name: &str) -> (Device, Value) {
    let device = Device::with_new_key();
    let options = member.post("/api/v1/me/passkeys/options", json!(null)).await.expect(201);
    let added = member.post("/api/v1/me/passkeys", device.new_passkey(&options, &origin(app), name)).await.expect(201);
    (device, added)
}
