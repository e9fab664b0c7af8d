//! An entry of the audit on the wire.

use domain::{
    entry::body::{Audited, RefusedTries},
    id::{AgentId, CustomerId, TenantId},
    journal::{Actor, ActorKind},
    time::Ts,
};
use http_kit::audit::{
    details::{self, AuditChange, Details, Origin},
    is_at_terminal, is_by_operator,
};
use seal::Sealer;
use serde::Serialize;
use serde_json::Value;
use store::audit::Found;
use utoipa::ToSchema;

/// The kind of somebody in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditActorKind {
    /// A member of the staff.
    Staff,
    /// A customer.
    Customer,
    /// Whoever used the program's terminal.
    Terminal,
    /// Whoever runs the installation, on its pages.
    Operator,
    /// Somebody who did not prove who they are, or the program itself.
    Unknown,
}

/// Who did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditActor {
    /// The kind.
    pub kind: AuditActorKind,
    /// The id, if there is one.
    #[schema(required)]
    pub id: Option<String>,
    /// The name they had then.
    #[schema(required)]
    pub name: Option<String>,
}

impl From<Actor> for AuditActor {
    fn from(by: Actor) -> Self {
        let kind = match by.kind {
            ActorKind::Agent => AuditActorKind::Staff,
            ActorKind::Customer => AuditActorKind::Customer,
            _ if is_at_terminal(&by) => AuditActorKind::Terminal,
            _ if is_by_operator(&by) => AuditActorKind::Operator,
            ActorKind::System | ActorKind::Bot => AuditActorKind::Unknown,
        };
        let Actor { id, name, .. } = by;
        let id = id.map(|id| if kind == AuditActorKind::Customer { CustomerId::new(id).to_string() } else { AgentId::new(id).to_string() });
        Self { kind, id, name: name.filter(|_| !matches!(kind, AuditActorKind::Terminal | AuditActorKind::Operator)) }
    }
}

/// Something that was done, or tried.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditEntryView {
    /// Its number in the company's audit, from 1 on.
    pub seq: i64,
    /// When it was done.
    pub at: Ts,
    /// Who did it.
    pub by: AuditActor,
    /// What was done: an operation as named in this document, such as `PATCH /api/v1/goods/{id}`, or a command such as `yingda admin add-staff`.
    pub operation: String,
    /// The path of the request, with the actual ids; empty for a command.
    pub path: String,
    /// The id of what it was done to, or of what was created.
    #[schema(required)]
    pub object: Option<String>,
    /// Why it was refused and how often it was tried; `null` if it was done.
    #[schema(required)]
    pub refused: Option<RefusedTries>,
    /// Where it came from; `null` if it was done at the terminal, or by an earlier version.
    #[schema(required)]
    pub from: Option<Origin>,
    /// What it changed.
    pub changes: Vec<AuditChange>,
    /// What was asked for, without secrets: the body of the request or `{"query": …}`; of a file, its length and SHA-256. `null` if there was nothing.
    #[schema(required, value_type = Value)]
    pub request: Value,
    /// Whether the entry was altered since, so that its details cannot be read.
    pub altered: bool,
}

impl AuditEntryView {
    /// Opens the details of an entry.
    pub fn open(found: Found, sealer: &Sealer, tenant: TenantId) -> Self {
        let Found { seq, at, by, entry } = found;
        let details = entry.as_ref().and_then(|entry| details::open(sealer, tenant, entry));
        let altered = details.is_none();
        let (changes, from, request) = details.map_or_else(Default::default, |Details { salt: _, request, changes, from }| (changes, from, request));
        let object = entry.as_ref().and_then(|entry| entry.object().map(str::to_owned));
        let (operation, path, refused) = entry.map_or_else(Default::default, |Audited { operation, path, refused, .. }| (operation, path, refused));
        Self { seq, at, by: by.into(), operation, path, object, refused, from, changes, request, altered }
    }
}
