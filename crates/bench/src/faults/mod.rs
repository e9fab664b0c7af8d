//! `yingda-bench faults`: breaks something under traffic, again and again; a checker judges what everybody saw.

mod cast;
mod chapters;
pub mod checker;
mod client;
mod delays;
mod floor;
pub mod history;
mod ledger;
mod owners;
mod record;
mod rewind;
mod runner;
mod strike;
mod system;
mod verify;

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::Serialize;
use serde_json::json;

use crate::{
    percentile::exact_ms,
    random::Random,
    report::{self, round},
    server::{Common, Engine},
};
use cast::Cast;
use chapters::{Book, Judged};
use history::{Journal, Seen};
use owners::{Fact, Inbox, Turn};
use strike::Striker;
use system::System;

/// The acknowledgements in a round before something breaks: at least `ACKS`, and at random up to `MORE_ACKS` more.
const ACKS: u64 = 40;
const MORE_ACKS: u64 = 300;
/// The longest final wait before a fault, so that it hits any point of a commit.
const AIM: Duration = Duration::from_millis(30);

/// Checks whether anything acknowledged is lost, duplicated or out of order, and whether a conversation ever has two owners, when things break.
///
/// Everything is judged from the clients' own notes and from the record, which is read in the end by a client that took no part:
///
/// lost: acknowledged, or seen by a client, but not in the record as it was. duplicates: in the record twice, applied twice, or stored although refused. gaps:
/// numbers that the record leaves out, and entries that a client never got. inversions: a sender's messages in a different order from the one sent, or a lower
/// number applied after a higher one. false_acks: acknowledged, but the record has no such entry, in the end or directly after a restart; or acknowledged
/// although every flush failed. refused_then_accepted: stored although refused, or after something newer from the same sender. double_owner: an assignment with
/// no transfer, return or end before it, an agent's message or transfer accepted while a different agent had the conversation, an agent given more than it may
/// have, or an inbox that contradicts the conversations. ready_p99_ms: from the start of a server's process until it is ready. recover_p99_ms: from the end of
/// the fault (for a kill while other nodes run: from the kill) until each client was current again by itself: everything known to exist has arrived, everything
/// sent is answered, and something new as well. delay_max_ms: the longest time from the first write of a send to its arrival at another client, where neither
/// client's own link was broken. With `restore`: rewound: acknowledged after the copy was made, and lost with the record it replaced; inversions: also what a
/// client went on showing of it; reset_clients: how often a client was told to start over; down_max_ms: from the end of the nodes until they are
/// ready with the copy, which is not part of recover.
#[derive(Debug, clap::Args)]
pub struct Faults {
    /// The storage engine of the record.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// An existing PostgreSQL with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Nodes of the server: 1, or 3 that share a PostgreSQL and a Redis.
    #[arg(long, default_value_t = 1, value_parser = nodes)]
    nodes: u64,
    /// The fault to cause.
    #[arg(long, value_enum, default_value_t = Fault::Kill)]
    fault: Fault,
    /// How many times the fault is caused.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// How many seconds a fault lasts; a kill lasts as long as the restart.
    #[arg(long, value_name = "S", default_value_t = 5.0, value_parser = seconds)]
    hold: f64,
    /// Conversations that agents serve; a quarter as many more talk to the bot.
    #[arg(long, default_value_t = 8)]
    conversations: usize,
    /// The random seed, to repeat a run as far as that is possible.
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    common: Common,
}

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fault {
    /// SIGKILL to a node, and a restart on the same data and port.
    Kill,
    /// PostgreSQL: all its processes are killed, stopped immediately or stopped fast, in turn.
    Postgres,
    /// The primary of PostgreSQL is killed with all its processes, and its synchronous standby takes over. Not part of `all`.
    Standby,
    /// Redis is paused, killed or stopped, in turn.
    Redis,
    /// The network between a node and its clients, PostgreSQL or Redis, in turn: silent both ways, silent one way, or refused.
    Partition,
    /// The disk of the server that stores the record is full. Needs root.
    DiskFull,
    /// Every flush fails, and the server has to end by itself. SQLite only: PostgreSQL does not run under libfiu, which this needs.
    Fsync,
    /// Half of the clients read 1 KB a second, with a delay.
    Slow,
    /// Connections of half of the clients are cut, truncated, or left without answers.
    Drop,
    /// An older copy of the record is restored while clients know more: with the commands and by hand, in turn. Not part of `all`.
    Restore,
    /// Each fault that applies to the engine.
    All,
}

