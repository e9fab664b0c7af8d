//! From the journal to the numbers of the panels: facts -> events (ODS) -> episodes, turns, rounds and services (DWD) -> amounts by time and part (DWS) -> what
//! is shown.
//!
//! - [`definition`]: one definition per indicator, read from `indicators.json`; everything else here is derived from it
//! - [`render`]: the definitions as SQL for every engine, for computing and for the list behind a number
//! - [`event`]: what a fact means; the contract with other engines
//! - [`derive`] and [`changes`]: pure functions: what the events of a conversation add up to, and what that changes; `conversation` gets the same for the next
//!   messages of a conversation without deriving all of it
//! - [`panel`]: one edition of the derived store with its cursor, which is written in one transaction with the output; [`edition`]: which of them is shown, and
//!   which is filled
//! - [`sums`]: the stored amounts by time and part, a row of which is a [`tally`]; `resum` and `packing` take care of days between batches of facts
//! - [`portable`]: every indicator a second time, as SQL over the events; the crate `parity` compares the two
//! - [`day`]: a day of a company, checked or counted again; [`runs`]: when that was done, and what it found; [`refused`]: what the feed could not count
//! - [`outside`]: the same rows and amounts, computed by an engine outside of this program
//! - [`plain`]: the events as rows and nothing else, to measure what the rest costs
//! - [`times`]: how long people talked and waited in single conversations; [`timings`]: response times, which are samples and not in the journal
//! - [`numbers`] and [`window`]: what the live panel reads from it; [`range`] and [`series`]: any days, hours or minutes, compared and split
//!
//! Rules to know:
//! - A session is an episode that began with the bot. Rows of other episodes are stored, but most indicators do not count them.
//! - A session counts once per indicator, in the minute of its first qualifying event; a later rating moves -1/+1 within that minute.
//! - A turn without an answer counts in the minute of the turn, not of the bot's reply, so that it is always among the turns of its window.
//! - The rows of a conversation are derived from all of its events, so facts may arrive twice and in any order. Amounts only ever receive the difference between
//!   the rows before and after.
//!
//! This crate has no connection to the record, no clock, and no message text.

mod cache;
pub mod changes;
mod conversation;
pub mod day;
pub mod definition;
pub mod derive;
pub mod edition;
mod erase;
pub mod event;
mod extremes;
pub mod numbers;
pub mod outside;
mod packing;
pub mod panel;
pub mod plain;
pub mod portable;
pub mod range;
mod read;
pub mod refused;
pub mod render;
mod resum;
pub mod rows;
pub mod runs;
pub mod sample;
pub mod schema;
pub mod series;
mod service;
mod store;
pub mod sums;
pub mod tally;
pub mod times;
pub mod timings;
pub mod window;
mod work;

pub use day::{CompanyDay, Mismatch, Verified};
pub use db::{Error, Result, feed::Cursor, feed::Fact};
pub use definition::{DEFINITIONS, Definitions};
pub use edition::Editions;
pub use event::{Company, Directory, Event};
pub use jiff::tz::TimeZone;
pub use numbers::{Amounts, Minutes, Number, Numbers, PanelNumbers};
pub use panel::{Applied, Panel, Place};
pub use range::{Compare, Grain};
pub use read::{Item, ListCursor, Page, Part, Stretch};
pub use series::Series;
pub use window::{Day, Window};
