//! The rows of the detail tables as they stand in the store.

use serde::Deserialize;
use uuid::Uuid;

/// Raised whenever the same facts would lead to other rows; a store made by another version is rebuilt.
pub const VERSION: u32 = 4;

/// A table of rows that are counted.
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
    /// None.
    Null,
    /// A number.
    Int(i64),
    /// A word.
    Text(&'a str),
}

/// A row whose columns can be asked for by name.
pub trait Row {
    /// Of which table.
    const SOURCE: Source;
    /// The value of a column; [`Cell::Null`] for one it does not have.
    fn cell(&self, column: &str) -> Cell<'_>;
}

/// What a column's type is to a definition.
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

/// Declares a row: its columns once, for reading, for writing and for definitions that name them.
macro_rules! table {
    ($(#[$meta:meta])* $name:ident in $source:ident, $table:literal { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        db::row! {
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, Default)]
            pub struct $name { $($(#[$fmeta])* pub $field: $type),* }
        }
        impl $name {
            /// The table's name.
            pub const TABLE: &'static str = $table;
            /// Its columns, in the order in which they are written.
            pub const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            /// Its values, in the same order.
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
    /// An episode with its stamps; those that were not seen yet are empty.
    SessionRow in DwdSession, "dwd_session" {
        /// Whose.
        tenant_id: Uuid,
        /// In which conversation.
        conversation_id: Uuid,
        /// Which of its episodes.
        episode: i64,
        /// Who had it first: `bot` makes it a session.
        began_with: Option<String>,
        /// When it began.
        created_at: Option<i64>,
        /// On which day of the tenant, `2026-11-20`.
        day_key: Option<String>,
        /// The customer's language.
        lang: Option<String>,
        /// On which channel.
        channel: Option<String>,
        /// On which site.
        site: Option<String>,
        /// The product asked about.
        goods: Option<String>,
        /// First turn with the bot.
        first_turn_at: Option<i64>,
        /// First request for a person.
        first_request_at: Option<i64>,
        /// In which queue it waited first.
        queue: Option<String>,
        /// The number of the entry that says so.
        queued_seq: Option<i64>,
        /// When its first wait in a queue ended.
        wait_ended_at: Option<i64>,
        /// The number of the entry that says so.
        wait_ended_seq: Option<i64>,
        /// How, one of [`wait`].
        wait_end: Option<String>,
        /// How long it was, in milliseconds.
        wait_ms: Option<i64>,
        /// First rating.
        first_rated_at: Option<i64>,
        /// The number of the last rating's entry.
        rated_seq: Option<i64>,
        /// The last rating, 1 to 5.
        score: Option<i64>,
    }
}

table! {
    /// A turn of the customer with the bot and its outcome, or a request for a person.
    DialogueRow in DwdDialogue, "dwd_dialogue" {
        /// Whose.
        tenant_id: Uuid,
        /// In which conversation.
        conversation_id: Uuid,
        /// The number of its entry.
        seq: i64,
        /// In which episode.
        episode: i64,
        /// One of [`kind`].
        kind: String,
        /// When; empty while only its answer was seen.
        at: Option<i64>,
        /// On which day of the tenant, `2026-11-20`.
        day_key: Option<String>,
        /// The customer's language, as the episode has it.
        lang: Option<String>,
        /// The product asked about, as the episode has it.
        goods: Option<String>,
        /// The number of the answer's entry, the last if there are several.
        answer_seq: Option<i64>,
        /// What came of it: `no_answer` is counted.
        outcome: Option<String>,
        /// What the bot took it for.
        intent: Option<String>,
    }
}

/// What a row of `dwd_dialogue` is.
pub mod kind {
    /// A turn with the bot.
    pub const TURN: &str = "turn";
    /// A request for a person.
    pub const REQUEST: &str = "request";
    /// Words that were a request for a person: no turn; the request has a row of its own.
    pub const COMMAND: &str = "command";
    /// The answer came before the turn.
    pub const UNSEEN: &str = "unseen";
}

/// How a wait in a queue ended.
pub mod wait {
    /// An agent took the conversation.
    pub const ANSWERED: &str = "answered";
    /// The customer gave up.
    pub const ABANDONED: &str = "abandoned";
    /// The customer gave up within [`SHORT_MS`]: a slip, which counts for nothing.
    pub const SHORT: &str = "short";
    /// So long a wait that is given up is no abandonment, in milliseconds.
    pub const SHORT_MS: i64 = 5_000;
}
