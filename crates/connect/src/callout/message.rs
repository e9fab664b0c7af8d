//! The body of a delivery.

use crate::table::{
    webhook_deliveries::{Delivery, TEST},
    webhooks::Webhook,
};
use domain::{
    id::TenantId,
    journal::View,
    policy::HiddenContacts,
    stream::{StreamKind, StreamName},
};

use super::envelope::EventView;

/// The body to send: the event as the journal has it now, so that content removed since is not sent. A member of the staff who looks at it does not see the
/// contacts that are `hidden` from them; the endpoint gets all.
pub async fn body(tx: &mut db::Tx, tenant: TenantId, webhook: &Webhook, delivery: &Delivery, hidden: HiddenContacts) -> store::Result<String> {
    let event = if delivery.kind == TEST {
        EventView::test(webhook.id, delivery.seq, delivery.created_at)
    } else {
        let stream = StreamName { kind: StreamKind::Conversation, id: delivery.stream };
        let entries = db::journal::page(tx, tenant, stream, View::Staff, delivery.seq - 1, 1).await?;
        let entry = entries.first().filter(|entry| entry.seq == delivery.seq).ok_or(store::Error::NotFound)?;
        EventView::of(entry, webhook.bodies, hidden)
    };
    serde_json::to_string(&event).map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))
}
