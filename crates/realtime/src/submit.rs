//! Turns a send into the act it asks for, and passes acts to the writer.

use std::sync::Arc;

use db::writer::{Fence, Outcome};
use domain::{
    conversation::{Channel, Conversation},
    id::ConversationId,
};
use service::{
    act::{self, Act, Sender},
    ask::{Ask, Beginning},
};
use sha2::{Digest as _, Sha256};
use wire::frames::{Open, Send, SendBody};

use crate::{mailbox::Principal, node::Node};

impl From<&Principal> for Sender {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Visitor { tenant, visitor, site, .. } => Self::Visitor { tenant: *tenant, visitor: *visitor, site: *site },
            Principal::Staff(staff, _) => Self::Staff(staff.clone()),
        }
    }
}

/// The act that a sender asks for.
pub fn act_of(send: Send, principal: &Principal) -> Act<Conversation> {
    let Send { conversation, client_id, body, open } = send;
    let digest = digest(&body);
    let beginning = open.map(|Open { lang, product, page }| Beginning { lang, product, page });
    let ask = Ask { channel: Channel::Web, beginning, asked: body.into() };
    Act { sender: principal.into(), subject: conversation.uuid(), client_id, digest, ask }
}

/// A stable digest of what is sent, to detect the same id with different content.
fn digest(body: &SendBody) -> i64 {
    let sum = Sha256::digest(serde_json::to_vec(body).unwrap_or_default());
    i64::from_be_bytes(std::array::from_fn(|i| sum[i]))
}

/// Passes an act to the writer, with its conversation if that is remembered here.
pub fn submit(node: &Node, act: Act<Conversation>, fence: (Arc<Fence>, u64), done: impl FnOnce(Option<Outcome>) + std::marker::Send + 'static) {
    let known = node.hub().head(act.sender.tenant(), ConversationId::new(act.subject));
    act::submit(node.db(), known.as_deref(), act, Some(fence), done);
}
