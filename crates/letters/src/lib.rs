//! Letters: mail and text messages that go out. How a message looks as each, and thin senders. The crate uses no database, no company and no account.
//!
//! - [`message`]: what is sent, and why it could not be sent
//! - [`posted`]: a message that waits to be sent
//! - [`html`]: the same words as a page, for mail
//! - [`mail`]: e-mail over SMTP
//! - [`sms`]: text messages through a gateway that accepts JSON over HTTP
//! - [`outbox`]: a folder of readable files, or the console, if neither is set up

pub mod html;
pub mod mail;
pub mod message;
pub mod outbox;
pub mod posted;
pub mod sms;
