//! `yingda demo traffic`: people who come, ask, talk, rate and go, and agents who serve them; all over the public protocol, as anybody could.

mod agent;
mod visitor;
mod wire;
mod words;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use domain::staff::Role;
use server::{
    env::{Env, SystemClock},
    setup::admin::{self, Command, Reply},
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::Instant,
};

use wire::Server;
use words::Words;

/// Visitors at the same time.
const AT_ONCE: usize = 12;
/// The mean time between two arrivals.
const ARRIVAL: Duration = Duration::from_secs(5);
/// How long the last visitors may take to finish.
const FINISH_WITHIN: Duration = Duration::from_secs(60);
/// Who serves if nobody is named: the demo's second agent, so that the first one's desk stays free for you.
const AGENT: &str = "heyu@linkong.example";

/// Lively visitors, and agents who serve them, for a bounded time.
#[derive(Args)]
pub struct DemoTraffic {
    /// The server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// How long visitors keep coming.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
    /// A one-time sign-in link of an agent who shall serve; may be repeated. Without agents visitors talk to the bot and wait in vain.
    #[arg(long, value_name = "URL")]
    agent_link: Vec<String>,
    /// The data folder of a server on this machine: a link is made there for each --agent.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Whom to make a link for, with --data; may be repeated.
    #[arg(long, value_name = "EMAIL", default_value = AGENT, requires = "data")]
    agent: Vec<String>,
}

/// What everybody who takes part has at hand. Cheap to clone.
#[derive(Clone)]
struct Stage {
    server: Server,
    words: Arc<Words>,
    env: Env,
    counts: Arc<Counts>,
    closing: watch::Receiver<bool>,
}

/// What happened.
#[derive(Default)]
struct Counts {
    visitors: AtomicU64,
    questions: AtomicU64,
    asked_for_people: AtomicU64,
    served: AtomicU64,
    rated: AtomicU64,
}

impl Stage {
    /// A number below `n`.
    fn below(&self, n: usize) -> usize {
        (self.env.uuid().as_u64_pair().1 % n.max(1) as u64) as usize
    }
    /// Whether something that happens in so many of a hundred cases happens now.
    fn chance(&self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// One of several.
    fn pick<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
    /// A time between two.
    fn between(&self, least: Duration, most: Duration) -> Duration {
        least + Duration::from_millis(self.below(most.saturating_sub(least).as_millis() as usize) as u64)
    }
}

impl DemoTraffic {
    /// Lets them come for so many minutes, then lets the last ones finish.
    pub async fn run(self) -> anyhow::Result<()> {
        let env = Env::new(Arc::new(SystemClock::default()));
        let server = Server::at(&self.url)?;
        let words = Arc::new(Words::load(&server).await?);
        let mut links = self.agent_link;
        if let Some(data) = &self.data {
            for email in &self.agent {
                links.push(link(data, email).await?);
            }
        }
        let (close, closing) = watch::channel(false);
        let stage = Stage { server, words, env, counts: Arc::default(), closing };
        let (mut agents, mut visitors) = (JoinSet::new(), JoinSet::new());
        for link in &links {
            agents.spawn(agent::sign_in(&stage, link).await?.work());
        }
        eprintln!("{} agents at work; visitors come for {} minutes", links.len(), self.minutes);
        let until = Instant::now() + Duration::from_secs(60 * self.minutes);
        let room = Arc::new(Semaphore::new(AT_ONCE));
        while Instant::now() < until {
            if let Ok(place) = room.clone().try_acquire_owned() {
                let stage = stage.clone();
                visitors.spawn(async move {
                    let done = visitor::visit(stage).await;
                    drop(place);
                    done
                });
            }
            let pause = stage.between(Duration::from_millis(500), 2 * ARRIVAL);
            tokio::time::sleep_until(until.min(Instant::now() + pause)).await;
            while let Some(done) = visitors.try_join_next() {
                // The server may be started again while they come.
                if let Err(error) = done? {
                    eprintln!("a visit broke off: {error:#}");
                }
            }
        }
        close.send_replace(true);
        let finish = async { while visitors.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FINISH_WITHIN, finish).await;
        visitors.shutdown().await;
        let leave = async { while agents.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FINISH_WITHIN, leave).await;
        let count = |n: &AtomicU64| n.load(Relaxed);
        let c = &stage.counts;
        println!(
            "{} visitors, {} questions, {} asked for a person, {} were served, {} rated",
            count(&c.visitors),
            count(&c.questions),
            count(&c.asked_for_people),
            count(&c.served),
            count(&c.rated)
        );
        Ok(())
    }
}

/// Asks the server on this machine for a link, as `yingda admin sign-in-link` does.
async fn link(data: &Path, email: &str) -> anyhow::Result<String> {
    let command = Command::SignInLink { role: Role::Agent, email: Some(email.to_owned()) };
    let reply = admin::ask(data, &command).await.with_context(|| format!("no server answers in the data folder {}", data.display()))?;
    match reply {
        Reply::Link(link) => Ok(link.url),
        Reply::Error(error) => bail!(error),
        Reply::Generation(_) | Reply::Files(_) | Reply::Signature(_) => bail!("the server answered something else"),
    }
}
