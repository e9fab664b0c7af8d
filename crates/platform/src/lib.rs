//! What a running node stands on: its clock and ids, its settings and keys, its files, and its ways to other machines.
//!
//! - [`env`]: the only source of time, ids and randomness; [`database_clock`]: how nodes keep the same time
//! - [`settings`]: how the program is configured
//! - [`seal_key`]: the sealing key, kept outside the record; [`keys`]: how a start obtains it
//! - [`egress`]: outgoing requests to addresses that others chose; [`post`]: mail and text messages
//! - [`client_address`]: the address a request came from; [`doors`]: which connections are admitted; [`arrivals`]: uploads in progress; [`shares`]: what each key holds of a limited resource
//! - [`durable`]: files whose names survive a power cut; [`files`]: what they are, and pictures without what they reveal
//! - [`erasures`]: the list, outside the record, of what was erased
//! - [`one_each`]: work of which each company may do one at a time; [`in_turn`]: work that is done one after the other for each key; [`counters`]: what the metrics of the process are made of
//! - [`retry`]: writes repeated while the database is busy, and the emptying of logs while somebody reads

pub mod arrivals;
pub mod client_address;
pub mod counters;
pub mod database_clock;
pub mod doors;
pub mod durable;
pub mod egress;
pub mod env;
pub mod erasures;
pub mod files;
pub mod in_turn;
pub mod keys;
pub mod one_each;
pub mod post;
pub mod retry;
pub mod seal_key;
pub mod settings;
pub mod shares;
