//! Ways to reach a person outside our own pages: what a message looks like on each, and thin senders. They know no database, no company and no account.
//!
//! - [`message`]: what is sent, and why it could not be
//! - [`mail`]: e-mail by SMTP
//! - [`sms`]: text messages by a gateway that takes JSON over HTTP
//! - [`outbox`]: a folder of readable files, or the console, where neither is set up

pub mod mail;
pub mod message;
pub mod outbox;
pub mod sms;
