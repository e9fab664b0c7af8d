//! Why a company or a record could not be brought away.

use crate::archive::ArchiveError;

/// Why a company or a record could not be brought away.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The record.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file of the installation.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// It is not done, because of this.
    #[error("{0}")]
    Refused(String),
}

impl From<db::Error> for PortError {
    fn from(error: db::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The result of bringing something away.
pub type Result<T> = std::result::Result<T, PortError>;

/// Runs what waits for the disk or computes for long.
pub(crate) async fn aside<T: Send + 'static, E: From<std::io::Error> + Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, E> + Send + 'static,
) -> std::result::Result<T, E> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}

impl From<std::io::Error> for ArchiveError {
    fn from(error: std::io::Error) -> Self {
        Self::Io("the archive".to_owned(), error)
    }
}
impl From<std::io::Error> for PortError {
    fn from(error: std::io::Error) -> Self {
        Self::Io("a file".to_owned(), error)
    }
}
