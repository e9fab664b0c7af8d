//! The system under test: nodes of the server, what they share, and a network between all of them.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context as _, bail};

use super::{Fault, Faults};
use crate::{
    disk::Disk,
    flushes::Flushes,
    http::Http,
    postgres::{DATABASE, Postgres},
    proxy::{Proxy, Weather},
    random::Random,
    redis::Redis,
    server::{self, Before, Engine, Server, Surroundings},
};

/// The size of the disk that is filled, in MiB: for a record and its log, and for a PostgreSQL.
const DISK_MIB: u64 = 160;
const POSTGRES_DISK_MIB: u64 = 320;
/// Settings with which PostgreSQL keeps little of its log, for a small disk.
const ON_A_SMALL_DISK: [&str; 2] = ["max_wal_size=64MB", "min_wal_size=32MB"];

/// One node, and the links to it and from it.
pub struct Node {
    /// The server.
    pub server: Server,
    /// The link for clients whose network stays good.
    pub calm: Proxy,
    /// The link for clients whose network breaks, if that is the fault.
    pub rough: Proxy,
    /// The node's link to PostgreSQL.
    pub to_postgres: Option<Proxy>,
    /// The node's link to Redis.
    pub to_redis: Option<Proxy>,
    life: Arc<AtomicU64>,
}

/// A client's access to one node.
#[derive(Clone)]
pub struct Door {
    /// The address to connect to.
    pub address: SocketAddr,
    /// The node's HTTP endpoints.
    pub http: Http,
    life: Arc<AtomicU64>,
}

impl Door {
    /// A number that changes whenever the node ends or comes back.
    pub fn life(&self) -> u64 {
        self.life.load(Relaxed)
    }
    /// Whether the node that admitted a client at that life is still the one that runs now.
    pub fn lived_since(&self, life: u64) -> bool {
        // A node lets clients in a moment before its new life is counted.
        self.life() == life.next_multiple_of(2)
    }
}

/// Chooses a node as nginx would: any that is up, perhaps the same; any at all if none is.
pub fn any_door(doors: &[Door], random: &mut Random) -> usize {
    let there: Vec<usize> = (0..doors.len()).filter(|n| is_up(doors[*n].life())).collect();
    match there.get(random.below(there.len() as u64) as usize) {
        Some(door) => *door,
        None => random.below(doors.len() as u64) as usize,
    }
}

/// The number of a life is raised at each beginning and each end, so it is even while the node is up.
const fn is_up(life: u64) -> bool {
    life.is_multiple_of(2)
}

/// The whole system under test.
pub struct System {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The PostgreSQL, if this program started it.
    pub postgres: Option<Postgres>,
    /// The Redis, if there is one.
    pub redis: Option<Redis>,
    /// The disk that is filled, if that is the fault.
    pub disk: Option<Disk>,
    /// The database in use, if this program started the PostgreSQL.
    pub database: String,
    /// What was measured before the start.
    pub before: Before,
    /// What makes flushes fail, if that is the fault.
    flushes: Option<Flushes>,
}

impl System {
    /// Starts the whole system.
    pub async fn start(settings: &Faults, fault: Fault, random: &mut Random) -> anyhow::Result<Self> {
        let disk = match (fault, settings.engine) {
            (Fault::DiskFull, Engine::Sqlite) => Some(Disk::mount(DISK_MIB)?),
            (Fault::DiskFull, Engine::Postgres) => Some(Disk::mount(POSTGRES_DISK_MIB)?),
            _ => None,
        };
        let flushes = if fault == Fault::Fsync { Some(Flushes::new().await?) } else { None };
        let postgres = match (settings.engine, &settings.database_url) {
            (Engine::Sqlite, _) | (_, Some(_)) => None,
            (Engine::Postgres, None) => match &disk {
                Some(disk) => Some(Postgres::start_in(Some(&disk.root()), &ON_A_SMALL_DISK).await?),
                None => Some(Postgres::start().await?),
            },
        };
        let redis = if settings.nodes > 1 || fault == Fault::Redis { Some(Redis::start().await?) } else { None };
        let scratch = tempfile::Builder::new().prefix("yingda-bench-").tempdir()?;
        let before = Before::measure(&settings.common, scratch.path(), &server::durability(settings.engine, postgres.as_ref())).await?;
        if let Some(disk) = &disk {
            eprintln!("disk: {}", disk.kind());
        }
        let mut system = Self { nodes: Vec::new(), postgres, redis, disk, database: DATABASE.to_owned(), before, flushes };
        for _ in 0..settings.nodes {
            let node = system.node(settings, fault, random).await?;
            system.nodes.push(node);
        }
        Ok(system)
    }

