//! The business rules of the product, as pure code: no input or output, no clock, no randomness, no async. Time and ids are passed in as arguments.
//!
//! - [`conversation`]: the state machine everything else serves
//! - [`customer`]: who may sign in as a customer, and with what
//! - [`mail_address`], [`line`]: how people and names are written
//! - [`stream`]: the kinds of streams, and their names
//! - [`journal`]: how entries are stored and numbered, and what readers see of them
//! - [`entry`]: the kinds of entries, the form of each, and who may read it
//! - [`effect`]: what a commit makes known to the rest of the program
//! - [`delivery`], [`ingress`]: state machines that a connection's task drives
//! - [`opening_hours`]: when a person can be asked for
//! - [`webhook_queue`]: the state machine that sends events to webhook endpoints
//! - [`handoff`]: when the bot offers a person, and what the person is told
//! - [`routing`]: which agent gets a waiting conversation, and why
//! - [`goods`]: what a product must satisfy, and how people write prices
//! - [`plan`]: what a plan must satisfy
//! - [`policy`]: who may do what
//! - [`alert`]: what the staff have to know soon
//! - [`knowledge`]: what the bot is taught, and when a new version may go live
//! - [`recommendation`]: what visitors took an interest in, and for how long it is kept
//! - [`synonyms`], [`graph`]: words that mean the same, and what is added to goods and plans for the bot
//! - [`webhook`]: which events may be sent to webhook endpoints
//! - [`response_time`]: which times of the program are measured, and how they are counted

pub mod alert;
pub mod board;
pub mod canned_reply;
pub mod conversation;
pub mod customer;
pub mod delivery;
pub mod department;
pub mod dimension;
pub mod due;
pub mod effect;
pub mod entry;
pub mod goods;
pub mod graph;
pub mod graphemes;
pub mod handoff;
pub mod handoff_reason;
pub mod id;
pub mod ingress;
pub mod job;
pub mod journal;
pub mod knowledge;
pub mod learning;
pub mod line;
pub mod look;
pub mod mail_address;
pub mod masking;
pub mod opening_hours;
pub mod plan;
pub mod policy;
pub mod rating;
pub mod recommendation;
pub mod refusal;
pub mod response_time;
pub mod revision;
pub mod routing;
pub mod signed_identity;
pub mod site;
pub mod staff;
pub mod stream;
pub mod synonyms;
pub mod text;
mod text_enum;
pub mod time;
pub mod wall_link;
pub mod webhook;
pub mod webhook_queue;
