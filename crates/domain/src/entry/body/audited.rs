//! What an entry of the audit says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something was done that the audit notes, or was refused: by a member of the staff, a program, a customer with an account, or at the terminal.
/// Each entry is chained to the previous one, so that none can be changed, removed or inserted unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Audited {
    /// The operation that was requested, as named in the API document: `PATCH /api/v1/goods/{id}`; or `token.refused`, if a program's token was
    /// refused.
    pub operation: String,
    /// The path of the request, with the actual ids.
    pub path: String,
    /// The id of the object that was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub made: Option<String>,
    /// How often it was refused, where it was not done; the tries of one member at one operation within a minute are one entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refused: Option<RefusedTries>,
    /// The details with a salt, encrypted with the installation's key, in base64: the body of the request without secrets (if it is not JSON or longer than
    /// 8 KiB: its length and SHA-256 instead), what it changed, and the address and browser it came from.
    pub values: String,
    /// The SHA-256 of the plaintext that is encrypted in `values`, in hex.
    pub digest: String,
    /// A keyed digest (HMAC-SHA256, in hex, under a key derived from the installation's) of a JSON array: the `chain` of the previous entry (empty for the
    /// first), the company, this entry's `seq` and time, the actor (kind, id, name), `operation`, `path`, `made` and `digest`, and of refused tries their code
    /// and number.
    pub chain: String,
}

impl Audited {
    /// What it was done to: the id of what was created, or else the first id in the path.
    pub fn object(&self) -> Option<&str> {
        let template = self.operation.split_once(' ').map_or("", |(_, path)| path);
        let named = template.split('/').zip(self.path.split('/')).find(|(part, _)| part.starts_with('{'));
        self.made.as_deref().or(named.map(|(_, id)| id))
    }
}

/// Tries that were refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedTries {
    /// The code of the refusal.
    pub code: String,
    /// How many there were.
    pub times: i64,
}
