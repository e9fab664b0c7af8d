//! A node's write path: what waits is committed in batches, in order, and answered after the commit; a write that changes only counters is guarded by a
//! version.

use std::collections::BTreeSet;

use domain::{
    conversation::{Assignee, Conversation, Event, ReopenTo, Said, State, Told},
    entry::{
        Body, EntryKind, Fact,
        body::{self, AskedVia},
        fact,
    },
    id::{AgentId, QueueId},
    journal::{Actor, ActorKind, NewEntry},
    refusal::Code,
};
use uuid::Uuid;

use super::{
    Variant, chat,
    journal::{Journal, Row, Tx},
    node::{Batch, Fence, Job, Outcome},
    world::{Happening, Say, World},
};

/// The queue of this world.
const QUEUE: QueueId = QueueId::new(Uuid::from_u128(70));
/// The most writes in one commit.
const BATCH: i64 = 6;

/// What a write is to do.
#[derive(Debug, Clone)]
pub enum Does {
    /// A person sends something.
    Says(Say, Actor),
    /// The bot answers a message, for the epoch that it saw.
    Answers {
        /// The epoch.
        epoch: i64,
        /// The message.
        of: i64,
    },
}

impl World {
    /// Submits a send to its node's writer, or answers at once that too much is waiting.
    pub fn submit(&mut self, link: usize, c: usize, client_id: Uuid, say: Say, fence: (Fence, u64)) {
        let actor = match self.devices[self.links[link].device].agent {
            Some(agent) => Actor::agent(AgentId::new(Uuid::from_u128(agent)), "agent"),
            None => Actor::customer(self.journal.streams[c].conversation.visitor.uuid()),
        };
        let node = self.links[link].node;
        let known = self.nodes[node].known.get(&c);
        let hot = known.and_then(|known| {
            let event = event(say, &actor, known)?;
            (matches!(say, Say::Text | Say::Note) && known.is_hot(&event)).then(|| (entry(known, say, &actor, client_id), known.version))
        });
        let does = Does::Says(say, actor);
        self.enqueue(node, Job { link: Some(link), conversation: c, client_id, does, hot, fence: Some(fence), answer: None });
    }

    fn enqueue(&mut self, node: usize, job: Job) {
        if self.nodes[node].queue.len() >= self.queue_holds {
            self.diary.tell(|| format!("node {node} has no room for a write of conversation {}", job.conversation));
            return self.finish(job, None);
        }
        self.nodes[node].queue.push_back(job);
        let life = self.nodes[node].life;
        self.diary.after(0, Happening::Batch(node, life));
    }

    /// Answers the sender; a send that has to be repeated later makes everything newer from the same sender be repeated later too.
    fn finish(&mut self, job: Job, outcome: Outcome) {
        if outcome.is_none()
            && let Some((fence, _)) = &job.fence
        {
            fence.set(fence.get() + 1);
        }
        if let Some(link) = job.link {
            self.answer(link, job.conversation, job.client_id, outcome);
        }
    }

    /// The writer takes what waits and begins a transaction.
    pub fn batch(&mut self, node: usize, life: u64) {
        if self.nodes[node].life != life || self.nodes[node].batch.is_some() || self.nodes[node].queue.is_empty() {
            return;
        }
        let most = 1 + self.below(BATCH) as usize;
        let most = most.min(self.nodes[node].queue.len());
        let conversations: BTreeSet<usize> = self.nodes[node].queue.iter().take(most).map(|job| job.conversation).collect();
        let Some(mut tx) = self.journal.begin(conversations) else {
            let later = 1 + self.below(5);
            return self.diary.after(later, Happening::Batch(node, life));
        };
        if self.variant == Some(Variant::NumberFromMemory) {
            tx.memory = Some(std::mem::take(&mut self.nodes[node].heads));
        }
        let mut jobs: Vec<Job> = self.nodes[node].queue.drain(..most).collect();
        for job in &mut jobs {
            let fenced = job.fence.as_ref().is_some_and(|(fence, value)| fence.get() != *value);
            job.answer = if fenced { None } else { Some(self.perform(&mut tx, job)) };
        }
        self.nodes[node].heads = tx.memory.take().unwrap_or_default();
        if self.variant == Some(Variant::AckBeforeCommit) {
            for job in jobs.iter().cloned() {
                let outcome = job.answer.flatten();
                if let (Some(link), Some(Ok(_))) = (job.link, &outcome) {
                    self.answer(link, job.conversation, job.client_id, outcome);
                }
            }
        }
        self.nodes[node].batch = Some(Batch { tx, jobs });
        let takes = if self.diary.now < self.disk_slow_until { 100 + self.below(2_000) } else { 1 + self.below(12) };
        self.diary.after(takes, Happening::Commit(node, life));
    }

