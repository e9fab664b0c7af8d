//! How often customers may try, and how often something is sent to somebody. Whoever asks is counted by network first, and that count is never given back: what
//! costs a stranger nothing costs tries of its own network. Each limit counts for itself.

use domain::{
    customer::Identifier,
    id::{CustomerId, TenantId},
    time::{HOUR, MINUTE},
};

use super::puzzle::{self, PuzzleProof};
use crate::{
    App,
    auth::attempts::{Attempts, Limit},
    cluster::tally::Tally,
    extract::ClientAddress,
    personal::hex,
    problem::Problem,
};

/// Messages of one sort to one address or number that one network asks for.
const SENT_TO_FROM: Limit = Limit { tries: 5, within_ms: HOUR };
/// Messages of one sort to one address or number, whoever asks. Above what one network gets, so that a stranger alone cannot use up what its owner needs.
const SENT_TO: Limit = Limit { tries: 20, within_ms: HOUR };
/// Messages of one sort that one network asks for; a household, or an office, shares one.
const SENT_FROM: Limit = Limit { tries: 30, within_ms: HOUR };
/// Requests to sign in from one network, right or wrong, with a puzzle or without.
const SIGN_INS_FROM: Limit = Limit { tries: 300, within_ms: 15 * MINUTE };
/// Wrong sign-ins of an account, and from one network, before a puzzle is to be solved.
const FREE: Limit = Limit { tries: 3, within_ms: 15 * MINUTE };
/// Wrong sign-ins of one account, puzzle or not.
const WRONG_OF: Limit = Limit { tries: 10, within_ms: 15 * MINUTE };
/// Wrong sign-ins from one network, puzzle or not.
const WRONG_FROM: Limit = Limit { tries: 60, within_ms: 15 * MINUTE };
/// Wrong old passwords of somebody who is signed in.
const OLD_PASSWORDS: Limit = Limit { tries: 5, within_ms: 15 * MINUTE };
/// Codes and links tried from one network; each has few tries of its own.
const CODES_FROM: Limit = Limit { tries: 120, within_ms: 15 * MINUTE };

/// Links looked at from one network, to see whether they are still good; that uses none up.
const LOOKS_FROM: Limit = Limit { tries: 120, within_ms: 15 * MINUTE };

/// What was tried, by limit.
#[derive(Debug, Default)]
pub struct Tries {
    sign_ins_from: Attempts,
    free_of: Attempts,
    free_from: Attempts,
    wrong_of: Attempts,
    wrong_from: Attempts,
    old_passwords: Attempts,
    codes_from: Attempts,
    looks_from: Attempts,
    sent: [SentTries; 4],
}

/// Messages of one sort.
#[derive(Debug, Default)]
struct SentTries {
    from: Attempts,
    to: Attempts,
    to_from: Attempts,
}

/// Why something is sent. Each reason has limits of its own: who asks for accounts in somebody's name does not keep them from their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    /// Somebody asks for an account.
    Register,
    /// Somebody forgot the password.
    Recover,
    /// Somebody who is signed in proves to be who they were.
    StepUp,
    /// Somebody who is signed in takes another address or number.
    Change,
}

fn tally<'a>(app: &'a App, name: &'static str, of: impl FnOnce(&'a Tries) -> &'a Attempts) -> Tally<'a> {
    Tally::new(name, of(&app.shared().customers), app.live().cluster().redis())
}

async fn take(app: &App, name: &'static str, of: impl FnOnce(&Tries) -> &Attempts, key: &str, limit: Limit) -> Result<(), Problem> {
    tally(app, name, of).take(key, limit, app.env().now()).await.map_err(Problem::too_many)
}

/// Whether something may be sent once more. This machine itself may always ask: tools, and a proxy that was not made known, behind which everybody has one address.
pub(super) async fn may_send(app: &App, why: Sending, tenant: TenantId, to: &Identifier, address: ClientAddress) -> Result<(), Problem> {
    let network = address.network();
    let mailbox = hex(&app.vault().mailbox(tenant, to));
    let [from, to_from, to] = match why {
        Sending::Register => ["register from", "register to from", "register to"],
        Sending::Recover => ["recover from", "recover to from", "recover to"],
        Sending::StepUp => ["step up from", "step up to from", "step up to"],
        Sending::Change => ["change from", "change to from", "change to"],
    };
    if !address.is_this_machine() {
        take(app, from, |tries| &tries.sent[why as usize].from, &network, SENT_FROM).await?;
    }
    take(app, to_from, |tries| &tries.sent[why as usize].to_from, &format!("{mailbox} {network}"), SENT_TO_FROM).await?;
    take(app, to, |tries| &tries.sent[why as usize].to, &mailbox, SENT_TO).await
}

/// Whether one more code may be tried from here.
pub(super) async fn may_try_code(app: &App, address: ClientAddress) -> Result<(), Problem> {
    take(app, "codes from", |tries| &tries.codes_from, &address.network(), CODES_FROM).await
}

/// Whether one more link may be looked at from here.
pub(super) async fn may_look(app: &App, address: ClientAddress) -> Result<(), Problem> {
    take(app, "looks from", |tries| &tries.looks_from, &address.network(), LOOKS_FROM).await
}

/// Whether somebody who is signed in may try an old password once more.
pub(super) async fn may_try_old_password(app: &App, customer: CustomerId) -> Result<(), Problem> {
    take(app, "old passwords", |tries| &tries.old_passwords, &customer.to_string(), OLD_PASSWORDS).await
}

/// The old password was right.
pub(super) async fn old_password_fits(app: &App, customer: CustomerId) {
    tally(app, "old passwords", |tries| &tries.old_passwords).forget(&customer.to_string()).await;
}

/// A try to sign in, counted from its beginning, so that parallel ones do not slip through.
pub(super) struct SignInTry {
    account: String,
    network: String,
    is_free: bool,
}

impl SignInTry {
    /// Counts a try in: by network, then, if it is free or proves work, by account. Who is told to solve a puzzle first leaves nothing behind but the network's count.
    pub(super) async fn begin(app: &App, lookup: &[u8], address: ClientAddress, proof: Option<&PuzzleProof>) -> Result<Self, Problem> {
        let (account, network) = (hex(lookup), address.network());
        if !address.is_this_machine() {
            take(app, "sign-ins from", |tries| &tries.sign_ins_from, &network, SIGN_INS_FROM).await?;
        }
        let is_free = take(app, "free from", |tries| &tries.free_from, &network, FREE).await.is_ok()
            && take(app, "free of", |tries| &tries.free_of, &account, FREE).await.is_ok();
        match proof {
            Some(proof) => puzzle::spend(app, proof).await?,
            None if is_free => {}
            None => return Err(puzzle::required()),
        }
        take(app, "wrong from", |tries| &tries.wrong_from, &network, WRONG_FROM).await?;
        take(app, "wrong of", |tries| &tries.wrong_of, &account, WRONG_OF).await?;
        Ok(Self { account, network, is_free })
    }

    /// It went well: it was no wrong one.
    pub(super) async fn went_well(self, app: &App) {
        tally(app, "wrong of", |tries| &tries.wrong_of).forget(&self.account).await;
        tally(app, "free of", |tries| &tries.free_of).forget(&self.account).await;
        tally(app, "wrong from", |tries| &tries.wrong_from).give_back(&self.network).await;
        if self.is_free {
            tally(app, "free from", |tries| &tries.free_from).give_back(&self.network).await;
        }
    }
}
