//! A queue on the wire, for those who configure it or work in it.

use domain::{
    id::{AgentId, QueueId, TenantId},
    opening_hours::{OpeningHours, Service},
    routing::rules::QueueRules,
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use service::hours;
use store::{
    queues::{Queue, Shown},
    tenants::Tenant,
};
use utoipa::ToSchema;

/// Whether a queue is open now.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueService {
    /// Whether it is open.
    pub open: bool,
    /// When it opens next; `null` if it is open or this is not known.
    #[schema(required)]
    pub opens_at: Option<Ts>,
    /// By when a message left now is answered; `null` if the queue never opens.
    #[schema(required)]
    pub promised_by: Option<Ts>,
}

impl From<Service> for QueueService {
    fn from(Service { open, opens_at, promised_by }: Service) -> Self {
        Self { open, opens_at, promised_by }
    }
}

/// A queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Queue)]
pub struct QueueView {
    /// The queue's id.
    pub id: QueueId,
    /// The name shown to staff and customers.
    pub name: Bilingual,
    /// Whether everybody serves it.
    pub everybody: bool,
    /// The members who serve it if not everybody does.
    pub members: Vec<AgentId>,
    /// The queue's opening hours; `null` for the company's.
    #[schema(required)]
    pub hours: Option<OpeningHours>,
    /// Who gets what waits in it, and what happens if nobody does.
    pub rules: QueueRules,
    /// Whether it is open now.
    pub service: QueueService,
    /// Conversations waiting in it.
    pub waiting: i64,
    /// Left messages waiting in it.
    pub left_messages: i64,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl QueueView {
    /// Builds the view of a company's queue.
    pub fn new(shown: Shown, company: &Tenant, now: Ts) -> Self {
        let Shown { queue, members, waiting, left_messages } = shown;
        let Queue { id, name, everybody, hours, rules, updated_at } = queue;
        let service = hours::by_hours(hours.as_ref(), company, now).into();
        Self { id, name, everybody, members, hours, rules, service, waiting, left_messages, updated_at }
    }

    /// Reads a queue with everything that is shown about it.
    pub async fn read(tx: &mut db::Tx, tenant: TenantId, id: QueueId) -> store::Result<Self> {
        let (now, company) = (tx.now(), store::tenants::get(tx, tenant).await?);
        Ok(Self::new(store::queues::get_shown(tx, tenant, id).await?, &company, now))
    }
}
