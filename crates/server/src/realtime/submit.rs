//! A send on its way to the writer: what can be checked without the record, and which lane it takes.

use std::sync::Arc;

use db::writer::Fence;
use domain::{refusal::Code, text};

use super::{
    mailbox::Principal,
    perform::{self, FullPath},
    wire::{Send, SendBody},
};
use crate::App;

/// Hands a send to the writer: as data if its conversation's state is known and stays as it is, else on its full path.
pub fn submit(
    app: &App,
    principal: Arc<Principal>,
    send: Send,
    fence: Option<(Arc<Fence>, u64)>,
    done: impl FnOnce(Option<db::writer::Outcome>) + std::marker::Send + 'static,
) {
    let hash = perform::digest(&send.body);
    let hot = app.hub().head(principal.tenant(), send.conversation).and_then(|c| perform::hot(&principal, &c, &send, hash));
    let conversation = send.conversation.uuid();
    let otherwise = Box::new(FullPath { principal, send: Arc::new(send), hash });
    app.db().writer().append(db::Append { conversation, hot, otherwise, fence, reply: Box::new(move |result| done(result.ok())) });
}

/// The longest line that says where to answer besides here, in characters.
const MAX_CONTACT_CHARS: usize = 200;

/// The most files of one note.
const MAX_NOTE_FILES: usize = 10;

/// Checks what can be checked without the record; the code of the refusal.
pub fn check(send: &Send) -> Result<(), Code> {
    let opened = send.open.iter().flat_map(|open| open.product.iter().chain(open.page.iter().flat_map(|page| [&page.title, &page.url])));
    if opened.into_iter().any(|text| text.contains('\0')) {
        return Err(Code::TextUnacceptable);
    }
    let words = |text: &str, max: usize| match text::check(text, max) {
        Ok(()) => Ok(()),
        Err(text::TextError::Empty) => Err(Code::TextEmpty),
        Err(text::TextError::TooLong) => Err(Code::TextTooLong),
        Err(text::TextError::Nul) => Err(Code::TextUnacceptable),
    };
    match &send.body {
        SendBody::Note { files, .. } if files.len() > MAX_NOTE_FILES => Err(Code::TooManyFiles),
        SendBody::Note { text, files } if text.is_empty() && !files.is_empty() => Ok(()),
        SendBody::Text { text } | SendBody::Note { text, .. } => words(text, text::MAX_TEXT_BYTES),
        SendBody::LeaveMessage { text, contact } => {
            words(text, text::MAX_TEXT_BYTES)?;
            match contact {
                Some(contact) if contact.chars().count() > MAX_CONTACT_CHARS => Err(Code::TextTooLong),
                Some(contact) if contact.chars().any(char::is_control) => Err(Code::TextUnacceptable),
                _ => Ok(()),
            }
        }
        SendBody::Choice { text, answer } => words(text, 2000).and_then(|()| words(answer, 100)),
        SendBody::Product { product } => words(product, 100),
        SendBody::Rate { score, comment, .. } => {
            if !(1..=5).contains(score) {
                return Err(Code::ScoreOutOfRange);
            }
            comment.as_deref().filter(|c| !c.is_empty()).map_or(Ok(()), |c| words(c, 8000))
        }
        SendBody::Transfer { note: Some(note), .. } => words(note, text::MAX_TEXT_BYTES),
        _ => Ok(()),
    }
}
