//! Customers with an account: registering, signing in, what they see of themselves, and the ticket with which their chat joins the account.
//!
//! No answer reveals whether an account exists: any difference is reported only to the owner of the or number.

pub(crate) mod act;
pub mod change_identifier;
pub mod change_password;
pub mod close_account;
pub mod confirm_identifier;
pub mod confirm_registration;
pub mod end_session;
pub mod export;
pub mod get;
pub mod get_conversation;
pub mod inspect_recovery;
pub mod interest;
pub mod letters;
pub mod limits;
pub mod list_conversations;
pub mod list_sessions;
pub mod puzzle;
pub mod readable;
pub mod recover;
pub mod redeem;
pub mod register;
pub mod sign_in;
pub mod sign_out;
pub mod step_up;
mod texts;
pub mod ticket;
pub mod update;
pub mod view;
pub mod visitor_transcript;

use act::Act;
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use db::Tx;
use domain::{
    customer::{CODE_DIGITS, CODE_MS, Identifier, IdentifierKind},
    id::{CustomerId, CustomerSessionId, TenantId},
    refusal::Code,
    staff::UNSENDABLE,
    time::Ts,
};
use http_kit::{App, addressed, audit::Asked, auth::session, problem::Problem, request_company, user_agent::user_agent};
use normal::typed::digits as digits_of;
use platform::env;
use seal::vault::Field;
use serde::Serialize;
use store_hall::{customer_codes::Tried, customers::StoredIdentifier};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use view::CustomerView;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(puzzle::get_puzzle))
        .routes(routes!(register::register_customer))
        .routes(routes!(confirm_registration::confirm_registration))
        .routes(routes!(sign_in::sign_in_customer, list_sessions::list_customer_sessions))
        .routes(routes!(sign_out::sign_out_customer))
        .routes(routes!(end_session::end_customer_session))
        .routes(routes!(recover::recover_account))
        .routes(routes!(redeem::redeem_recovery))
        .routes(routes!(inspect_recovery::inspect_recovery))
        .routes(routes!(change_password::change_customer_password))
        .routes(routes!(get::get_customer, update::update_customer))
        .routes(routes!(step_up::step_up))
        .routes(routes!(close_account::close_account))
        .routes(routes!(change_identifier::change_identifier))
        .routes(routes!(confirm_identifier::confirm_identifier))
        .routes(routes!(list_conversations::list_own_conversations))
        .routes(routes!(get_conversation::get_own_conversation))
        .routes(routes!(export::export_own_conversations))
        .routes(routes!(ticket::create_widget_ticket))
        .routes(routes!(visitor_transcript::get_transcript))
}

/// The answer to a request that may have sent something; it is the same if nothing was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sent {
    /// The handle to submit together with the code.
    pub handle: String,
    /// Until when the code can be submitted.
    pub expires_at: Ts,
}

impl Sent {
    fn answer(app: &App, handle: String) -> Response {
        (StatusCode::ACCEPTED, Json(Self { handle, expires_at: app.env().now().plus(CODE_MS) })).into_response()
    }
}

/// The company of the site on whose page an anonymous customer is.
async fn tenant_of(app: &App, site: &str) -> Result<TenantId, Problem> {
    let unknown = || Problem::invalid("site", Code::SiteUnknown, "there is no site with this key");
    Ok(addressed::site(app, site).await?.ok_or_else(unknown)?.tenant)
}

/// The company of a code or link that was sent to a customer, if the request is addressed to it.
async fn tenant_of_code(app: &App, handle_hash: &[u8]) -> Result<Option<TenantId>, Problem> {
    let found = store::entry_points::customer_code_tenant(app.db(), handle_hash).await?;
    Ok(found.filter(|&tenant| request_company::enter(tenant)))
}

/// Parses an address or number that somebody typed.
fn identifier(raw: &str) -> Result<Identifier, Problem> {
    Identifier::parse(raw).map_err(|error| Problem::invalid("identifier", Code::IdentifierInvalid, error.to_string()))
}

/// Parses an address or number to which a letter is about to be sent.
fn sendable(raw: &str) -> Result<Identifier, Problem> {
    let identifier = identifier(raw)?;
    if identifier.can_be_sent() { Ok(identifier) } else { Err(Problem::invalid("identifier", Code::AddressUnsendable, UNSENDABLE)) }
}

fn secret(app: &App) -> Result<String, Problem> {
    app.env().secret().map_err(|error| Problem::internal(&error))
}

/// Generates the digits of a new code.
fn digits(app: &App) -> Result<String, Problem> {
    app.env().code(CODE_DIGITS as u32).map_err(|error| Problem::internal(&error))
}

/// The problem for a code or link that was not accepted.
fn code_problem(tried: &Tried) -> Problem {
    let gone = |code, title: &str| Problem::new(StatusCode::GONE, code, title);
    match tried {
        Tried::Wrong { left: 1.. } => Problem::invalid("code", Code::CodeWrong, "the code is wrong"),
        Tried::Expired => gone(Code::CodeExpired, "it has expired; request a new one"),
        Tried::Unknown => Problem::new(StatusCode::NOT_FOUND, Code::LinkUnknown, "this link or code is not valid"),
        Tried::Wrong { .. } | Tried::Spent | Tried::Right { .. } => {
            gone(Code::CodeSpent, "it has already been used, or too many wrong codes were tried; request a new one")
        }
    }
}

/// An identifier as it is stored.
fn stored_identifier(app: &App, tenant: TenantId, customer: CustomerId, identifier: &Identifier) -> Result<StoredIdentifier, Problem> {
    let vault = app.vault();
    let sealed = vault.seal(tenant, customer, Field::Identifier, identifier.text()).map_err(|error| Problem::internal(&error))?;
    Ok(StoredIdentifier { lookup: vault.lookup(tenant, identifier), kind: identifier.kind(), sealed, verified_at: app.env().now() })
}

/// The addresses and numbers that a customer signs in with, unsealed.
async fn identifiers_of(app: &App, tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> store::Result<Vec<Identifier>> {
    let vault = app.vault();
    let stored = store_hall::customers::identifiers(tx, tenant, customer).await?;
    Ok(stored.iter().filter_map(|one| vault.open(tenant, customer, Field::Identifier, &one.sealed).map(Identifier::stored)).collect())
}

/// The identifier of a kind.
fn of_kind(identifiers: &[Identifier], kind: IdentifierKind) -> Option<&Identifier> {
    identifiers.iter().find(|one| one.kind() == kind)
}

/// A customer's session that is about to begin.
#[derive(Clone)]
struct NewSession {
    id: CustomerSessionId,
    secret: String,
    user_agent: String,
    act: Act,
}

impl NewSession {
    fn prepare(app: &App, headers: &HeaderMap, asked: Asked) -> Result<Self, Problem> {
        let (id, act) = (CustomerSessionId::new(app.env().uuid()), Act::new(app, asked));
        Ok(Self { id, secret: secret(app)?, user_agent: user_agent(headers), act })
    }
    async fn begin(&self, tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> store::Result<()> {
        store_hall::customer_sessions::insert(tx, tenant, customer, self.id, &env::hash(&self.secret), &self.user_agent).await?;
        self.act.note(tx, tenant, customer).await
    }
    async fn answer(&self, app: &App, tenant: TenantId, customer: CustomerId) -> Result<Response, Problem> {
        let view = CustomerView::read(app, tenant, customer).await?;
        let mut response = (StatusCode::CREATED, Json(view)).into_response();
        response.headers_mut().insert(header::SET_COOKIE, session::set_customer(&self.secret)?);
        Ok(response)
    }
}
