//! Events without the chat: counted in this process as the server's job `feed_panel` counts them.
//!
//! In the path: reading facts as events, counting them in batches of the server's size in one edition on SQLite, the pause with which the server shows commits
//! together, and, once for all viewers, the live numbers with the queues' service levels as JSON. Every viewer is a task that takes the newest frame.
//! Not in the path: writing and reading the journal, what the live panel reads from the record (waiting conversations, agents, loads of queues), the sockets, and
//! what a page does with a frame. An event's time is when it is due, whether or not the loop was busy then.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::bail;
use domain::time::Ts;
use parity::traffic::{self, Cast, Course, Traffic};
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;
use warehouse::{Fact, Panel, Place, TimeZone, panel::BATCH};

use super::{
    Amount, Seen,
    matching::{self, Push},
};
use crate::{
    panel::{
        fill::{Still, directory},
        reads,
    },
    percentile::Histogram,
};

/// The server's values: how many batches are counted before the panel is shown again, and the time within which commits are shown together.
const BATCHES: usize = 4;
const TOGETHER: Duration = Duration::from_millis(150);
/// When the traffic begins: the middle of a day in the company's zone.
const START: Ts = Ts(1_795_147_200_000);
const SEED: u64 = 20_261_124;

/// A frame, and how many events had been counted.
type Frame = (u64, Arc<str>);

/// Counts events as they become due, and shows them to viewers.
pub async fn measure(amount: Amount, load_before: f64) -> anyhow::Result<Seen> {
    let (tenant, zone, cast) = (traffic::tenant(1), TimeZone::get("Asia/Shanghai")?, Cast::large());
    let (directory, total) = (directory(tenant, &zone, &cast), amount.rate as usize * amount.seconds as usize);
    // Made before, so that making them takes no time from counting.
    let course = Course { start: START, pace_ms: (1_000 / amount.rate as usize).max(1), burst: 0, pause_ms: 0 };
    let mut facts: Vec<Fact> = Traffic::new(SEED, course, &[tenant], cast).next_facts(total);
    facts.reverse();
    let folder = tempfile::Builder::new().prefix("yingda-bench-").tempdir()?;
    let panel = Panel::open(&Place::File(folder.path().join("panel.db")), 1, Uuid::nil(), Arc::new(Still(START))).await?;
    let (show, shown) = watch::channel::<Frame>((0, "".into()));
    let mut viewers = JoinSet::new();
    for _ in 0..amount.viewers {
        viewers.spawn(view(shown.clone()));
    }
    drop(shown);

    let begun = Instant::now();
    let period = Duration::from_secs(1) / amount.rate;
    let happened: Vec<Instant> = (0..total).map(|n| begun + period * u32::try_from(n).unwrap_or(u32::MAX)).collect();
    let (mut counted, mut now) = (0, START);
    while counted < total {
        let mut has_more = false;
        for _ in 0..BATCHES {
            let due = happened.partition_point(|at| *at <= Instant::now());
            let batch = facts.split_off(facts.len() - (due - counted).min(BATCH));
            has_more = batch.len() == BATCH;
            if batch.is_empty() {
                break;
            }
            counted += batch.len();
            now = batch.first().map_or(now, |fact| Ts(fact.at));
            panel.apply(batch, &directory).await?;
        }
        let mut frame = json!(reads::live(&panel, tenant, now, &zone).await?);
        frame["t"] = json!("panel");
        show.send_replace((counted as u64, frame.to_string().into()));
        if has_more {
            tokio::task::yield_now().await;
            continue;
        }
        if let Some(next) = happened.get(counted) {
            tokio::time::sleep_until((*next).into()).await;
            tokio::time::sleep(TOGETHER).await;
        }
    }
    drop(show);
    let mut delays = Histogram::default();
    while let Some(pushes) = viewers.join_next().await {
        let unseen = matching::record(&happened, 0, &pushes?, &mut delays);
        if unseen > 0 {
            bail!("a viewer never saw {unseen} of {total} events");
        }
    }
    panel.close().await;
    Ok(Seen { delays, events: total, load_before })
}

/// Takes the newest frame again and again, until there are no more.
async fn view(mut shown: watch::Receiver<Frame>) -> Vec<Push> {
    let mut pushes = Vec::new();
    while shown.changed().await.is_ok() {
        let (counted, frame) = shown.borrow_and_update().clone();
        if !frame.is_empty() {
            pushes.push((Instant::now(), counted));
        }
    }
    pushes
}
