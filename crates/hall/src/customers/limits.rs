//! Limits how often customers may try to sign in, and how often letters are sent. Requests are counted by network first, and that count is never given back:
//! what costs a stranger nothing uses up the attempts of their own network. Each limit is counted separately.

use domain::{
    customer::Identifier,
    id::{CustomerId, TenantId},
    time::{HOUR, MINUTE},
};
use http_kit::{
    App,
    auth::{
        attempts::{Attempts, Limit},
        mailboxes,
        password::Place,
        puzzle::{self, PuzzleProof},
        tally::Tally,
        tries::CustomerTries,
    },
    problem::Problem,
};
use platform::client_address::ClientAddress;
use seal::vault::hex;

/// Letters of one kind to one address or number that one network requests.
const SENT_TO_FROM: Limit = Limit { tries: 5, within_ms: HOUR };
/// Letters of one kind to one address or number, whoever requests them. This is more than one network gets, so that a stranger alone cannot use up what the
/// owner needs.
const SENT_TO: Limit = Limit { tries: 20, within_ms: HOUR };
/// Letters of one kind that one network requests; a household or an office shares one.
const SENT_FROM: Limit = Limit { tries: 30, within_ms: HOUR };
/// Requests to sign in from one network, right or wrong, with or without a puzzle.
const SIGN_INS_FROM: Limit = Limit { tries: 300, within_ms: 15 * MINUTE };
/// Wrong sign-ins to an account, and from one network, before a puzzle is required.
const FREE: Limit = Limit { tries: 3, within_ms: 15 * MINUTE };
/// Wrong sign-ins to one account from one network, with or without a puzzle. There is no limit for all networks together that a stranger could use up: each of
/// those attempts costs a puzzle.
const WRONG_OF_FROM: Limit = Limit { tries: 10, within_ms: 15 * MINUTE };
/// Wrong sign-ins from one network, with or without a puzzle.
const WRONG_FROM: Limit = Limit { tries: 60, within_ms: 15 * MINUTE };
/// Wrong old passwords of a signed-in customer.
const OLD_PASSWORDS: Limit = Limit { tries: 5, within_ms: 15 * MINUTE };
/// Codes and links tried from one network; each also has a small number of attempts of its own.
const CODES_FROM: Limit = Limit { tries: 120, within_ms: 15 * MINUTE };

/// Links checked from one network to see whether they are still valid, which does not use them up.
const LOOKS_FROM: Limit = Limit { tries: 120, within_ms: 15 * MINUTE };

/// Why a letter is sent. Each reason has limits of its own: requesting accounts in somebody's name does not lock its owner out of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    /// Somebody requests an account.
    Register,
    /// Somebody has forgotten the password.
    Recover,
    /// A signed-in customer proves their identity.
    StepUp,
    /// A signed-in customer changes the address or number.
    Change,
}

fn tally<'a>(app: &'a App, name: &'static str, of: impl FnOnce(&'a CustomerTries) -> &'a Attempts) -> Tally<'a> {
    Tally::new(name, of(&app.in_memory().customers), app.cluster().redis())
}

async fn take(app: &App, name: &'static str, of: impl FnOnce(&CustomerTries) -> &Attempts, key: &str, limit: Limit) -> Result<(), Problem> {
    tally(app, name, of).take(key, limit, app.env().now()).await.map_err(Problem::too_many)
}

async fn take_from(app: &App, name: &'static str, of: impl FnOnce(&CustomerTries) -> &Attempts, address: ClientAddress, limit: Limit) -> Result<(), Problem> {
    tally(app, name, of).take_from(address, limit, app.env().now()).await.map_err(Problem::too_many)
}

/// Checks whether another letter may be sent. The limit of a network's requests does not apply to this machine itself: to tools, and to a proxy that was not
/// configured, behind which everybody has one address.
pub(super) async fn may_send(app: &App, why: Sending, tenant: TenantId, identifier: &Identifier, address: ClientAddress) -> Result<(), Problem> {
    let mailbox = hex(&app.vault().mailbox(tenant, identifier));
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
    take(app, to, |tries| &tries.sent[why as usize].to, &mailbox, SENT_TO).await?;
    // What somebody with an account asks for is not counted with what strangers cause, who could lock them out by it.
    if why == Sending::Register { mailboxes::take_letter_to(app, identifier).await } else { Ok(()) }
}

/// Checks whether another code may be tried from this address.
pub(super) async fn may_try_code(app: &App, address: ClientAddress) -> Result<(), Problem> {
    take_from(app, "codes from", |tries| &tries.codes_from, address, CODES_FROM).await
}

/// Checks whether another link may be inspected from this address.
pub(super) async fn may_look(app: &App, address: ClientAddress) -> Result<(), Problem> {
    take_from(app, "looks from", |tries| &tries.looks_from, address, LOOKS_FROM).await
}

/// Checks whether a signed-in customer may try an old password again.
pub(super) async fn may_try_old_password(app: &App, customer: CustomerId) -> Result<(), Problem> {
    take(app, "old passwords", |tries| &tries.old_passwords, &customer.to_string(), OLD_PASSWORDS).await
}

/// Notes that the old password was right.
pub(super) async fn old_password_fits(app: &App, customer: CustomerId) {
    tally(app, "old passwords", |tries| &tries.old_passwords).forget(&customer.to_string()).await;
}

/// An attempt to sign in, counted from its start so that parallel attempts do not slip through.
pub(super) struct SignInTry {
    account: String,
    here: String,
    address: ClientAddress,
    is_free: bool,
    place: Place,
}

impl SignInTry {
    /// Counts an attempt by network and then, if it is free or proves work, by account. A client for which there is no place to check a password has not made
    /// an attempt, and one that is required to solve a puzzle first leaves only the network's count behind.
    pub(super) async fn begin(app: &App, lookup: &[u8], address: ClientAddress, proof: Option<&PuzzleProof>) -> Result<Self, Problem> {
        let place = puzzle::place(&app.in_memory().passwords.customers, address, proof)?;
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
            None => return Err(puzzle::puzzle_required()),
        }
        take_from(app, "wrong from", |tries| &tries.wrong_from, address, WRONG_FROM).await?;
        take(app, "wrong of from", |tries| &tries.wrong_of_from, &here, WRONG_OF_FROM).await?;
        Ok(Self { account, here, address, is_free, place })
    }

    /// Checks the password; if that is not possible, it was not an attempt.
    pub(super) async fn fits(self, app: &App, password: String, stored: Option<String>) -> Result<Tried, Problem> {
        let Self { account, here, address, is_free, place } = self;
        let this = Counted { account, here, address, is_free };
        match app.in_memory().passwords.customers.fits_at(place, password, stored).await {
            Ok(true) => Ok(Tried::Right(this)),
            Ok(false) => Ok(Tried::Wrong),
            Err(problem) => {
                this.give_back(app).await;
                Err(problem)
            }
        }
    }
}

/// The result of an attempt.
pub(super) enum Tried {
    /// The password is wrong; the attempt counts.
    Wrong,
    /// The password is right; the attempt does not count as a wrong one once it has led to a session.
    Right(Counted),
}

/// What an attempt was counted by.
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

    /// Notes that the attempt succeeded: earlier wrong attempts are forgotten.
    pub(super) async fn went_well(self, app: &App) {
        self.give_back(app).await;
        tally(app, "wrong of from", |tries| &tries.wrong_of_from).forget(&self.here).await;
        tally(app, "free of", |tries| &tries.free_of).forget(&self.account).await;
    }
}
