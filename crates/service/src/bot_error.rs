//! Why there is no bot.

use bot::stop::Stopped;

/// Why a bot could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The knowledge is not in the format the bot expects.
    #[error("knowledge: {0}")]
    Knowledge(#[from] bot::KnowledgeError),
    /// The draft changed while it was being read.
    #[error("the draft changed while it was being read")]
    Changed,
    /// Training was interrupted.
    #[error("training broke off")]
    Training,
    /// Nobody waits for it any more, or something else is needed first, or the program ends.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}
