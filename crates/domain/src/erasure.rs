//! The erasure of what somebody said, or of who they are: what is meant, why, how far it is, and which entries have words that it takes back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    entry::EntryKind,
    id::{ConversationId, CustomerId, VisitorId},
    text_enum::text_enum,
};

/// What an erasure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureKind {
    /// One message or note of a conversation.
    Message,
    /// Everything that was said in a conversation.
    Conversation,
    /// All conversations of a visitor, and everything else that is known of them.
    Visitor,
    /// A customer's account, and all its visitors.
    Customer,
    /// What the company does not keep any longer: of many people, so it has no id.
    Rule,
}
text_enum!(ErasureKind { Message = "message", Conversation = "conversation", Visitor = "visitor", Customer = "customer", Rule = "rule" });

/// Why something is erased. It is one of these and no text, because a text could say again what is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// The person asked for it.
    Asked,
    /// A law or an authority demands it.
    Law,
    /// It should not have been written or sent.
    Mistake,
    /// It is no longer needed.
    NotNeeded,
    /// The customer closed the account.
    AccountClosed,
    /// It had been erased before, and a backup brought it back.
    Restored,
    /// The company keeps it no longer than this.
    Retention,
}
text_enum!(ErasureReason {
    Asked = "asked", Law = "law", Mistake = "mistake", NotNeeded = "not_needed", AccountClosed = "account_closed", Restored = "restored", Retention = "retention"
});

impl ErasureReason {
    /// Whether a member of the staff may give it; the others are the program's own.
    pub const fn is_for_staff(self) -> bool {
        !matches!(self, Self::AccountClosed | Self::Restored | Self::Retention)
    }
}

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureState {
    /// A second person has to confirm it.
    Waiting,
    /// It was refused by the second person, or taken back.
    Declined,
    /// It is being done; nobody sees what it is about any more.
    Running,
    /// It is done.
    Done,
}
text_enum!(ErasureState { Waiting = "waiting", Declined = "declined", Running = "running", Done = "done" });

/// What is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Erased {
    /// One entry of a conversation, by its number.
    Message(ConversationId, i64),
    /// A conversation.
    Conversation(ConversationId),
    /// A visitor.
    Visitor(VisitorId),
    /// A customer.
    Customer(CustomerId),
}

impl Erased {
    /// Its kind.
    pub const fn kind(self) -> ErasureKind {
        match self {
            Self::Message(..) => ErasureKind::Message,
            Self::Conversation(_) => ErasureKind::Conversation,
            Self::Visitor(_) => ErasureKind::Visitor,
            Self::Customer(_) => ErasureKind::Customer,
        }
    }
    /// Its id; of a message, that of the conversation.
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Message(id, _) | Self::Conversation(id) => id.uuid(),
            Self::Visitor(id) => id.uuid(),
            Self::Customer(id) => id.uuid(),
        }
    }
    /// The number of the message, if it is one.
    pub const fn seq(self) -> Option<i64> {
        match self {
            Self::Message(_, seq) => Some(seq),
            _ => None,
        }
    }
    /// What a kind, an id and a number mean; `None` if a message has no number, and for a rule, which is about nobody in particular.
    pub fn of(kind: ErasureKind, id: Uuid, seq: Option<i64>) -> Option<Self> {
        Some(match kind {
            ErasureKind::Message => Self::Message(ConversationId::new(id), seq?),
            ErasureKind::Conversation => Self::Conversation(ConversationId::new(id)),
            ErasureKind::Visitor => Self::Visitor(VisitorId::new(id)),
            ErasureKind::Customer => Self::Customer(CustomerId::new(id)),
            ErasureKind::Rule => return None,
        })
    }
    /// Its id, as it is sent.
    pub fn name(self) -> String {
        match self {
            Self::Message(id, _) | Self::Conversation(id) => id.to_string(),
            Self::Visitor(id) => id.to_string(),
            Self::Customer(id) => id.to_string(),
        }
    }
}

/// Whether entries of a kind have words of somebody that an erasure takes back: what was written, and what was quoted or summarised from it. The others say
/// only what happened, and stay.
pub const fn has_words(kind: EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::Opened
            | EntryKind::Message
            | EntryKind::Note
            | EntryKind::Rated
            | EntryKind::Handoff
            | EntryKind::AskedAbout
            | EntryKind::Corrected
            | EntryKind::NoteCorrected
            | EntryKind::VisitorBlocked
    )
}

/// Whether readers have to forget what an earlier entry of the same stream said once they read an entry of a kind.
pub const fn changes_earlier_words(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Erased | EntryKind::Recalled | EntryKind::NoteRecalled | EntryKind::Corrected | EntryKind::NoteCorrected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_details_that_a_customer_gave_are_taken_back_like_their_messages() {
        assert!([EntryKind::AskedAbout, EntryKind::Message].into_iter().all(has_words));
        assert!(![EntryKind::MessageOffered, EntryKind::Queued].into_iter().any(has_words));
    }

    #[test]
    fn what_is_erased_is_known_again_by_its_kind_its_id_and_its_number() {
        let id = Uuid::from_u128(7);
        let all = [
            Erased::Message(ConversationId::new(id), 3),
            Erased::Conversation(ConversationId::new(id)),
            Erased::Visitor(VisitorId::new(id)),
            Erased::Customer(CustomerId::new(id)),
        ];
        for erased in all {
            assert_eq!(Erased::of(erased.kind(), erased.uuid(), erased.seq()), Some(erased));
        }
        assert_eq!(Erased::of(ErasureKind::Message, id, None), None);
    }
}
