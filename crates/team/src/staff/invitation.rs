//! An invitation: everything is checked before anything is stored, so that of several invitations each is stored as a whole or not at all.

use domain::{
    id::{AgentId, DepartmentId, GroupId, InboxId, QueueId},
    mail_address::MailAddress,
    policy::{Grants, Reach, Staff},
    refusal::Code,
    staff::{self, AgentState, Role},
    time::Ts,
};
use http_kit::{
    App, addressed,
    auth::{StaffActor, link},
    fault::Fault,
    problem::Problem,
};
use serde::{Deserialize, Serialize};
use store::{TenantTx, staff::Member};
use utoipa::ToSchema;

use super::{
    email_taken, grants_to_give, no_seat,
    place::{department_of, require_group, require_queues},
    queue_unknown,
    view::MemberView,
};

/// The default for how many conversations a member serves at once.
const DEFAULT_CAPACITY: i64 = 5;

/// A member to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStaffMember {
    /// The address they sign in with, unique in the company.
    pub email: String,
    /// The name customers see, 1 to 40 characters.
    pub name: String,
    /// The number customers see; if omitted, the next free one.
    #[serde(default)]
    pub number: Option<String>,
    /// The member's role, which must hold less than the inviter's; administrators give every role.
    pub role: Role,
    /// The member's group.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// The member's department; if omitted, that of the group. It cannot differ from that.
    #[serde(default)]
    pub department: Option<DepartmentId>,
    /// The queues of which they become a member.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// The most conversations they serve at once, 1 to 100.
    #[serde(default = "default_capacity")]
    pub capacity: i64,
}

const fn default_capacity() -> i64 {
    DEFAULT_CAPACITY
}

/// A member, and the link with which they sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    /// The member.
    pub member: MemberView,
    /// A one-time link; it is never shown again.
    #[schema(format = "secret")]
    pub link: String,
    /// Until when the link can be used.
    pub expires_at: Ts,
}

/// An invitation about to be stored.
#[derive(Clone)]
pub struct Invitation {
    /// The member with new ids, not at work yet. An empty number stands for the next free one.
    pub member: Member,
    group: Option<GroupId>,
    department: Option<DepartmentId>,
    queues: Vec<QueueId>,
    secret: String,
    by: Staff,
    /// The link with which the member signs in.
    pub link: String,
}

/// What follows from the record for an invitation that nothing prevents.
#[derive(Debug, Clone, Copy)]
pub struct Checked {
    role_grants: Option<Grants>,
    department: Option<DepartmentId>,
}

impl Invitation {
    /// An invitation as far as it can be checked without the record; [`Self::check`] does the rest.
    pub fn prepare(app: &App, actor: &StaffActor, new: NewStaffMember) -> Result<Self, Problem> {
        let NewStaffMember { email, name, number, role, group, department, queues, capacity } = new;
        require_group(&actor.staff, group)?;
        let (email, name, number) = (staff::new_email(&email)?.into_text(), staff::name(&name)?, number.map(|number| staff::number(&number)).transpose()?);
        staff::check_capacity(capacity)?;
        let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
        let now = app.env().now();
        let member = Member {
            id: AgentId::new(app.env().uuid()),
            tenant: actor.tenant(),
            inbox: InboxId::new(app.env().uuid()),
            email,
            name,
            number: number.unwrap_or_default(),
            role,
            role_grants: None,
            group: None,
            password_hash: None,
            state: AgentState::Offline,
            state_since: now,
            capacity,
            created_at: now,
        };
        Ok(Self { member, group, department, queues, link: link::url(&addressed::base(app), &secret), secret, by: actor.staff.clone() })
    }

    /// Looks for everything in the record that prevents the invitation, and returns what follows from it.
    pub async fn check(&self, tx: &mut TenantTx<'_>) -> Result<Checked, Fault> {
        let tenant = tx.tenant();
        let role_grants = grants_to_give(tx, &self.by, self.member.role).await?;
        if let Some(address) = MailAddress::parse(&self.member.email)
            && store::staff::holder_of(tx, tenant, &address).await?.is_some()
        {
            return Err(email_taken().into());
        }
        store::limits::require_seat(tx, tenant).await.map_err(Fault::if_refused(Code::SeatLimitReached, no_seat))?;
        for queue in &self.queues {
            store::queues::get(tx, tenant, *queue).await.map_err(Fault::if_not_found(queue_unknown))?;
        }
        require_queues(tx, tenant, &self.by, &self.queues, &[]).await?;
        let department = department_of(tx, tenant, &self.by, self.group, self.department.map(Some), None).await?;
        Ok(Checked { role_grants, department })
    }

    /// Stores an invitation that was checked in the same transaction.
    pub async fn store(self, tx: &mut TenantTx<'_>, checked: Checked) -> Result<Invited, Fault> {
        let (Self { member, group, department: _, queues, secret, by, link }, Checked { role_grants, department }) = (self, checked);
        let (tenant, now, id) = (tx.tenant(), tx.now(), member.id);
        super::new_member::insert(tx, &Member { role_grants, ..member }).await.map_err(Fault::if_taken(email_taken))?;
        let mut person = store::staff::roster::get(tx, tenant, id).await?;
        let seen = person.updated_at;
        (person.group, person.department, person.updated_at) = (group, department, now);
        store::staff::roster::update(tx, tenant, &person, seen).await?;
        store::staff::roster::set_queues(tx, tenant, id, &queues).await.map_err(Fault::if_not_found(queue_unknown))?;
        // Colleagues reach one person more.
        let by_place: Vec<Reach> = [group.map(|_| Reach::Group), department.map(|_| Reach::Department)].into_iter().flatten().collect();
        store::reach::begin_around(tx, tenant, id, &by_place, group.as_slice()).await?;
        link::insert(tx, tenant, id, &secret).await?;
        Ok(Invited { member: MemberView::read(tx, tenant, id, &by).await?, link, expires_at: now.plus(link::LIFE_MS) })
    }
}
