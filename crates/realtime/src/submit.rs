//! Turns a send into the act it asks for, and passes acts to the writer.

use std::sync::Arc;

use db::writer::{Fence, Outcome};
use domain::{conversation::Conversation, id::ConversationId, refusal::Code, visitor_block::is_in_force};
use seal::Sealer;
use service::{
    act::{self, Act, Sender, Subject},
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
pub fn act_of(node: &Node, send: Send, principal: &Principal) -> Act<Conversation> {
    let Send { conversation, client_id, body, open } = send;
    let sum = sum_of(&body);
    let beginning = open.map(|Open { lang, product, page: _ }| Beginning { lang, product });
    let ask = Ask::new(beginning, body.into(), matches!(principal, Principal::Visitor { .. }), || node.sealer());
    let digest = digest(&sum, if ask.is_plain() { None } else { ask.sealer.as_ref() });
    Act { sender: principal.into(), subject: conversation.uuid(), client_id, digest, ask }
}

/// Checks an act before anybody looks at what it is about: what is wrong in itself is refused, and everything of somebody who looks as another role.
pub fn check<S: Subject>(act: &Act<S>, principal: &Principal) -> Result<(), Code> {
    if principal.only_reads() { Err(Code::ViewingOnly) } else { act.check() }
}

/// Refuses what a visitor sends whom the company has blocked: everything but leaving the queue and ending the service. A connection knows this from when it was
/// opened, and opens anew when it changes.
fn check_block(node: &Node, body: &SendBody, principal: &Principal) -> Result<(), Code> {
    let goes = matches!(body, SendBody::LeaveQueue {} | SendBody::End {});
    let is_blocked = matches!(principal, Principal::Visitor { blocked_until, .. } if is_in_force(*blocked_until, node.env().now()));
    if is_blocked && !goes { Err(Code::VisitorBlocked) } else { Ok(()) }
}

/// Refuses what a customer sends who is blocked, and what a customer writes whose company has used up its messages of the day. What the staff write is never refused, nor what ends or rates the service,
/// asks for a person or leaves a message for later.
pub fn check_quota(node: &Node, body: &SendBody, principal: &Principal) -> Result<(), Code> {
    check_block(node, body, principal)?;
    let is_message = matches!(body, SendBody::Text { .. } | SendBody::File { .. } | SendBody::Choice { .. } | SendBody::Product { .. });
    let is_refused = is_message && matches!(principal, Principal::Visitor { tenant, .. } if node.is_out_of_messages(*tenant));
    if is_refused { Err(Code::TooManyMessages) } else { Ok(()) }
}

/// A stable sum of what is sent, to detect the same id with different content.
fn sum_of(body: &SendBody) -> [u8; 32] {
    Sha256::digest(serde_json::to_vec(body).unwrap_or_default()).into()
}

/// The digest that is stored with an entry. If the entry does not have all that was sent, only this installation can compute it: numbers are so few that somebody
/// could try them all.
fn digest(sum: &[u8], keyed: Option<&Sealer>) -> i64 {
    let keyed = keyed.map(|sealer| sealer.mac(b"send", sum));
    let sum = keyed.as_deref().unwrap_or(sum);
    i64::from_be_bytes(std::array::from_fn(|i| sum.get(i).copied().unwrap_or_default()))
}

/// Passes an act to the writer, with its conversation if that is remembered here.
pub fn submit(node: &Node, act: Act<Conversation>, fence: (Arc<Fence>, u64), done: impl FnOnce(Option<Outcome>) + std::marker::Send + 'static) {
    let known = node.hub().head(act.sender.tenant(), ConversationId::new(act.subject));
    act::submit(node.db(), known.as_deref(), act, Some(fence), done);
}
