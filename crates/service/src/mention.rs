//! Colleagues whom notes call.

use db::Tx;
use domain::{
    entry::body::Mention,
    id::{AgentId, TenantId},
    policy::OverConversations,
    refusal::{Code, Refusal},
};
use store::{Error, Result, staff::roster};

/// The colleagues whom a note calls, each once; refused as a whole if one of them has left, or works with no conversations.
pub async fn of(tx: &mut Tx, tenant: TenantId, ids: &[AgentId]) -> Result<Vec<Mention>> {
    let unknown = || Error::from(Refusal::new(Code::MentionUnknown));
    let mut mentions: Vec<Mention> = Vec::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(mentions);
    }
    for id in ids {
        if mentions.iter().any(|one| one.agent == *id) {
            continue;
        }
        let person = match roster::get(tx, tenant, *id).await {
            Ok(person) => person,
            Err(Error::NotFound) => return Err(unknown()),
            Err(other) => return Err(other),
        };
        let grants = person.grants();
        if person.disabled_at.is_some() || !(grants.holds(OverConversations::Desk) || grants.holds(OverConversations::Read)) {
            return Err(unknown());
        }
        mentions.push(Mention { agent: *id, name: person.name });
    }
    Ok(mentions)
}
