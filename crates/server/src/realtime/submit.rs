//! Turns a send into the act it asks for, and passes it to the writer.

use std::sync::Arc;

use db::writer::{Fence, Outcome};
use domain::conversation::Channel;
use service::act::{self, Act, Beginning, Body, Sender, TransferTo};
use sha2::{Digest as _, Sha256};

use super::{
    mailbox::Principal,
    wire::{Open, Send, SendBody},
};
use crate::App;

impl From<&Principal> for Sender {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Visitor { tenant, visitor, site, .. } => Self::Visitor { tenant: *tenant, visitor: *visitor, site: *site },
            Principal::Staff(staff, _) => Self::Staff(staff.clone()),
        }
    }
}

impl Send {
    /// The act that the sender asks for.
    pub fn by(self, principal: &Principal) -> Act {
        let Self { conversation, client_id, body, open } = self;
        let digest = digest(&body);
        let beginning = open.map(|Open { lang, product, page }| Beginning { lang, product, page });
        Act { sender: principal.into(), channel: Channel::Web, conversation, client_id, digest, beginning, body: body.into() }
    }
}

impl From<SendBody> for Body {
    fn from(body: SendBody) -> Self {
        match body {
            SendBody::Text { text } => Self::Text(text),
            SendBody::File { file } => Self::File(file),
            SendBody::Choice { text, answer } => Self::Choice { text, answer },
            SendBody::Product { product } => Self::Product(product),
            SendBody::RequestHuman { via: _ } => Self::RequestHuman,
            SendBody::LeaveQueue {} => Self::LeaveQueue,
            SendBody::LeaveMessage { text, contact } => Self::LeaveMessage { text, contact },
            SendBody::End {} => Self::End,
            SendBody::Rate { score, comment, solved } => Self::Rate { score, comment, solved },
            SendBody::Note { text, files } => Self::Note { text, files },
            SendBody::Take {} => Self::Take,
            SendBody::Transfer { to, note } => Self::Transfer { to: target(&to), note },
            SendBody::Resolve {} => Self::Resolve,
        }
    }
}

fn target(to: &str) -> TransferTo {
    let queue = to.parse().map(TransferTo::Queue);
    queue.or_else(|_| to.parse().map(TransferTo::Agent)).unwrap_or(TransferTo::Unknown)
}

/// A stable digest of what is sent, to detect the same id with different content.
fn digest(body: &SendBody) -> i64 {
    let sum = Sha256::digest(serde_json::to_vec(body).unwrap_or_default());
    i64::from_be_bytes(std::array::from_fn(|i| sum[i]))
}

/// Passes an act to the writer, with its conversation if that is remembered here.
pub fn submit(app: &App, act: Act, fence: (Arc<Fence>, u64), done: impl FnOnce(Option<Outcome>) + std::marker::Send + 'static) {
    let known = app.hub().head(act.sender.tenant(), act.conversation);
    act::submit(app.db(), known.as_deref(), act, Some(fence), done);
}
