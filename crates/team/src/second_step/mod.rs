//! Two-step verification: a code of an authenticator app, a recovery code or a passkey, after the first proof of who somebody is.
//!
//! - [`totp`], [`recovery_codes`], [`qr`]: what codes are and look like
//! - [`check`]: whether a code that was typed is right, how often one may be wrong, and that each is used once
//! - [`give`], [`set_up`]: the second step of a sign-in, and its setup where a company requires it
//! - [`get`], [`begin`], [`confirm`], [`remove`], [`renew_codes`]: on the member's own account page
//! - [`prove`]: proving again who one is, before any of that is changed
//! - [`reset`]: by an administrator

pub mod begin;
pub mod check;
pub mod confirm;
#[cfg(test)]
pub mod fixture;
pub mod get;
pub mod give;
pub mod prove;
pub mod qr;
pub mod recovery_codes;
pub mod remove;
pub mod renew_codes;
pub mod reset;
pub mod set_up;
pub mod totp;

use axum::http::StatusCode;
use domain::{
    id::{AgentId, TenantId},
    journal::Actor,
    refusal::Code,
    text::Lang,
};
use http_kit::{App, audit::Asked, problem::Problem, request_company};
use platform::env;
use seal::purpose::second_step;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::qr::QrPath;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(give::give_second_step))
        .routes(routes!(set_up::begin_setup_at_sign_in))
        .routes(routes!(set_up::confirm_setup_at_sign_in))
        .routes(routes!(get::get_my_second_step, begin::begin_my_second_step, confirm::confirm_my_second_step, remove::remove_my_second_step))
        .routes(routes!(renew_codes::renew_my_recovery_codes))
        .routes(routes!(prove::prove_again))
        .routes(routes!(reset::reset_second_step))
}

/// What an authenticator app is given to be set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApp {
    /// The setup key, for those who cannot scan.
    #[schema(format = "secret")]
    pub setup_key: String,
    /// The address that the QR code contains.
    pub address: String,
    /// The QR code.
    pub qr: QrPath,
}

/// Recovery codes, which are shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes; each is used once, in place of a code of the app.
    #[schema(format = "secret")]
    pub recovery_codes: Vec<String>,
}

fn open(app: &App, tenant: TenantId, agent: AgentId, sealed: &[u8]) -> Result<Vec<u8>, Problem> {
    app.sealer().open(&second_step(tenant, agent), sealed).ok_or_else(|| Problem::internal(&seal::CannotSeal))
}

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal(&error))?;
    Ok(bytes)
}

/// A new secret for a member's app: sealed, and as it is shown to them.
async fn new_app(app: &App, tenant: TenantId, agent: AgentId) -> Result<(Vec<u8>, NewApp), Problem> {
    let (member, company) = {
        let mut tx = app.db().read_of(tenant).await?;
        (store::staff::get(&mut tx, tenant, agent).await?, store::tenants::get(&mut tx, tenant).await?.name)
    };
    let secret = random::<{ totp::SECRET_BYTES }>()?;
    let sealed = app.sealer().seal(&second_step(tenant, agent), &secret).map_err(|error| Problem::internal(&error))?;
    let mut address = totp::address(company.get(Lang::Zh), &member.email, &secret);
    // An address may be longer than a QR code can be.
    let qr = match qr::of(&address) {
        Some(qr) => qr,
        None => {
            address = totp::address(company.get(Lang::Zh), &member.number, &secret);
            qr::of(&address).ok_or_else(|| Problem::internal(&std::fmt::Error))?
        }
    };
    Ok((sealed, NewApp { setup_key: totp::setup_key(&secret), address, qr }))
}

/// New recovery codes of a member, and the digests that are stored.
fn new_codes(app: &App, agent: AgentId) -> Result<(RecoveryCodes, Vec<Vec<u8>>), Problem> {
    let mut bytes = [[0; 10]; recovery_codes::COUNT];
    for code in &mut bytes {
        *code = random()?;
    }
    let recovery_codes = recovery_codes::generate(&bytes);
    let digests = recovery_codes.iter().filter_map(|code| recovery_codes::letters(code)).map(|letters| recovery_codes::digest(&app.vault(), agent, &letters));
    let digests = digests.collect();
    Ok((RecoveryCodes { recovery_codes }, digests))
}

/// The member whose sign-in waits for the second step under this token.
pub async fn waiting(app: &App, token: &str, asked: &Asked) -> Result<(TenantId, AgentId), Problem> {
    let found = store::entry_points::sign_in_step(app.db(), &env::hash(token)).await?;
    let (tenant, agent) = found.filter(|&(tenant, _)| request_company::enter(tenant)).ok_or_else(over)?;
    // Whoever fails is not known to be the member: the audit counts it as a try to be them.
    request_company::note_asking(tenant, Actor::system(), asked.clone().making(&agent));
    Ok((tenant, agent))
}

/// The refusal of a sign-in that no longer waits.
pub fn over() -> Problem {
    Problem::new(StatusCode::GONE, Code::SecondStepOver, "this sign-in has ended; begin again")
}

fn already_set_up() -> Problem {
    Problem::conflict(Code::SecondStepOn, "two-step verification is set up already; remove it first")
}
