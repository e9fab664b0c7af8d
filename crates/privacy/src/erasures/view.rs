//! An erasure on the wire.

use domain::{
    erasure::{Erased, ErasureKind, ErasureReason, ErasureState},
    id::{AgentId, ErasureId},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use store_privacy::erasures::Erasure;
use utoipa::ToSchema;

/// How much was erased from a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErasedPlace {
    /// The place, such as `messages` or `files`. More may be added.
    pub place: String,
    /// How many there were.
    pub count: i64,
}

/// An erasure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureView {
    /// Its id.
    pub id: ErasureId,
    /// What is erased.
    pub kind: ErasureKind,
    /// The id of what is erased; `null` once it leads to nobody any more.
    #[schema(required)]
    pub subject: Option<String>,
    /// The number of the entry, if it is a message.
    #[schema(required)]
    pub seq: Option<i64>,
    /// Why.
    pub reason: ErasureReason,
    /// How far it is.
    pub state: ErasureState,
    /// Who asked for it: the name of a member of the staff, or `customer`, `terminal` or `system`.
    pub asked_by: String,
    /// Whether whoever reads this asked for it: then somebody else has to confirm it.
    pub is_own: bool,
    /// When it was asked for.
    pub asked_at: Ts,
    /// The name of the second person who decided, if there is one.
    #[schema(required)]
    pub decided_by: Option<String>,
    /// When they decided.
    #[schema(required)]
    pub decided_at: Option<Ts>,
    /// When it was done.
    #[schema(required)]
    pub done_at: Option<Ts>,
    /// What was erased so far.
    pub places: Vec<ErasedPlace>,
}

impl ErasureView {
    /// As a member sees it.
    pub fn of(erasure: Erasure, reader: AgentId) -> Self {
        let Erasure { id, kind, subject, reason, state, asked_by, asked_name, asked_at, decided_name, decided_at, done_at, places, .. } = erasure;
        Self {
            id,
            kind,
            subject: subject.map(Erased::name),
            seq: subject.and_then(Erased::seq),
            reason,
            state,
            asked_by: asked_name,
            is_own: asked_by == Some(reader),
            asked_at,
            decided_by: decided_name,
            decided_at,
            done_at,
            places: places.into_iter().map(|(place, count)| ErasedPlace { place, count }).collect(),
        }
    }
}
