//! Why no past is written.

use domain::refusal::Refusal;
use jiff::civil::Date;

/// Why no past was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The record is not that of a demo.
    #[error(
        "this is not the record of a demo, and only that gets a made-up past: start `yingda serve --demo` on an empty data folder, and name that folder with --data"
    )]
    NotDemo,
    /// The first start was interrupted.
    #[error("the demo data was not written completely: delete the data folder, start `yingda serve --demo` on it, and run this command again")]
    Unfinished,
    /// The record has a past already.
    #[error(
        "this demo already has a past, from {0} on, and it is written only once: to write a different one, delete the data folder, start `yingda serve --demo` on it, and run this command again"
    )]
    AlreadyThere(Date),
    /// Every day has conversations.
    #[error("each of the last {0} days already has conversations: choose more days with --days")]
    NothingToWrite(i64),
    /// Nobody could serve the customers.
    #[error("there is no agent who could have served customers: add one with `yingda admin add-staff --role agent`")]
    NoAgents,
    /// The built-in content is broken.
    #[error("demo content: {0}")]
    Content(#[from] serde_json::Error),
    /// A rule refuses what was to happen in a conversation.
    #[error("the past breaks a rule: {0}")]
    Refused(#[from] Refusal),
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Self::Store(error.into())
    }
}
