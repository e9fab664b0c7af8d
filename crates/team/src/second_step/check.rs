//! Checks a code that was typed as the second step: one of the app, or a recovery code.

use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    refusal::Code,
    time::MINUTE,
};
use http_kit::{
    App,
    auth::{attempts::Limit, tally::Tally},
    fault::Fault,
    problem::Problem,
};
use normal::typed::typed;

use super::{recovery_codes, totp};
use crate::sign_in::proved::Way;

/// Wrong codes of one member, whichever way they come: then there is a wait. A code has a million values, of which three are right at a time.
const WRONG: Limit = Limit { tries: 10, within_ms: 15 * MINUTE };

/// A code that was right when it was checked, and has to be used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Of the app: the time step.
    App(i64),
    /// A recovery code: its digest.
    Recovery(Vec<u8>),
}

impl Given {
    /// What the code is of.
    pub const fn way(&self) -> Way {
        match self {
            Self::App(_) => Way::App,
            Self::Recovery(_) => Way::RecoveryCode,
        }
    }
    /// Uses the code up, in the transaction of what it allows. Of several uses at once exactly one succeeds.
    pub async fn use_up(&self, tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<(), Fault> {
        let used = match self {
            Self::App(step) => store::second_steps::use_step(tx, tenant, agent, *step).await,
            Self::Recovery(digest) => store::second_steps::use_recovery_code(tx, tenant, agent, digest).await,
        };
        used.map_err(Fault::if_stale(wrong))
    }
}

/// Counts an attempt of a member, before it is checked.
pub async fn count(app: &App, agent: AgentId) -> Result<(), Problem> {
    tally(app).take(&agent.to_string(), WRONG, app.env().now()).await.map_err(Problem::too_many)
}

/// Forgets the wrong attempts of a member, because one was right.
pub async fn forget(app: &App, agent: AgentId) {
    tally(app).forget(&agent.to_string()).await;
}

fn tally(app: &App) -> Tally<'_> {
    Tally::new("second steps of staff", &app.in_memory().second_steps, app.cluster().redis())
}

/// What was typed, if it can be right. Whether a recovery code exists turns out when it is used up.
pub async fn read(app: &App, tenant: TenantId, agent: AgentId, code: &str) -> Result<Given, Problem> {
    let found = store::second_steps::find(&mut app.db().read_of(tenant).await?, tenant, agent).await?.filter(|found| found.confirmed_at.is_some());
    let Some(found) = found else { return Err(wrong()) };
    let code = typed(code);
    if let Some(letters) = recovery_codes::letters(&code) {
        return Ok(Given::Recovery(recovery_codes::digest(&app.vault(), agent, &letters)));
    }
    let secret = super::open(app, tenant, agent, &found.secret)?;
    let step = digits(&code).and_then(|code| totp::step_of(&secret, code, app.env().now(), found.last_step));
    step.map(Given::App).ok_or_else(wrong)
}

/// The number of a code of the app, whatever separates its digits.
pub fn digits(code: &str) -> Option<u32> {
    let digits: String = code.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.len() == totp::DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// The refusal of a code, which does not say why.
pub fn wrong() -> Problem {
    Problem::invalid("code", Code::SecondStepWrong, "the code is wrong, or was used already")
}
