//! What goes on beside requests.

pub mod count_messages;