impl Fault {
    /// The faults that apply to this engine.
    const fn of(engine: Engine) -> &'static [Self] {
        match engine {
            Engine::Sqlite => &[Self::Kill, Self::Partition, Self::DiskFull, Self::Fsync, Self::Slow, Self::Drop],
            Engine::Postgres => &[Self::Kill, Self::Postgres, Self::Redis, Self::Partition, Self::DiskFull, Self::Slow, Self::Drop],
        }
    }
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    nodes: u64,
    fault: Fault,
    rounds: u64,
    hold_s: f64,
    seed: u64,
    clients: usize,
    conversations: usize,
    sent: u64,
    acked: u64,
    acked_while_broken: u64,
    lost: u64,
    duplicates: u64,
    gaps: u64,
    inversions: u64,
    false_acks: u64,
    refused_then_accepted: u64,
    double_owner: u64,
    assignments: usize,
    ready_p99_ms: f64,
    recover_p50_ms: f64,
    recover_p99_ms: f64,
    recover_max_ms: f64,
    delay_max_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rewound: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_clients: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    down_max_ms: Option<f64>,
    answers_500: u64,
    refused: u64,
    connections: u64,
    redelivered: u64,
    skipped: u64,
    fsync_p99_ms: f64,
    load_before: f64,
    findings: Vec<String>,
    #[serde(skip)]
    clean: bool,
}

/// What was measured, round by round.
#[derive(Default)]
struct Measured {
    ready: Vec<Duration>,
    recoveries: Vec<Duration>,
    down: Vec<Duration>,
    false_acks: Vec<String>,
    lost: Vec<String>,
    acked_while_broken: u64,
}

impl Faults {
    /// Runs the campaign and prints a result for each fault.
    pub async fn run(self) -> anyhow::Result<()> {
        self.fits()?;
        let faults = if self.fault == Fault::All { Fault::of(self.engine) } else { std::slice::from_ref(&self.fault) };
        let mut bad = Vec::new();
        for fault in faults {
            match self.one(*fault).await {
                Ok(result) => {
                    result.findings.iter().for_each(|finding| eprintln!("found: {finding}"));
                    report::print(&result, self.common.json)?;
                    if !result.clean {
                        bad.push(format!("{fault:?}: the history is not clean"));
                    }
                }
                Err(error) => {
                    let error = format!("{error:#}");
                    if self.common.json {
                        println!("{}", json!({"engine": self.engine.name(), "nodes": self.nodes, "fault": fault, "rounds": self.rounds, "error": error}));
                    }
                    bad.push(format!("{fault:?}: {error}"));
                }
            }
        }
        if bad.is_empty() { Ok(()) } else { bail!("{}", bad.join("\n")) }
    }

    /// Checks, before anything is started, that the settings fit together.
    fn fits(&self) -> anyhow::Result<()> {
        if self.engine == Engine::Sqlite && self.nodes > 1 {
            bail!("--nodes {} needs --engine postgres: SQLite has one node", self.nodes);
        }
        if self.engine == Engine::Sqlite && self.database_url.is_some() {
            bail!("--database-url goes with --engine postgres");
        }
        if !matches!(self.fault, Fault::All | Fault::Restore | Fault::Standby) && !Fault::of(self.engine).contains(&self.fault) {
            let (fault, other) = (self.fault, if self.engine == Engine::Sqlite { "postgres" } else { "sqlite" });
            bail!("--fault {} needs --engine {other}", fault.name());
        }
        if self.fault == Fault::Standby && self.engine == Engine::Sqlite {
            bail!("--fault standby needs --engine postgres");
        }
        if self.database_url.is_some() && matches!(self.fault, Fault::Postgres | Fault::Standby | Fault::DiskFull | Fault::Restore | Fault::All) {
            bail!("--fault {} needs a PostgreSQL of our own to break: leave --database-url out", self.fault.name());
        }
        Ok(())
    }