    /// The commit ends: what it made known leaves first, then the answers.
    pub fn commit(&mut self, node: usize, life: u64) {
        if self.nodes[node].life != life {
            return;
        }
        let Some(Batch { tx, jobs }) = self.nodes[node].batch.take() else { return };
        let full = self.diary.now < self.disk_full_until;
        // A database connection that is lost at this moment may have committed; only a sweep finds what nobody was notified of.
        let unsure = !full && self.nodes.len() > 1 && self.troubled && self.chance(3);
        let (wrote, seen) = (tx.wrote.clone(), tx.seen.clone());
        self.check_kept(&tx, !full);
        self.journal.end(tx, !full);
        self.diary
            .tell(|| format!("node {node} commits {:?}, kept {}, sure {}", wrote.iter().map(|(c, row)| (*c, row.seq)).collect::<Vec<_>>(), !full, !unsure));
        if full || unsure {
            for job in &jobs {
                if let Some((fence, _)) = &job.fence {
                    fence.set(fence.get() + 1);
                }
            }
            for job in jobs {
                self.finish(job, None);
            }
        } else {
            for c in seen {
                self.nodes[node].known.insert(c, self.journal.streams[c].conversation.clone());
            }
            self.publish(node, &wrote);
            for (c, row) in wrote {
                self.turn_of_bot(node, c, &row);
            }
            let acked = self.variant == Some(Variant::AckBeforeCommit);
            for job in jobs {
                let outcome = job.answer.flatten();
                if !(acked && matches!(outcome, Some(Ok(_)))) {
                    self.finish(job, outcome);
                }
            }
        }
        self.diary.after(0, Happening::Batch(node, life));
    }

    /// Performs one write: in the hot lane if nothing has changed, otherwise on its full path.
    fn perform(&mut self, tx: &mut Tx, job: &Job) -> Outcome {
        let (c, now) = (job.conversation, self.diary.now);
        if let Some(first) = self.journal.earlier_row(tx, c, job.client_id) {
            return Some(Ok(first));
        }
        if let Some(why) = self.journal.refusal(tx, c, job.client_id) {
            return Some(Err(why));
        }
        let conversation = self.journal.conversation(tx, c).clone();
        let outcome = match (&job.hot, &job.does) {
            (Some((entry, version)), _) if *version == conversation.version => Ok(self.journal.append(tx, c, entry, now)),
            (_, Does::Says(say, actor)) => match event(*say, actor, &conversation) {
                Some(event) => self.journal.apply(tx, c, event, actor, Some(job.client_id), now),
                None => Err(Code::NotYours),
            },
            (_, Does::Answers { epoch, of }) => {
                let bot = Actor::bot("bot");
                let event = Event::BotSays { said: empty_text(), epoch: *epoch };
                if self.variant == Some(Variant::BotWithoutEpoch) {
                    let entry = entry(&conversation, Say::Text, &bot, job.client_id);
                    Ok(self.journal.append(tx, c, &entry, now))
                } else {
                    self.journal.apply(tx, c, event, &bot, Some(job.client_id), now).or_else(|_| {
                        let mut late = conversation.bot_superseded(bot, *of, *epoch);
                        late.client_id = Some(job.client_id);
                        Ok(self.journal.append(tx, c, &late, now))
                    })
                }
            }
        };
        if let (Does::Answers { epoch, .. }, Ok(row)) = (&job.does, &outcome)
            && row.kind == EntryKind::Message
            && (conversation.state != State::Bot || conversation.epoch != *epoch)
        {
            tx.late.push(row.seq);
        }
        if let Err(why) = outcome
            && self.variant != Some(Variant::ForgetsRefusals)
        {
            Journal::refuse(tx, c, job.client_id, why);
        }
        Some(outcome)
    }

