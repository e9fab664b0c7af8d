//! The rows of the detail tables, as they are stored; ODS holds the events, DWD what they add up to.

use serde::Deserialize;
use uuid::Uuid;

/// Raised whenever the same facts would result in different rows, or amounts are packed in a different way; a store created by a different version is rebuilt.
pub const VERSION: u32 = 9;

/// A table whose rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Episodes.
    DwdSession,
    /// Turns and requests.
    DwdDialogue,
    /// Rounds: what a customer said, and the reply of a person.
    DwdReply,
    /// Services: the time that one agent had a conversation.
    DwdService,
    /// The work of agents, a quarter of an hour at a time.
    DwdWork,
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(&'a str),
}

/// A row whose columns can be read by name.
pub trait Row: PartialEq + Sized {
    /// The table of the row.
    const SOURCE: Source;
    /// The company, the conversation, and the number of the episode or of the entry.
    fn key(&self) -> (Uuid, Uuid, i64);
    /// Reads a column; [`Cell::Null`] if the row does not have it.
    fn getter(column: &str) -> Getter<Self>;
}

/// Reads one column of a row.
pub type Getter<R> = for<'r> fn(&'r R) -> Cell<'r>;

/// The value that a column has for a definition.
trait Column {
    fn cell(&self) -> Cell<'_>;
}
impl Column for Uuid {
    fn cell(&self) -> Cell<'_> {
        Cell::Null
    }
}
impl Column for i64 {
    fn cell(&self) -> Cell<'_> {
        Cell::Int(*self)
    }
}
impl Column for String {
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self)
    }
}
impl<T: Column> Column for Option<T> {
    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, Column::cell)
    }
}

