//! Announcements as those see them to whom they are addressed, and as those do who make them.

use std::collections::{BTreeSet, HashMap};

use db::Tx;
use domain::{
    announcement::Announcement,
    id::{AgentId, AnnouncementId, GroupId, TenantId},
    policy::{OverPeople, Staff},
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A group, and its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncementGroup {
    /// The group's id.
    pub id: GroupId,
    /// The group's name; empty if it was deleted.
    pub name: String,
}

/// Whom somebody may tell something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnouncementAudience)]
pub struct Told {
    /// Whether they may tell everybody.
    pub everybody: bool,
    /// The groups, in order of name.
    pub groups: Vec<AnnouncementGroup>,
}

/// How many have read an announcement.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadBy {
    /// Those to whom it is addressed and who have read it.
    pub read: usize,
    /// All to whom it is addressed.
    pub of: usize,
}

/// An announcement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Announcement)]
pub struct AnnouncementView {
    /// The id.
    pub id: AnnouncementId,
    /// The title.
    pub title: String,
    /// What it says.
    pub text: String,
    /// The group whose members are told; `null` for everybody.
    #[schema(required)]
    pub group: Option<AnnouncementGroup>,
    /// The name of who made it; empty if they were removed.
    pub by: String,
    /// When.
    pub at: Ts,
    /// When the caller read it; `null` if they have not, or if it is not addressed to them.
    #[schema(required)]
    pub read_at: Option<Ts>,
    /// Whether it is addressed to the caller.
    pub to_me: bool,
    /// How many have read it, for those who may withdraw it.
    #[schema(required)]
    pub read_by: Option<ReadBy>,
}

/// The staff to whom announcements may be addressed, and who has read what.
pub struct Audience {
    members: HashMap<AgentId, String>,
    groups: HashMap<AgentId, GroupId>,
    names: HashMap<GroupId, String>,
    readings: HashMap<(AnnouncementId, AgentId), Ts>,
}

impl Audience {
    /// Reads those who may sign in.
    pub async fn read(tx: &mut Tx, tenant: TenantId) -> store::Result<Self> {
        let kept_out: BTreeSet<AgentId> = store::staff::roster::kept_out(tx, tenant).await?.into_iter().collect();
        let members = store::routing::candidates(tx, tenant).await?;
        Ok(Self {
            members: members.into_iter().filter(|one| !kept_out.contains(&one.agent)).map(|one| (one.agent, one.name)).collect(),
            groups: store::groups::of_agents(tx, tenant).await?,
            names: store::groups::list(tx, tenant).await?.into_iter().map(|(group, _)| (group.id, group.name)).collect(),
            readings: store::announcements::readings(tx, tenant).await?,
        })
    }

    /// Reads what a member's own list of these announcements needs: the staff only for those who may see who has read something.
    pub async fn as_seen_by(tx: &mut Tx, tenant: TenantId, who: &Staff, listed: &[Announcement]) -> store::Result<Self> {
        if who.grants.holds(OverPeople::Follow) {
            return Self::read(tx, tenant).await;
        }
        let mut members = HashMap::new();
        for agent in listed.iter().map(|one| one.by).collect::<BTreeSet<_>>() {
            members.extend(store::routing::agent(tx, tenant, agent).await?.map(|one| (agent, one.name)));
        }
        // A program is in no group.
        let group = match store::staff::roster::get(tx, tenant, who.agent).await {
            Ok(person) => person.group,
            Err(store::Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            members,
            groups: group.map(|group| (who.agent, group)).into_iter().collect(),
            names: store::groups::list(tx, tenant).await?.into_iter().map(|(group, _)| (group.id, group.name)).collect(),
            readings: store::announcements::readings_of(tx, tenant, who.agent).await?.into_iter().map(|(id, at)| ((id, who.agent), at)).collect(),
        })
    }

    /// Whom a member may tell something; `None` if nobody.
    pub fn reached_by(&self, who: &Staff) -> Option<Told> {
        if !who.grants.holds(OverPeople::Follow) {
            return None;
        }
        let reaches = who.grants.reach(OverPeople::Follow);
        let beyond: BTreeSet<GroupId> = self.groups.iter().filter(|(agent, _)| !who.reaches_member(reaches, **agent)).map(|(_, group)| *group).collect();
        let reached = self.names.iter().filter(|(id, _)| !beyond.contains(id));
        let mut groups: Vec<AnnouncementGroup> = reached.map(|(id, name)| AnnouncementGroup { id: *id, name: name.clone() }).collect();
        groups.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Some(Told { everybody: who.grants.everywhere(OverPeople::Follow), groups })
    }

    /// Whether an announcement is addressed to a member.
    pub fn includes(&self, announcement: &Announcement, agent: AgentId) -> bool {
        announcement.group.is_none_or(|group| self.groups.get(&agent) == Some(&group))
    }

    /// To whom an announcement is addressed, each with the time they read it.
    pub fn of(&self, announcement: &Announcement) -> Vec<(AgentId, String, Option<Ts>)> {
        let addressed = self.members.iter().filter(|(agent, _)| self.includes(announcement, **agent));
        addressed.map(|(agent, name)| (*agent, name.clone(), self.readings.get(&(announcement.id, *agent)).copied())).collect()
    }

    /// An announcement as a member sees it; `None` if it is neither addressed to them nor theirs to withdraw.
    pub fn view(&self, announcement: Announcement, who: &Staff) -> Option<AnnouncementView> {
        let (is_to_me, is_mine) = (self.includes(&announcement, who.agent), may_withdraw(&announcement, who));
        let read_by = is_mine.then(|| {
            let all = self.of(&announcement);
            ReadBy { read: all.iter().filter(|(.., at)| at.is_some()).count(), of: all.len() }
        });
        (is_to_me || is_mine).then(|| AnnouncementView {
            read_at: self.readings.get(&(announcement.id, who.agent)).copied(),
            by: self.members.get(&announcement.by).cloned().unwrap_or_default(),
            group: announcement.group.map(|id| AnnouncementGroup { id, name: self.names.get(&id).cloned().unwrap_or_default() }),
            id: announcement.id,
            title: announcement.title,
            text: announcement.text,
            at: announcement.at,
            to_me: is_to_me,
            read_by,
        })
    }
}

/// Whether a member may withdraw an announcement, and see who has read it: whoever made it, while they still follow people, and who follows everybody.
pub fn may_withdraw(announcement: &Announcement, who: &Staff) -> bool {
    who.grants.everywhere(OverPeople::Follow) || (announcement.by == who.agent && who.grants.holds(OverPeople::Follow))
}
