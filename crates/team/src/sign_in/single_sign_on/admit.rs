//! Decides which member somebody is of whom an identity provider has spoken, and in which role they are let in.
//!
//! A member is found by the identity they signed in with before, and the first time by their verified address. An identity stays with its member; an address that
//! belongs to another member is refused.

use db::Tx;
use domain::{
    entry::Changed,
    graphemes,
    id::{AgentId, TenantId},
    mail_address::MailAddress,
    policy,
    refusal::Code,
    revision::Revision,
    single_sign_on::Rules,
    staff::{self, Role},
};
use http_kit::{App, fault::Fault, problem::Problem};
use store::{
    TenantTx,
    staff::{Member, roster::Person},
};

use super::{claims::Said, refusal};
use crate::staff::{
    new_member::{self, NewMember},
    no_seat,
    role_change::{self, Holder},
};

/// The most conversations that a new member serves at once; somebody who manages people can change it.
const CAPACITY: i64 = 5;
/// The longest name of a member, in characters.
const NAME_CHARS: usize = 40;

/// Somebody whom an identity provider vouches for with an address that is let in.
#[derive(Debug, Clone)]
pub(super) struct Vouched {
    subject: Vec<u8>,
    address: MailAddress,
    groups: Vec<String>,
    by_two: bool,
    /// Who they become if they are no member yet.
    fresh: Member,
}

impl Vouched {
    /// Checks what the identity provider said, before anything is looked up.
    pub(super) fn of(app: &App, said: Said, rules: &Rules, tenant: TenantId) -> Result<Self, Problem> {
        let Said { subject, address, is_verified, name, groups, by_two } = said;
        let Some(address) = address.filter(|address| rules.lets_in(address)) else {
            return Err(refusal(Code::SingleSignOnAddressRefused, "the identity provider gave no address of your company's mail domains"));
        };
        if !is_verified {
            let title = "the identity provider has not verified your address: confirm it there, then sign in again";
            return Err(refusal(Code::SingleSignOnAddressUnverified, title));
        }
        let name = name_of(name.as_deref(), &address);
        let email = address.text().to_owned();
        // The role is decided in the transaction.
        let new = NewMember { role: policy::LEAST_ROLE, name, email, number: None, capacity: CAPACITY };
        let fresh = new.checked()?.prepare(app.env(), tenant);
        Ok(Self { subject, address, groups: groups.unwrap_or_default(), by_two, fresh })
    }

    /// Whether the identity provider says that it has asked for two proofs.
    pub(super) const fn by_two(&self) -> bool {
        self.by_two
    }

    /// The member this would be now; who is new has the id with which they would be created.
    pub(super) async fn member(&self, tx: &mut Tx, tenant: TenantId) -> store::Result<AgentId> {
        let known = store::single_sign_on::member_of(tx, tenant, &self.subject).await?;
        Ok(match known {
            Some(known) => known,
            None => store::staff::holder_of(tx, tenant, &self.address).await?.unwrap_or(self.fresh.id),
        })
    }

    /// The member this is, who is created, bound to the identity or given another role where the rules say so.
    pub(super) async fn admit(&self, tx: &mut TenantTx<'_>, rules: &Rules) -> Result<AgentId, Fault> {
        let tenant = tx.tenant();
        let known = store::single_sign_on::member_of(tx, tenant, &self.subject).await?;
        let holder = store::staff::holder_of(tx, tenant, &self.address).await?;
        let agent = match (known, holder) {
            (Some(known), Some(holder)) if known != holder => return Err(address_taken().into()),
            (Some(agent), _) | (None, Some(agent)) => self.admit_member(tx, rules, agent).await?,
            (None, None) => self.create(tx, rules).await?,
        };
        if known.is_none() {
            // A member who signs in as somebody else there is another person with an address that was given away.
            store::single_sign_on::bind(tx, tenant, agent, &self.subject).await.map_err(Fault::if_taken(address_taken))?;
            tx.announce(Changed::People).await?;
        }
        store::single_sign_on::note_proved(tx, tenant).await?;
        Ok(agent)
    }

    async fn create(&self, tx: &mut TenantTx<'_>, rules: &Rules) -> Result<AgentId, Fault> {
        if !rules.creates {
            return Err(refusal(Code::SingleSignOnNotInvited, "nobody with your address has been invited: ask an administrator").into());
        }
        let role = rules.role(&self.groups, None).ok_or_else(no_role)?;
        let tenant = tx.tenant();
        // Two at once are not counted before either is there.
        tx.lock_company().await?;
        store::limits::require_seat(tx, tenant).await.map_err(Fault::if_refused(Code::SeatLimitReached, no_seat))?;
        let role_grants = store::roles::grants_of(tx, tenant, role).await.map_err(Fault::if_not_found(no_role))?;
        new_member::insert(tx, &Member { role, role_grants, ..self.fresh.clone() }).await.map_err(Fault::if_taken(address_taken))?;
        Ok(self.fresh.id)
    }

    async fn admit_member(&self, tx: &mut TenantTx<'_>, rules: &Rules, agent: AgentId) -> Result<AgentId, Fault> {
        let tenant = tx.tenant();
        let person = store::staff::roster::get(tx, tenant, agent).await?;
        if person.disabled_at.is_some() {
            return Err(refusal(Code::MemberDisabled, "your account is disabled: ask an administrator").into());
        }
        let role = rules.role(&self.groups, Some(person.role)).ok_or_else(no_role)?;
        if role != person.role {
            change_role(tx, person, role).await?;
        }
        Ok(agent)
    }
}

/// Gives a member another role, with the same consequences as where somebody else does it.
async fn change_role(tx: &mut TenantTx<'_>, person: Person, role: Role) -> Result<(), Fault> {
    let (tenant, seen) = (tx.tenant(), person.updated_at);
    let (before, by) = (Holder::from(&person), person.name.clone());
    let role_grants = store::roles::grants_of(tx, tenant, role).await.map_err(Fault::if_not_found(no_role))?;
    let changed = Person { role, role_grants, updated_at: Revision(seen).next(tx.now()), ..person };
    store::staff::roster::update(tx, tenant, &changed, seen).await?;
    role_change::settle(tx, &by, before, Holder::from(&changed)).await.map_err(of_groups)?;
    tx.announce(Changed::People).await.map_err(Fault::from)
}

/// Says to the last administrator whose groups would make them something else who can help.
fn of_groups(fault: Fault) -> Fault {
    match fault {
        Fault::Problem(problem) if problem.code == Code::LastAdministrator => {
            let title = "you are the last administrator, and your groups would make you something else: an administrator has to correct them";
            Problem::conflict(Code::LastAdministrator, title).into()
        }
        other => other,
    }
}

/// A name that may be shown: what the identity provider calls them, or what precedes the `@`.
fn name_of(said: Option<&str>, address: &MailAddress) -> String {
    let local = address.text().split('@').next().unwrap_or_default();
    let fits = |name: &str| staff::name(graphemes::within(name.trim(), NAME_CHARS)).ok();
    said.and_then(fits)
        .or_else(|| fits(local))
        .unwrap_or_else(|| graphemes::within(&local.replace(|c: char| !c.is_ascii_alphanumeric(), ""), NAME_CHARS).to_owned())
}

fn address_taken() -> Problem {
    Problem::conflict(Code::SingleSignOnAddressTaken, "your address belongs to another member: ask an administrator")
}

fn no_role() -> Problem {
    refusal(Code::SingleSignOnNoRole, "none of your groups gives a role here: ask an administrator")
}
