//! The demo operator's past: a believable record of its conversations, told through the same rules that live traffic goes through.
//!
//! - [`history`]: what is written: the last days at the first start, a longer past by the command
//! - [`cast`]: the company, its queues and its agents, as the record has them
//! - [`words`]: what customers, the bot and agents say
//! - [`calendar`], [`profile`]: how traffic varies over the years, the week and the day
//! - [`roster`]: when agents work, and who is free
//! - [`story`]: one conversation
//! - [`past`]: tells the conversations of many days in the order of time, and writes them
//! - [`chance`]: the random numbers
//! - [`error`]: why no past is written
//!
//! The same seed and the same present give the same past.

pub mod calendar;
pub mod cast;
pub mod chance;
pub mod error;
pub mod history;
pub mod past;
pub mod profile;
pub mod roster;
pub mod story;
pub mod words;
