//! Passkeys on the wire. Bytes are written in base 64 for URLs without padding, as browsers do in `toJSON`.

use domain::{id::PasskeyId, time::Ts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A passkey of the caller.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub struct PasskeyView {
    /// The id.
    pub id: PasskeyId,
    /// The name that its owner gave it.
    pub name: String,
    /// When it was added.
    pub created_at: Ts,
    /// When it was last used; `null` if never.
    #[schema(required)]
    pub used_at: Option<Ts>,
}

impl From<store::passkeys::Passkey> for PasskeyView {
    fn from(passkey: store::passkeys::Passkey) -> Self {
        let store::passkeys::Passkey { id, tenant: _, agent: _, credential_id: _, credential: _, name, created_at, used_at } = passkey;
        Self { id, name, created_at, used_at }
    }
}

/// What a browser is asked to have signed by a passkey (`navigator.credentials.get`).
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyOptions {
    /// Stands for the challenge; sent with its answer, once.
    #[schema(format = "secret")]
    pub token: String,
    /// The challenge.
    pub challenge: String,
    /// The domain for which the passkey must have been made.
    pub rp_id: String,
    /// The ids of the passkeys that will do; any of this domain if there are none.
    pub allow: Vec<String>,
    /// Until when the answer is accepted.
    pub expires_at: Ts,
}

/// What a browser is asked to make a passkey for (`navigator.credentials.create`).
#[derive(Debug, Serialize, ToSchema)]
pub struct NewPasskeyOptions {
    /// Stands for the challenge; sent with the new passkey, once.
    #[schema(format = "secret")]
    pub token: String,
    /// The challenge.
    pub challenge: String,
    /// The domain.
    pub rp_id: String,
    /// The name under which the device lists the installation.
    pub rp_name: String,
    /// The id of the member for the device.
    pub user_id: String,
    /// The member's address, by which they tell their accounts apart.
    pub user_name: String,
    /// The member's name.
    pub user_display_name: String,
    /// The signature algorithms that are accepted (COSE), the preferred ones first.
    pub algorithms: Vec<i64>,
    /// The ids of the passkeys that the member has.
    pub exclude: Vec<String>,
    /// Until when the new passkey is accepted.
    pub expires_at: Ts,
}

/// A passkey's answer to a challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyAssertion {
    /// The token of the challenge.
    pub token: String,
    /// The id by which the device knows the passkey.
    pub id: String,
    /// `clientDataJSON` of the browser's answer.
    pub client_data: String,
    /// `authenticatorData` of the browser's answer.
    pub authenticator_data: String,
    /// The signature.
    pub signature: String,
}

/// A new passkey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// The token of the challenge.
    pub token: String,
    /// The name to give it, 1 to 40 characters.
    pub name: String,
    /// The id by which the device knows it.
    pub id: String,
    /// `clientDataJSON` of the browser's answer.
    pub client_data: String,
    /// `attestationObject` of the browser's answer.
    pub attestation: String,
}
