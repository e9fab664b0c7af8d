//! The business rules of the product, as pure code: no input or output, no clock, no randomness, no async. Time and ids are passed in as arguments.
//!
//! - [`conversation`]: the state machine everything else serves
//! - [`customer`]: who may sign in as a customer, and with what
//! - [`customer_facts`]: what the staff note of a customer; [`customer_terms`]: by what they find one
//! - [`mail_address`], [`line`]: how people and names are written
//! - [`stream`]: the kinds of streams, and their names
//! - [`journal`]: how entries are stored and numbered, and what readers see of them
//! - [`entry`]: the kinds of entries, the form of each, and who may read it
//! - [`erasure`]: what is erased of a person, and why
//! - [`effect`]: what a commit makes known to the rest of the program
//! - [`opening_hours`]: when a person can be asked for
//! - [`handoff`]: when the bot offers a person, and what the person is told
//! - [`routing`]: which agent gets a waiting conversation, and why
//! - [`policy`]: who may do what
//! - [`single_sign_on`]: who of the staff is let in by an identity provider, and in which role
//! - [`api_token`]: what programs may do, from where, and until when
//! - [`address_rules`]: from where the staff and visitors may come
//! - [`contact`]: what the staff see of a customer's contacts
//! - [`alert`]: what the staff have to know soon
//! - [`floor`]: what a company decides for its supervisors
//! - [`webhook`]: which events may be sent to webhook endpoints
//! - [`response_time`]: which times of the program are measured, and how they are counted

pub mod address_rules;
pub mod alert;
pub mod announcement;
pub mod api_token;
pub mod board;
pub mod canned_reply;
pub mod company;
pub mod consent;
pub mod contact;
pub mod contact_kind;
pub mod conversation;
pub mod customer;
pub mod customer_facts;
pub mod customer_terms;
pub mod department;
pub mod dimension;
pub mod due;
pub mod effect;
pub mod entry;
pub mod erasure;
pub mod floor;
pub mod graphemes;
pub mod handoff;
pub mod handoff_reason;
pub mod id;
pub mod job;
pub mod journal;
pub mod label;
pub mod learning;
pub mod line;
pub mod look;
pub mod macros;
pub mod mail_address;
pub mod masking;
pub mod opening_hours;
pub mod policy;
pub mod question_kind;
pub mod rating;
pub mod refusal;
pub mod response_time;
pub mod revision;
pub mod routing;
pub mod signed_identity;
pub mod single_sign_on;
pub mod site;
pub mod staff;
pub mod stream;
pub mod text;
mod text_enum;
pub mod time;
pub mod visitor_block;
pub mod wall_link;
pub mod webhook;
