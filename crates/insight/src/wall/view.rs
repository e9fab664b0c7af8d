//! The wall and its links on the wire.

use domain::{
    id::{TenantId, WallLinkId},
    routing::{Candidate, Standing},
    text::Bilingual,
    time::{SECOND, Ts},
    wall_link::WallLink,
};
use http_kit::App;
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::{Minutes, Numbers};

use crate::panel;

/// A wait longer than this is too long.
const TARGET_MS: i64 = 20 * SECOND;

/// What the wall shows: only numbers, no names of people and no messages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Wall)]
pub struct WallView {
    /// The moment to which the numbers refer.
    pub as_of: Ts,
    /// The company's name.
    pub company: Bilingual,
    /// The company's time zone, an IANA name.
    pub time_zone: String,
    /// A wait longer than this is too long, in milliseconds.
    pub target_ms: i64,
    /// Conversations waiting in a queue.
    pub waiting: i64,
    /// Since when the conversation that has waited longest has been waiting.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations with an agent.
    pub active: i64,
    /// The waits in each queue.
    pub queues: Vec<WallQueue>,
    /// How many agents are in which state.
    pub agents: WallAgents,
    /// The numbers since midnight.
    pub today: Numbers,
    /// The numbers of the last 60 minutes, by minute.
    pub minutes: Minutes,
}

/// The conversations waiting in a queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WallQueue {
    /// The queue's name.
    pub name: Bilingual,
    /// Since when each of them has been waiting, longest first.
    pub since: Vec<Ts>,
}

/// How many agents are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct WallAgents {
    /// Agents who can take another conversation now.
    pub available: usize,
    /// Agents who have as many conversations as they can serve.
    pub full: usize,
    /// Agents who are at work and take nothing new.
    pub busy: usize,
    /// Agents who are on a break.
    pub on_break: usize,
    /// Agents who should be present but are unreachable.
    pub unreachable: usize,
    /// Agents who are not at work.
    pub offline: usize,
}

/// A link that opens the wall.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallLink)]
pub struct WallLinkView {
    /// The link's id.
    pub id: WallLinkId,
    /// The screen it is for.
    pub name: String,
    /// The name of the member who created it.
    pub made_by: String,
    /// When the link was created.
    pub created_at: Ts,
    /// Until when it opens the wall; it ends earlier if the member who created it is disabled.
    pub expires_at: Ts,
    /// When a screen last used it, to the minute.
    #[schema(required)]
    pub last_seen_at: Option<Ts>,
}

/// A link with its secret, which is never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct WallLinkWithToken {
    /// The link.
    #[serde(flatten)]
    pub link: WallLinkView,
    /// The secret: the part after `#` in the address of the wall.
    #[schema(format = "secret")]
    pub token: String,
}

impl From<WallLink> for WallLinkView {
    fn from(link: WallLink) -> Self {
        let WallLink { id, tenant: _, name, maker: _, made_by, created_at, expires_at, last_seen_at } = link;
        Self { id, name, made_by, created_at, expires_at, last_seen_at }
    }
}

impl WallAgents {
    /// Counts members of staff by their state at a given moment.
    pub fn of(staff: &[Candidate], now: Ts) -> Self {
        let mut agents = Self::default();
        for one in staff {
            let count = match one.standing(now) {
                Standing::Available => &mut agents.available,
                Standing::Full => &mut agents.full,
                Standing::Busy => &mut agents.busy,
                Standing::Break => &mut agents.on_break,
                Standing::Unreachable => &mut agents.unreachable,
                Standing::Offline => &mut agents.offline,
            };
            *count += 1;
        }
        agents
    }
}

/// A company's wall as it is now.
pub async fn view(app: &App, tenant: TenantId) -> store::Result<WallView> {
    let edition = app.panel();
    let counted_until = panel::counted_until(&edition, app.db()).await?;
    let numbers = panel::numbers(app, &edition, tenant, counted_until).await?;
    let mut tx = app.db().snapshot_of(tenant).await?;
    let company = store::tenants::get(&mut tx, tenant).await?.name;
    let stands = store_desk::lists::now(&mut tx, tenant).await?;
    let agents = WallAgents::of(&store::routing::candidates(&mut tx, tenant).await?, tx.now());
    let waiting = store_desk::lists::queue(&mut tx, tenant).await?;
    let mut queues = Vec::new();
    for (id, name, _) in store::routing::queues(&mut tx, tenant).await? {
        let here = waiting.iter().filter(|row| row.queue_id == Some(id.uuid()));
        let mut since: Vec<Ts> = here.filter_map(|row| row.queued_at.map(Ts)).collect();
        since.sort_unstable();
        queues.push(WallQueue { name, since });
    }
    Ok(WallView {
        as_of: numbers.as_of,
        company,
        time_zone: numbers.time_zone,
        target_ms: TARGET_MS,
        waiting: stands.waiting,
        longest_wait_since: stands.longest_wait_since.map(Ts),
        active: stands.active,
        queues,
        agents,
        today: numbers.today,
        minutes: numbers.minutes,
    })
}

#[cfg(test)]
mod tests {
    use domain::{id::AgentId, staff::AgentState};

    use super::*;

    #[test]
    fn an_agent_is_counted_once_by_what_matters_most() {
        let now = Ts(1_000_000);
        let one = |state, seen: Option<i64>, open| Candidate {
            agent: AgentId::new(uuid::Uuid::nil()),
            name: String::new(),
            number: String::new(),
            state,
            last_seen_at: seen.map(|ago| now.plus(-ago)),
            open,
            capacity: 2,
            units: open * 2,
            unit_capacity: 4,
            last_assigned_at: None,
            has_offer: false,
            skills: Vec::new(),
            is_occupied: false,
        };
        let staff = [
            one(AgentState::Available, Some(0), 1),
            one(AgentState::Available, Some(0), 2),
            one(AgentState::Available, Some(600_000), 0),
            one(AgentState::Busy, Some(0), 1),
            one(AgentState::Break, Some(0), 0),
            one(AgentState::Offline, Some(0), 0),
            one(AgentState::Offline, None, 0),
        ];
        assert_eq!(WallAgents::of(&staff, now), WallAgents { available: 1, full: 1, busy: 1, on_break: 1, unreachable: 1, offline: 2 });
    }
}
