//! The cast of a run: who takes part, how far each has got, and when each has caught up again.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde_json::json;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{
    Fault,
    client::Client,
    delays::Travel,
    floor::{self, Floor, Logs},
    history::{ClientLog, View},
    ledger::{Ledger, Place},
    record,
    runner::{Part, Phase, Progress, Runner, TRANSPORTS},
    system::{Door, System},
};
use crate::{
    client_connection::Transport,
    hello,
    http::{Http, Identity, Member},
    random::{Random, new_conversation},
    serving,
};

/// How long clients may take to make progress, and to get everything answered in the end.
const GET_ON_WITHIN: Duration = Duration::from_secs(60);
/// A client that has not caught up by then is reported.
const LATE: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// The longest pause between two messages of a client: short where the fault is momentary, and longer where it lasts.
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_WHILE_IT_LASTS: Duration = Duration::from_millis(150);
/// When a busy server is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(500);
/// Clients come in groups of this many, one per transport; with a fault of the network, every second group has the broken network.
const GROUP: usize = TRANSPORTS.len();

/// A running client and its progress.
struct Watched {
    name: String,
    conversation: usize,
    view: View,
    talks: bool,
    progress: Arc<Progress>,
}

/// How far a client has to get to be current.
pub struct Aim {
    cursor: i64,
    sent: usize,
}

/// Everybody who takes part.
pub struct Cast {
    /// The notes of everybody.
    pub ledger: Arc<Ledger>,
    /// The agents, each with the number of its inbox in the ledger.
    pub agents: Vec<(Member, usize)>,
    /// The manager, who may read everything.
    manager: Member,
    doors: Arc<Vec<Door>>,
    watched: Vec<Watched>,
    running: JoinSet<Runner>,
    floor: JoinSet<Logs>,
    phase: watch::Sender<Phase>,
    online: watch::Sender<u64>,
}

/// What everybody did.
pub struct Ended {
    /// The clients' logs, one for each conversation of a client.
    pub logs: Vec<ClientLog>,
    /// The times of what was sent and received.
    pub travels: Vec<Travel>,
}

