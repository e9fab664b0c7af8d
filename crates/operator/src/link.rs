//! The one-time link with which an operator signs in. It is made at the terminal, by whoever may read the data folder.

use domain::time::Ts;
use http_kit::{App, auth::operator::make_link};
use serde::{Deserialize, Serialize};

/// A one-time link for an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorLink {
    /// The link.
    pub url: String,
    /// Until when it can be used.
    pub expires_at: Ts,
}

/// Makes a link.
///
/// # Errors
/// If there are no random numbers, or the record cannot be written.
pub async fn make(app: &App) -> store::Result<OperatorLink> {
    let (url, expires_at) = make_link(app).await?;
    Ok(OperatorLink { url, expires_at })
}
