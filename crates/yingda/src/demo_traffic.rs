//! `yingda demo traffic`: simulated visitors who arrive, ask, chat, rate and leave,
//! and agents who serve them, all through the public protocol, as any client could.

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
use platform::env::{Env, SystemClock};
use server::setup::admin::{self, Command, Reply};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::Instant,
};
use wire::Server;
use words::Words;

/// The maximum number of simultaneous visitors.
const AT_ONCE: usize = 12;
/// The mean time between arrivals.
const ARRIVAL: Duration = Duration::from_secs(5);
/// How long the last visitors may take to finish.
const FINISH_WITHIN: Duration = Duration::from_secs(60);
/// The default agent: the demo's second one, so that the first one's desk stays free for you.
const AGENT: &str = "heyu@linkong.example";

/// Simulates visitors, and agents who serve them, for a limited time.
#[derive(Args)]
pub struct DemoTraffic {
    /// The URL of the server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// How many minutes visitors keep arriving.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
    /// A one-time sign-in link of an agent who should serve; can be repeated. Without agents, visitors talk to the bot and wait for an agent in vain.
    #[arg(long, value_name = "URL")]
    agent_link: Vec<String>,
    /// The data folder of a server on this machine, used to make a link for each --agent.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The e-mail address of an agent to make a link for, with --data; can be repeated.
    #[arg(long, value_name = "EMAIL", default_value = AGENT, requires = "data")]
    agent: Vec<String>,
}

/// What all participants share. Cheap to clone.
#[derive(Clone)]
struct Stage {
    server: Server,
    words: Arc<Words>,
    env: Env,
    counts: Arc<Counts>,
    closing: watch::Receiver<bool>,
}

/// Counts of what happened.
#[derive(Default)]
struct Counts {
    visitors: AtomicU64,
    questions: AtomicU64,
    asked_for_people: AtomicU64,
    served: AtomicU64,
    rated: AtomicU64,
}

impl Stage {
    /// A random number below `n`.
    fn below(&self, n: usize) -> usize {
        (self.env.uuid().as_u64_pair().1 % n.max(1) as u64) as usize
    }
    /// Whether an event with a probability of `percent` happens now.
    fn chance(&self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// A random item.
    fn pick<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
    /// A random duration between two.
    fn between(&self, least: Duration, most: Duration) -> Duration {
        least + Duration::from_millis(self.below(most.saturating_sub(least).as_millis() as usize) as u64)
    }
}

impl DemoTraffic {
    /// Lets visitors arrive for the given number of minutes, then waits for the last ones to finish.
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
                // The server may be restarted in the meantime.
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
    let command = Command::SignInLink { role: Role::Agent, email: Some(email.to_owned()), company: None };
    let reply = admin::ask(data, &command).await.with_context(|| format!("no server answers in the data folder {}", data.display()))?;
    match reply {
        Reply::Link(link) => Ok(link.url),
        Reply::Error(error) => bail!(error),
        _ => bail!("the server answered something else"),
    }
}
