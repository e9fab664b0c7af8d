//! The floor of a call centre, so that conversations change hands while things break: visitors who come and go, agents with little capacity who answer,
//! transfer and resolve, and several agents who take the same conversation at once, each through a different node.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{
    history::{Ack, Answer, ClientLog, View},
    ledger::{Ledger, Place},
    runner::Phase,
    system::{Door, any_door},
};
use crate::{
    hello,
    http::{Identity, Member},
    random::{Random, new_conversation},
};

/// The number of visitors at a time.
pub const VISITORS: usize = 4;
/// The capacity of each agent: fewer conversations than there are visitors, so that some of them wait.
pub const CAPACITIES: [usize; 3] = [1, 1, 2];

/// The error code for somebody whom the record does not know.
const FORGOTTEN: &str = "token_expired";
/// A POST that is not answered within this time is repeated.
const ANSWER_WITHIN: Duration = Duration::from_secs(9);
/// The longest pause before a POST is repeated.
const AGAIN_WITHIN: Duration = Duration::from_millis(500);
/// The longest pause between the actions of a visitor, and between those of an agent.
const VISITORS_PAUSE: Duration = Duration::from_millis(700);
const AGENTS_PAUSE: Duration = Duration::from_millis(200);

/// What everybody on the floor shares.
#[derive(Clone)]
pub struct Floor {
    /// The nodes.
    pub doors: Arc<Vec<Door>>,
    /// Where conversations and acknowledgements are noted.
    pub ledger: Arc<Ledger>,
    /// The manager, who may read everything.
    pub manager: Identity,
    /// The agents.
    pub agents: Arc<Vec<Member>>,
    /// What everybody is to do.
    pub phase: watch::Receiver<Phase>,
}

/// What somebody did on the floor.
pub type Logs = Vec<ClientLog>;

impl Floor {
    /// Starts everybody: each agent learns from its console which conversations it is given.
    pub fn open(&self, heard: Vec<mpsc::UnboundedReceiver<String>>, random: &mut Random) -> JoinSet<Logs> {
        let mut running = JoinSet::new();
        for n in 0..VISITORS {
            running.spawn(self.clone().visitors(n, Random::seeded(random.bits())));
        }
        for (agent, heard) in self.agents.iter().zip(heard) {
            running.spawn(self.clone().agent(agent.clone(), heard, Random::seeded(random.bits())));
        }
        running
    }

    fn is_open(&self) -> bool {
        *self.phase.borrow() == Phase::Talk
    }

    /// One visitor after another.
    async fn visitors(self, n: usize, mut random: Random) -> Logs {
        let mut logs = Vec::new();
        while self.is_open() {
            let door = &self.doors[any_door(&self.doors, &mut random)];
            let visitor = match tokio::time::timeout(ANSWER_WITHIN, door.http.visitor()).await {
                Ok(Ok(visitor)) => visitor.identity(),
                _ => {
                    self.pause(AGAIN_WITHIN, &mut random).await;
                    continue;
                }
            };
            let name = new_conversation();
            let place = Place { name: name.clone(), staff: self.manager.clone(), customer: Some(visitor.clone()) };
            let number = self.ledger.place(place);
            let log = ClientLog::new(format!("visitor of the floor {n}, conversation {number}"), number, View::Customer);
            let mut speaker = Speaker::new(self.clone(), visitor, name, log, Random::seeded(random.bits()));
            speaker.ask_for_a_person().await;
            if random.below(2) == 0 {
                self.grab(&speaker.conversation, &mut random).await;
            }
            for _ in 0..random.below(4) {
                self.pause(VISITORS_PAUSE, &mut random).await;
                // A visitor who writes after the end begins a new episode.
                speaker.say().await;
            }
            if random.below(4) > 0 {
                speaker.send(json!({"type": "end"})).await;
            }
            logs.push(speaker.log);
        }
        logs
    }

    /// All agents take the same conversation from the queue.
    async fn grab(&self, conversation: &str, random: &mut Random) {
        let take = |agent: &Member| {
            let mut speaker = self.speaker(agent, conversation, 0, Random::seeded(random.bits()));
            async move { speaker.send(json!({"type": "take"})).await }
        };
        let taking: Vec<_> = self.agents.iter().map(take).collect();
        join_all(taking).await;
    }

