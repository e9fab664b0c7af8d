//! A canned reply on the wire.

use domain::{canned_reply::CannedReply, id::CannedReplyId, text::Bilingual, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;

/// A canned reply.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CannedReply)]
pub struct CannedReplyView {
    /// The canned reply's id.
    pub id: CannedReplyId,
    /// What is typed after the slash.
    pub shortcode: String,
    /// The title shown in the list.
    pub title: String,
    /// How the title sounds: a syllable for each Chinese character, without tones, and other words as they are, all in small letters with spaces between.
    pub sound: String,
    /// The text; variables are written in double braces.
    pub body: Bilingual,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl From<CannedReply> for CannedReplyView {
    fn from(reply: CannedReply) -> Self {
        let CannedReply { id, tenant: _, shortcode, title, body, updated_at } = reply;
        let sound = bot::sound_of(&title);
        Self { id, shortcode: shortcode.as_str().to_owned(), title, sound, body, updated_at }
    }
}
