//! What is live: publishing, versions, and where it stands.

pub mod overview;
pub mod publish;
pub mod versions;
