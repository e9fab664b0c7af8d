//! Erases again what a backup brought back: what is on the list outside the record, and still in the record.

use std::collections::{HashMap, HashSet};

use db::Shard;
use domain::{
    erasure::{Erased, ErasureReason},
    id::{ConversationId, ErasureId, TenantId},
    time::Ts,
};
use http_kit::App;
use platform::erasures::{self as list, Kind};
use service::erasing::{self, Traces};
use store_privacy::{conversations, erasures::Erasure, people};
use uuid::Uuid;

use super::erase;
use crate::proof;

/// How many visitors are looked at at once.
const VISITORS: i64 = 1_000;

/// Erases again what was erased before, and finishes what was interrupted. This is done before anybody is served.
pub async fn run(app: &App) -> store::Result<()> {
    let lines = list::load(&app.settings().data).await.map_err(db::Error::Io)?;
    for (tenant, subject) in what_came_back(app, &lines).await? {
        let new = again(app, tenant, subject);
        let asked = app.db().writer().write_patiently(Shard::Of(subject.uuid()), move |tx| Box::pin(async move { erasing::ask_again(tx, tenant, &new).await }));
        match asked.await {
            // What belongs to somebody who is erased already goes with them.
            Ok(()) | Err(store::Error::NotFound | store::Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
        erase::step(app).await?;
    }
    erase::step(app).await
}

fn again(app: &App, tenant: TenantId, subject: Erased) -> Erasure {
    let mark = proof::mark_of(&app.sealer(), tenant, subject);
    let new = Erasure::new(ErasureId::new(app.env().uuid()), subject, ErasureReason::Restored, (None, "system"), app.env().now());
    Erasure { mark, traces: Some(Traces::of(app.env().uuid()).to_json()), ..new }
}

/// What is in the record though it was erased: customers first, with whom most of the rest goes.
async fn what_came_back(app: &App, lines: &[list::Erasure]) -> store::Result<Vec<(TenantId, Erased)>> {
    let mut found = Vec::new();
    let mut tx = app.db().read().await?;
    for line in lines {
        let (tenant, at) = (line.tenant(), Ts(line.at));
        let subject = match line.kind {
            Kind::Customer => line.id.parse().ok().map(Erased::Customer),
            Kind::Conversation => line.id.parse().ok().map(Erased::Conversation),
            Kind::Message => message(&line.id),
            // Companies are erased elsewhere, and visitors are looked for below.
            Kind::Company | Kind::CameBack | Kind::Visitor => None,
        };
        let is_back = match subject {
            Some(Erased::Customer(id)) => people::is_customer(&mut tx, tenant, id).await?,
            Some(Erased::Conversation(id)) => conversations::still_has_words(&mut tx, tenant, id, None, at).await?,
            Some(Erased::Message(id, seq)) => conversations::still_has_words(&mut tx, tenant, id, Some(seq), at).await?,
            _ => false,
        };
        found.extend(subject.filter(|_| is_back).map(|subject| (tenant, subject)));
    }
    let mut marks: HashMap<TenantId, HashSet<&str>> = HashMap::new();
    for line in lines.iter().filter(|line| line.kind == Kind::Visitor) {
        marks.entry(line.tenant()).or_default().insert(&line.id);
    }
    for (tenant, marks) in marks {
        let mut after = Uuid::nil();
        loop {
            let some = people::visitors_after(&mut tx, tenant, after, VISITORS).await?;
            let Some(last) = some.last() else { break };
            after = last.uuid();
            found.extend(
                some.into_iter().filter(|id| marks.contains(&proof::mark(&app.sealer(), tenant, *id).as_str())).map(|id| (tenant, Erased::Visitor(id))),
            );
        }
    }
    found.sort_by_key(|(_, subject)| match subject {
        Erased::Customer(_) => 0,
        Erased::Visitor(_) => 1,
        Erased::Conversation(_) => 2,
        Erased::Message(..) => 3,
    });
    Ok(found)
}

/// `cnv_…/7`
fn message(name: &str) -> Option<Erased> {
    let (conversation, seq) = name.split_once('/')?;
    Some(Erased::Message(conversation.parse::<ConversationId>().ok()?, seq.parse().ok()?))
}
