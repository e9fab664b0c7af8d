//! Performs an act: load, check policy, decide, store. Runs inside the writer and may be run again.

use db::{
    Tx,
    journal::RefusedSend,
    writer::{BoxFuture, Cold, Verdict},
};
use domain::{
    conversation::{Conversation, Event, Owner},
    journal::Appended,
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
};
use store::{Error, Result, TenantTx, conversations};

use crate::{
    act::{Act, Body, Sender},
    bot_turn, consequence, hand_over, leave_message, open, say,
};

impl Cold for Act {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(async move {
            if matches!(self.sender, Sender::Bot { .. }) {
                return bot_turn::run(self, tx).await;
            }
            let refusal = match self.perform(tx).await {
                Ok(appended) => return Ok(Verdict::Keep(Ok(appended))),
                Err(Error::Db(error)) => return Err(error),
                Err(Error::Refused(refusal)) => refusal,
                Err(Error::NotFound) => Refusal::new(Code::NotFound),
                Err(Error::Stale | Error::Taken) => Refusal::new(Code::Conflict),
            };
            // Nothing is stored for a visitor about a conversation that is not theirs; otherwise they could fill the store.
            let is_strange = refusal.code == Code::NotFound && matches!(self.sender, Sender::Visitor { .. });
            Ok(match Refusal::remembered(refusal.code) {
                Some(_) if !is_strange => Verdict::Refuse(refusal, self.refused_send()),
                _ => Verdict::Undo(refusal),
            })
        })
    }
}

impl Act {
    /// How a refusal of this act is remembered; the bot's refusals never are.
    pub(crate) fn refused_send(&self) -> RefusedSend {
        let begins_under = match &self.sender {
            Sender::Visitor { visitor, .. } => Some(StreamName { kind: StreamKind::Visitor, id: visitor.uuid() }),
            Sender::Staff(_) | Sender::Bot { .. } => None,
        };
        let (tenant, stream, sender) = (self.sender.tenant(), self.conversation.uuid(), self.sender.actor().id.unwrap_or_default());
        RefusedSend { tenant, stream, client_id: self.client_id, sender, send_hash: self.digest, begins_under }
    }

    async fn perform(&self, tx: &mut Tx) -> Result<Appended> {
        let (tenant, actor) = (self.sender.tenant(), self.sender.actor());
        let before = match conversations::lock(tx, tenant, self.conversation).await? {
            Some(conversation) => conversation,
            None => open::begin(self, tx).await?,
        };
        // Under the lock: another node may just have stored or refused it, and the state is the one after that.
        match conversations::earlier_send(tx, tenant, self.conversation, self.client_id, actor.id, self.digest).await {
            Ok(Some(first)) => return Ok(first),
            // Someone without access is not told that such a send exists.
            Ok(None) | Err(Error::Refused(_)) if !self.sender.may_see(&before) => return Err(self.hidden_error(&before)),
            Ok(None) => {}
            Err(other) => return Err(other),
        }
        if let Some(refusal) = db::journal::refusal_of(tx, &self.refused_send()).await? {
            return Err(refusal.into());
        }
        let event = self.event(tx, &before).await?;
        let transition = before.apply(event, &actor, tx.now())?;
        consequence::commit(tx, &before, transition, &actor, Some((self.client_id, self.digest))).await
    }

    async fn event(&self, tx: &mut Tx, c: &Conversation) -> Result<Event> {
        match (&self.sender, &self.body) {
            (Sender::Visitor { .. }, body @ (Body::Text(_) | Body::Choice { .. } | Body::File(_) | Body::Product(_))) => {
                let said = say::message_of(tx, c, &self.sender, body).await?;
                let product = if let Body::Product(product) = body { Some(product.clone()) } else { None };
                Ok(Event::CustomerSays { said, reopen: say::reopen_to(tx, c).await?, product })
            }
            (Sender::Visitor { site, .. }, Body::RequestHuman) => hand_over::button_event(tx, c, *site).await,
            (Sender::Visitor { visitor, .. }, Body::LeaveMessage { text, contact }) => leave_message::leave(tx, c, *visitor, text, contact.as_deref()).await,
            (Sender::Visitor { .. }, Body::LeaveQueue) => Ok(Event::LeaveQueue),
            (Sender::Visitor { .. }, Body::End) => Ok(Event::End { bot: conversations::bot_work(tx, c).await? }),
            (Sender::Visitor { .. }, Body::Rate { score, comment, solved }) => Ok(Event::Rate { score: *score, comment: comment.clone(), solved: *solved }),
            (Sender::Visitor { .. }, Body::JudgeAnswer { answer, helpful }) => {
                let answer = store::judgements::find_answer(tx, c.tenant, c.id, *answer).await?.ok_or(Refusal::new(Code::NotAnAnswer))?;
                Ok(Event::JudgeAnswer { answer, helpful: *helpful })
            }
            (Sender::Staff(staff), body @ (Body::Text(_) | Body::File(_))) => {
                let said = say::message_of(tx, c, &self.sender, body).await?;
                if (c.left_at.is_some() || c.alerted_at.is_some()) && c.state.owner() != Owner::Agent {
                    TenantTx::new(tx, c.tenant, self.sender.actor()).lock_company().await?;
                    store::routing::lock_agent(tx, c.tenant, staff.agent).await?;
                    return Ok(Event::AnswerLeft { said, by: hand_over::assignee(staff) });
                }
                Ok(Event::AgentSays { said, agent: staff.agent })
            }
            (Sender::Staff(_), Body::Note { text, files }) => {
                let mut cards = Vec::with_capacity(files.len());
                for file in files {
                    let file = say::own_file(tx, c.tenant, &self.sender, *file).await?;
                    store::files::attach_to_note(tx, c.tenant, file.id, c.id).await?;
                    cards.push(file.card());
                }
                Ok(Event::Note { text: text.clone(), files: cards })
            }
            (Sender::Staff(staff), Body::Take) => hand_over::take(tx, c, staff).await,
            (Sender::Staff(staff), Body::AcknowledgeAlert) => Ok(Event::AcknowledgeAlert { by: staff.agent }),
            (Sender::Staff(staff), Body::HandBack) => {
                hand_over::serves(staff, c)?;
                Ok(Event::HandBack)
            }
            (Sender::Staff(staff), Body::Resolve) => {
                hand_over::serves(staff, c)?;
                Ok(Event::Resolve)
            }
            (Sender::Staff(staff), Body::Transfer { to, note }) => hand_over::transfer(tx, c, staff, *to, note.clone()).await,
            _ => Err(Refusal::new(Code::NotPermitted).into()),
        }
    }

    /// What someone is told about a conversation they may not see: that it does not exist.
    /// An agent who tries to take it and comes second, however, is told that it was taken.
    fn hidden_error(&self, c: &Conversation) -> Error {
        match (&self.sender, &self.body) {
            (Sender::Staff(staff), Body::Take) if staff.tenant == c.tenant && c.state.owner() == Owner::Agent => Refusal::new(Code::AlreadyTaken).into(),
            _ => Error::NotFound,
        }
    }
}
