//! The signed-in customer behind a request. Customers and staff have separate cookies; neither gives access to what belongs to the other.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use db::Tx;
use domain::{
    id::{ConversationId, CustomerId, CustomerSessionId, TenantId},
    time::MINUTE,
};
use platform::env;

use super::{origin, session};
use crate::{App, denied, problem::Problem, request_company};

/// How old the stored time of last use may get before it is updated.
const TOUCH_AFTER_MS: i64 = MINUTE;

/// A signed-in customer and the session they came with. Unsafe methods are refused unless one of our own pages sent the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerActor {
    /// The company the customer belongs to.
    pub tenant: TenantId,
    /// The customer.
    pub customer: CustomerId,
    /// The session.
    pub session: CustomerSessionId,
}

impl CustomerActor {
    /// Refuses a conversation that is not the customer's as if it did not exist.
    pub async fn require_own(self, tx: &mut Tx, id: ConversationId) -> Result<(), Problem> {
        let conversation = store::conversations::get(tx, self.tenant, id).await?;
        let of = store_hall::customer_visitors::customer_of(tx, self.tenant, conversation.visitor).await?;
        if of == Some(self.customer) { Ok(()) } else { Err(Problem::not_found()) }
    }
}

/// The customer who holds the session cookie in these headers, if the session is still valid. Notes the session as used.
pub async fn customer_of(app: &App, headers: &HeaderMap) -> Result<Option<CustomerActor>, Problem> {
    let Some(token) = session::customer_token(headers) else { return Ok(None) };
    let Some((tenant, customer, session, seen)) = store::entry_points::customer_session(app.db(), &env::hash(token)).await? else { return Ok(None) };
    if !request_company::enter(tenant) {
        return Ok(None);
    }
    denied::require_visitors_address()?;
    if app.env().now().since(seen) > TOUCH_AFTER_MS {
        app.db().writer().write(db::Shard::Any, move |tx| Box::pin(store_hall::customer_sessions::touch(tx, tenant, session))).await?;
    }
    Ok(Some(CustomerActor { tenant, customer, session }))
}

impl FromRequestParts<App> for CustomerActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        if !parts.method.is_safe() {
            origin::refuse_foreign_page(&parts.headers, app)?;
        }
        let actor = customer_of(app, &parts.headers).await?.ok_or_else(Problem::not_signed_in)?;
        if !parts.method.is_safe() {
            origin::require_own_page(&parts.headers, app)?;
        }
        parts.extensions.insert(actor);
        Ok(actor)
    }
}
