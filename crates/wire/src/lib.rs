//! What the server and its clients send each other, as types and as text. They are part of the API document, from which the pages' types are generated;
//! docs/PROTOCOL.md describes them for readers.
//!
//! - [`frames`]: the frames of a connection
//! - [`entries`]: the entries of a stream, for the API document; [`encode`]: writes them, out of what is stored
//! - [`conversation`]: a conversation, as its customer and the desk see it; [`alerts`]: alerts; [`panel`]: the live panel; [`warehouse_jobs`]: the jobs behind its numbers;
//!   [`metrics`] and [`response_times`]: what developed over time
//! - [`lines`]: the text written to a connection

pub mod alerts;
pub mod behind;
pub mod conversation;
pub mod encode;
pub mod entries;
pub mod frames;
pub mod judgements;
pub mod lines;
pub mod metrics;
pub mod panel;
pub mod response_times;
pub mod warehouse_jobs;