    async fn node(&self, settings: &Faults, fault: Fault, random: &mut Random) -> anyhow::Result<Node> {
        let mut proxy = async |to| Proxy::before(to, Random::seeded(random.bits())).await;
        let to_postgres = match &self.postgres {
            Some(postgres) => Some(proxy(postgres.address()).await?),
            None => None,
        };
        let to_redis = match &self.redis {
            Some(redis) => Some(proxy(redis.address()).await?),
            None => None,
        };
        let database_url = to_postgres.as_ref().map(|proxy| Postgres::url_at(proxy.address())).or_else(|| settings.database_url.clone());
        let redis_url = to_redis.as_ref().map(|proxy| Redis::url_at(proxy.address()));
        let data = self.disk.as_ref().filter(|_| settings.engine == Engine::Sqlite).map(|disk| disk.root().join("data"));
        let under = self.flushes.as_ref().map(Flushes::under).unwrap_or_default();
        let mut server = Server::prepare(&settings.common, Surroundings { database_url, redis_url, data, under, environment: Vec::new() })?;
        server.spawn().await?;
        let calm = proxy(server.address()).await?;
        let rough = if fault == Fault::Slow { Proxy::narrow(server.address(), Random::seeded(random.bits())).await? } else { proxy(server.address()).await? };
        Ok(Node { server, calm, rough, to_postgres, to_redis, life: Arc::default() })
    }

    /// The access for clients whose network stays good, or for the others.
    pub fn doors(&self, rough: bool) -> anyhow::Result<Vec<Door>> {
        let door = |node: &Node| {
            let address = if rough { node.rough.address() } else { node.calm.address() };
            Ok(Door { address, http: Http::new(address)?, life: node.life.clone() })
        };
        self.nodes.iter().map(door).collect()
    }

    /// Kills a node.
    pub async fn kill(&mut self, node: usize) -> anyhow::Result<()> {
        let node = &mut self.nodes[node];
        node.is_gone();
        node.server.kill().await
    }
    /// Restarts a node; returns how long it took.
    pub async fn restart(&mut self, node: usize) -> anyhow::Result<Duration> {
        let node = &mut self.nodes[node];
        let took = node.server.spawn().await?;
        node.life.fetch_add(1, Relaxed);
        Ok(took)
    }

    /// Makes each flush of this node fail from now on.
    pub async fn break_flushes(&self, node: usize) -> anyhow::Result<()> {
        let flushes = self.flushes.as_ref().context("nothing runs under libfiu")?;
        flushes.fail(self.nodes[node].server.running()?).await
    }

    /// An error if a node has ended that nobody killed.
    pub fn is_whole(&mut self) -> anyhow::Result<()> {
        for (n, node) in self.nodes.iter_mut().enumerate() {
            if let Some(status) = node.server.exit_status()? {
                bail!("node {n} ended by itself with {status}; its log:\n{}", node.server.last_of_log());
            }
        }
        Ok(())
    }

    /// The last lines of the nodes' logs.
    pub fn last_of_logs(&self) -> String {
        let logs = self.nodes.iter().enumerate().map(|(n, node)| format!("node {n} logged last:\n{}", node.server.last_of_log()));
        logs.collect::<Vec<_>>().join("\n")
    }

    /// Stops everything, what depends on others first.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        for node in self.nodes.drain(..) {
            node.server.stop().await?;
        }
        if let Some(postgres) = self.postgres.take() {
            postgres.stop().await?;
        }
        Ok(())
    }
}

impl Node {
    /// Admits no clients any more, and cuts off those who are connected.
    pub fn shut(&self) {
        self.is_gone();
        for link in [&self.calm, &self.rough] {
            link.set(Weather { refuses: true, ..Weather::fair() });
            link.cut();
        }
    }
    /// Admits clients again.
    pub fn open(&self) {
        self.calm.heal();
        self.rough.heal();
    }
    /// Notes that the node has ended, or is about to.
    pub fn is_gone(&self) {
        if is_up(self.life.load(Relaxed)) {
            self.life.fetch_add(1, Relaxed);
        }
    }
}
