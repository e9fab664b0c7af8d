//! What happens after the first proof of who somebody is: a session begins, or the second step is asked for.
//!
//! Whichever way a sign-in begins, it ends here: [`Proved::settle`] decides in the transaction that uses up the first proof. No session exists before it.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use http_kit::{App, problem::Problem};
use platform::{client_address::ClientAddress, env};
use serde::Serialize;
use store::{jobs::NewJob, sign_in_steps};
use utoipa::ToSchema;

use super::{NewSession, new_network};
use crate::me::view::Me;

/// How somebody has proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By one thing, such as a password or a link from a mailbox.
    One,
    /// By two, such as a password and a code, or a passkey and what unlocks it: no further step is asked for.
    Two,
}

/// Somebody who has proved who they are, and has no session yet.
#[derive(Debug, Clone)]
pub struct Proved {
    tenant: TenantId,
    agent: AgentId,
    proof: Proof,
    session: NewSession,
    /// The secret of the sign-in, if it has to wait for the second step.
    token: String,
    /// The letter that tells of a sign-in from a new network.
    letter: Option<NewJob>,
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// A session has begun.
    Session,
    /// The second step.
    Step(SecondStepAsked),
}

/// What can be given as the second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondStepMethod {
    /// A code of an authenticator app.
    App,
    /// A recovery code.
    RecoveryCode,
    /// A passkey.
    Passkey,
}

/// The first proof was right; nobody is signed in before the second step.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondStepAsked {
    /// Stands for this sign-in; sent with the second step.
    pub token: String,
    /// Until when the second step can be taken; then the sign-in begins again.
    pub expires_at: Ts,
    /// What can be given; none if two-step verification has to be set up first, because the company requires it of this role.
    pub methods: Vec<SecondStepMethod>,
}

impl Proved {
    /// Prepares what comes next for a member who has proved who they are.
    pub async fn prepare(app: &App, headers: &HeaderMap, address: ClientAddress, (tenant, agent): (TenantId, AgentId), proof: Proof) -> Result<Self, Problem> {
        let token = app.env().secret().map_err(|error| Problem::internal(&error))?;
        let session = NewSession::prepare(app, headers, address)?;
        let letter = new_network::letter(app, &session.from, address, tenant, agent).await?;
        Ok(Self { tenant, agent, proof, session, token, letter })
    }

    /// Begins the session, or notes that the sign-in waits for the second step.
    pub async fn settle(&self, tx: &mut Tx) -> store::Result<Next> {
        let methods = if self.proof == Proof::Two { None } else { methods_for(tx, self.tenant, self.agent).await? };
        let Some(methods) = methods else {
            self.begin(tx).await?;
            return Ok(Next::Session);
        };
        sign_in_steps::insert(tx, self.tenant, self.agent, &env::hash(&self.token)).await?;
        Ok(Next::Step(SecondStepAsked { token: self.token.clone(), expires_at: tx.now().plus(sign_in_steps::LIFE_MS), methods }))
    }

    async fn begin(&self, tx: &mut Tx) -> store::Result<()> {
        self.session.begin(tx, self.tenant, self.agent).await?;
        match &self.letter {
            Some(letter) => store::jobs::add(tx, self.tenant, letter).await,
            None => Ok(()),
        }
    }

    /// The answer: who is signed in, with the cookie (201), or the second step that is asked for (202).
    pub async fn answer(&self, app: &App, next: Next) -> Result<Response, Problem> {
        match next {
            Next::Session => self.session.answer(Me::read(app, self.tenant, self.agent).await?),
            Next::Step(asked) => Ok((StatusCode::ACCEPTED, Json(asked)).into_response()),
        }
    }

    /// The answer with more than who is signed in.
    pub async fn answer_with<T: Serialize>(&self, app: &App, make: impl FnOnce(Me) -> T) -> Result<Response, Problem> {
        self.session.answer(make(Me::read(app, self.tenant, self.agent).await?))
    }
}

/// What can be given as the second step; `None` if none is asked for.
async fn methods_for(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> store::Result<Option<Vec<SecondStepMethod>>> {
    let has_app = store::second_steps::find(tx, tenant, agent).await?.is_some_and(|found| found.confirmed_at.is_some());
    if !has_app && !is_required(tx, tenant, agent).await? {
        return Ok(None);
    }
    let mut methods = Vec::new();
    if has_app {
        methods.push(SecondStepMethod::App);
    }
    if store::second_steps::recovery_codes_left(tx, tenant, agent).await? > 0 {
        methods.push(SecondStepMethod::RecoveryCode);
    }
    if !store::passkeys::list(tx, tenant, agent).await?.is_empty() {
        methods.push(SecondStepMethod::Passkey);
    }
    Ok(Some(methods))
}

/// Whether the company requires a second step of a member.
pub async fn is_required(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> store::Result<bool> {
    let required = store::second_steps::required_roles(tx, tenant).await?;
    Ok(!required.is_empty() && required.contains(&store::staff::get(tx, tenant, agent).await?.role))
}
