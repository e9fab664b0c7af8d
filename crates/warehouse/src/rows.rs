//! The rows of the detail tables as they are stored.

use serde::Deserialize;
use uuid::Uuid;

/// Raised whenever the same facts would result in different rows; a store created by a different version is rebuilt.
pub const VERSION: u32 = 4;

/// A table whose rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Episodes.
    DwdSession,
    /// Turns and requests.
    DwdDialogue,
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
pub trait Row {
    /// The table of the row.
    const SOURCE: Source;
    /// The value of a column; [`Cell::Null`] if the row does not have it.
    fn cell(&self, column: &str) -> Cell<'_>;
}

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

/// Declares a row: its columns are listed once, for reading, for writing and for definitions that name them.
macro_rules! table {
    ($(#[$meta:meta])* $name:ident in $source:ident, $table:literal { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        db::row! {
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, Default)]
            pub struct $name { $($(#[$fmeta])* pub $field: $type),* }
        }
        impl $name {
            /// The name of the table.
            pub const TABLE: &'static str = $table;
            /// The columns, in the order in which they are written.
            pub const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            /// The values, in the same order.
            pub(crate) fn values(&self) -> Vec<db::bulk::Value<'_>> {
                vec![$((&self.$field).into()),*]
            }
        }
        impl Row for $name {
            const SOURCE: Source = Source::$source;
            fn cell(&self, column: &str) -> Cell<'_> {
                match column {
                    $(stringify!($field) => self.$field.cell(),)*
                    _ => Cell::Null,
                }
            }
        }
    };
}

table! {
    /// An episode with its timestamps; those that have not been seen yet are empty.
    SessionRow in DwdSession, "dwd_session" {
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
        /// The customer's language.
        lang: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The product that the customer asked about.
        goods: Option<String>,
        /// The time of the first turn with the bot.
        first_turn_at: Option<i64>,
        /// The time of the first request for a person.
        first_request_at: Option<i64>,
        /// The queue in which it waited first.
        queue: Option<String>,
        /// The number of the entry that records that queue.
        queued_seq: Option<i64>,
        /// When its first wait in a queue ended.
        wait_ended_at: Option<i64>,
        /// The number of the entry that records that end.
        wait_ended_seq: Option<i64>,
        /// How the first wait ended, one of [`wait`].
        wait_end: Option<String>,
        /// The length of the first wait, in milliseconds.
        wait_ms: Option<i64>,
        /// The time of the first rating.
        first_rated_at: Option<i64>,
        /// The number of the entry of the latest rating.
        rated_seq: Option<i64>,
        /// The latest rating; see [`domain::rating`].
        score: Option<i64>,
    }
}

table! {
    /// A turn of the customer with the bot and its outcome, or a request for a person.
    DialogueRow in DwdDialogue, "dwd_dialogue" {
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
        /// When it happened; empty while only its answer has been seen.
        at: Option<i64>,
        /// The company's day on which it happened, e.g. `2026-11-20`.
        day_key: Option<String>,
        /// The customer's language, copied from the episode.
        lang: Option<String>,
        /// The product that the customer asked about, copied from the episode.
        goods: Option<String>,
        /// The number of the entry of the answer, or of the last one if there are several.
        answer_seq: Option<i64>,
        /// The kind of answer; `no_answer` is counted.
        outcome: Option<String>,
        /// The intent that the bot recognised.
        intent: Option<String>,
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
    /// The answer arrived before the turn.
    pub const UNSEEN: &str = "unseen";
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
