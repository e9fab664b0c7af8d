//! A conversation for the tests of its parts.

use uuid::Uuid;

use super::{Channel, Conversation, Opening};
use crate::{
    id::{ConversationId, SiteId, TenantId, VisitorId},
    text::Lang,
    time::Ts,
};

/// A conversation that has just begun, at the time 0; the bot has it.
pub(super) fn just_opened() -> Conversation {
    let id = Uuid::from_u128;
    let opening = Opening {
        id: ConversationId::new(id(9)),
        tenant: TenantId::new(id(8)),
        site: SiteId::new(id(7)),
        visitor: VisitorId::new(id(6)),
        channel: Channel::Web,
        lang: Lang::Zh,
        product: None,
    };
    Conversation::open(opening, Ts(0)).0
}
