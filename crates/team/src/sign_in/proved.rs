//! What happens after the first proof of who somebody is: a session begins, or the second step is asked for.
//!
//! Whichever way a sign-in begins, it ends here: [`Proved::settle`] decides in the transaction that uses up the proof. No session exists before it, and none
//! begins anywhere else: what a company requires of a sign-in is asked once, for all ways.
//!
//! A sign-in is one line in the audit, written when the session begins, which says by which steps it was.

use std::fmt;

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    journal::Actor,
    time::Ts,
};
use http_kit::{App, audit::Asked, denied::address_denied, fault::Fault, problem::Problem, request_company};
use platform::{client_address::ClientAddress, env};
use seal::Sealer;
use serde::Serialize;
use serde_json::json;
use store::{
    TenantTx,
    jobs::NewJob,
    sign_in_steps::{self, FirstStep, LinkUse},
};
use utoipa::ToSchema;

use super::{NewSession, inspect_link, new_network, single_sign_on};
use crate::{me::view::Me, second_step};

/// How somebody has proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// By the password.
    Password,
    /// By a one-time link, from a mailbox or a colleague. It is used up, and the password chosen with it is stored, when the session begins: a link that was
    /// stolen changes nothing where a second step is asked for, and one whose owner does not take that step in time can be used again.
    Link {
        /// What is used up.
        used: LinkUse,
        /// Whether the link was sent because the password was forgotten.
        is_recovery: bool,
    },
    /// By a passkey. It counts as both steps: the device has verified its owner.
    Passkey,
    /// By way of the company's identity provider.
    Provider {
        /// Whether it says that it has asked for two proofs.
        by_two: bool,
    },
    /// By the second step of a sign-in that waited for it.
    SecondStep {
        /// The hash of the token under which it waited.
        token_hash: Vec<u8>,
        /// How it was taken.
        way: Way,
    },
}

impl Proof {
    /// Whether a second step can still be asked for.
    const fn is_first(&self) -> bool {
        match self {
            Self::Password | Self::Link { .. } | Self::Provider { by_two: false } => true,
            Self::Passkey | Self::Provider { by_two: true } | Self::SecondStep { .. } => false,
        }
    }
    /// The step, as the audit names it.
    const fn way(&self) -> Way {
        match self {
            Self::Password => Way::Password,
            Self::Link { is_recovery: false, .. } => Way::Link,
            Self::Link { is_recovery: true, .. } => Way::RecoveryLink,
            Self::Passkey => Way::Passkey,
            Self::Provider { .. } => Way::SingleSignOn,
            Self::SecondStep { way, .. } => *way,
        }
    }
}

/// A step by which somebody proves who they are, as the audit names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The password.
    Password,
    /// A one-time link that a colleague made.
    Link,
    /// A one-time link that was sent to the member's mailbox.
    RecoveryLink,
    /// A code of an authenticator app.
    App,
    /// A recovery code.
    RecoveryCode,
    /// The company's identity provider.
    SingleSignOn,
    /// A passkey, which stands for two proofs: the device, and what unlocks it.
    Passkey,
}

impl Way {
    /// The name in the audit and in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Link => "link",
            Self::RecoveryLink => "recovery_link",
            Self::App => "app",
            Self::RecoveryCode => "recovery_code",
            Self::SingleSignOn => "single_sign_on",
            Self::Passkey => "passkey",
        }
    }
}

/// Somebody who has proved who they are, and has no session yet.
#[derive(Clone)]
pub struct Proved {
    tenant: TenantId,
    agent: AgentId,
    proof: Proof,
    asked: Asked,
    sealer: Sealer,
    session: NewSession,
    /// Whether the company's rules let members in at the address from which this one comes.
    is_let_in: bool,
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
    #[schema(format = "secret")]
    pub token: String,
    /// Until when the second step can be taken; then the sign-in begins again.
    pub expires_at: Ts,
    /// What can be given; none if two-step verification has to be set up first, because the company requires it of this role.
    pub methods: Vec<SecondStepMethod>,
}

impl fmt::Debug for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proved").field("tenant", &self.tenant).field("agent", &self.agent).field("proof", &self.proof.way()).finish_non_exhaustive()
    }
}

