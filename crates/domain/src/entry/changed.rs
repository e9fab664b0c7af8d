//! The entries of a company's own stream: they say only that a part of its content changed.

use super::{Body, Fact, body, fact};

/// The part of a company's content that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Canned replies.
    CannedReplies,
    /// Goods or plans.
    Catalogue,
    /// The published version of the knowledge.
    PublishedKnowledge,
    /// The draft of the knowledge, its test set or a check.
    Knowledge,
    /// The questions that the bot could not answer.
    Unanswered,
    /// Members of staff or their groups.
    People,
    /// Queues, their members or their hours.
    Queues,
    /// The company's settings or its sites.
    Settings,
    /// The left messages.
    LeftMessages,
    /// Boards of numbers.
    Boards,
    /// Alerts that somebody may be in danger.
    Alerts,
    /// Notes that call colleagues.
    Mentions,
    /// Announcements to the staff, and who has read them.
    Announcements,
}

impl Changed {
    /// All variants.
    pub const EACH: &[Self] = &[
        Self::CannedReplies,
        Self::Catalogue,
        Self::PublishedKnowledge,
        Self::Knowledge,
        Self::Unanswered,
        Self::People,
        Self::Queues,
        Self::Settings,
        Self::LeftMessages,
        Self::Boards,
        Self::Alerts,
        Self::Mentions,
        Self::Announcements,
    ];

    /// The entry that records the change.
    pub const fn entry(self) -> (Body, Fact) {
        let (body, fact) = (body::Nothing {}, fact::Nothing {});
        match self {
            Self::CannedReplies => (Body::CannedRepliesChanged(body), Fact::CannedRepliesChanged(fact)),
            Self::Catalogue => (Body::CatalogueChanged(body), Fact::CatalogueChanged(fact)),
            Self::PublishedKnowledge => (Body::KnowledgePublished(body), Fact::KnowledgePublished(fact)),
            Self::Knowledge => (Body::KnowledgeChanged(body), Fact::KnowledgeChanged(fact)),
            Self::Unanswered => (Body::UnansweredChanged(body), Fact::UnansweredChanged(fact)),
            Self::People => (Body::PeopleChanged(body), Fact::PeopleChanged(fact)),
            Self::Queues => (Body::QueuesChanged(body), Fact::QueuesChanged(fact)),
            Self::Settings => (Body::SettingsChanged(body), Fact::SettingsChanged(fact)),
            Self::LeftMessages => (Body::LeftMessagesChanged(body), Fact::LeftMessagesChanged(fact)),
            Self::Boards => (Body::BoardsChanged(body), Fact::BoardsChanged(fact)),
            Self::Alerts => (Body::AlertsChanged(body), Fact::AlertsChanged(fact)),
            Self::Mentions => (Body::MentionsChanged(body), Fact::MentionsChanged(fact)),
            Self::Announcements => (Body::AnnouncementsChanged(body), Fact::AnnouncementsChanged(fact)),
        }
    }
}
