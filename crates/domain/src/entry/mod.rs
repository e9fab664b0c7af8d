//! The kinds of entries, and the form of each: what it says to readers ([`Body`]), and what analysis may know of it ([`Fact`]).
//!
//! The table below ([`each_kind!`]) is the only place that names a kind, its version, its readers and its two forms. Both are serialised as JSON objects with sorted keys, once,
//! when an entry is appended; stored entries are read back through the same types. docs/EVENTS.md is generated from them.

pub mod body;
#[cfg(test)]
mod catalogue;
mod changed;
pub mod fact;
mod written;

pub use changed::Changed;

use utoipa::ToSchema;

use crate::{stream::StreamKind, text_enum::text_enum};

/// The readers who may see an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Audience {
    /// The customer and the staff.
    Public,
    /// The staff only.
    Staff,
}

/// Passes the table of kinds to a macro: first those that readers receive, then those that only the program reads.
#[macro_export]
macro_rules! each_kind {
    ($with:ident) => {
        $with! {
            /// A conversation began.
            Opened = "opened" v 1 in Conversation to Public: body::Opened, fact::Opened;
            /// Somebody sent a message.
            Message = "message" v 1 in Conversation to Public: body::Message, fact::Message;
            /// The customer asked for a person.
            HumanRequested = "human_requested" v 1 in Conversation to Public: body::HumanRequested, fact::HumanRequested;
            /// The conversation entered a queue.
            Queued = "queued" v 1 in Conversation to Public: body::Queued, fact::Queued;
            /// The conversation was given to an agent.
            Assigned = "assigned" v 1 in Conversation | Inbox to Public: body::AssignedIn, fact::AssignedIn;
            /// Why routing chose that agent.
            Routing = "routing" v 1 in Conversation to Staff: body::Routing, fact::InEpisode;
            /// The conversation was transferred to a colleague or a queue.
            Transferred = "transferred" v 1 in Conversation to Public: body::Transferred, fact::Transferred;
            /// The conversation went back to the queue because its agent was lost.
            Returned = "returned" v 1 in Conversation to Public: body::Returned, fact::InEpisode;
            /// The customer stopped waiting.
            LeftQueue = "left_queue" v 1 in Conversation to Public: body::Nothing, fact::LeftQueue;
            /// A member of staff wrote a private note.
            Note = "note" v 1 in Conversation to Staff: body::Note, fact::InEpisode;
            /// The episode ended; `outcome` says how.
            Resolved = "resolved" v 1 in Conversation to Public: body::Resolved, fact::Resolved;
            /// A new episode began, or an agent took the end of the last one back.
            Reopened = "reopened" v 1 in Conversation to Public: body::Reopened, fact::Reopened;
            /// The customer rated the episode.
            Rated = "rated" v 1 in Conversation to Public: body::Rated, fact::Rated;
            /// An answer of the bot came too late and was dropped.
            BotSuperseded = "bot_superseded" v 1 in Conversation to Staff: body::BotSuperseded, fact::BotSuperseded;
            /// The conversation was closed permanently.
            Closed = "closed" v 1 in Conversation to Public: body::Nothing, fact::InEpisode;
            /// The customer signed in: the conversation now belongs to an account.
            Identified = "identified" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
            /// The visitor's current conversation.
            Current = "current" v 1 in Visitor to Public: body::About, fact::About;
            /// The visitor's stream continues elsewhere.
            Moved = "moved" v 1 in Visitor to Public: body::Moved, fact::Nothing;
            /// A conversation left the agent's inbox.
            Released = "released" v 1 in Inbox to Public: body::About, fact::About;
            /// An agent changed their state.
            StateChanged = "state_changed" v 1 in Agent to Public: body::StateChanged, fact::StateChanged;
            /// A conversation entered a queue.
            Enter = "enter" v 1 in Queue to Public: body::About, fact::About;
            /// A conversation left a queue.
            Leave = "leave" v 1 in Queue to Public: body::About, fact::About;
            /// Canned replies changed.
            CannedRepliesChanged = "canned_replies_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// Goods or plans changed.
            CatalogueChanged = "catalogue_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// A new version of the knowledge was published.
            KnowledgePublished = "knowledge_published" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// Something that editors of the knowledge see changed: the draft, its test set or a check.
            KnowledgeChanged = "knowledge_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// The questions that the bot could not answer changed: one was added, or some were dealt with.
            UnansweredChanged = "unanswered_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// Members of staff or their groups changed.
            PeopleChanged = "people_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// Queues, their members or their hours changed.
            QueuesChanged = "queues_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// The company's settings or its sites changed.
            SettingsChanged = "settings_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// A message was left, or a left message was handled.
            LeftMessagesChanged = "left_messages_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// Boards of numbers changed.
            BoardsChanged = "boards_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// A member of staff handled a left message without answering it in the conversation, or undid that.
            LeftMessageHandled = "left_message_handled" v 1 in Conversation to Staff: body::LeftMessageHandled, fact::InEpisode;
            /// The customer came back with a new conversation within 72 hours of the end of this one.
            CameBack = "came_back" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
            /// A member of staff judged an answer of the bot.
            AnswerJudged = "answer_judged" v 1 in Conversation to Staff: body::AnswerJudged, fact::AnswerJudged;
            /// The customer said whether an answer of the bot helped.
            AnswerRated = "answer_rated" v 1 in Conversation to Public: body::AnswerRated, fact::AnswerRated;
            /// What the person who gets the conversation is told about what happened with the bot.
            Handoff = "handoff" v 1 in Conversation to Staff: body::Handoff, fact::Handoff;
            /// An agent handed the conversation back to the bot.
            HandedBack = "handed_back" v 1 in Conversation to Public: body::Nothing, fact::InEpisode;
            /// Somebody seems to be in despair or in danger, and the staff are alerted.
            Alerted = "alerted" v 1 in Conversation to Staff: body::Alerted, fact::InEpisode;
            /// A member of staff acknowledged the alert.
            AlertAcknowledged = "alert_acknowledged" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
            /// What was said was erased: one entry of the conversation, or everything before this one.
            Erased = "erased" v 1 in Conversation to Public: body::Erased, fact::InEpisode;
            /// The conversation is offered to an agent, who may accept it.
            Offered = "offered" v 1 in Conversation to Staff: body::Offered, fact::Offered;
            /// An offer ended without being accepted.
            OfferEnded = "offer_ended" v 1 in Conversation to Staff: body::OfferEnded, fact::OfferEnded;
            /// The conversation waits in another queue, as the rules of the one it waited in say.
            Overflowed = "overflowed" v 1 in Conversation to Staff: body::Overflowed, fact::InEpisode;
            /// There is a new alert, or one was acknowledged.
            AlertsChanged = "alerts_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// A supervisor began to read the conversation while its agent serves it.
            Listened = "listened" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
            /// A supervisor told the agent something that the customer does not see.
            Whispered = "whispered" v 1 in Conversation to Staff: body::Whispered, fact::InEpisode;
            /// A supervisor joined the conversation and speaks in it as well; its agent stays.
            Joined = "joined" v 1 in Conversation to Public: body::Joined, fact::InEpisode;
            /// A supervisor who had joined left the conversation.
            Left = "left" v 1 in Conversation to Public: body::Nothing, fact::InEpisode;
            /// A supervisor took the conversation over from its agent.
            TakenFrom = "taken_from" v 1 in Conversation to Staff: body::TakenFrom, fact::InEpisode;
            /// The agent is finding something out, while the customer waits.
            Held = "held" v 1 in Conversation to Public: body::Nothing, fact::InEpisode;
            /// The agent postponed the conversation.
            Snoozed = "snoozed" v 1 in Conversation to Staff: body::Snoozed, fact::Snoozed;
            /// The agent goes on with a conversation that was set aside, or the time to which it was postponed has come.
            Woken = "woken" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
            /// A member of staff gave the conversation labels, or took some off.
            Labelled = "labelled" v 1 in Conversation to Staff: body::Labelled, fact::Labelled;
            /// The author took a message back: its words are gone.
            Recalled = "recalled" v 1 in Conversation to Public: body::Recalled, fact::OfEntry;
            /// The author took a note back: its words are gone.
            NoteRecalled = "note_recalled" v 1 in Conversation to Staff: body::NoteRecalled, fact::OfEntry;
            /// The author corrected a message, which says something else from now on.
            Corrected = "corrected" v 1 in Conversation to Public: body::Corrected, fact::OfEntry;
            /// The author corrected a note, which says something else from now on.
            NoteCorrected = "note_corrected" v 1 in Conversation to Staff: body::NoteCorrected, fact::OfEntry;
            /// A member of staff blocked the visitor: nothing is taken from them any more.
            VisitorBlocked = "visitor_blocked" v 1 in Conversation to Staff: body::VisitorBlocked, fact::InEpisode;
            /// A member of staff lifted that.
            VisitorUnblocked = "visitor_unblocked" v 1 in Conversation to Staff: body::Nothing, fact::InEpisode;
            /// A note called colleagues, or somebody has seen that.
            MentionsChanged = "mentions_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// The staff were told something, or an announcement was withdrawn.
            AnnouncementsChanged = "announcements_changed" v 1 in Tenant to Public: body::Nothing, fact::Nothing;
            /// The customer said what kind of question it is, and gave details, or skipped that.
            AskedAbout = "asked_about" v 1 in Conversation to Public: body::AskedAbout, fact::AskedAbout;
            /// The customer has waited for so long that they are offered to leave a message instead; they wait on until they choose.
            MessageOffered = "message_offered" v 1 in Conversation to Public: body::MessageOffered, fact::InEpisode;
            ;
            /// An agent's state, capacity or number of conversations changed, or a quarter of an hour was over; the entry records what the agent did until then.
            Worked = "worked" v 1 in Work to Staff: body::Nothing, fact::Worked;
            /// Access was revoked: a session, or devices of a visitor.
            AccessRevoked = "access_revoked" v 1 in Access to Public: body::Revoked, fact::Nothing;
            /// Something was done that the audit notes, or was refused: by a member of the staff, a program, a customer with an account, or at the terminal.
            Audited = "audited" v 1 in Audit to Staff: body::Audited, fact::Nothing;
        }
    };
}

