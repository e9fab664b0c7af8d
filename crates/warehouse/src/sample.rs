//! The sample of the bot's answers that people judge, drawn by confidence: as many from each interval, however rare it is, so that little judging tells how
//! often each is right.

use db::{Result, q, row};
use domain::{
    id::{ConversationId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{panel::Panel, window::Window};

row! { struct DrawnRow { conversation_id: Uuid, seq: i64, happened_at: i64, confidence: i64, band: String } }

/// An answer of the bot that nobody has judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The conversation.
    pub conversation: ConversationId,
    /// The number of the customer's message that was answered.
    pub of: i64,
    /// When the customer asked.
    pub at: Ts,
    /// How sure the bot was, in thousandths.
    pub confidence: i64,
    /// The interval of [`crate::rows::BANDS`].
    pub band: String,
}

impl Panel {
    /// Draws answers of a window that nobody has judged yet: from each interval of confidence at most `each`, in an order that stays the same but has nothing to
    /// do with what they are about. The intervals take turns.
    pub async fn draw(&self, tenant: TenantId, window: Window, each: i64) -> Result<Vec<Drawn>> {
        let mut tx = self.db.read_of(tenant).await?;
        let rows: Vec<DrawnRow> = q!(&mut tx, |c| sqlx::query_as(
            "SELECT conversation_id, seq, happened_at, confidence, band FROM (
               SELECT conversation_id, seq, happened_at, confidence, band,
                 ROW_NUMBER() OVER (PARTITION BY band ORDER BY (happened_at * 7919 + seq * 104729) % 10007, conversation_id, seq) AS nth
               FROM dwd_dialogue
               WHERE tenant_id = $1 AND happened_at >= $2 AND happened_at < $3 AND bot_result = 'answered' AND band IS NOT NULL AND verdict IS NULL
             ) AS numbered WHERE nth <= $4 ORDER BY nth, band"
        )
        .bind(tenant.uuid())
        .bind(window.from.0)
        .bind(window.to.0)
        .bind(each)
        .fetch_all(c)
        .await)?;
        let drawn = |row: DrawnRow| {
            let DrawnRow { conversation_id, seq, happened_at, confidence, band } = row;
            Drawn { conversation: ConversationId::new(conversation_id), of: seq, at: Ts(happened_at), confidence, band }
        };
        Ok(rows.into_iter().map(drawn).collect())
    }
}