    /// Records a violation if something is kept that must never be.
    pub fn check_kept(&mut self, tx: &Tx, kept: bool) {
        if kept && let Some(seq) = tx.late.first() {
            self.diary.violate(format!("the bot spoke at {seq} after the conversation had left it"));
        }
    }

    /// Schedules the bot's answer to a customer's message.
    fn turn_of_bot(&mut self, node: usize, c: usize, row: &Row) {
        let (life, conversation) = (self.nodes[node].life, &self.journal.streams[c].conversation);
        if row.kind == EntryKind::Message && row.by == ActorKind::Customer && conversation.state == State::Bot {
            let (epoch, takes) = (conversation.epoch, 5 + self.below(300));
            self.thinking += 1;
            self.diary.after(takes, Happening::BotAnswers(node, life, c, epoch, row.seq));
        }
    }

    /// The bot has an answer.
    pub fn bot_answers(&mut self, node: usize, life: u64, c: usize, epoch: i64, of: i64) {
        self.thinking -= 1;
        if self.nodes[node].life != life {
            return;
        }
        let client_id = Uuid::from_u128((c as u128) << 64 | of.unsigned_abs() as u128);
        let event = Event::BotSays { said: empty_text(), epoch };
        let known = self.nodes[node].known.get(&c).filter(|known| known.is_hot(&event));
        let hot = known.map(|known| (entry(known, Say::Text, &Actor::bot("bot"), client_id), known.version));
        self.enqueue(node, Job { link: None, conversation: c, client_id, does: Does::Answers { epoch, of }, hot, fence: None, answer: None });
    }
}

/// The event that a send causes; `None` if its sender may not cause it.
fn event(say: Say, actor: &Actor, conversation: &Conversation) -> Option<Event> {
    let agent = actor.id.filter(|_| actor.kind == ActorKind::Agent).map(AgentId::new);
    Some(match (say, agent) {
        (Say::Text, None) => Event::CustomerSays { said: empty_text(), reopen: ReopenTo::Queue, product: None },
        (Say::Text, Some(agent)) => Event::AgentSays { said: empty_text(), agent },
        (Say::Note, Some(_)) => Event::Note { text: String::new(), files: Vec::new(), mentions: Vec::new(), quote: None },
        (Say::Human, None) if conversation.state == State::Queued => Event::LeaveQueue,
        (Say::Human, None) => {
            Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUE, queue_name: String::new(), reason: None, told: Told::default() }
        }
        (Say::Take, Some(agent)) => Event::Take { by: Assignee { agent, name: String::new(), number: String::new() } },
        (Say::Resolve, Some(agent)) if conversation.agent == Some(agent) => Event::Resolve,
        _ => return None,
    })
}

/// The entry that a text or a note becomes in the hot lane.
fn entry(conversation: &Conversation, say: Say, actor: &Actor, client_id: Uuid) -> NewEntry {
    let mut entry = match say {
        Say::Note => {
            let note = body::Note { text: String::new(), files: None, mentions: None, quote_of: None, corrected_at: None, hidden_numbers: None };
            conversation.entry(actor.clone(), Body::Note(note), Fact::Note(fact::InEpisode { ep: conversation.episode.number }))
        }
        _ => conversation.message(actor, empty_text()),
    };
    entry.client_id = Some(client_id);
    entry
}

fn empty_text() -> Said {
    Said::text("")
}

/// Gives a conversation to an agent at the beginning.
pub fn give(world: &mut World, c: usize, agent: u128) {
    let Some(mut tx) = world.journal.begin(BTreeSet::from([c])) else { return };
    let now = world.diary.now;
    let by = Actor::agent(AgentId::new(Uuid::from_u128(agent)), "agent");
    for (say, actor) in [(Say::Human, Actor::customer(chat::visitor(c))), (Say::Take, by)] {
        if let Some(event) = event(say, &actor, world.journal.conversation(&tx, c)) {
            // The conversation is open and with the bot: both are possible.
            let _ = world.journal.apply(&mut tx, c, event, &actor, None, now);
        }
    }
    world.journal.end(tx, true);
}
