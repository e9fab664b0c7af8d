//! A load of pairs that talk, on any server.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::bail;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::task::JoinSet;

use super::{
    pair::{Incidents, Pair, Plan},
    tally::{Pace, Tally},
};
use crate::{
    crowd,
    http::{Http, Identity},
    peer::{Dialect, Peer},
    procfs,
    random::Random,
    server::Server,
    serving::{self, End, Served},
};

/// The most conversations that one agent serves.
pub const CAPACITY: usize = 100;
/// The number of conversations and sockets that are prepared at the same time.
const AT_ONCE: usize = 16;
/// The time between the last preparation and the first message.
const LEAD: Duration = Duration::from_millis(200);

/// The parameters of a load.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// The most unanswered sends per side.
    pub in_flight: usize,
    /// How long the load lasts, in seconds.
    pub seconds: u64,
    /// Messages a second over all sides; without it, as fast as answers arrive.
    pub rate: Option<f64>,
    /// The protocol that the server speaks.
    pub dialect: Dialect,
    /// The number of this load on the same server.
    pub run: u16,
}

/// The results of a load.
#[derive(Debug, Default)]
pub struct Ran {
    /// What became of the messages.
    pub tally: Tally,
    /// What else happened.
    pub incidents: Incidents,
    /// The server's processor time while new messages were sent.
    pub cpu: Duration,
    /// The server's memory at the end of that time, in bytes.
    pub rss: u64,
    /// Why pairs ended early.
    pub victims: Vec<String>,
}

impl Ran {
    /// The results, unless a pair ended before its time.
    pub fn complete(self) -> anyhow::Result<Self> {
        match self.victims.first() {
            Some(victim) => bail!("{} pairs ended before their time: {victim}", self.victims.len()),
            None => Ok(self),
        }
    }
}

/// Two ends that talk to each other.
pub struct Ends {
    /// The name of the conversation, or of the room.
    pub name: String,
    /// One end.
    pub one: End,
    /// The other end.
    pub other: End,
}

impl Load {
    /// Runs the load.
    pub async fn run(&self, pid: u32, ends: Vec<Ends>) -> anyhow::Result<Ran> {
        let (mut random, pairs) = (Random::new()?, ends.len());
        let begin = Instant::now() + LEAD;
        let until = begin + Duration::from_secs(self.seconds);
        tokio::time::sleep_until(begin.into()).await;
        let cpu = procfs::cpu(pid)?;
        let mut running = JoinSet::new();
        for (n, Ends { name, one, other }) in ends.into_iter().enumerate() {
            // Each sender has its own offset in the period, so that the messages are spread evenly instead of coming in bursts.
            let pace = self.rate.map(|rate| {
                let period = Duration::from_secs_f64(2.0 * pairs as f64 / rate);
                [Pace::new(begin + random.within(period), period), Pace::new(begin + random.within(period), period)]
            });
            let plan = Plan { in_flight: self.in_flight, until, pace, dialect: self.dialect, run: self.run };
            running.spawn(Pair::new(n, &name, one, other, plan).run());
        }
        tokio::time::sleep_until(until.into()).await;
        let mut ran = Ran { cpu: procfs::cpu(pid)?.saturating_sub(cpu), rss: procfs::rss_bytes(pid)?, ..Ran::default() };
        while let Some(done) = running.join_next().await {
            match done? {
                Ok((tally, incidents)) => {
                    ran.tally.add(&tally);
                    ran.incidents.add(incidents);
                }
                Err(error) => ran.victims.push(format!("{error:#}")),
            }
        }
        Ok(ran)
    }
}

/// Creates agents of this capacity, makes them present, and opens conversations.
pub async fn prepare(server: &Server, conversations: usize, capacity: usize) -> anyhow::Result<Vec<Served>> {
    let http = Http::new(server.address())?;
    let members = http.agents(server, &vec![capacity; conversations.div_ceil(capacity)]).await?;
    let agents: HashMap<String, Identity> = members.iter().map(|member| (member.number.clone(), member.identity())).collect();
    for agent in agents.values() {
        serving::attend(&http, agent).await?;
    }
    let mut random = Random::new()?;
    let mut seed = || Random::seeded(random.bits());
    // The first waits until the agents count as present; the others are assigned at once.
    let mut served = vec![serving::serve(&http, &agents, seed()).await?];
    let others = stream::iter((1..conversations).map(|_| serving::serve(&http, &agents, seed()))).buffer_unordered(AT_ONCE);
    served.extend(others.try_collect::<Vec<Served>>().await?);
    Ok(served)
}

/// Connects pairs to conversations; if there are fewer conversations than pairs, several pairs share one.
pub async fn connect(http: &Http, served: &[Served], pairs: usize) -> anyhow::Result<Vec<Ends>> {
    let pair = |n: usize| {
        let Served { name, visitor, agent } = &served[n % served.len()];
        async move { anyhow::Ok(Ends { name: name.clone(), one: serving::follow(http, visitor, name).await?, other: serving::follow(http, agent, name).await? }) }
    };
    stream::iter((0..pairs).map(pair)).buffered(AT_ONCE).try_collect().await
}

/// Connects pairs to a peer, each in a room of its own.
pub async fn enter(peer: &Peer, pairs: usize) -> anyhow::Result<Vec<Ends>> {
    let end =
        |n: usize, name: String| async move { anyhow::Ok(End { socket: peer.dialect.enter(peer.address(), Some(crowd::address(n)), &name).await?, seq: 0 }) };
    let pair = |n: usize| async move {
        let name = format!("room{n:06}");
        anyhow::Ok(Ends { one: end(2 * n, name.clone()).await?, other: end(2 * n + 1, name.clone()).await?, name })
    };
    stream::iter((0..pairs).map(pair)).buffered(AT_ONCE).try_collect().await
}
