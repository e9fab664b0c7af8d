//! `GET /api/v1/audit/choices`

use axum::{Json, extract::State};
use domain::{id::AgentId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who occurs in the audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPerson {
    /// The member's id.
    pub id: AgentId,
    /// The name they had when they last did something.
    pub name: String,
}

/// What the audit can be searched by.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditChoices {
    /// Who occurs in it, by name, also if they are no longer members.
    pub people: Vec<AuditPerson>,
    /// Which operations occur in it.
    pub operations: Vec<String>,
}

/// Lists who and which operations occur in the audit, for searching it.
#[utoipa::path(get, path = "/audit/choices", tag = "company", security(("staff" = [])), responses((status = 200, body = AuditChoices), Problems))]
pub async fn list_audit_choices(State(app): State<App>, actor: StaffActor) -> Result<Json<AuditChoices>, Problem> {
    actor.require(Permission::SeeAudit)?;
    let (mut tx, tenant) = (app.db().read().await?, actor.tenant());
    let people = store::audit::people(&mut tx, tenant).await?.into_iter().map(|(id, name)| AuditPerson { id: AgentId::new(id), name }).collect();
    Ok(Json(AuditChoices { people, operations: store::audit::operations(&mut tx, tenant).await? }))
}
