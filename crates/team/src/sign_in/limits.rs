//! Limits how often staff may try to sign in.
//!
//! No network may try without limit, be it one account or many. Since an office shares its network with its guests, a few wrong passwords for an account from
//! there require a puzzle, and only more of them a wait. Wrong passwords for one account from everywhere make nobody wait, or strangers could lock its owner
//! out: beyond a limit, attempts from networks its owner has not signed in from before require a puzzle.

use domain::{id::TenantId, time::MINUTE};
use http_kit::{
    App,
    auth::{
        attempts::{Attempts, Limit},
        known::SignInPlace,
        puzzle,
        tally::Tally,
        tries::StaffTries,
    },
    problem::Problem,
};
use platform::client_address::ClientAddress;
use store::staff::Member;

/// Wrong passwords for one account from one network before a puzzle is required.
const FREE: Limit = Limit { tries: 3, within_ms: 15 * MINUTE };
/// Wrong passwords for one account from one network, with or without a puzzle.
const PER_ACCOUNT: Limit = Limit { tries: 10, within_ms: 15 * MINUTE };
/// Wrong passwords for one account from everywhere before a puzzle is required.
const PER_ACCOUNT_EVERYWHERE: Limit = Limit { tries: 50, within_ms: 15 * MINUTE };
/// Wrong passwords from one network, which an office shares.
const PER_NETWORK: Limit = Limit { tries: 30, within_ms: 15 * MINUTE };

fn tally<'a>(app: &'a App, name: &'static str, of: impl FnOnce(&'a StaffTries) -> &'a Attempts) -> Tally<'a> {
    Tally::new(name, of(&app.in_memory().sign_ins), app.cluster().redis())
}

/// An attempt to sign in from somewhere, counted from its start so that parallel attempts do not slip through.
pub(crate) struct SignInTry<'a> {
    app: &'a App,
    address: ClientAddress,
}

impl<'a> SignInTry<'a> {
    /// Counts an attempt by network.
    pub(crate) async fn begin(app: &'a App, address: ClientAddress) -> Result<Self, Problem> {
        tally(app, "sign-ins of staff from", |tries| &tries.from).take_from(address, PER_NETWORK, app.env().now()).await.map_err(Problem::too_many)?;
        Ok(Self { app, address })
    }

    /// Removes the attempt from the counts.
    pub(crate) async fn give_back(&self) {
        tally(self.app, "sign-ins of staff from", |tries| &tries.from).give_back_from(self.address).await;
    }

    /// Counts the attempt for its account as well. A client that is required to solve a puzzle first has not made an attempt yet.
    pub(super) async fn of(self, tenant: Option<TenantId>, email: &str, member: Option<&Member>, is_proved: bool) -> Result<OfAccount<'a>, Problem> {
        let (app, now) = (self.app, self.app.env().now());
        let account = format!("{} {email}", tenant.map_or_else(String::new, |tenant| tenant.to_string()));
        let here = format!("{account} {}", self.address.network());
        tally(app, "sign-ins of a member from", |tries| &tries.of_from).take(&here, PER_ACCOUNT, now).await.map_err(Problem::too_many)?;
        let is_free = tally(app, "free sign-ins of a member from", |tries| &tries.free_of_from).take(&here, FREE, now).await.is_ok();
        let is_counted = tally(app, "sign-ins of staff", |tries| &tries.of).take(&account, PER_ACCOUNT_EVERYWHERE, now).await.is_ok();
        let this = OfAccount { from: self, account, here, is_free, is_counted };
        if is_proved || (is_free && (is_counted || this.comes_from_where_its_owner_was(member).await?)) {
            return Ok(this);
        }
        this.give_back().await;
        Err(puzzle::puzzle_required())
    }
}

/// An attempt to sign in to an account.
pub(super) struct OfAccount<'a> {
    from: SignInTry<'a>,
    account: String,
    here: String,
    is_free: bool,
    is_counted: bool,
}

impl OfAccount<'_> {
    async fn comes_from_where_its_owner_was(&self, member: Option<&Member>) -> Result<bool, Problem> {
        let Some(Member { tenant, id, .. }) = member else { return Ok(false) };
        let SignInTry { app, address } = self.from;
        Ok(SignInPlace::new(app, address).is_known(&mut app.db().read_of(*tenant).await?, *tenant, *id).await?)
    }

    /// Removes the attempt from the counts.
    pub(super) async fn give_back(&self) {
        let SignInTry { app, address } = self.from;
        tally(app, "sign-ins of staff from", |tries| &tries.from).give_back_from(address).await;
        tally(app, "sign-ins of a member from", |tries| &tries.of_from).give_back(&self.here).await;
        if self.is_free {
            tally(app, "free sign-ins of a member from", |tries| &tries.free_of_from).give_back(&self.here).await;
        }
        if self.is_counted {
            tally(app, "sign-ins of staff", |tries| &tries.of).give_back(&self.account).await;
        }
    }

    /// Notes that the attempt succeeded: earlier wrong passwords for this account from this network are forgotten.
    pub(super) async fn went_well(&self) {
        self.give_back().await;
        tally(self.from.app, "sign-ins of a member from", |tries| &tries.of_from).forget(&self.here).await;
        tally(self.from.app, "free sign-ins of a member from", |tries| &tries.free_of_from).forget(&self.here).await;
    }
}
