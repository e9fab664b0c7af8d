//! The kinds of entries, and the form of each: what it says to readers ([`Body`]), and what analysis may know of it ([`Fact`]).
//!
//! The table below is the only place that names a kind, its version, its readers and its two forms. Both are written as JSON objects with sorted keys, once, when an
//! entry is appended; what is stored is read back through the same types. docs/EVENTS.md is made of them.

pub mod body;
#[cfg(test)]
mod catalogue;
mod changed;
pub mod fact;
mod written;

pub use changed::Changed;

use utoipa::ToSchema;

use crate::{stream::StreamKind, text_enum::text_enum};

/// Who may read an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Audience {
    /// The customer and the staff.
    Public,
    /// The staff only.
    Staff,
}

/// Declares the kinds: `Kind = "name" v 1 in Stream | Stream to Audience: Body, Fact;`.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal v $version:literal in $($stream:ident)|+ to $audience:ident: $body:ty, $fact:ty;)*) => {
        /// Every kind of entry that was ever released. Kinds are only ever added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EntryKind { $($(#[doc = $doc])* $kind),* }

        text_enum!(EntryKind { $($kind = $name),* });

        impl EntryKind {
            /// Who may read entries of this kind.
            pub const fn audience(self) -> Audience {
                match self { $(Self::$kind => Audience::$audience),* }
            }
            /// The version of the form in which this release writes the kind.
            pub const fn version(self) -> i64 {
                match self { $(Self::$kind => $version),* }
            }
            /// The sorts of streams in which it is found.
            pub const fn streams(self) -> &'static [StreamKind] {
                match self { $(Self::$kind => &[$(StreamKind::$stream),+]),* }
            }
            /// What the kind says, in a sentence.
            #[cfg(test)]
            const fn meaning(self) -> &'static str {
                match self { $(Self::$kind => concat!($($doc),*)),* }
            }
            /// The forms of what it says and of what analysis may know of it.
            #[cfg(test)]
            fn forms(self) -> [catalogue::Form; 2] {
                match self { $(Self::$kind => [catalogue::Form::of::<$body>(), catalogue::Form::of::<$fact>()]),* }
            }
        }

        /// What an entry says to those who may read it.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Body { $($(#[doc = $doc])* $kind($body)),* }

        impl Body {
            /// The kind of the entry.
            pub const fn kind(&self) -> EntryKind {
                match self { $(Self::$kind(_) => EntryKind::$kind),* }
            }
            /// Reads what [`Self::written`] wrote, and what earlier releases did.
            pub fn read(kind: EntryKind, words: &str, staff: Option<&str>) -> serde_json::Result<Self> {
                let whole = written::whole(words, staff)?;
                Ok(match kind { $(EntryKind::$kind => Self::$kind(serde_json::from_value(whole)?)),* })
            }
            fn value(&self) -> serde_json::Value {
                match self { $(Self::$kind(body) => written::value(body)),* }
            }
        }

        /// What analysis may know of an entry.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Fact { $($(#[doc = $doc])* $kind($fact)),* }

        impl Fact {
            /// The kind of the entry.
            pub const fn kind(&self) -> EntryKind {
                match self { $(Self::$kind(_) => EntryKind::$kind),* }
            }
            /// Reads what [`Self::written`] wrote, and what earlier releases did. Fields of a later release are passed over.
            pub fn read(kind: EntryKind, facts: &str) -> serde_json::Result<Self> {
                Ok(match kind { $(EntryKind::$kind => Self::$kind(serde_json::from_str(facts)?)),* })
            }
            fn value(&self) -> serde_json::Value {
                match self { $(Self::$kind(fact) => written::value(fact)),* }
            }
        }
    };
}