impl Proved {
    /// Prepares what comes next for a member who has proved who they are in this way.
    pub async fn prepare(
        app: &App,
        headers: &HeaderMap,
        address: ClientAddress,
        (tenant, agent): (TenantId, AgentId),
        (proof, asked): (Proof, Asked),
    ) -> Result<Self, Problem> {
        let token = app.env().secret().map_err(|error| Problem::internal(&error))?;
        let session = NewSession::prepare(app, headers, address)?;
        let letter = new_network::letter(app, &session.from, address, tenant, agent).await?;
        let is_let_in = request_company::lets_staff_in(address);
        Ok(Self { tenant, agent, proof, asked, sealer: app.sealer(), session, is_let_in, token, letter })
    }

    /// Begins the session, or notes that the sign-in waits for the second step. It is refused if the company requires single sign-on and this is another way, and at an
    /// address at which the company lets no members in, unless it began with a link from the terminal.
    pub async fn settle(&self, tx: &mut Tx) -> Result<Next, Fault> {
        let (tenant, agent) = (self.tenant, self.agent);
        let (first, link) = match &self.proof {
            Proof::Password | Proof::Passkey => {
                single_sign_on::required::refuse_others(tx, tenant).await?;
                (None, None)
            }
            Proof::Link { used, .. } => {
                single_sign_on::required::refuse_link(tx, tenant, agent).await?;
                (None, Some(used.clone()))
            }
            // Whoever takes the second step was let in by the first.
            Proof::SecondStep { token_hash, .. } => {
                let FirstStep { way, link } = sign_in_steps::spend(tx, tenant, token_hash).await.map_err(Fault::if_stale(second_step::over))?;
                (Some(way), link)
            }
            Proof::Provider { .. } => (None, None),
        };
        let is_way_back = match &link {
            Some(link) => store::sign_in_links::is_way_back(tx, tenant, &link.token_hash).await?,
            None => false,
        };
        if !self.is_let_in && !is_way_back {
            return Err(address_denied().into());
        }
        let way = self.proof.way().as_str();
        let methods = if self.proof.is_first() { methods_for(tx, tenant, agent).await? } else { None };
        let Some(methods) = methods else {
            let mut says = self.asked.clone().saying_also("steps", json!(first.as_deref().into_iter().chain([way]).collect::<Vec<_>>()));
            if let Some(link) = link {
                self.use_up(tx, &link).await?;
                says = says.saying_also("password_set", json!(link.password_hash.is_some()));
            }
            self.begin(tx, says).await?;
            if is_way_back {
                store::staff_sessions::admit_everywhere(tx, tenant, self.session.id).await?;
            }
            return Ok(Next::Session);
        };
        sign_in_steps::insert(tx, tenant, agent, &env::hash(&self.token), way, link.as_ref()).await?;
        Ok(Next::Step(SecondStepAsked { token: self.token.clone(), expires_at: tx.now().plus(sign_in_steps::LIFE_MS), methods }))
    }

    /// Whose sign-in it is.
    pub const fn agent(&self) -> AgentId {
        self.agent
    }

    /// Uses up a one-time link and stores the password that was chosen with it.
    async fn use_up(&self, tx: &mut Tx, link: &LinkUse) -> Result<(), Fault> {
        let (tenant, agent) = (self.tenant, self.agent);
        store::sign_in_links::spend(tx, tenant, &link.token_hash).await.map_err(Fault::if_stale(inspect_link::link_spent))?;
        if let Some(password_hash) = &link.password_hash {
            store::staff::set_password(tx, tenant, agent, password_hash).await?;
            // Sessions begun with the old password or another link end.
            store::staff_sessions::end_all(tx, tenant, agent).await?;
            store::sign_in_links::spend_all(tx, tenant, agent).await?;
        }
        Ok(())
    }

    async fn begin(&self, tx: &mut Tx, says: Asked) -> store::Result<()> {
        let by = Actor::agent(self.agent, &store::staff::get(tx, self.tenant, self.agent).await?.name);
        says.note(&mut TenantTx::new(tx, self.tenant, by), &self.sealer, b"").await?;
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
