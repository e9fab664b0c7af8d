//! From the journal to the numbers of the panel: facts -> DWD (turns and sessions) -> DWS (indicators by minute) -> what the panel shows.
//!
//! - [`definition`]: one definition per indicator, read from `indicators.json`; everything else here is derived from it
//! - [`render`]: the definitions as SQL of either engine, for counting and for the list behind a number
//! - [`event`] and [`reduce`]: pure: what a fact says, and what it changes
//! - [`panel`]: the derived store with its cursor, written in one transaction with the output
//! - [`numbers`] and [`window`]: what the live panel reads from it; [`range`] and [`series`]: any days, hours or minutes, compared and split
//!
//! Rules a reader should know:
//! - A session is an episode that began with the bot. Of other episodes rows are kept, but nothing is counted.
//! - A session counts once per indicator, in the minute of its first qualifying event; a later rating moves -1/+1 within that minute.
//! - A turn without an answer counts in the minute of the turn, not of the bot's reply, so that it is always among the turns of its window.
//! - Rows are keyed by (conversation, episode) and (conversation, seq) and hold first and last occurrences only,
//!   so facts may come twice and in any order. Minutes get the difference of a row before and after, never more.
//!
//! There is no connection to the record here, no clock, and no word that anybody said.

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
