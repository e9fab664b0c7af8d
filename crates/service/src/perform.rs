//! What an act does in a conversation: which event it is, and what is stored. Runs inside the writer and may be run again.

use db::{Tx, writer::Verdict};
use domain::{
    conversation::{Asked, Asker, Conversation, Event, Owner, ReopenTo},
    entry::body::{OfferEnd, RatingReasonRef},
    id::{ConversationId, RatingReasonId, TenantId},
    journal::{Appended, Written},
    policy,
    refusal::{Code, Refusal},
    site::RatingReason,
    stream::StreamKind,
};
use store::{Error, Result, TenantTx, conversations};
use uuid::Uuid;

use crate::{
    about,
    act::{Act, Sender, Subject},
    alerts,
    ask::Ask,
    bot_turn, consequence, hand_over, hidden_numbers, intervene, label, leave_message, mention, open, own_words, say,
};

impl Subject for Conversation {
    type Ask = Ask;
    const KIND: StreamKind = StreamKind::Conversation;

    fn check(ask: &Ask) -> std::result::Result<(), Code> {
        ask.check()
    }

    async fn find(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<Option<Self>> {
        conversations::find(tx, tenant, ConversationId::new(id)).await
    }

    fn may_see(&self, sender: &Sender) -> bool {
        match sender {
            // What lets visitors in differs between sites: who was let in on one sees nothing of another.
            Sender::Visitor { tenant, visitor, site } => self.tenant == *tenant && self.visitor == *visitor && self.site == *site,
            Sender::Staff(staff) => policy::may_read(staff, self),
            Sender::Bot { tenant, .. } => self.tenant == *tenant,
        }
    }

    async fn happen(&self, act: &Act<Self>, tx: &mut Tx) -> Result<Appended> {
        let shortened = hidden_numbers::without_code(tx, self, act).await?;
        let act = shortened.as_ref().unwrap_or(act);
        let (event, actor) = (act.event(tx, self).await?, act.sender.actor());
        let mut transition = self.apply(event, &actor, tx.now())?;
        if let Some(numbers) = hidden_numbers::count(act) {
            transition = transition.hiding(numbers);
        }
        let appended = consequence::commit(tx, self, transition, &actor, Some((act.client_id, act.digest))).await?;
        hidden_numbers::keep(tx, self, act, appended.seq).await?;
        Ok(appended)
    }

    async fn begin(act: &Act<Self>, tx: &mut Tx) -> Result<Self> {
        open::begin(act, tx).await
    }

    /// A message in a conversation whose state is known and does not change.
    fn hot(&self, act: &Act<Self>) -> Option<(Written, i64)> {
        if !self.may_see(&act.sender) || !act.ask.numbers.is_settled() {
            return None;
        }
        let (event, said) = match (&act.sender, &act.ask.asked) {
            // Whether a question that was pressed had been offered is looked up.
            (Sender::Visitor { .. }, asked @ Asked::Text(_)) => {
                let said = asked.words()?;
                (Event::CustomerSays { said: said.clone(), reopen: ReopenTo::Bot, product: None }, said)
            }
            // Whoever may only read it is refused where it is looked at fully.
            (Sender::Staff(staff), asked @ Asked::Text(_)) if policy::may_serve(staff, self) => {
                let said = asked.words()?;
                (Event::AgentSays { said: said.clone(), agent: staff.agent }, said)
            }
            (Sender::Bot { .. }, Asked::Answer { said, epoch, .. }) => (Event::BotSays { said: (**said).clone(), epoch: *epoch }, (**said).clone()),
            _ => return None,
        };
        if !self.is_hot(&event) {
            return None;
        }
        let mut entry = self.message(&act.sender.actor(), said);
        entry.client_id = Some(act.client_id);
        entry.send_hash = act.digest;
        Some((entry.into(), self.version))
    }

    /// An agent who tries to take it and comes second is told that it was taken; anybody else, that it does not exist.
    fn hidden_error(&self, act: &Act<Self>) -> Error {
        match (&act.sender, &act.ask.asked) {
            (Sender::Staff(staff), Asked::Take) if staff.tenant == self.tenant && self.state.owner() == Owner::Agent => Refusal::new(Code::AlreadyTaken).into(),
            _ => Error::NotFound,
        }
    }

    async fn run(act: &Act<Self>, tx: &mut Tx) -> db::Result<Verdict> {
        if matches!(act.sender, Sender::Bot { .. }) { bot_turn::run(act, tx).await } else { act.run_fully(tx).await }
    }
}

impl Act<Conversation> {
    async fn event(&self, tx: &mut Tx, c: &Conversation) -> Result<Event> {
        if let Sender::Staff(staff) = &self.sender {
            let notes = matches!(self.ask.asked, Asked::Note { .. }) && policy::may_note(staff, c);
            if !notes {
                hand_over::check_within_reach(staff, c)?;
            }
        }
        match &self.ask.asked {
            Asked::Quoting { said, of } => {
                let event = self.event_of(tx, c, said).await?;
                own_words::quoting(tx, c, &self.sender, (event, said, *of)).await
            }
            asked => self.event_of(tx, c, asked).await,
        }
    }

