//! What is live: publishing, versions, and the state of the knowledge.

pub mod overview;
pub mod publish;
pub mod search;
pub mod versions;
