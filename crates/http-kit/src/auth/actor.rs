//! The signed-in member of the staff, or the program, behind a request.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
};
use domain::{
    api_token::Credential,
    id::{SessionId, TenantId},
    journal::Actor,
    policy::Staff,
    refusal::Code,
    time::MINUTE,
};
use platform::{client_address::ClientAddress, env};
use store::staff::Member;

use super::{caller::Caller, origin, program, session};
use crate::{App, audit::Asked, problem::Problem, request_company};

/// How old the stored time of last use may get before it is updated.
const TOUCH_AFTER_MS: i64 = MINUTE;

/// A signed-in member of the staff or a program, what they came with, and what they ask for. Unsafe methods of people are refused unless one of our own pages sent
/// the request; a program's token is sent by no browser on its own.
#[derive(Debug, Clone)]
pub struct StaffActor {
    /// The member as the policy checks them.
    pub staff: Staff,
    /// The member as stored.
    pub member: Member,
    /// What they came with.
    pub credential: Credential,
    /// What was asked for; `None` for requests with a safe method.
    pub(crate) asked: Option<Asked>,
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
    /// The session of a person; a program is refused.
    pub fn session(&self) -> Result<SessionId, Problem> {
        let refused = || Problem::new(StatusCode::FORBIDDEN, Code::PeopleOnly, "only a person can do this: sign in to the console");
        self.credential.session().ok_or_else(refused)
    }
}

/// The program whose token is in these headers, or the member who holds the session cookie in them, if it is still valid. Notes the session or the token as used.
pub async fn staff_of(app: &App, headers: &HeaderMap, from: ClientAddress) -> Result<Option<Caller>, Problem> {
    if let Some(token) = program::token(headers) {
        return program::program_of(app, token, from).await.map(Some);
    }
    let Some(token) = session::token(headers) else { return Ok(None) };
    let Some((id, seen, member)) = store::entry_points::staff_session(app.db(), &env::hash(token)).await? else { return Ok(None) };
    if app.env().now().since(seen) > TOUCH_AFTER_MS {
        let tenant = member.tenant;
        app.db().writer().write(db::Shard::Any, move |tx| Box::pin(store::staff_sessions::touch(tx, tenant, id))).await?;
    }
    Ok(Some(Caller { staff: member.staff(), member, credential: Credential::Session(id) }))
}

impl FromRequestParts<App> for StaffActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let Ok(from) = ClientAddress::from_request_parts(parts, app).await;
        let Caller { staff, member, credential } = staff_of(app, &parts.headers, from).await?.ok_or_else(Problem::not_signed_in)?;
        request_company::note(member.tenant);
        let mut actor = Self { staff, member, credential, asked: None };
        if !parts.method.is_safe() {
            if credential.session().is_some() {
                origin::require_own_page(&parts.headers, &app.settings().public_url)?;
            }
            actor.asked = Some(Asked::of(parts).await);
        }
        parts.extensions.insert(actor.clone());
        Ok(actor)
    }
}
