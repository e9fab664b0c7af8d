//! The details of an act that the audit seals: what was asked for, what it changed, and where it came from.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{entry::body::Audited, id::TenantId};
use seal::{Sealer, vault::hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::changes::Change;
use utoipa::ToSchema;

use super::chain::purpose;

/// What is sealed in an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Random bytes, so that the digest does not reveal the rest to anybody who guesses at it.
    pub salt: String,
    /// The body of the request without secrets, or its query.
    pub request: Value,
    /// What it changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<AuditChange>,
    /// Where it came from; `None` if it was done at the terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
}

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// The network address.
    pub address: String,
    /// How the browser or program describes itself.
    pub browser: String,
}

/// A field that was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditChange {
    /// The field, with dots: `name.zh`.
    pub field: String,
    /// Its value before; `null` if it had none.
    #[schema(required, value_type = Value)]
    pub before: Value,
    /// Its value now; `null` if it has none.
    #[schema(required, value_type = Value)]
    pub after: Value,
}

/// What was noted as changed, as it is kept.
pub(super) fn audit_changes(changes: Vec<Change>) -> Vec<AuditChange> {
    changes.into_iter().map(|Change { field, before, after }| AuditChange { field, before, after }).collect()
}

/// What stands in place of the details of an entry about somebody who was erased. Only this installation can write it, so nobody hides an alteration with it.
pub fn mark_of_erasure(sealer: &Sealer, tenant: TenantId, entry: &Audited) -> String {
    format!("erased.{}", hex(&sealer.mac(b"audit details erased 1", format!("{tenant} {} {}", entry.digest, entry.chain).as_bytes())))
}

/// Whether the details of an entry were erased.
pub fn is_erased(sealer: &Sealer, tenant: TenantId, entry: &Audited) -> bool {
    entry.values == mark_of_erasure(sealer, tenant, entry)
}

/// Opens what is sealed in an entry; `None` if it is not what was sealed there.
pub fn open(sealer: &Sealer, tenant: TenantId, entry: &Audited) -> Option<Details> {
    let plain = sealer.open(&purpose(tenant), &BASE64.decode(&entry.values).ok()?)?;
    if hex(&Sha256::digest(&plain)) != entry.digest {
        return None;
    }
    serde_json::from_slice(&plain).ok()
}
