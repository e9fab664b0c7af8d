//! From the journal to the numbers of the panel: facts -> DWD (turns and sessions) -> DWS (indicators by minute) -> what the panel shows.
//!
//! - [`definition`]: one definition per indicator, read from `indicators.json`; everything else here is derived from it
//! - [`render`]: the definitions as SQL for either engine, for counting and for the list behind a number
//! - [`event`] and [`reduce`]: pure functions: what a fact means, and what it changes
//! - [`panel`]: the derived store with its cursor, which is written in one transaction with the output
//! - [`numbers`] and [`window`]: what the live panel reads from it; [`range`] and [`series`]: any days, hours or minutes, compared and split
//!
//! Rules to know:
//! - A session is an episode that began with the bot. Rows of other episodes are stored, but not counted.
//! - A session counts once per indicator, in the minute of its first qualifying event; a later rating moves -1/+1 within that minute.
//! - A turn without an answer counts in the minute of the turn, not of the bot's reply, so that it is always among the turns of its window.
//! - Rows are keyed by (conversation, episode) and (conversation, seq) and store first and last occurrences only,
//!   so facts may arrive twice and in any order. Minutes only ever receive the difference between a row before and after.
//!
//! This crate has no connection to the record, no clock, and no message text.

mod cache;
pub mod definition;
pub mod event;
pub mod numbers;
pub mod panel;
pub mod range;
mod read;
pub mod reduce;
pub mod render;
pub mod rows;
pub mod series;
mod store;
pub mod window;

pub use db::{Error, Result, feed::Cursor, feed::Fact};
pub use definition::{DEFINITIONS, Definitions, Split};
pub use jiff::tz::TimeZone;
pub use numbers::{Minutes, Number, Numbers, PanelNumbers};
pub use panel::{Applied, Panel, Place, Zones};
pub use range::{Compare, Grain};
pub use read::{Item, ListCursor, Page, Part};
pub use series::Series;
pub use window::{Day, Window};
