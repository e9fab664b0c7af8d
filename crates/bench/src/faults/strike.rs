//! How each fault is caused, how long it lasts, and how it ends.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::{Fault, history::Ack, ledger::Ledger, system::System, verify};
use crate::{
    postgres::Fall,
    proxy::{Proxy, Way, Weather},
    random::Random,
    server::Engine,
};

/// One kill in this many is followed by another while clients are coming back.
const AGAIN: u64 = 4;
/// The second kill comes within this time.
const AGAIN_WITHIN: Duration = Duration::from_millis(500);
/// How long a server may go on while its flushes fail.
const EXIT_WITHIN: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How much is acknowledged by a primary and its standby before the primary is killed.
const STANDBY_ACKS: usize = 40;
/// How often a full disk is filled again.
const FILL_EVERY: Duration = Duration::from_millis(200);
/// A slow reader: its bytes a second, and how late they are.
const SLOW_BYTES: u32 = 1_000;
const SLOW_BY: Duration = Duration::from_millis(100);
/// The longest time between two breaks of a connection, and how long answers are lost.
const DROP_WITHIN: Duration = Duration::from_millis(1_500);
const LOST_FOR: Duration = Duration::from_millis(300);
/// The position at which a connection is truncated is within this many bytes.
const TRUNCATE_WITHIN: u64 = 400;

/// A fault that is over.
pub struct Over {
    /// When clients could begin to come back.
    pub since: Instant,
    /// How long servers took to become ready again.
    pub ready: Vec<Duration>,
    /// What had been acknowledged by then.
    pub acks: Vec<Ack>,
    /// Acknowledgements that cannot be true.
    pub false_acks: Vec<String>,
    /// A node that is still down while others serve its clients.
    pub down: Option<usize>,
}

/// What is needed to cause a fault.
pub struct Striker<'a> {
    /// The fault to cause.
    pub fault: Fault,
    /// The storage engine of the record.
    pub engine: Engine,
    /// The system to break.
    pub system: &'a mut System,
    /// The acknowledgements so far.
    pub ledger: &'a Ledger,
    /// How long the fault lasts.
    pub hold: Duration,
    /// The source of randomness.
    pub random: &'a mut Random,
}

