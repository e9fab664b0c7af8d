//! Decides which member somebody is of whom an identity provider has spoken, and in which role they are let in.
//!
//! A member is found by the identity they signed in with before, and the first time by their verified address. An identity stays with its member; an address that
//! belongs to another member is refused.

use domain::{
    entry::Changed,
    graphemes,
    id::{AgentId, TenantId},
    mail_address::MailAddress,
    policy::{self, Grants, Permission},
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

use super::{claims::Said, refused};
use crate::staff::new_member::{self, NewMember};

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
    /// Who they become if they are no member yet.
    fresh: Member,
}

impl Vouched {
    /// Checks what the identity provider said, before anything is looked up.
    pub(super) fn of(app: &App, said: Said, rules: &Rules, tenant: TenantId) -> Result<Self, Problem> {
        let Said { subject, address, is_verified, name, groups } = said;
        let Some(address) = address.filter(|address| rules.lets_in(address)) else {
            return Err(refused(Code::SingleSignOnAddressRefused, "the identity provider gave no address of your company's mail domains"));
        };
        if !is_verified {
            let title = "the identity provider has not verified your address: confirm it there, then sign in again";
            return Err(refused(Code::SingleSignOnAddressUnverified, title));
        }
        let name = name_of(name.as_deref(), &address);
        let email = address.text().to_owned();
        // The role is decided in the transaction.
        let new = NewMember { role: Role::Agent, name, email, number: None, capacity: CAPACITY };
        let fresh = new.checked()?.prepare(app.env(), tenant);
        Ok(Self { subject, address, groups: groups.unwrap_or_default(), fresh })
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
            return Err(refused(Code::SingleSignOnNotInvited, "nobody with your address has been invited: ask an administrator").into());
        }
        let role = rules.role(&self.groups, None).ok_or_else(no_role)?;
        new_member::insert(tx, &Member { role, ..self.fresh.clone() }).await.map_err(Fault::if_taken(address_taken))?;
        Ok(self.fresh.id)
    }

    async fn admit_member(&self, tx: &mut TenantTx<'_>, rules: &Rules, agent: AgentId) -> Result<AgentId, Fault> {
        let tenant = tx.tenant();
        let person = store::staff::roster::get(tx, tenant, agent).await?;
        if person.disabled_at.is_some() {
            return Err(refused(Code::MemberDisabled, "your account is disabled: ask an administrator").into());
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
    let (tenant, agent, seen) = (tx.tenant(), person.id, person.updated_at);
    let steps_down = policy::administers(person.role) && !policy::administers(role);
    let changed = Person { role, updated_at: Revision(seen).next(tx.now()), ..person };
    store::staff::roster::update(tx, tenant, &changed, seen).await?;
    if steps_down && store::staff::roster::administrators(tx, tenant).await? == 0 {
        let title = "you are the last administrator, and your groups would make you something else: an administrator has to correct them";
        return Err(Problem::conflict(Code::LastAdministrator, title).into());
    }
    if !Grants::of(role).holds(Permission::ManageWalls) {
        store::wall_links::delete_of(tx, tenant, agent).await?;
    }
    store::sign_in_links::spend_all(tx, tenant, agent).await?;
    store::staff_sessions::end_all(tx, tenant, agent).await?;
    tx.announce(Changed::People).await.map_err(Fault::from)
}

/// A name that may be shown: what the identity provider calls them, or what precedes the `@`.
fn name_of(said: Option<&str>, address: &MailAddress) -> String {
    let local = address.text().split('@').next().unwrap_or_default();
    let fits = |name: &str| staff::name(graphemes::within(name.trim(), NAME_CHARS)).ok();
    said.and_then(fits).or_else(|| fits(local)).unwrap_or_else(|| local.chars().filter(char::is_ascii_alphanumeric).take(NAME_CHARS).collect())
}

fn address_taken() -> Problem {
    Problem::conflict(Code::SingleSignOnAddressTaken, "your address belongs to another member: ask an administrator")
}

fn no_role() -> Problem {
    refused(Code::SingleSignOnNoRole, "none of your groups gives a role here: ask an administrator")
}
