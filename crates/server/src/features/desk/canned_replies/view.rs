//! A canned reply on the wire.

use domain::{
    canned_reply::{CannedReply, CannedReplyError},
    id::CannedReplyId,
    refusal::Code,
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// A ready-made answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CannedReply)]
pub struct CannedReplyView {
    /// Its id.
    pub id: CannedReplyId,
    /// What is typed after the slash.
    pub shortcode: String,
    /// What the list shows.
    pub title: String,
    /// The words; variables stand in double braces.
    pub body: Bilingual,
    /// When it was last changed; hand it back as `seen`.
    pub updated_at: Ts,
}

impl From<CannedReply> for CannedReplyView {
    fn from(reply: CannedReply) -> Self {
        let CannedReply { id, tenant: _, shortcode, title, body, updated_at } = reply;
        Self { id, shortcode: shortcode.as_str().to_owned(), title, body, updated_at }
    }
}

impl From<CannedReplyError> for Problem {
    fn from(error: CannedReplyError) -> Self {
        Self::invalid(error.field(), Code::InvalidValue, error.to_string())
    }
}