impl Cast {
    /// Opens the conversations and starts the clients: a visitor and an agent each, a second device of the first visitor, visitors alone with the bot, the
    /// agents' consoles, and the floor.
    pub async fn assemble(system: &System, conversations: usize, fault: Fault, random: &mut Random) -> anyhow::Result<Self> {
        let server = &system.nodes[0].server;
        let http = Http::new(server.address())?;
        let ledger = Arc::new(Ledger::default());
        let members = http.agents(server, &[conversations.clamp(1, 100)]).await?;
        let agents: HashMap<String, Identity> = members.iter().map(|member| (member.number.clone(), member.identity())).collect();
        for agent in agents.values() {
            serving::attend(&http, agent).await?;
        }
        let in_charge = http.manager(server).await?;
        let manager = in_charge.identity();
        let mut clients = Vec::new();
        for n in 0..conversations {
            let served = serving::serve(&http, &agents, Random::seeded(random.bits())).await?;
            let place = ledger.place(Place { name: served.name.clone(), staff: manager.clone(), customer: Some(served.visitor.clone()) });
            clients.push(Client::new(format!("visitor {n}"), place, View::Customer, served.visitor.clone(), served.name.clone()));
            clients.push(Client::new(format!("agent {n}"), place, View::Staff, served.agent, served.name.clone()));
            if n == 0 {
                clients.push(Client::new("visitor 0, another device".to_owned(), place, View::Customer, served.visitor, served.name));
            }
        }
        for n in conversations..conversations + conversations.div_ceil(4) {
            let (who, name) = (http.visitor().await?.identity(), new_conversation());
            let card = hello::open(&name, random.uuid(), json!({"type": "product", "product": "g-001"}));
            while http.send(&who, std::slice::from_ref(&card)).await?.iter().any(|answer| answer["t"] == "busy") {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
            let place = ledger.place(Place { name: name.clone(), staff: manager.clone(), customer: Some(who.clone()) });
            clients.push(Client::new(format!("visitor {n}, with the bot"), place, View::Customer, who, name));
        }
        let on_the_floor = http.more_agents(server, members.len(), &floor::CAPACITIES).await?;
        let (phase, _) = watch::channel(Phase::Talk);
        let (online, _) = watch::channel(0);
        let doors = Arc::new(system.doors(false)?);
        let mut cast = Self {
            ledger: ledger.clone(),
            agents: Vec::new(),
            manager: in_charge,
            doors: doors.clone(),
            watched: Vec::new(),
            running: JoinSet::new(),
            floor: JoinSet::new(),
            phase,
            online,
        };
        let (rough, breaks_links) = (Arc::new(system.doors(true)?), matches!(fault, Fault::Slow | Fault::Drop | Fault::Partition));
        let pause = if matches!(fault, Fault::Kill | Fault::Restore) { PAUSE } else { PAUSE_WHILE_IT_LASTS };
        for (n, client) in clients.into_iter().enumerate() {
            let is_rough = breaks_links && (n / GROUP).is_multiple_of(2);
            cast.start(client, Part::Talks(pause), TRANSPORTS[n % GROUP], if is_rough { rough.clone() } else { doors.clone() }, !is_rough, random);
        }
        let mut hearing = Vec::new();
        for member in members.iter().chain(&on_the_floor) {
            let (given, heard) = mpsc::unbounded_channel();
            let place = ledger.place(Place { name: member.inbox.clone(), staff: member.identity(), customer: None });
            let client = Client::new(format!("console of {}", member.number), place, View::Staff, member.identity(), member.inbox.clone());
            cast.start(client, Part::Console(given), Transport::Socket, doors.clone(), true, random);
            cast.agents.push((member.clone(), place));
            hearing.push(heard);
        }
        let floor = Floor { doors, ledger, manager, agents: Arc::new(on_the_floor), phase: cast.phase.subscribe() };
        cast.floor = floor.open(hearing.split_off(members.len()), random);
        Ok(cast)
    }

    fn start(&mut self, client: Client, part: Part, home: Transport, doors: Arc<Vec<Door>>, is_calm: bool, random: &mut Random) {
        let progress = Arc::new(Progress::default());
        progress.quiet.store(true, Relaxed);
        progress.door.store(random.below(doors.len() as u64) as usize, Relaxed);
        let (name, conversation, view) = (client.log.name.clone(), client.log.conversation, client.log.view);
        let travel = Travel::new(name.clone(), is_calm, Instant::now());
        self.watched.push(Watched { name, conversation, view, talks: matches!(part, Part::Talks(_)), progress: progress.clone() });
        let runner = Runner {
            client,
            part,
            home,
            doors,
            random: Random::seeded(random.bits()),
            phase: self.phase.subscribe(),
            online: self.online.subscribe(),
            notices: random.below(2) == 0,
            progress,
            ledger: self.ledger.clone(),
            travel,
        };
        self.running.spawn(runner.run());
    }

    /// Signs the staff in again: restoring an older copy of the record has ended their sessions. Visitors keep theirs.
    pub async fn sign_in_anew(&self, system: &System) -> anyhow::Result<()> {
        let http = Http::new(system.nodes[0].server.address())?;
        for member in self.agents.iter().map(|(member, _)| member).chain([&self.manager]) {
            http.sign_in_anew(member).await.with_context(|| format!("{} signs in anew", member.email))?;
        }
        Ok(())
    }

    /// The number of clients that listen.
    pub fn clients(&self) -> usize {
        self.watched.len()
    }
    /// The acknowledgements so far.
    pub fn acks(&self) -> u64 {
        self.watched.iter().map(|w| w.progress.acked.load(Relaxed)).sum()
    }

    /// The answers with status 500 so far.
    pub fn answers_500(&self) -> u64 {
        self.watched.iter().map(|w| w.progress.answers_500.load(Relaxed)).sum()
    }

    /// Waits until there are this many acknowledgements.
    pub async fn until_acked(&self, enough: u64) -> anyhow::Result<()> {
        if self.until(|cast| cast.acks() >= enough).await {
            return Ok(());
        }
        bail!("the clients do not get on: {} of {enough} acknowledgements after {GET_ON_WITHIN:?}", self.acks())
    }

    async fn until(&self, done: impl Fn(&Self) -> bool) -> bool {
        let begun = Instant::now();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while !done(self) {
            if begun.elapsed() > GET_ON_WITHIN {
                return false;
            }
            tick.tick().await;
        }
        true
    }

    /// Notifies the clients that react to it that the network is back.
    pub fn is_online(&self, round: u64) {
        self.online.send_replace(round);
    }

    /// How far everybody has to get from here to be current: everything that anybody knows to exist has arrived, every send has been answered, and one more
    /// send as well.
    pub fn aim(&self) -> Vec<Aim> {
        let mut known: HashMap<(usize, bool), i64> = HashMap::new();
        for watched in &self.watched {
            let most = known.entry(watched.key()).or_default();
            *most = (*most).max(watched.progress.highest.load(Relaxed)).max(watched.progress.cursor.load(Relaxed));
        }
        self.watched.iter().map(|w| Aim { cursor: known[&w.key()], sent: w.progress.sent.load(Relaxed) }).collect()
    }

    /// The same after the record was restored: everything in the record has arrived, every send has been answered, and one more send as well.
    pub fn aim_at(&self, head: impl Fn(usize, View) -> i64) -> Vec<Aim> {
        let aim = |w: &Watched| {
            let cursor = head(w.conversation, w.view);
            w.progress.highest.store(cursor, Relaxed);
            Aim { cursor, sent: w.progress.sent.load(Relaxed) }
        };
        self.watched.iter().map(aim).collect()
    }

    /// Waits until nobody is connected.
    pub async fn until_away(&self) -> anyhow::Result<()> {
        if self.until(|cast| cast.watched.iter().all(|w| !w.progress.connected.load(Relaxed))).await {
            return Ok(());
        }
        bail!("somebody is still connected though nobody is let in")
    }

    /// Waits until everybody is current; returns how long each took.
    pub async fn until_current(&self, aims: &[Aim], since: Instant) -> anyhow::Result<Vec<Duration>> {
        let mut took: Vec<Option<Duration>> = vec![None; aims.len()];
        let begun = Instant::now();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while took.iter().any(Option::is_none) {
            if begun.elapsed() > GET_ON_WITHIN {
                let behind = self.watched.iter().zip(&took).filter(|(_, took)| took.is_none()).map(|(watched, _)| watched.tell());
                bail!("not current {GET_ON_WITHIN:?} after the fault: {}", behind.collect::<Vec<_>>().join(", "));
            }
            tick.tick().await;
            for ((watched, aim), took) in self.watched.iter().zip(aims).zip(&mut took) {
                if took.is_none() && self.is_current(watched, aim) {
                    *took = Some(since.elapsed());
                    if since.elapsed() > LATE {
                        eprintln!("current only after {:?}: {}", since.elapsed(), watched.tell());
                    }
                }
            }
        }
        Ok(took.into_iter().flatten().collect())
    }

    fn is_current(&self, watched: &Watched, aim: &Aim) -> bool {
        let progress = &watched.progress;
        let lives = self.doors[progress.door.load(Relaxed)].lived_since(progress.life.load(Relaxed));
        let said = !watched.talks || progress.answered.load(Relaxed) > aim.sent;
        lives && progress.connected.load(Relaxed) && progress.cursor.load(Relaxed) >= aim.cursor && said
    }

    /// Lets everybody get their answers and catch up, then stops them.
    pub async fn finish(mut self, system: &System) -> anyhow::Result<Ended> {
        let to = system.nodes[0].server.address();
        self.phase.send_replace(Phase::Drain);
        let answered = self.until(|cast| cast.watched.iter().all(|w| w.progress.quiet.load(Relaxed))).await;
        let mut logs = Vec::new();
        while let Ok(Some(ended)) = tokio::time::timeout(GET_ON_WITHIN, self.floor.join_next()).await {
            logs.extend(ended?);
        }
        // Everybody has to get what exists now; the bot may say more later, and that is judged as far as it was seen.
        let (places, mut heads) = (self.ledger.places(), HashMap::new());
        for watched in &self.watched {
            let place = &places[watched.conversation];
            let reader = if watched.view == View::Customer { place.customer.as_ref().unwrap_or(&place.staff) } else { &place.staff };
            if let Entry::Vacant(unknown) = heads.entry(watched.key()) {
                unknown.insert(record::head(to, reader, &place.name).await?);
            }
        }
        // The checker decides whether everybody got there; this only gives them the time.
        let _ = self.until(|cast| cast.watched.iter().all(|w| w.progress.cursor.load(Relaxed) >= heads[&w.key()])).await;
        self.phase.send_replace(Phase::Stop);
        let mut travels = Vec::new();
        while let Some(runner) = self.running.join_next().await {
            let mut runner = runner?;
            let log = &mut runner.client.log;
            log.must_reach = heads[&(log.conversation, log.view == View::Customer)];
            if !runner.client.is_quiet() {
                eprintln!("{} waits for answers; its last connection ended: {}", runner.client.log.name, runner.progress.last_end());
            }
            logs.push(runner.client.log);
            travels.push(runner.travel);
        }
        if !answered || !self.floor.is_empty() {
            bail!("not everything sent was answered");
        }
        Ok(Ended { logs, travels })
    }
}

impl Watched {
    fn key(&self) -> (usize, bool) {
        (self.conversation, self.view == View::Customer)
    }
    fn tell(&self) -> String {
        format!("{} (its last connection ended: {})", self.name, self.progress.last_end())
    }
}