/// Declares the kinds: `Kind = "name" v 1 in Stream | Stream to Audience: Body, Fact;`.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal v $version:literal in $($stream:ident)|+ to $audience:ident: $body:ty, $fact:ty $(;)+)*) => {
        /// Every kind of entry that was ever released. Kinds are only ever added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EntryKind { $($(#[doc = $doc])* $kind),* }

        text_enum!(EntryKind { $($kind = $name),* });

        impl EntryKind {
            /// The readers who may see entries of this kind.
            pub const fn audience(self) -> Audience {
                match self { $(Self::$kind => Audience::$audience),* }
            }
            /// The version of the form in which this release writes the kind.
            pub const fn version(self) -> i64 {
                match self { $(Self::$kind => $version),* }
            }
            /// The kinds of streams in which it occurs.
            pub const fn streams(self) -> &'static [StreamKind] {
                match self { $(Self::$kind => &[$(StreamKind::$stream),+]),* }
            }
            /// The meaning of the kind, in one sentence.
            #[cfg(test)]
            const fn meaning(self) -> &'static str {
                match self { $(Self::$kind => concat!($($doc),*)),* }
            }
            /// The forms of its body and of its facts.
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
            /// Parses what [`Self::to_json_parts`] wrote, also in earlier releases.
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
            /// Parses what [`Self::to_json`] wrote, also in earlier releases. Fields of a later release are ignored.
            pub fn read(kind: EntryKind, facts: &str) -> serde_json::Result<Self> {
                Ok(match kind { $(EntryKind::$kind => Self::$kind(serde_json::from_str(facts)?)),* })
            }
            /// The number of the episode in which it happened; `None` outside of conversations.
            pub fn episode(&self) -> Option<i64> {
                self.value()["ep"].as_i64()
            }
            fn value(&self) -> serde_json::Value {
                match self { $(Self::$kind(fact) => written::value(fact)),* }
            }
        }
    };
}

each_kind!(kinds);

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
            assert_eq!(body.to_json_parts(), (golden.body, golden.staff), "{}", golden.kind);
            assert_eq!(fact.to_json(), golden.facts, "{}", golden.kind);
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