    /// Why the customer rates so, as the site says it now; each once, in the site's order.
    async fn reasons(&self, tx: &mut Tx, c: &Conversation, chosen: &[RatingReasonId]) -> Result<Vec<RatingReasonRef>> {
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let offered = store::sites::get(tx, c.tenant, c.site).await?.settings.rating_reasons;
        if !chosen.iter().all(|id| offered.iter().any(|reason| reason.id == *id)) {
            return Err(Refusal::new(Code::RatingReasonUnknown).into());
        }
        Ok(offered.into_iter().filter(|reason| chosen.contains(&reason.id)).map(|RatingReason { id, name, .. }| RatingReasonRef { id, name }).collect())
    }

    async fn event_of(&self, tx: &mut Tx, c: &Conversation, asked: &Asked) -> Result<Event> {
        if let (Sender::Visitor { .. }, Asked::Text(line)) = (&self.sender, asked)
            && let Some(score) = c.typed_rating(line)
            && !store::sites::get(tx, c.tenant, c.site).await?.settings.rating_off
        {
            return Ok(Event::Rate { score, comment: None, solved: None, reasons: Vec::new() });
        }
        match (&self.sender, asked) {
            (Sender::Visitor { .. }, asked @ (Asked::Text(_) | Asked::Choice { .. } | Asked::File(_) | Asked::Product(_))) => {
                let said = say::message_of(tx, c, &self.sender, asked).await?;
                let product = if let Asked::Product(product) = asked { Some(product.clone()) } else { None };
                Ok(Event::CustomerSays { said, reopen: say::reopen_to(tx, c).await?, product })
            }
            (Sender::Visitor { .. }, Asked::AskAbout { question, details }) => about::event(tx, c, *question, details).await,
            (Sender::Visitor { site, .. }, Asked::RequestHuman) => hand_over::button_event(tx, c, *site).await,
            (Sender::Visitor { visitor, .. }, Asked::LeaveMessage { text, contact }) => {
                leave_message::leave(tx, c, *visitor, text, (contact.as_deref(), self.ask.sealer.as_ref())).await
            }
            (Sender::Visitor { .. }, Asked::End) => Ok(Event::End { bot: conversations::bot_work(tx, c).await? }),
            (Sender::Visitor { .. }, Asked::Rate { score, comment, solved, reasons }) => {
                Ok(Event::Rate { score: *score, comment: comment.clone(), solved: *solved, reasons: self.reasons(tx, c, reasons).await? })
            }
            (Sender::Visitor { .. }, Asked::JudgeAnswer { answer, helpful }) => {
                let answer = store::judgements::find_answer(tx, c.tenant, c.id, *answer).await?.ok_or(Refusal::new(Code::NotAnAnswer))?;
                Ok(Event::JudgeAnswer { answer, helpful: *helpful })
            }
            (Sender::Staff(staff), asked @ (Asked::Text(_) | Asked::File(_) | Asked::Product(_))) => {
                let said = say::message_of(tx, c, &self.sender, asked).await?;
                if (c.left_at.is_some() || c.alerted_at.is_some()) && c.state.owner() != Owner::Agent {
                    TenantTx::new(tx, c.tenant, self.sender.actor()).lock_company().await?;
                    store::routing::lock_agent(tx, c.tenant, staff.agent).await?;
                    return Ok(Event::AnswerLeft { said, by: hand_over::assignee(staff) });
                }
                if let Some(joined) = intervene::say(tx, c, staff, &said).await? {
                    return Ok(joined);
                }
                Ok(Event::AgentSays { said, agent: staff.agent })
            }
            (Sender::Staff(staff), Asked::Whisper(text)) => intervene::whisper(staff, c, text),
            (Sender::Staff(_), Asked::Note { text, files, mentions }) => {
                let mentions = mention::of(tx, c.tenant, mentions).await?;
                let mut cards = Vec::with_capacity(files.len());
                for file in files {
                    let file = say::own_file(tx, c.tenant, &self.sender, *file).await?;
                    store_desk::files::attach_to_note(tx, c.tenant, file.id, c.id).await?;
                    cards.push(file.card());
                }
                Ok(Event::Note { text: text.clone(), files: cards, mentions, quote: None })
            }
            (Sender::Visitor { .. } | Sender::Staff(_), Asked::Recall { of }) => Ok(Event::Recall { of: own_words::own(tx, c, &self.sender, *of).await? }),
            (Sender::Staff(_), Asked::Correct { of, text }) => Ok(Event::Correct { of: own_words::own(tx, c, &self.sender, *of).await?, text: text.clone() }),
            (Sender::Staff(staff), Asked::Label { labels }) => label::event(tx, c, staff, labels).await,
            (Sender::Staff(staff), Asked::Take) => hand_over::take(tx, c, staff).await,
            (Sender::Staff(staff), Asked::Pass) => Ok(Event::EndOffer { agent: staff.agent, how: OfferEnd::Passed }),
            (Sender::Staff(staff), Asked::Reopen) => hand_over::reopen(tx, c, staff).await,
            (Sender::Staff(staff), Asked::AcknowledgeAlert) => alerts::acknowledge_event(tx, c, staff).await,
            (Sender::Staff(staff), Asked::Transfer { to, note }) => hand_over::transfer(tx, c, staff, *to, note.clone()).await,
            (sender, asked) => match (asked.plain(), sender) {
                (Some((Asker::Customer, event)), Sender::Visitor { .. }) => Ok(event),
                (Some((Asker::Server, event)), Sender::Staff(staff)) => {
                    hand_over::serves(staff, c)?;
                    Ok(event)
                }
                _ => Err(Refusal::new(Code::NotPermitted).into()),
            },
        }
    }
}
