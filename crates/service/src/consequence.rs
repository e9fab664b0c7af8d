//! Stores what was decided about a conversation, and carries out what follows from it.

use db::Tx;
use domain::{
    alert::Alert,
    conversation::{Consequence, Conversation, Transition},
    entry::Changed,
    journal::{Actor, Appended},
};
use store::{Result, TenantTx, conversations};
use uuid::Uuid;

use crate::{about, alerts, danger, leave_message, missed, own_words, record, route::route};

/// Stores the result of an event that `actor` caused, with its consequences. `own` is the sender's id and digest.
pub(crate) async fn commit(tx: &mut Tx, before: &Conversation, mut decided: Transition, actor: &Actor, own: Option<(Uuid, i64)>) -> Result<Appended> {
    let (after, consequences) = (decided.next.clone(), std::mem::take(&mut decided.consequences));
    let appended = record::store(tx, before, decided, own).await?;
    for consequence in consequences {
        carry_out(tx, &after, consequence, actor, appended).await?;
    }
    Ok(appended)
}

async fn carry_out(tx: &mut Tx, after: &Conversation, consequence: Consequence, actor: &Actor, own: Appended) -> Result<()> {
    let (tenant, id) = (after.tenant, after.id);
    match consequence {
        Consequence::Commented { comment, solved } => {
            conversations::save_comment(tx, after, comment.as_deref(), solved).await?;
            if comment.is_none_or(|words| words.trim().is_empty()) {
                return Ok(());
            }
            store::rating_comments::note(tx, tenant, id, after.episode.number, own.seq).await?;
            TenantTx::new(tx, tenant, actor.clone()).announce(Changed::LeftMessages).await
        }
        Consequence::MessageLeft { contact } => leave_message::note(tx, after, own.seq, contact.as_deref()).await,
        Consequence::LeftAnswered { by } => {
            store::left_messages::finish(tx, tenant, id, by, true).await?;
            TenantTx::new(tx, tenant, actor.clone()).announce(Changed::LeftMessages).await
        }
        Consequence::AlertAcknowledged { by } => alerts::acknowledge(tx, tenant, after.stream(), by, actor).await,
        Consequence::AlertDue { of } => danger::alert(tx, after, of).await.map(drop),
        Consequence::AlertedAgain { of } => {
            let queue = about::queue_of(tx, after).await?;
            alerts::raise_again(tx, tenant, &Alert::danger(id, of, queue)).await
        }
        Consequence::OfferEnded { agent, how } => {
            missed::note(tx, tenant, id, agent, how).await?;
            route(tx, tenant).await
        }
        Consequence::Labelled { added, removed, by } => {
            for label in removed {
                store_desk::labels::take_off(tx, tenant, id, label).await?;
            }
            for label in added {
                store_desk::labels::give(tx, tenant, id, label, by).await?;
            }
            Ok(())
        }
        Consequence::Mentioned { agents } => {
            for agent in agents {
                store_desk::mentions::add(tx, tenant, agent, id, own.seq).await?;
            }
            TenantTx::new(tx, tenant, actor.clone()).announce(Changed::Mentions).await
        }
        Consequence::MentionsChanged { of, gone } => {
            for agent in gone {
                store_desk::mentions::remove(tx, tenant, agent, id, of).await?;
            }
            TenantTx::new(tx, tenant, actor.clone()).announce(Changed::Mentions).await
        }
        Consequence::Recalled { of } => own_words::take_back(tx, after, of).await,
        Consequence::Corrected { of, now } => own_words::correct(tx, after, of, &now).await,
        Consequence::ChangedHands => route(tx, tenant).await,
    }
}