impl Striker<'_> {
    /// Causes the fault, lets it last, and ends it.
    pub async fn strike(mut self, round: u64) -> anyhow::Result<Over> {
        let mut ready = Vec::new();
        match self.fault {
            Fault::Kill if self.system.nodes.len() > 1 => return self.kill_one_of_many().await,
            Fault::Kill => self.kill(&mut ready).await?,
            Fault::Postgres => self.postgres(round).await?,
            Fault::Standby => {
                let since = self.standby(round).await?;
                self.system.is_whole()?;
                return Ok(Over { since, ..self.over(ready) });
            }
            Fault::Redis => self.redis(round).await?,
            Fault::Partition => self.partition(round).await?,
            Fault::DiskFull => self.disk_full().await?,
            Fault::Fsync => {
                let (took, false_acks, acks) = self.fsync().await?;
                return Ok(Over { since: Instant::now(), ready: vec![took], acks, false_acks, down: None });
            }
            Fault::Slow => self.slow().await,
            Fault::Drop => self.drop().await,
            Fault::Restore | Fault::All => bail!("one fault at a time"),
        }
        self.system.is_whole()?;
        Ok(self.over(ready))
    }

    fn over(&self, ready: Vec<Duration>) -> Over {
        Over { since: Instant::now(), ready, acks: self.ledger.take(), false_acks: Vec::new(), down: None }
    }

    /// SIGKILL to one node; its clients can go to the others at once.
    async fn kill_one_of_many(&mut self) -> anyhow::Result<Over> {
        let node = self.any_node();
        let since = Instant::now();
        self.system.kill(node).await?;
        Ok(Over { since, down: Some(node), ..self.over(Vec::new()) })
    }

    /// SIGKILL, and a restart on the same data and port.
    async fn kill(&mut self, ready: &mut Vec<Duration>) -> anyhow::Result<()> {
        let node = self.any_node();
        self.system.kill(node).await?;
        ready.push(self.system.restart(node).await?);
        if self.random.below(AGAIN) == 0 {
            tokio::time::sleep(self.random.within(AGAIN_WITHIN)).await;
            self.system.kill(node).await?;
            ready.push(self.system.restart(node).await?);
        }
        Ok(())
    }

    async fn postgres(&mut self, round: u64) -> anyhow::Result<()> {
        let fall = [Fall::Kill, Fall::Immediate, Fall::Fast][(round % 3) as usize];
        eprintln!("round {round}: PostgreSQL: {fall:?}");
        let postgres = self.system.postgres.as_mut().context("the PostgreSQL is not ours to break")?;
        postgres.fall(fall).await?;
        tokio::time::sleep(self.hold).await;
        postgres.spawn().await
    }

    /// The primary is killed, and its standby takes over; returns when the primary was killed.
    async fn standby(&mut self, round: u64) -> anyhow::Result<Instant> {
        let primary = self.system.postgres.as_mut().context("the PostgreSQL is not ours to break")?;
        let standby = primary.synchronous_standby().await.context("the standby")?;
        // Everything that is acknowledged from now on is on both.
        let acks = self.ledger.count() + STANDBY_ACKS;
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while self.ledger.count() < acks {
            tick.tick().await;
        }
        let since = Instant::now();
        primary.fall(Fall::Kill).await?;
        standby.promote().await?;
        eprintln!("round {round}: the standby took over {:?} after the primary was killed", since.elapsed());
        for node in &self.system.nodes {
            node.to_postgres.as_ref().context("a node without its way to PostgreSQL")?.move_to(standby.address());
        }
        *primary = standby;
        Ok(since)
    }

    async fn redis(&mut self, round: u64) -> anyhow::Result<()> {
        let redis = self.system.redis.as_mut().context("there is no Redis")?;
        let kind = ["stands still", "is killed", "is stopped"][(round % 3) as usize];
        eprintln!("round {round}: Redis {kind}");
        match round % 3 {
            0 => redis.freeze().await?,
            1 => redis.kill().await?,
            _ => redis.stop().await?,
        }
        tokio::time::sleep(self.hold).await;
        match round % 3 {
            0 => redis.thaw().await,
            _ => redis.spawn().await,
        }
    }

    /// Breaks one link of one node: nothing passes, or nothing passes one way, or everything is refused; then what was held back arrives, or is cut off.
    async fn partition(&mut self, round: u64) -> anyhow::Result<()> {
        let n = self.any_node();
        let (cuts_off, node) = (self.random.below(2) == 0, &self.system.nodes[n]);
        let links: Vec<(&str, &Proxy)> = [("clients", Some(&node.rough)), ("PostgreSQL", node.to_postgres.as_ref()), ("Redis", node.to_redis.as_ref())]
            .into_iter()
            .filter_map(|(name, link)| Some((name, link?)))
            .collect();
        let (name, link) = links[round as usize % links.len()];
        let (kind, weather) = [
            ("both ways", Weather::silent(true, true)),
            ("forward", Weather::silent(true, false)),
            ("backward", Weather::silent(false, true)),
            ("refused", Weather { refuses: true, ..Weather::fair() }),
        ][round as usize / links.len() % 4];
        eprintln!("round {round}: between node {n} and {name}: {kind}, then {}", if cuts_off { "cut off" } else { "healed" });
        let before = link.connections();
        link.set(weather);
        if weather.refuses {
            link.cut();
        }
        tokio::time::sleep(self.hold).await;
        link.heal();
        if cuts_off {
            link.cut();
        }
        eprintln!("round {round}: {} new connections meanwhile", link.connections() - before);
        Ok(())
    }

    async fn disk_full(&mut self) -> anyhow::Result<()> {
        let disk = self.system.disk.as_ref().context("there is no disk to fill")?;
        let begun = Instant::now();
        let mut tick = tokio::time::interval(FILL_EVERY);
        while begun.elapsed() < self.hold {
            tick.tick().await;
            disk.fill().await?;
        }
        disk.free()?;
        // A PostgreSQL that gave up is restarted, as a supervisor would do; the server is not.
        if let Some(postgres) = &mut self.system.postgres
            && postgres.exit_status()?.is_some()
        {
            postgres.spawn().await?;
        }
        Ok(())
    }

    /// Every flush fails: the process has to end by itself, with an error, and is restarted.
    async fn fsync(&mut self) -> anyhow::Result<(Duration, Vec<String>, Vec<Ack>)> {
        let n = self.any_node();
        self.system.break_flushes(n).await?;
        let begun = Instant::now();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        let status = loop {
            tick.tick().await;
            if let Some(status) = self.system.nodes[n].server.exit_status()? {
                break status;
            }
            if begun.elapsed() > EXIT_WITHIN {
                let false_acks = verify::undurable(&self.ledger.take(), begun).len();
                bail!("the server went on for {EXIT_WITHIN:?} while each flush failed, and acknowledged {false_acks} sends; {}", self.system.last_of_logs());
            }
        };
        if status.success() {
            bail!("the server ended without an error while each flush failed");
        }
        self.system.nodes[n].is_gone();
        // Gives clients time to read what the dead process had written to them.
        tokio::time::sleep(LOOK_EVERY).await;
        let acks = self.ledger.take();
        let false_acks = verify::undurable(&acks, begun);
        self.system.kill(n).await?;
        Ok((self.system.restart(n).await?, false_acks, acks))
    }

    async fn slow(&mut self) {
        let late = Way { latency: SLOW_BY, jitter: SLOW_BY, ..Way::default() };
        let weather = Weather { up: late, down: Way { bytes_per_second: Some(SLOW_BYTES), ..late }, refuses: false };
        self.system.nodes.iter().for_each(|node| node.rough.set(weather));
        tokio::time::sleep(self.hold).await;
        self.system.nodes.iter().for_each(|node| node.rough.heal());
    }

    /// Again and again: cuts connections, cuts them in the middle of a frame, or lets requests through without answers.
    async fn drop(&mut self) {
        let until = Instant::now() + self.hold;
        while Instant::now() < until {
            let node = self.any_node();
            let rough = &self.system.nodes[node].rough;
            match self.random.below(3) {
                0 => rough.cut(),
                1 => rough.truncate(1 + self.random.below(TRUNCATE_WITHIN) as usize),
                _ => {
                    rough.set(Weather::without_answers());
                    tokio::time::sleep(LOST_FOR).await;
                    rough.heal();
                }
            }
            tokio::time::sleep(self.random.within(DROP_WITHIN)).await;
        }
    }

    fn any_node(&mut self) -> usize {
        self.random.below(self.system.nodes.len() as u64) as usize
    }

    /// Restarts the server that stores the record, before what was acknowledged on a full disk is read back.
    pub async fn restart_the_record(mut self) -> anyhow::Result<Over> {
        let mut ready = Vec::new();
        if self.engine == Engine::Sqlite {
            self.kill(&mut ready).await?;
        } else {
            let postgres = self.system.postgres.as_mut().context("the PostgreSQL is not ours to break")?;
            postgres.fall(Fall::Kill).await?;
            postgres.spawn().await?;
        }
        Ok(self.over(ready))
    }
}