    async fn one(&self, fault: Fault) -> anyhow::Result<Result> {
        let seed = match self.seed {
            Some(seed) => seed,
            None => Random::new()?.bits(),
        };
        let mut random = Random::seeded(seed);
        eprintln!("fault: {}, seed {seed}", fault.name());
        let mut system = System::start(self, fault, &mut random).await?;
        let result = self.judge(fault, seed, &mut system, &mut random).await;
        if result.is_err() {
            eprintln!("{}", system.last_of_logs());
        }
        system.stop().await?;
        result
    }

    async fn judge(&self, fault: Fault, seed: u64, system: &mut System, random: &mut Random) -> anyhow::Result<Result> {
        let cast = Cast::assemble(system, self.conversations, fault, random).await?;
        let (mut measured, mut book) = (Measured::default(), Book::default());
        for round in 1..=self.rounds {
            cast.until_acked(cast.acks() + ACKS + random.below(MORE_ACKS)).await?;
            tokio::time::sleep(random.within(AIM)).await;
            if fault == Fault::Restore {
                self.rewind(round, system, &cast, random, &mut measured, &mut book).await.with_context(|| format!("round {round}"))?;
                continue;
            }
            let (before, begun) = (cast.acks(), Instant::now());
            let over = self.striker(fault, system, &cast, random).strike(round).await.with_context(|| format!("round {round}"))?;
            if begun < over.since {
                measured.acked_while_broken += cast.acks() - before;
            }
            self.afterwards(round, over, &cast, system, &mut measured).await.with_context(|| format!("round {round}"))?;
            if fault == Fault::DiskFull {
                let over = self.striker(fault, system, &cast, random).restart_the_record().await?;
                let mut restarted = Measured::default();
                self.afterwards(round, over, &cast, system, &mut restarted).await.with_context(|| format!("after round {round}"))?;
                measured.ready.extend(restarted.ready);
                measured.false_acks.extend(restarted.false_acks);
            }
            system.is_whole()?;
        }
        cast.until_acked(cast.acks() + ACKS).await?;
        self.conclude(fault, seed, system, cast, measured, &book).await
    }

    /// Restores an older copy, and waits until everybody is current again by themselves.
    async fn rewind(&self, round: u64, system: &mut System, cast: &Cast, random: &mut Random, measured: &mut Measured, book: &mut Book) -> anyhow::Result<()> {
        let (since, found) = rewind::round(round, self.engine, system, cast, random, book).await?;
        let aims = cast.aim_at(|conversation, view| book.last_cut(conversation, view));
        cast.is_online(round);
        measured.recoveries.extend(cast.until_current(&aims, since).await?);
        measured.ready.extend(found.ready);
        measured.down.extend(found.down);
        measured.lost.extend(found.lost);
        system.is_whole()
    }

