//! An invitation: everything is checked before anything is stored, so that of several invitations each is stored as a whole or not at all.

use domain::{
    id::{AgentId, DepartmentId, GroupId, InboxId, QueueId},
    mail_address::MailAddress,
    policy::{Grants, Staff},
    staff::{self, AgentState},
};
use http_kit::{
    App,
    auth::{StaffActor, link},
    fault::Fault,
    problem::Problem,
};
use store::{TenantTx, staff::Member};

use super::{
    email_taken,
    invite::{Invited, NewStaffMember},
    place::department_of,
    queue_unknown, require_place,
    view::MemberView,
};

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

impl Invitation {
    /// An invitation by a member who may give the role, which holds `role_grants` if the company composed it.
    pub fn prepare(app: &App, actor: &StaffActor, new: NewStaffMember, role_grants: Option<Grants>) -> Result<Self, Problem> {
        let NewStaffMember { email, name, number, role, group, department, queues, capacity } = new;
        require_place(actor, group)?;
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
            role_grants,
            group: None,
            password_hash: None,
            state: AgentState::Offline,
            state_since: now,
            capacity,
            created_at: now,
        };
        Ok(Self { member, group, department, queues, link: link::url(&app.settings().public_url, &secret), secret, by: actor.staff.clone() })
    }

    /// Looks for everything in the record that prevents the invitation, and returns the member's department.
    pub async fn check(&self, tx: &mut TenantTx<'_>) -> Result<Option<DepartmentId>, Fault> {
        let tenant = tx.tenant();
        if let Some(address) = MailAddress::parse(&self.member.email)
            && store::staff::holder_of(tx, tenant, &address).await?.is_some()
        {
            return Err(email_taken().into());
        }
        for queue in &self.queues {
            store::queues::get(tx, tenant, *queue).await.map_err(Fault::if_not_found(queue_unknown))?;
        }
        department_of(tx, tenant, self.group, self.department.map(Some), None).await
    }

    /// Stores an invitation that was checked in the same transaction.
    pub async fn store(self, tx: &mut TenantTx<'_>, department: Option<DepartmentId>) -> Result<Invited, Fault> {
        let Self { member, group, department: _, queues, secret, by, link } = self;
        let (tenant, now, id) = (tx.tenant(), tx.now(), member.id);
        super::new_member::insert(tx, &member).await.map_err(Fault::if_taken(email_taken))?;
        let mut person = store::staff::roster::get(tx, tenant, id).await?;
        let seen = person.updated_at;
        (person.group, person.department, person.updated_at) = (group, department, now);
        store::staff::roster::update(tx, tenant, &person, seen).await?;
        store::staff::roster::set_queues(tx, tenant, id, &queues).await.map_err(Fault::if_not_found(queue_unknown))?;
        link::insert(tx, tenant, id, &secret).await?;
        Ok(Invited { member: MemberView::read(tx, tenant, id, &by).await?, link, expires_at: now.plus(link::LIFE_MS) })
    }
}
