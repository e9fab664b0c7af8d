//! The live panel, as it is sent to consoles and read over HTTP.

use domain::{id::QueueId, text::Bilingual, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::PanelNumbers;

/// The panel at a given moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PanelView {
    /// The numbers that were counted.
    #[serde(flatten)]
    pub numbers: PanelNumbers,
    /// The time of the first number; before it, zeros mean that there is no data.
    pub data_from: Ts,
    /// Current values.
    pub now: NowView,
    /// The load of each queue.
    pub queues: Vec<QueueLoadView>,
}

/// How busy a queue is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = QueueLoad)]
pub struct QueueLoadView {
    /// The queue's id.
    pub id: QueueId,
    /// The queue's name.
    pub name: Bilingual,
    /// Conversations waiting in it.
    pub waiting: i64,
    /// Since when the conversation that has waited longest has been waiting.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations, of any queue, that the agents of this queue are serving now.
    pub slots_used: i64,
    /// The most conversations that those of these agents who take conversations serve, plus those that the others still hold.
    pub slots: i64,
    /// The share of today's waits in it that were answered in time; `null` while no wait has ended.
    #[schema(required)]
    pub service_level: Option<f64>,
}

/// Where conversations, staff and visitors are now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NowView {
    /// Conversations waiting in a queue.
    pub waiting: i64,
    /// Since when the conversation that has waited longest has been waiting.
    #[schema(required)]
    pub longest_wait_since: Option<Ts>,
    /// Conversations with an agent.
    pub active: i64,
    /// Conversations with the bot.
    pub bot: i64,
    /// Members of staff who can take another conversation now.
    pub agents_available: usize,
    /// Members of staff on shift: connected and not offline, also during a break.
    pub agents_online: usize,
    /// Conversations being served now, whoever holds them.
    pub slots_used: i64,
    /// The most conversations that members who take conversations serve, plus those that the others still hold.
    pub slots: i64,
    /// The share of the slots that is used; `null` while there are no slots.
    #[schema(required)]
    pub utilisation: Option<f64>,
    /// Visitors whose widget is connected.
    pub visitors_online: usize,
}