kinds! {
    /// A conversation began.
    Opened = "opened" v 1 in Conversation to Public: body::Opened, fact::Opened;
    /// Somebody said something.
    Message = "message" v 1 in Conversation to Public: body::Message, fact::Message;
    /// The customer asked for a person.
    HumanRequested = "human_requested" v 1 in Conversation to Public: body::HumanRequested, fact::HumanRequested;
    /// The conversation waits in a queue.
    Queued = "queued" v 1 in Conversation to Public: body::Queued, fact::Queued;
    /// An agent has it.
    Assigned = "assigned" v 1 in Conversation | Inbox to Public: body::AssignedIn, fact::AssignedIn;
    /// Why that agent.
    Routing = "routing" v 1 in Conversation to Staff: body::Routing, fact::InEpisode;
    /// Handed over to a colleague or a queue.
    Transferred = "transferred" v 1 in Conversation to Public: body::Transferred, fact::Transferred;
    /// Back in the queue because its agent was lost.
    Returned = "returned" v 1 in Conversation to Public: body::Returned, fact::InEpisode;
    /// The customer stopped waiting.
    LeftQueue = "left_queue" v 1 in Conversation to Public: body::Nothing, fact::LeftQueue;
    /// A private note.
    Note = "note" v 1 in Conversation to Staff: body::Note, fact::InEpisode;
    /// The matter is settled.
    Resolved = "resolved" v 1 in Conversation to Public: body::Resolved, fact::Resolved;
    /// A new episode began.
    Reopened = "reopened" v 1 in Conversation to Public: body::Reopened, fact::Reopened;
    /// The customer rated.
    Rated = "rated" v 1 in Conversation to Public: body::Rated, fact::Rated;
    /// A bot answer came too late and was dropped.
    BotSuperseded = "bot_superseded" v 1 in Conversation to Staff: body::BotSuperseded, fact::BotSuperseded;
    /// The conversation is over for good.
    Closed = "closed" v 1 in Conversation to Public: body::Nothing, fact::InEpisode;
    /// The customer signed in: the conversation belongs to an account now.
    Identified = "identified" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
    /// A visitor's current conversation.
    Current = "current" v 1 in Visitor to Public: body::About, fact::About;
    /// A visitor's stream goes on elsewhere.
    Moved = "moved" v 1 in Visitor to Public: body::Moved, fact::Nothing;
    /// An agent's inbox lost a conversation.
    Released = "released" v 1 in Inbox to Public: body::About, fact::About;
    /// An agent changed state.
    StateChanged = "state_changed" v 1 in Agent to Public: body::StateChanged, fact::StateChanged;
    /// A conversation entered a queue.
    Enter = "enter" v 1 in Queue to Public: body::About, fact::About;
    /// A conversation left a queue.
    Leave = "leave" v 1 in Queue to Public: body::About, fact::About;
    /// Canned replies changed.
    CannedRepliesChanged = "canned_replies_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// Goods or plans changed.
    CatalogueChanged = "catalogue_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// A new version of the knowledge is in force.
    KnowledgePublished = "knowledge_published" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// What editors of the knowledge look at changed: the draft, its test set, a check.
    KnowledgeChanged = "knowledge_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// What the bot could not answer changed: another question, or what became of some.
    UnansweredChanged = "unanswered_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// Members of the staff or their groups changed.
    PeopleChanged = "people_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// Queues, who serves them or their hours changed.
    QueuesChanged = "queues_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// The company's settings or its sites changed.
    SettingsChanged = "settings_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// A message was left, or somebody took care of one.
    LeftMessagesChanged = "left_messages_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
    /// Somebody took care of a left message without answering it here.
    LeftMessageHandled = "left_message_handled" v 1 in Conversation to Staff: body::LeftMessageHandled, fact::InEpisode;
    /// A session or role ended.
    AccessRevoked = "access_revoked" v 1 in Access to Public: body::Revoked, fact::Nothing;
    /// A member of the staff changed something by a permission.
    Audited = "audited" v 1 in Audit to Staff: body::Audited, fact::Nothing;
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// An entry as a release stored it.
    #[derive(Deserialize)]
    struct Golden {
        kind: String,
        v: i64,
        body: String,
        staff: Option<String>,
        facts: String,
    }

    fn goldens() -> Vec<Golden> {
        include_str!("goldens.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn entries_of_every_kind_are_written_as_the_first_release_wrote_them() {
        for golden in goldens() {
            let kind = EntryKind::parse(&golden.kind).unwrap();
            let body = Body::read(kind, &golden.body, golden.staff.as_deref()).unwrap_or_else(|why| panic!("{why}: {} {}", golden.kind, golden.body));
            let fact = Fact::read(kind, &golden.facts).unwrap_or_else(|why| panic!("{why}: {} {}", golden.kind, golden.facts));
            assert_eq!(body.written(), (golden.body, golden.staff), "{}", golden.kind);
            assert_eq!(fact.written(), golden.facts, "{}", golden.kind);
            assert_eq!(kind.version(), golden.v);
        }
    }

    #[test]
    fn there_is_a_golden_entry_of_every_kind() {
        let kept: Vec<String> = goldens().into_iter().map(|golden| golden.kind).collect();
        let missing: Vec<&str> = EntryKind::EACH.iter().map(|kind| kind.as_str()).filter(|kind| !kept.iter().any(|name| name == kind)).collect();
        assert_eq!(missing, [""; 0]);
    }
}
