//! The proof of an erasure: what was erased, when, for whom and why, and how much of it from where. It has nothing of what was erased.

use std::collections::BTreeMap;

use domain::{
    erasure::{Erased, ErasureKind, ErasureReason},
    id::{ErasureId, TenantId, VisitorId},
    time::Ts,
};
use seal::{Sealer, vault::hex};
use serde::Serialize;
use serde_json::json;
use store_privacy::erasures::Erasure;
use utoipa::ToSchema;

/// What an erasure did, without what was erased.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErasureProof {
    /// The company.
    pub company: TenantId,
    /// The erasure.
    pub erasure: ErasureId,
    /// What was erased.
    pub kind: ErasureKind,
    /// Its id; of a visitor, a digest that only this installation can compute from the id.
    pub subject: String,
    /// The number of the message, if it was one.
    #[schema(required)]
    pub seq: Option<i64>,
    /// Why.
    pub reason: ErasureReason,
    /// Who asked for it: the name of a member of the staff, or `customer`, `terminal` or `system`.
    pub asked_by: String,
    /// When it was asked for.
    pub asked_at: Ts,
    /// The name of the second person who confirmed it, if there was one.
    #[schema(required)]
    pub confirmed_by: Option<String>,
    /// When it was done.
    pub done_at: Ts,
    /// How much was erased, by place.
    pub places: BTreeMap<String, i64>,
    /// A keyed digest over all of this, in the order above, as JSON: only this installation can make it.
    pub signature: String,
}

/// The digest by which a visitor is known again who was erased; without the key, it leads to nobody.
pub fn mark(sealer: &Sealer, tenant: TenantId, visitor: VisitorId) -> String {
    hex(&sealer.mac(b"erased visitor 1", format!("{tenant} {visitor}").as_bytes()))
}

/// That digest, if a visitor is erased.
pub fn mark_of(sealer: &Sealer, tenant: TenantId, subject: Erased) -> Option<String> {
    match subject {
        Erased::Visitor(visitor) => Some(mark(sealer, tenant, visitor)),
        _ => None,
    }
}

/// The proof of an erasure that was done at a time; signed anew.
pub fn sign(sealer: &Sealer, tenant: TenantId, erasure: &Erasure, done_at: Ts) -> ErasureProof {
    let subject = erasure.mark.clone().or_else(|| erasure.subject.map(Erased::name)).unwrap_or_default();
    let proof = ErasureProof {
        company: tenant,
        erasure: erasure.id,
        kind: erasure.kind,
        subject,
        seq: erasure.subject.and_then(Erased::seq),
        reason: erasure.reason,
        asked_by: erasure.asked_name.clone(),
        asked_at: erasure.asked_at,
        confirmed_by: erasure.decided_name.clone(),
        done_at,
        places: erasure.places.clone(),
        signature: String::new(),
    };
    let said = json!([
        proof.company,
        proof.erasure,
        proof.kind,
        proof.subject,
        proof.seq,
        proof.reason,
        proof.asked_by,
        proof.asked_at,
        proof.confirmed_by,
        proof.done_at,
        proof.places
    ]);
    ErasureProof { signature: hex(&sealer.mac(b"erasure proof 1", said.to_string().as_bytes())), ..proof }
}
