//! How often customers may try, and how often something is sent to somebody. Whoever asks is counted by network first, and that count is never given back: what
//! costs a stranger nothing costs tries of its own network. Each limit counts for itself.

use domain::{
    customer::Identifier,
    id::{CustomerId, TenantId},
    time::{HOUR, MINUTE},
};

use super::puzzle::{self, PuzzleProof};
use service::vault::hex;

use crate::{
    App,
    auth::{
        attempts::{Attempts, Limit},
        password::Place,
        tries::CustomerTries,
    },
    client_address::ClientAddress,
    cluster::tally::Tally,
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
/// Wrong sign-ins of one account from one network, puzzle or not. From everywhere together there is no limit that a stranger could use up: each of them costs a puzzle.
const WRONG_OF_FROM: Limit = Limit { tries: 10, within_ms: 15 * MINUTE };
/// Wrong sign-ins from one network, puzzle or not.
const WRONG_FROM: Limit = Limit { tries: 60, within_ms: 15 * MINUTE };
/// Wrong old passwords of somebody who is signed in.
const OLD_PASSWORDS: Limit = Limit { tries: 5, within_ms: 15 * MINUTE };
/// Codes and links tried from one network; each has few tries of its own.
const CODES_FROM: Limit = Limit { tries: 120, within_ms: 15 * MINUTE };

/// Links looked at from one network, to see whether they are still good; that uses none up.
const LOOKS_FROM: Limit = Limit { tries: 120, within_ms: 15 * MINUTE };

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

fn tally<'a>(app: &'a App, name: &'static str, of: impl FnOnce(&'a CustomerTries) -> &'a Attempts) -> Tally<'a> {
    Tally::new(name, of(&app.shared().customers), app.live().cluster().redis())
}

async fn take(app: &App, name: &'static str, of: impl FnOnce(&CustomerTries) -> &Attempts, key: &str, limit: Limit) -> Result<(), Problem> {
    tally(app, name, of).take(key, limit, app.env().now()).await.map_err(Problem::too_many)
}

async fn take_from(app: &App, name: &'static str, of: impl FnOnce(&CustomerTries) -> &Attempts, address: ClientAddress, limit: Limit) -> Result<(), Problem> {
    tally(app, name, of).take_from(address, limit, app.env().now()).await.map_err(Problem::too_many)
}

/// Whether something may be sent once more. This machine itself may always ask: tools, and a proxy that was not made known, behind which everybody has one address.
pub(super) async fn may_send(app: &App, why: Sending, tenant: TenantId, to: &Identifier, address: ClientAddress) -> Result<(), Problem> {
    let mailbox = hex(&app.vault().mailbox(tenant, to));
    let [from, to_from, to] = match why {
        Sending::Register => ["register from", "register to from", "register to"],
        Sending::Recover => ["recover from", "recover to from", "recover to"],
        Sending::StepUp => ["step up from", "step up to from", "step up to"],
        Sending::Change => ["change from", "change to from", "change to"],
    };
    if !address.is_this_machine() {
        take_from(app, from, |tries| &tries.sent[why as usize].from, address, SENT_FROM).await?;
    }
    take(app, to_from, |tries| &tries.sent[why as usize].to_from, &format!("{mailbox} {}", address.network()), SENT_TO_FROM).await?;
    take(app, to, |tries| &tries.sent[why as usize].to, &mailbox, SENT_TO).await
}

/// Whether one more code may be tried from here.
pub(super) async fn may_try_code(app: &App, address: ClientAddress) -> Result<(), Problem> {
    take_from(app, "codes from", |tries| &tries.codes_from, address, CODES_FROM).await
}

/// Whether one more link may be looked at from here.
pub(super) async fn may_look(app: &App, address: ClientAddress) -> Result<(), Problem> {
    take_from(app, "looks from", |tries| &tries.looks_from, address, LOOKS_FROM).await
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
    here: String,
    address: ClientAddress,
    is_free: bool,
    place: Place,
}

impl SignInTry {
    /// Counts a try in: by network, then, if it is free or proves work, by account. Who finds no place among those whose password is checked has not tried, and who
    /// is told to solve a puzzle first leaves nothing behind but the network's count.
    pub(super) async fn begin(app: &App, lookup: &[u8], address: ClientAddress, proof: Option<&PuzzleProof>) -> Result<Self, Problem> {
        let place = puzzle::place(&app.shared().passwords.customers, address, proof)?;
        let account = hex(lookup);
        let here = format!("{account} {}", address.network());
        if !address.is_this_machine() {
            take_from(app, "sign-ins from", |tries| &tries.sign_ins_from, address, SIGN_INS_FROM).await?;
        }
        let is_free = take_from(app, "free from", |tries| &tries.free_from, address, FREE).await.is_ok()
            && take(app, "free of", |tries| &tries.free_of, &account, FREE).await.is_ok();
        match proof {
            Some(proof) => puzzle::spend(app, proof).await?,
            None if is_free => {}
            None => return Err(puzzle::required()),
        }
        take_from(app, "wrong from", |tries| &tries.wrong_from, address, WRONG_FROM).await?;
        take(app, "wrong of from", |tries| &tries.wrong_of_from, &here, WRONG_OF_FROM).await?;
        Ok(Self { account, here, address, is_free, place })
    }

    /// Checks the password. It was no try if that could not be done.
    pub(super) async fn fits(self, app: &App, password: String, stored: Option<String>) -> Result<Tried, Problem> {
        let Self { account, here, address, is_free, place } = self;
        let this = Counted { account, here, address, is_free };
        match app.shared().passwords.customers.fits_at(place, password, stored).await {
            Ok(true) => Ok(Tried::Right(this)),
            Ok(false) => Ok(Tried::Wrong),
            Err(problem) => {
                this.give_back(app).await;
                Err(problem)
            }
        }
    }
}

/// How a try ended.
pub(super) enum Tried {
    /// It counts.
    Wrong,
    /// It was no wrong one, once it has led to a session.
    Right(Counted),
}

/// What a try was counted by.
pub(super) struct Counted {
    account: String,
    here: String,
    address: ClientAddress,
    is_free: bool,
}

impl Counted {
    async fn give_back(&self, app: &App) {
        tally(app, "wrong of from", |tries| &tries.wrong_of_from).give_back(&self.here).await;
        tally(app, "wrong from", |tries| &tries.wrong_from).give_back_from(self.address).await;
        if self.is_free {
            tally(app, "free from", |tries| &tries.free_from).give_back_from(self.address).await;
            tally(app, "free of", |tries| &tries.free_of).give_back(&self.account).await;
        }
    }

    /// It went well: what was wrong before is forgotten.
    pub(super) async fn went_well(self, app: &App) {
        self.give_back(app).await;
        tally(app, "wrong of from", |tries| &tries.wrong_of_from).forget(&self.here).await;
        tally(app, "free of", |tries| &tries.free_of).forget(&self.account).await;
    }
}
