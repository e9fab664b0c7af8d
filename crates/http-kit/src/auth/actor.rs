//! The signed-in member of the staff behind a request.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use domain::{
    id::{SessionId, TenantId},
    journal::Actor,
    policy::Staff,
    time::MINUTE,
};
use platform::env;
use store::{entry_points::SignedIn, staff::Member};

use super::{origin, session};
use crate::{App, audit::Asked, permitted::Permitted, problem::Problem, request_company};

/// How old the stored time of last use may get before it is updated.
const TOUCH_AFTER_MS: i64 = MINUTE;

/// A signed-in member of the staff, the session they came with, and what they ask for. Unsafe methods are refused unless one of our own pages sent the request.
#[derive(Debug, Clone)]
pub struct StaffActor {
    /// The member as the policy checks them.
    pub staff: Staff,
    /// The member as stored.
    pub member: Member,
    /// The session.
    pub session: SessionId,
    /// What was asked for.
    pub(crate) asked: Asked,
}

impl StaffActor {
    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.staff.tenant
    }
    /// The actor under whose name entries are written.
    pub fn entry_actor(&self) -> Actor {
        Actor::agent(self.staff.agent, &self.staff.name)
    }
    /// Allows a member to change what is their own and concerns their access, such as a password or a session. It needs no permission, and the audit notes it.
    pub fn accountable(&self) -> Permitted {
        self.oneself().audited(self.asked.clone())
    }
}

/// The member who holds the session cookie in these headers, and the session, if it is still valid. Notes the session as used.
pub async fn staff_of(app: &App, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    let Some(token) = session::token(headers) else { return Ok(None) };
    let Some(found) = store::entry_points::staff_session(app.db(), &env::hash(token)).await? else { return Ok(None) };
    if app.env().now().since(found.seen_at) > TOUCH_AFTER_MS {
        let (tenant, id) = (found.member.tenant, found.session);
        app.db().writer().write(db::Shard::Any, move |tx| Box::pin(store::staff_sessions::touch(tx, tenant, id))).await?;
    }
    Ok(Some(found))
}

impl FromRequestParts<App> for StaffActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let SignedIn { session, member, staff, seen_at: _ } = staff_of(app, &parts.headers).await?.ok_or_else(Problem::not_signed_in)?;
        request_company::note(member.tenant);
        let Ok(asked) = Asked::from_request_parts(parts, app).await;
        let actor = Self { staff, member, session, asked };
        request_company::note_asking(actor.tenant(), actor.entry_actor(), actor.asked.clone());
        if !parts.method.is_safe() {
            origin::require_own_page(&parts.headers, &app.settings().public_url)?;
        }
        parts.extensions.insert(actor.clone());
        Ok(actor)
    }
}
