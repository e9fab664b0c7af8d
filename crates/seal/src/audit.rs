//! What chains the entries of an audit log, and what signs its end, where it begins, and how long it is kept: digests that take the installation's key.

use domain::{entry::body::Audited, id::TenantId, journal::Actor, time::Ts};
use serde_json::json;

use crate::{Sealer, vault::hex};

/// The purpose that the values of a company are sealed for.
pub fn purpose(tenant: TenantId) -> Vec<u8> {
    [&b"audit"[..], tenant.uuid().as_bytes()].concat()
}

/// The digest that chains an entry to the previous one; [`Audited::chain`] says what it is made of.
pub fn chain(sealer: &Sealer, before: &str, tenant: TenantId, seq: i64, at: Ts, by: &Actor, entry: &Audited) -> String {
    let mut linked = vec![json!(before), json!(tenant), json!(seq), json!(at.0), json!(by.kind.as_str()), json!(by.id), json!(by.name), json!(entry.operation)];
    linked.extend([json!(entry.path), json!(entry.made), json!(entry.digest)]);
    linked.extend(entry.refused.iter().map(|refused| json!([refused.code, refused.times])));
    hex(&sealer.mac(b"audit chain 1", json!(linked).to_string().as_bytes()))
}

/// What an entry is chained to after an end that is not the one that was signed: something that no entry has.
pub fn altered_before(seq: i64) -> String {
    format!("altered before {seq}")
}

/// The signature of an audit log that ends with this entry.
pub fn signature(sealer: &Sealer, tenant: TenantId, seq: i64, chain: &str, at: Ts) -> String {
    hex(&sealer.mac(b"audit head 1", json!([tenant, seq, chain, at.0]).to_string().as_bytes()))
}

/// The signature of the entry after which a log begins, because that one and those before it were deleted at `deleted_at`.
pub fn anchor_signature(sealer: &Sealer, tenant: TenantId, (seq, chain, at): (i64, &str, Ts), deleted_at: Ts) -> String {
    hex(&sealer.mac(b"audit anchor 1", json!([tenant, seq, chain, at.0, deleted_at.0]).to_string().as_bytes()))
}

/// The signature of how long an audit is kept.
pub fn retention_signature(sealer: &Sealer, tenant: TenantId, kept_days: i64) -> String {
    hex(&sealer.mac(b"audit retention 1", json!([tenant, kept_days]).to_string().as_bytes()))
}