    /// An agent, who answers, perhaps transfers, and resolves each conversation it is given.
    async fn agent(self, agent: Member, mut heard: mpsc::UnboundedReceiver<String>, mut random: Random) -> Logs {
        let mut logs: Logs = Vec::new();
        let mut phase = self.phase.clone();
        loop {
            let conversation = tokio::select! {
                conversation = heard.recv() => conversation,
                _ = phase.wait_for(|phase| *phase != Phase::Talk) => None,
            };
            let Some(conversation) = conversation else { return logs };
            let Some(number) = self.ledger.number_of(&conversation) else { continue };
            let mut speaker = self.speaker(&agent, &conversation, number, Random::seeded(random.bits()));
            speaker.say().await;
            self.pause(AGENTS_PAUSE, &mut random).await;
            if random.below(3) == 0 {
                let to = &self.agents[random.below(self.agents.len() as u64) as usize].agent;
                speaker.send(json!({"type": "transfer", "to": to})).await;
                // Refused if a colleague has the conversation now.
                speaker.say().await;
            }
            speaker.say().await;
            speaker.send(json!({"type": "resolve"})).await;
            // What one agent says in one conversation is one history, even if the conversation comes back to it.
            match logs.iter_mut().find(|log| log.conversation == number) {
                Some(log) => log.append(speaker.log),
                None => logs.push(speaker.log),
            }
        }
    }

    fn speaker(&self, agent: &Member, conversation: &str, number: usize, random: Random) -> Speaker {
        let log = ClientLog::new(format!("agent of the floor {}, conversation {number}", agent.number), number, View::Staff);
        Speaker::new(self.clone(), agent.identity(), conversation.to_owned(), log, random)
    }

    async fn pause(&self, longest: Duration, random: &mut Random) {
        let mut phase = self.phase.clone();
        tokio::select! {
            () = tokio::time::sleep(random.within(longest)) => {}
            _ = phase.wait_for(|phase| *phase != Phase::Talk) => {}
        }
    }
}

/// Somebody in a conversation who posts one frame after another, and each until it is answered.
struct Speaker {
    floor: Floor,
    who: Identity,
    conversation: String,
    log: ClientLog,
    random: Random,
    begun: usize,
}

impl Speaker {
    fn new(floor: Floor, who: Identity, conversation: String, mut log: ClientLog, random: Random) -> Self {
        let begun = floor.ledger.chapter();
        log.turn(begun);
        Self { floor, who, conversation, log, random, begun }
    }

    async fn ask_for_a_person(&mut self) {
        let frame = hello::open(&self.conversation, self.random.uuid(), json!({"type": "request_human", "via": "button"}));
        self.post(&frame).await;
    }

    /// Sends a message that the checker recognises.
    async fn say(&mut self) {
        let id = self.random.uuid();
        let frame = hello::send(&self.conversation, id, json!({"type": "text", "text": format!("{id} 请稍等，我看一下。")}));
        self.log.sent.push(id);
        let said_at = std::time::Instant::now();
        let Some(answer) = self.post(&frame).await else { return };
        if let Answer::Ok(seq) = answer {
            let log = &self.log;
            self.floor.ledger.note_ack(Ack { name: log.name.clone(), conversation: log.conversation, view: log.view, id, seq, said_at });
        }
        self.log.turn(self.floor.ledger.chapter());
        self.log.answers.push((id, answer));
    }

    async fn send(&mut self, body: Value) {
        let frame = hello::send(&self.conversation, self.random.uuid(), body);
        self.post(&frame).await;
    }

    /// Posts a frame to any node until it gets a final answer, or until everybody stops.
    async fn post(&mut self, frame: &Value) -> Option<Answer> {
        let frames = std::slice::from_ref(frame);
        while *self.floor.phase.borrow() != Phase::Stop {
            let door = &self.floor.doors[any_door(&self.floor.doors, &mut self.random)];
            let answers = tokio::time::timeout(ANSWER_WITHIN, door.http.send(&self.who, frames)).await;
            if let Ok(Err(error)) = &answers
                && self.is_forgotten(error)
            {
                return None;
            }
            let answer = answers.ok().and_then(Result::ok).and_then(|answers| answers.into_iter().next()).unwrap_or_default();
            let wait = match (answer["t"].as_str(), answer["seq"].as_i64()) {
                (Some("ok"), Some(seq)) => return Some(Answer::Ok(seq)),
                (Some("no"), _) => return Some(Answer::No(answer["code"].as_str().unwrap_or_default().to_owned())),
                (Some("busy"), _) => Duration::from_millis(answer["retry_ms"].as_u64().unwrap_or(500)),
                _ => self.random.within(AGAIN_WITHIN),
            };
            tokio::time::sleep(wait).await;
        }
        None
    }

    /// Whether the record was restored to a time before it knew this person.
    fn is_forgotten(&self, error: &anyhow::Error) -> bool {
        self.floor.ledger.chapter() > self.begun && error.to_string().contains(FORGOTTEN)
    }
}