/// Declares a table: its columns are listed once, for reading, for writing and for definitions that name them.
macro_rules! table {
    ($(#[$meta:meta])* $name:ident, $table:literal by $number:ident { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        db::row! {
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, Default)]
            pub struct $name { $($(#[$fmeta])* pub $field: $type),* }
        }
        impl $name {
            /// The name of the table.
            pub const TABLE: &'static str = $table;
            /// The column that, after the company and the conversation, completes the key.
            pub const NUMBER: &'static str = stringify!($number);
            /// The columns, in the order in which they are written.
            pub const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            /// The values, in the same order.
            pub fn values(&self) -> Vec<db::bulk::Value<'_>> {
                vec![$((&self.$field).into()),*]
            }
            /// The company, the conversation, and the number that completes the key.
            pub const fn key(&self) -> (Uuid, Uuid, i64) {
                (self.tenant_id, self.conversation_id, self.$number)
            }
        }
    };
    ($(#[$meta:meta])* $name:ident in $source:ident, $table:literal by $number:ident { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        table! { $(#[$meta])* $name, $table by $number { $($(#[$fmeta])* $field: $type),* } }
        impl Row for $name {
            const SOURCE: Source = Source::$source;
            fn key(&self) -> (Uuid, Uuid, i64) {
                self.key()
            }
            fn getter(column: &str) -> Getter<Self> {
                match column {
                    $(stringify!($field) => |row| row.$field.cell(),)*
                    _ => |_| Cell::Null,
                }
            }
        }
    };
}

table! {
    /// An event: the contract between the journal and everything that is derived from it, here and in other engines. Flat, so that every engine reads it
    /// without parsing; which columns have a value depends on the kind. Columns and kinds are only ever added.
    Event, "ods_event" by seq {
        /// The company it belongs to.
        tenant_id: Uuid,
        /// The conversation in which it happened. Of work: an id that belongs to nothing else.
        conversation_id: Uuid,
        /// The number of its entry. Of work: which part of the entry it is.
        seq: i64,
        /// The episode of the conversation. Of work: 0.
        episode: i64,
        /// What happened, one of [`crate::event::kind`].
        kind: String,
        /// When it happened, in milliseconds since the epoch.
        happened_at: i64,
        /// The company's day on which it happened, e.g. `2026-11-20`. Of work: on which it began.
        day_key: Option<String>,
        /// The customer, as a keyed pseudonym.
        customer: Option<String>,
        /// The agent who acted, or who was given the conversation.
        agent: Option<String>,
        /// The group that the agent belonged to when the event was read.
        group_id: Option<String>,
        /// The department that the agent belonged to when the event was read.
        department: Option<String>,
        /// The queue that was entered.
        queue: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The customer's language.
        lang: Option<String>,
        /// The product that the customer was looking at.
        goods: Option<String>,
        /// The category of that product when the event was read.
        category: Option<String>,
        /// The category of the question that the bot recognised.
        topic: Option<String>,
        /// The number of the entry that it answers or interprets.
        ref_seq: Option<i64>,
        /// The kind of answer, or how an episode ended.
        outcome: Option<String>,
        /// Who had the conversation, who ended the episode, how the conversation came to an agent, or in which state an agent worked.
        how: Option<String>,
        /// Of a customer's message: 1 if it was recognised at once as a request for a person. Of a rating: 1 if the matter is settled, 0 if it is not.
        flag: Option<i64>,
        /// How long a wait or work lasted, in milliseconds.
        ms: Option<i64>,
        /// The rating; see [`domain::rating`].
        score: Option<i64>,
        /// The entry of the knowledge, the product or the plan from which the bot answered.
        entry: Option<String>,
        /// How sure the bot was of its answer, in thousandths.
        confidence: Option<i64>,
        /// Of work: when it began.
        since: Option<i64>,
        /// Of work: the number of conversations that the agent had.
        contacts: Option<i64>,
        /// Of work: the number of conversations that the agent could have had; of one who took no more, as many as the agent had.
        slots: Option<i64>,
    }
}

table! {
    /// An episode with its timestamps; those that have not been seen yet are empty.
    SessionRow in DwdSession, "dwd_session" by episode {
        /// The company it belongs to.
        tenant_id: Uuid,
        /// The conversation of the episode.
        conversation_id: Uuid,
        /// The number of the episode.
        episode: i64,
        /// The party that had it first; `bot` makes it a session.
        began_with: Option<String>,
        /// When it began.
        created_at: Option<i64>,
        /// The company's day on which it began, e.g. `2026-11-20`.
        day_key: Option<String>,
        /// The customer, as a keyed pseudonym.
        customer: Option<String>,
        /// The queue in which it waited first.
        queue: Option<String>,
        /// The agent who had it first.
        agent: Option<String>,
        /// The group of that agent.
        group_id: Option<String>,
        /// The department of that agent.
        department: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The customer's language.
        lang: Option<String>,
        /// The product that the customer was looking at.
        goods: Option<String>,
        /// The category of that product.
        category: Option<String>,
        /// The last category of questions that the bot recognised in it.
        topic: Option<String>,
        /// What the bot answered from last.
        entry: Option<String>,
        /// Always empty: an episode is not one answer.
        band: Option<String>,
        /// The number of turns with the bot.
        turns: i64,
        /// The number of turns that the bot could not answer.
        missed: i64,
        /// The number of requests for a person.
        requests: i64,
        /// The time of the first turn with the bot.
        first_turn_at: Option<i64>,
        /// The time of the bot's first answer.
        first_answer_at: Option<i64>,
        /// From the first turn to the bot's first answer, in milliseconds.
        first_answer_ms: Option<i64>,
        /// The time of the first request for a person.
        first_request_at: Option<i64>,
        /// When its first wait in a queue ended.
        wait_ended_at: Option<i64>,
        /// How the first wait ended, one of [`wait`].
        wait_end: Option<String>,
        /// The length of the first wait, in milliseconds.
        wait_ms: Option<i64>,
        /// The time of the first message of a person.
        first_reply_at: Option<i64>,
        /// From the moment at which a person was asked for to that message, in milliseconds.
        first_reply_ms: Option<i64>,
        /// When it ended.
        ended_at: Option<i64>,
        /// How it ended, as corrected by the customer's rating; see [`domain::conversation::Outcome`].
        outcome: Option<String>,
        /// The time of the first rating.
        first_rated_at: Option<i64>,
        /// The latest rating; see [`domain::rating`].
        score: Option<i64>,
        /// Who served: one of [`served`].
        served_by: Option<String>,
        /// Of an episode that ended: whether the customer came back, one of [`back`].
        came_back: Option<String>,
    }
}

table! {
    /// A turn of the customer with the bot and its outcome, or a request for a person.
    DialogueRow in DwdDialogue, "dwd_dialogue" by seq {
        /// The company it belongs to.
        tenant_id: Uuid,
        /// The conversation of the turn or request.
        conversation_id: Uuid,
        /// The number of its entry.
        seq: i64,
        /// The episode of the conversation.
        episode: i64,
        /// The kind of the row, one of [`kind`].
        kind: String,
        /// When it happened.
        happened_at: i64,
        /// The company's day on which it happened, e.g. `2026-11-20`.
        day_key: Option<String>,
        /// The queue in which the episode waited first.
        queue: Option<String>,
        /// The agent who had the episode first.
        agent: Option<String>,
        /// The group of that agent.
        group_id: Option<String>,
        /// The department of that agent.
        department: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The customer's language.
        lang: Option<String>,
        /// The product that the customer was looking at.
        goods: Option<String>,
        /// The category of that product.
        category: Option<String>,
        /// The category of the question.
        topic: Option<String>,
        /// Of an answered turn: what the bot answered from.
        entry: Option<String>,
        /// Of an answered turn: how sure the bot was, one of [`BANDS`].
        band: Option<String>,
        /// The kind of the bot's last answer; `no_answer` is counted.
        outcome: Option<String>,
        /// From the turn to the bot's first answer, in milliseconds.
        answer_ms: Option<i64>,
        /// Of a turn: what became of it, one of [`result`].
        bot_result: Option<String>,
        /// Of an answered turn: how sure the bot was, in thousandths.
        confidence: Option<i64>,
        /// Of an answered turn: why the answer is taken to be poor, one of [`poor`].
        poor: Option<String>,
        /// Of an answered turn: what somebody who read it thinks of the answer; see [`domain::entry::body::Verdict`].
        verdict: Option<String>,
        /// Of a request: how the customer asked; see [`domain::entry::body::AskedVia`].
        asked_via: Option<String>,
        /// Of a request: why the conversation goes to a person; see [`domain::handoff_reason::HandoffReason`].
        reason: Option<String>,
        /// Of an answered turn: whether the customer said that the answer helped, one of [`helped`].
        helped: Option<String>,
    }
}

table! {
    /// A round: from the first unanswered message of a customer to the next message of the agent who has the conversation.
    ReplyRow in DwdReply, "dwd_reply" by seq {
        /// The company it belongs to.
        tenant_id: Uuid,
        /// The conversation of the round.
        conversation_id: Uuid,
        /// The number of the entry of the reply.
        seq: i64,
        /// The episode of the conversation.
        episode: i64,
        /// When the reply was sent.
        replied_at: i64,
        /// The company's day on which it was sent, e.g. `2026-11-20`.
        day_key: Option<String>,
        /// The queue from which the conversation came to the agent.
        queue: Option<String>,
        /// The agent who replied.
        agent: Option<String>,
        /// The group of that agent.
        group_id: Option<String>,
        /// The department of that agent.
        department: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The customer's language.
        lang: Option<String>,
        /// The product that the customer was looking at.
        goods: Option<String>,
        /// The category of that product.
        category: Option<String>,
        /// The last category of questions in the episode.
        topic: Option<String>,
        /// What the bot answered from last in the episode.
        entry: Option<String>,
        /// Always empty: it is no answer of the bot.
        band: Option<String>,
        /// How long the customer had waited for the reply, in milliseconds.
        reply_ms: i64,
    }
}

table! {
    /// A service: the time that one agent had a conversation.
    ServiceRow in DwdService, "dwd_service" by seq {
        /// The company it belongs to.
        tenant_id: Uuid,
        /// The conversation.
        conversation_id: Uuid,
        /// The number of the entry with which the agent got it.
        seq: i64,
        /// The episode of the conversation.
        episode: i64,
        /// When the agent got it.
        began_at: i64,
        /// The company's day on which the agent got it, e.g. `2026-11-20`.
        day_key: Option<String>,
        /// The queue from which it came.
        queue: Option<String>,
        /// The agent.
        agent: Option<String>,
        /// The group of the agent.
        group_id: Option<String>,
        /// The department of the agent.
        department: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The customer's language.
        lang: Option<String>,
        /// The product that the customer was looking at.
        goods: Option<String>,
        /// The category of that product.
        category: Option<String>,
        /// The last category of questions in the episode.
        topic: Option<String>,
        /// What the bot answered from last in the episode.
        entry: Option<String>,
        /// Always empty: it is no answer of the bot.
        band: Option<String>,
        /// How it came to the agent; see [`domain::entry::body::AssignedHow`], or `reopened`.
        how: Option<String>,
        /// When the agent no longer had it.
        ended_at: Option<i64>,
        /// How that came about, one of [`service_end`].
        service_end: Option<String>,
        /// From the beginning to the end, in milliseconds.
        handle_ms: Option<i64>,
        /// The time from message to message, without pauses of more than [`PAUSE_MS`], in milliseconds; only known at the end.
        talk_ms: Option<i64>,
        /// The number of the agent's messages.
        replies: i64,
    }
}

table! {
    /// Work of an agent: a time in one state with one number of conversations, and within one quarter of an hour. Agents who are offline, or
    /// on a break without a conversation, have none.
    WorkRow in DwdWork, "dwd_work" by piece {
        /// The company it belongs to.
        tenant_id: Uuid,
        /// What the pieces of one entry have in common, and nothing else.
        conversation_id: Uuid,
        /// Which of these pieces it is.
        piece: i64,
        /// Always 0: it belongs to no episode.
        episode: i64,
        /// When it began.
        began_at: i64,
        /// The company's day on which it began, e.g. `2026-11-20`.
        day_key: Option<String>,
        /// Always empty, like everything that says something of a conversation: an agent has several at a time.
        queue: Option<String>,
        /// The agent.
        agent: Option<String>,
        /// The group of the agent.
        group_id: Option<String>,
        /// The department of the agent.
        department: Option<String>,
        /// Always empty.
        channel: Option<String>,
        /// Always empty.
        site: Option<String>,
        /// Always empty.
        lang: Option<String>,
        /// Always empty.
        goods: Option<String>,
        /// Always empty.
        category: Option<String>,
        /// Always empty.
        topic: Option<String>,
        /// Always empty.
        entry: Option<String>,
        /// Always empty.
        band: Option<String>,
        /// The state of the agent; see [`domain::staff::AgentState`].
        agent_state: Option<String>,
        /// The number of conversations that the agent had.
        contacts: i64,
        /// How long it lasted, in milliseconds.
        work_ms: i64,
        /// The same, for each of the conversations added up.
        contact_ms: i64,
        /// The same, for each of the conversations that the agent could have had added up.
        slot_ms: i64,
    }
}

/// The kinds of rows in `dwd_dialogue`.
pub mod kind {
    /// A turn with the bot.
    pub const TURN: &str = "turn";
    /// A request for a person.
    pub const REQUEST: &str = "request";
    /// A message that was a request for a person: it is not a turn; the request has a row of its own.
    pub const COMMAND: &str = "command";
}

/// What became of a turn with the bot.
pub mod result {
    /// The bot answered it.
    pub const ANSWERED: &str = "answered";
    /// The bot offered questions that may have been meant.
    pub const OFFERED: &str = "offered";
    /// The bot had no answer.
    pub const MISSED: &str = "missed";
    /// The bot said something that is neither: a courtesy, or that nobody is there.
    pub const OTHER: &str = "other";
}

/// Why an answer of the bot is taken to be poor; of several reasons, the first.
pub mod poor {
    /// Somebody judged it to be wrong.
    pub const JUDGED_WRONG: &str = "judged_wrong";
    /// The customer said that it did not help.
    pub const UNHELPFUL: &str = "unhelpful";
    /// The next thing the customer did was to ask for a person.
    pub const ASKED_PERSON: &str = "asked_person";
    /// The customer said something more, and the bot answered the same again.
    pub const REPEATED: &str = "repeated";
    /// It was the last answer of an episode that the customer rated poorly.
    pub const RATED_POOR: &str = "rated_poor";
}

/// What the customer said of an answer last.
pub mod helped {
    /// It helped.
    pub const YES: &str = "yes";
    /// It did not help.
    pub const NO: &str = "no";
}

/// Who served an episode.
pub mod served {
    /// An agent had it.
    pub const PERSON: &str = "person";
    /// No agent had it.
    pub const BOT: &str = "bot";
}

/// Whether the customer came back after the end of an episode.
pub mod back {
    /// Within [`DAY_MS`].
    pub const WITHIN_A_DAY: &str = "within_a_day";
    /// Later, but within [`THREE_DAYS_MS`].
    pub const WITHIN_THREE_DAYS: &str = "within_three_days";
    /// Not within that time, or not yet.
    pub const NO: &str = "no";
    /// 24 hours, in milliseconds.
    pub const DAY_MS: i64 = domain::time::DAY;
    /// 72 hours, in milliseconds.
    pub const THREE_DAYS_MS: i64 = domain::conversation::RETURN_WINDOW_MS;
}

/// How sure the bot was of an answer: the upper edge of each interval in thousandths, and its name in percent.
pub const BANDS: [(i64, &str); 8] =
    [(500, "0-50"), (600, "50-60"), (700, "60-70"), (800, "70-80"), (850, "80-85"), (900, "85-90"), (950, "90-95"), (1_000, "95-100")];

/// The name of the interval of [`BANDS`] that contains a confidence in thousandths.
pub fn band(confidence: i64) -> &'static str {
    let last = BANDS.last().map_or("", |(_, name)| name);
    BANDS.iter().find(|(edge, _)| confidence <= *edge).map_or(last, |(_, name)| name)
}

/// How a wait in a queue ended.
pub mod wait {
    /// An agent took the conversation.
    pub const ANSWERED: &str = "answered";
    /// The customer gave up.
    pub const ABANDONED: &str = "abandoned";
    /// The customer gave up within [`SHORT_MS`]: an accident, which does not count.
    pub const SHORT: &str = "short";
    /// A wait that is given up within this time is not an abandonment, in milliseconds.
    pub const SHORT_MS: i64 = 5_000;
}

/// How a service ended.
pub mod service_end {
    /// The episode ended.
    pub const RESOLVED: &str = "resolved";
    /// A colleague got the conversation.
    pub const TRANSFERRED: &str = "transferred";
    /// It went to a queue.
    pub const QUEUED: &str = "queued";
    /// It went back to its queue because the agent was lost.
    pub const RETURNED: &str = "returned";
    /// The agent handed it back to the bot.
    pub const HANDED_BACK: &str = "handed_back";
}

/// A pause between two messages that is longer than this is not part of the talk, in milliseconds.
pub const PAUSE_MS: i64 = 300_000;