    fn striker<'a>(&self, fault: Fault, system: &'a mut System, cast: &'a Cast, random: &'a mut Random) -> Striker<'a> {
        Striker { fault, engine: self.engine, system, ledger: &cast.ledger, hold: Duration::from_secs_f64(self.hold), random }
    }

    /// Waits until everybody is current again by themselves, while the acknowledged sends are looked up.
    async fn afterwards(&self, round: u64, over: strike::Over, cast: &Cast, system: &mut System, measured: &mut Measured) -> anyhow::Result<()> {
        let aims = cast.aim();
        cast.is_online(round);
        let places = cast.ledger.places();
        let living = (0..system.nodes.len()).find(|node| over.down != Some(*node)).context("no node is left")?;
        let missing = verify::missing(system.nodes[living].server.address(), &places, over.acks);
        let restarted = async {
            match over.down {
                Some(node) => Ok(Some(system.restart(node).await?)),
                None => Ok(None),
            }
        };
        let (recoveries, missing, restarted) = tokio::try_join!(cast.until_current(&aims, over.since), missing, restarted)?;
        measured.recoveries.extend(recoveries);
        measured.ready.extend(over.ready.into_iter().chain(restarted));
        measured.false_acks.extend(over.false_acks);
        measured.false_acks.extend(missing);
        Ok(())
    }

    async fn conclude(&self, fault: Fault, seed: u64, system: &System, cast: Cast, measured: Measured, book: &Book) -> anyhow::Result<Result> {
        let (ledger, agents, clients, answers_500) = (cast.ledger.clone(), cast.agents.clone(), cast.clients(), cast.answers_500());
        let ended = cast.finish(system).await?;
        let to = system.nodes[0].server.address();
        let places = ledger.places();
        let readers: Vec<_> =
            places.iter().flat_map(|place| std::iter::once(&place.staff).chain(&place.customer).map(|who| (who.clone(), place.name.clone()))).collect();
        let mut seen = record::at_one_moment(to, &readers, fault == Fault::Restore).await?.into_iter();
        let (mut journals, mut courses, mut conversations, mut inboxes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (n, place) in places.iter().enumerate() {
            let staff = seen.next().context("a conversation or an inbox was not read")?;
            let numbered = |entries: &[serde_json::Value]| entries.iter().filter_map(Seen::read).collect::<Vec<_>>();
            let mut journal = Journal { customer: Vec::new(), staff: numbered(&staff) };
            if place.customer.is_some() {
                journal.customer = numbered(&seen.next().context("a conversation was not read as its customer sees it")?);
                conversations.push((place.name.clone(), staff.iter().filter_map(Fact::read).collect::<Vec<_>>()));
            } else if let Some((member, _)) = agents.iter().find(|(_, place)| *place == n) {
                let turns = staff.iter().filter_map(Turn::read).collect();
                inboxes.push(Inbox { agent: member.agent.clone(), capacity: member.capacity, turns });
            }
            journals.push(journal);
            courses.push((place.name.clone(), staff));
        }
        let (delay_max, which) = delays::longest(&ended.travels);
        eprintln!("longest delay: {delay_max:?}: {which}");
        let Judged { mut verdict, rewound, reset_clients } = book.judge(&ended.logs, &journals);
        verdict.add_lost(measured.lost);
        verdict.add_false_acks(measured.false_acks);
        let owned_twice = owners::check(&conversations, &inboxes);
        for course in owners::courses(&owned_twice, &courses) {
            eprintln!("{course}");
        }
        verdict.add_double_owner(owned_twice);
        Ok(Result {
            engine: self.engine.name(),
            nodes: self.nodes,
            fault,
            rounds: self.rounds,
            hold_s: self.hold,
            seed,
            clients,
            conversations: conversations.len(),
            sent: verdict.sent,
            acked: verdict.acked,
            acked_while_broken: measured.acked_while_broken,
            lost: verdict.lost,
            duplicates: verdict.duplicates,
            gaps: verdict.gaps,
            inversions: verdict.inversions,
            false_acks: verdict.false_acks,
            refused_then_accepted: verdict.refused_then_accepted,
            double_owner: verdict.double_owner,
            assignments: inboxes.iter().flat_map(|inbox| &inbox.turns).filter(|turn| matches!(turn, Turn::Got(_))).count(),
            ready_p99_ms: round(exact_ms(&measured.ready, 0.99)),
            recover_p50_ms: round(exact_ms(&measured.recoveries, 0.5)),
            recover_p99_ms: round(exact_ms(&measured.recoveries, 0.99)),
            recover_max_ms: round(exact_ms(&measured.recoveries, 1.0)),
            delay_max_ms: round(delay_max.as_secs_f64() * 1000.0),
            rewound: (fault == Fault::Restore).then_some(rewound),
            reset_clients: (fault == Fault::Restore).then_some(reset_clients),
            down_max_ms: (fault == Fault::Restore).then(|| round(exact_ms(&measured.down, 1.0))),
            answers_500,
            refused: verdict.refused,
            connections: ended.logs.iter().map(|log| log.connections).sum(),
            redelivered: ended.logs.iter().map(|log| log.redelivered).sum(),
            skipped: ended.logs.iter().map(|log| log.skipped).sum(),
            fsync_p99_ms: system.before.disk.ms(0.99),
            load_before: system.before.load,
            clean: verdict.is_clean(),
            findings: verdict.findings,
        })
    }
}

impl Fault {
    fn name(self) -> String {
        json!(self).as_str().unwrap_or_default().to_owned()
    }
}

fn nodes(text: &str) -> std::result::Result<u64, String> {
    match text {
        "1" => Ok(1),
        "3" => Ok(3),
        _ => Err("1 or 3 nodes".to_owned()),
    }
}

fn seconds(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("seconds, from 0 to 3600".to_owned()),
    }
}
