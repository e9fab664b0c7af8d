//! What a conversation is about.

use db::Tx;
use domain::{
    conversation::{Conversation, Event},
    entry::body::LabelRef,
    id::LabelId,
    policy::Staff,
    refusal::{Code, Refusal},
};
use store::Result;

/// The event of a member of the staff saying which labels a conversation has. One that is archived stays, but is not given any more.
pub async fn event(tx: &mut Tx, c: &Conversation, staff: &Staff, wanted: &[LabelId]) -> Result<Event> {
    let before = store_desk::labels::of_conversations(tx, c.tenant, &[c.id]).await?.remove(&c.id).unwrap_or_default();
    let known = store_desk::labels::all(tx, c.tenant).await?;
    let mut now: Vec<LabelRef> = Vec::with_capacity(wanted.len());
    for id in wanted {
        if now.iter().any(|one| one.id == *id) {
            continue;
        }
        let kept = before.iter().find(|one| one.id == *id).cloned();
        let given = || known.iter().find(|label| label.id == *id && label.archived_at.is_none()).map(LabelRef::from);
        now.push(kept.or_else(given).ok_or(Refusal::new(Code::LabelUnknown))?);
    }
    Ok(Event::Label { before, now, by: staff.agent })
}
