//! What in a conversation may be revealed, and to whom.

use db::Tx;
use domain::{
    conversation::Conversation,
    id::ConversationId,
    policy::{self, OverConversations, Permission, Staff},
};
use http_kit::permitted::Covered;
use store::{Result, reach::Within};

/// A conversation, for members who may read it, or who know something left in it without being able to read the rest.
pub struct Led {
    /// The conversation.
    pub conversation: Conversation,
    /// Whether the member knows what was left there, which has been settled.
    pub knows_left: bool,
}

impl Covered<Permission> for Led {
    fn is_covered(&self, staff: &Staff) -> bool {
        self.knows_left || policy::may_read(staff, &self.conversation)
    }
}

/// Whether a member knows the messages that were left in a conversation, because they serve its queue.
pub async fn knows_left(tx: &mut Tx, staff: &Staff, id: ConversationId) -> Result<bool> {
    Ok(staff.grants.holds(OverConversations::Desk) && store::left_messages::is_known_to(tx, staff.tenant, id, Within::serving(staff)).await?)
}
