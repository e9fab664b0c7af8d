//! The signed-in member of the staff, or the program, behind a request.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
};
use domain::{
    api_token::Credential,
    id::{SessionId, TenantId},
    journal::Actor,
    policy::{OverConversations, Staff},
    refusal::Code,
    time::MINUTE,
};
use platform::{client_address::ClientAddress, env};
use store::{entry_points::SignedIn, staff::Member};

use super::{caller::Caller, origin, program, session};
use crate::{App, audit::Asked, denied::address_denied, problem::Problem, request_company};

/// What can be done while looking as another role: stop looking, and sign out.
const WHILE_VIEWING: [&str; 2] = ["DELETE /api/v1/me/view", "DELETE /api/v1/auth/sessions/current"];

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
    /// The session of a person in their own role; a program is refused.
    pub fn session(&self) -> Result<SessionId, Problem> {
        self.credential.session().ok_or_else(people_only)
    }
    /// The session of a person, also of one who looks at the console as another role would; a program is refused.
    pub fn any_session(&self) -> Result<SessionId, Problem> {
        self.credential.any_session().ok_or_else(people_only)
    }
}

fn people_only() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, Code::PeopleOnly, "only a person can do this: sign in to the console")
}

/// The session with this token or secret, if it goes on.
async fn find_session(app: &App, token: &str) -> Result<Option<SignedIn>, Problem> {
    let circles = &app.in_memory().circles;
    let found = store::entry_points::staff_session(app.db(), &env::hash(token), |of| circles.find(of)).await?;
    if let Some(found) = &found {
        circles.keep(found.circle_of, found.staff.circle.clone());
    }
    Ok(found)
}

/// Notes that a session is used.
async fn touch(app: &App, found: &SignedIn) -> Result<(), Problem> {
    if app.env().now().since(found.seen_at) > TOUCH_AFTER_MS {
        let (tenant, id) = (found.member.tenant, found.session);
        app.db().writer().write(db::Shard::Any, move |tx| Box::pin(store::staff_sessions::touch(tx, tenant, id))).await?;
    }
    Ok(())
}

/// The member as whom somebody practises who is signed in with this session; `None` unless they began to.
async fn find_twin(app: &App, session: SessionId) -> Result<Option<SignedIn>, Problem> {
    let Some(twin) = find_session(app, &store::practice::secret_of(session)).await? else { return Ok(None) };
    if !request_company::enter(twin.member.tenant) {
        return Ok(None);
    }
    touch(app, &twin).await?;
    Ok(Some(twin))
}

/// The program whose token is in these headers, or the member who holds the session cookie in them, if it is still valid; where the staff of a company practise, the member as whom
/// they do so. Notes the session or the token as used.
pub async fn staff_of(app: &App, headers: &HeaderMap, from: ClientAddress) -> Result<Option<Caller>, Problem> {
    if let Some(token) = program::token(headers) {
        return program::program_of(app, token, from).await.map(Some);
    }
    let Some(token) = session::token(headers) else { return Ok(None) };
    let Some(found) = find_session(app, token).await? else { return Ok(None) };
    let practice = request_company::address().and_then(|address| address.practice_of());
    match practice {
        // Whoever may not serve any more does not practise it either.
        Some(company) if company != found.member.tenant || found.is_viewing || !found.staff.grants.holds(OverConversations::Desk) => return Ok(None),
        None if !request_company::enter(found.member.tenant) => return Ok(None),
        _ => {}
    }
    if !found.is_way_back && !request_company::lets_staff_in(from) {
        return Err(address_denied());
    }
    touch(app, &found).await?;
    let found = match practice {
        Some(_) => match find_twin(app, found.session).await? {
            Some(twin) => twin,
            None => return Ok(None),
        },
        None => found,
    };
    let credential = if found.is_viewing { Credential::View(found.session) } else { Credential::Session(found.session) };
    Ok(Some(Caller { staff: found.staff, member: found.member, credential }))
}

impl FromRequestParts<App> for StaffActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let Ok(from) = ClientAddress::from_request_parts(parts, app).await;
        let Caller { staff, member, credential } = staff_of(app, &parts.headers, from).await?.ok_or_else(Problem::not_signed_in)?;
        let Ok(asked) = Asked::from_request_parts(parts, app).await;
        let actor = Self { staff, member, credential, asked };
        request_company::note_asking(actor.tenant(), actor.entry_actor(), actor.asked.clone());
        if !parts.method.is_safe() && credential.any_session().is_some() {
            origin::require_own_page(&parts.headers, app)?;
        }
        if !parts.method.is_safe() && matches!(credential, Credential::View(_)) && !actor.asked.is_one_of(&WHILE_VIEWING) {
            let why = "you look at the console as another role would, and can change nothing: end the view first";
            return Err(Problem::new(StatusCode::FORBIDDEN, Code::ViewingOnly, why));
        }
        parts.extensions.insert(actor.clone());
        Ok(actor)
    }
}
