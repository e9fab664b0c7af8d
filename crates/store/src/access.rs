//! Revocations: ending someone's access writes an entry to the company's access
//! stream in the same transaction, so that every node learns of it from the record.

use db::{
    Tx,
    journal::{self, Guard},
    q,
};
use domain::{
    entry::{Body, Fact, body::Revoked, fact},
    id::{ApiTokenId, SessionId, TenantId, VisitorId},
    journal::{Actor, NewEntry},
    stream::{StreamKind, StreamName},
};
use uuid::Uuid;

use crate::{Error, Result};

/// Records that staff sessions ended.
pub async fn sessions_ended(tx: &mut Tx, tenant: TenantId, sessions: &[SessionId]) -> Result<()> {
    append(tx, tenant, sessions.iter().map(|session| Revoked::Session(*session)).collect()).await
}

/// Records that all of a visitor's access ended.
pub async fn visitor_ended(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    append(tx, tenant, vec![Revoked::Visitor(visitor)]).await
}

/// Records that some of a visitor's devices lost access: its connections have to present their credentials again.
pub async fn some_ended(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    append(tx, tenant, vec![Revoked::SomeOf(visitor)]).await
}

/// Records that a token of a program ended.
pub async fn token_ended(tx: &mut Tx, tenant: TenantId, token: ApiTokenId) -> Result<()> {
    append(tx, tenant, vec![Revoked::Token(token)]).await
}

/// The stream that holds a company's revocations.
pub async fn stream(tx: &mut Tx, tenant: TenantId) -> Result<StreamName> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT access_stream_id FROM tenants WHERE id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    let (id,) = row.ok_or(Error::NotFound)?;
    Ok(StreamName { kind: StreamKind::Access, id })
}

pub(crate) async fn append(tx: &mut Tx, tenant: TenantId, revoked: Vec<Revoked>) -> Result<()> {
    if revoked.is_empty() {
        return Ok(());
    }
    let stream = stream(tx, tenant).await?;
    let entry = |revoked| NewEntry::new(stream, tenant, Actor::system(), Body::AccessRevoked(revoked), Fact::AccessRevoked(fact::Nothing {}));
    journal::append(tx, revoked.into_iter().map(|one| (entry(one).into(), Guard::Any)).collect()).await?;
    Ok(())
}
