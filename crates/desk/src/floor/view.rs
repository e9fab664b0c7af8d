//! The floor's settings on the wire.

use domain::{
    floor::{FloorSettings, QuietHours, Threshold},
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What the company decided for its floor.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FloorSettings)]
pub struct FloorSettingsView {
    /// Whether agents see in the conversation that a supervisor listens.
    pub tells_of_listening: bool,
    /// When a customer whom an agent serves has waited too long for a reply.
    pub slow_reply: Threshold,
    /// When a customer has waited too long in a queue.
    pub long_wait: Threshold,
    /// When neither raises an alert, by the company's clock; `null` if both always do.
    #[schema(required)]
    pub quiet: Option<QuietHours>,
    /// The reasons for a break that agents choose from.
    pub break_reasons: Vec<Bilingual>,
    /// When it was last changed; send it back as `seen` with a change. 0 as long as nothing was decided.
    pub updated_at: Ts,
}

impl From<FloorSettings> for FloorSettingsView {
    fn from(settings: FloorSettings) -> Self {
        let FloorSettings { tells_of_listening, slow_reply, long_wait, quiet, break_reasons, updated_at } = settings;
        Self { tells_of_listening, slow_reply, long_wait, quiet, break_reasons, updated_at }
    }
}
