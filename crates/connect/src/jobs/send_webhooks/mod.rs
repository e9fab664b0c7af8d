//! Sends events to the webhook endpoints: creates deliveries from the journal's feed, and drives the queue machine over those that are due.
//!
//! Each node leases endpoints that no other node serves, and the machine ensures that no attempt outlives its lease, so no delivery is ever in flight twice at
//! the same time. The result of an attempt is stored before anything newer of the same conversation is sent.

mod attempt;
mod fan_out;

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    panic::AssertUnwindSafe,
    time::Duration,
};

use crate::table::webhook_deliveries::{Attempt, Delivery, TEST};
use attempt::{Attempted, attempt};
use db::Shard;
use domain::{
    id::{DeliveryId, TenantId, WebhookId},
    time::{SECOND, Ts},
};
use fan_out::FanOut;
use futures_util::FutureExt as _;
use http_kit::App;
use machines::webhook_queue::{Delivery as Due, Input, JITTER_PARTS, Output, PATIENCE_MS, Verdict, WebhookQueue};
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

/// How long a node keeps its endpoints without renewing their leases.
const LEASE_MS: i64 = 30 * SECOND;
/// A lease is renewed when less than this is left of it.
const PROLONG_BELOW_MS: i64 = 20 * SECOND;
/// The clocks of nodes may differ by this much.
const GRACE_MS: i64 = 5 * SECOND;
/// Deliveries held in memory per endpoint.
const WINDOW: usize = 64;
/// Conversations of one endpoint that are searched at once for due deliveries.
const LANES: usize = 256;
/// Attempts of one endpoint that are recorded in one transaction.
const RECORDS: usize = 20;
/// While no company has an endpoint, the feed is skipped over only this often.
const PASS_OVER_EVERY: Duration = Duration::from_secs(60);
/// How long an event may wait before it is sent, and how soon changed clocks, replays and new endpoints are noticed.
const EVERY: Duration = Duration::from_millis(500);

/// Runs until the program ends.
pub async fn run(app: App) {
    let mut sender = Sender::new(&app);
    loop {
        match AssertUnwindSafe(sender.turn(&app)).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = %error, "webhooks could not be sent and will be tried again"),
            Err(_) => {
                tracing::error!("sending webhooks panicked and starts again");
                sender = Sender::new(&app);
            }
        }
        sender.wait(&app).await;
    }
}

/// The result of an attempt until it is stored.
#[derive(Clone)]
struct Record {
    tenant: TenantId,
    delivery: Delivery,
    verdict: Verdict,
    /// `None` if the delivery was given up without an attempt.
    attempt: Option<Attempt>,
    gone: bool,
}

struct Sender {
    node: Uuid,
    news: FanOut,
    queue: WebhookQueue,
    /// The endpoints that this node serves, and their companies.
    served: HashMap<WebhookId, TenantId>,
    /// The rows that the machine holds.
    held: HashMap<DeliveryId, Delivery>,
    attempts: JoinSet<Attempted>,
    answered: HashMap<DeliveryId, Attempted>,
    /// By endpoint, in order of arrival.
    unrecorded: BTreeMap<WebhookId, VecDeque<Record>>,
    /// The conversation up to which each endpoint was last searched.
    places: HashMap<WebhookId, Uuid>,
    passed_over: Option<Instant>,
}

impl Sender {
    fn new(app: &App) -> Self {
        // The id is new at each start: requests of a killed process may still arrive, so its leases have to expire first.
        let node = app.cluster().this().id;
        Self {
            node,
            news: FanOut::default(),
            queue: WebhookQueue::default(),
            served: HashMap::new(),
            held: HashMap::new(),
            attempts: JoinSet::new(),
            answered: HashMap::new(),
            unrecorded: BTreeMap::new(),
            places: HashMap::new(),
            passed_over: None,
        }
    }

    /// Stores results, creates new deliveries, keeps the leases, and takes up what is due. A failure in one step does not prevent the others.
    async fn turn(&mut self, app: &App) -> store::Result<()> {
        self.record(app).await;
        let told = self.fan_out(app).await;
        let leased = self.lease(app).await;
        let taken_up = self.take_up(app).await;
        told.and(leased).and(taken_up)
    }

    /// Creates new deliveries, if there may be any.
    async fn fan_out(&mut self, app: &App) -> store::Result<()> {
        let nobody = store::entry_points::webhooks(app.db()).await?.is_empty();
        if !nobody || self.passed_over.is_none_or(|at| at.elapsed() >= PASS_OVER_EVERY) {
            self.news.go(app).await?;
            self.passed_over = Some(Instant::now());
        }
        Ok(())
    }

    /// Waits until an attempt has finished or it is time to look again.
    async fn wait(&mut self, app: &App) {
        let first = async {
            match self.attempts.join_next().await {
                Some(done) => done,
                None => std::future::pending().await,
            }
        };
        let mut done = tokio::time::timeout(EVERY, first).await.ok();
        while let Some(one) = done {
            match one {
                Ok(attempted) => self.came_back(app, attempted),
                Err(error) => tracing::error!(error = %error, "an attempt broke off"),
            }
            done = self.attempts.try_join_next();
        }
    }

    fn came_back(&mut self, app: &App, attempted: Attempted) {
        let input = Input::Answered { endpoint: attempted.webhook, delivery: attempted.delivery, answer: attempted.answer, jitter: chance() };
        let id = attempted.delivery;
        self.answered.insert(id, attempted);
        let outputs = self.queue.step(app.env().now(), input);
        self.obey(app, outputs);
        // If the endpoint was lost in the meantime, nothing is recorded.
        self.answered.remove(&id);
    }

    /// Carries out what the machine asks for.
    fn obey(&mut self, app: &App, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Attempt(webhook, id) => {
                    if let (Some(tenant), Some(delivery)) = (self.served.get(&webhook), self.held.get(&id)) {
                        self.attempts.spawn(attempt(app.clone(), *tenant, delivery.clone()));
                    }
                }
                Output::Record { endpoint, delivery: id, verdict, attempts } => {
                    let (Some(tenant), Some(delivery)) = (self.served.get(&endpoint), self.held.get(&id)) else { continue };
                    let done = self.answered.remove(&id);
                    let gone = done.as_ref().is_some_and(|done| done.code == "gone");
                    let attempt = done.map(|Attempted { at, duration_ms, status, code, excerpt, .. }| {
                        let number = delivery.attempts_before + i64::from(attempts);
                        Attempt { number, at: at.0, duration_ms, status, code: code.to_owned(), excerpt }
                    });
                    let record = Record { tenant: *tenant, delivery: delivery.clone(), verdict, attempt, gone };
                    self.unrecorded.entry(endpoint).or_default().push_back(record);
                }
                // It is stored with the record of the attempt that received this answer.
                Output::Disable(_) => {}
            }
        }
    }

    /// Stores results, each endpoint's separately: an endpoint whose records cannot be stored waits for the next turn without holding up the others.
    async fn record(&mut self, app: &App) {
        let endpoints: Vec<WebhookId> = self.unrecorded.keys().copied().collect();
        for webhook in endpoints {
            if let Err(error) = self.record_of(app, webhook).await {
                tracing::warn!(error = %error, webhook.id = %webhook, "attempts could not be written down and will be tried again");
            }
        }
    }

    async fn record_of(&mut self, app: &App, webhook: WebhookId) -> store::Result<()> {
        let mut most = RECORDS;
        while let Some(waiting) = self.unrecorded.get(&webhook).filter(|waiting| !waiting.is_empty()) {
            let records: Vec<Record> = waiting.iter().take(most).cloned().collect();
            let (written, node) = (records.clone(), self.node);
            match app.db().writer().write(Shard::Any, move |tx| Box::pin(write(tx, node, webhook, written))).await {
                Ok(true) => self.on_recorded(app, webhook, &records),
                Ok(false) => {
                    self.unrecorded.remove(&webhook);
                    self.let_go(app, webhook);
                }
                // A transaction has its limits; a single record is sure to fit.
                Err(store::Error::Db(db::Error::Busy)) if records.len() > 1 => most = 1,
                Err(error) => return Err(error),
            }
        }
        self.unrecorded.remove(&webhook);
        Ok(())
    }

    /// Continues after records of an endpoint have been stored.
    fn on_recorded(&mut self, app: &App, webhook: WebhookId, records: &[Record]) {
        if let Some(waiting) = self.unrecorded.get_mut(&webhook) {
            waiting.drain(..records.len());
        }
        for record in records {
            let id = record.delivery.id;
            if let (Verdict::Retry(at), Some(held)) = (record.verdict, self.held.get_mut(&id)) {
                held.due_at = at;
            }
            // A delivery that is retried much later makes room for others until then.
            for input in [Input::Recorded(webhook, id), Input::PutBack(webhook, id)] {
                let outputs = self.queue.step(app.env().now(), input);
                self.obey(app, outputs);
            }
            if !self.queue.holds(webhook, id) {
                self.held.remove(&id);
            }
        }
    }

    /// Forgets an endpoint that is now served by another node, or by none.
    fn let_go(&mut self, app: &App, webhook: WebhookId) {
        let outputs = self.queue.step(app.env().now(), Input::Lost(webhook));
        self.obey(app, outputs);
        self.served.remove(&webhook);
        self.places.remove(&webhook);
        self.held.retain(|_, delivery| delivery.webhook != webhook);
    }

    async fn lease(&mut self, app: &App) -> store::Result<()> {
        let (now, node) = (app.env().now(), self.node);
        let mine = |one: &store::entry_points::Served| one.lease_node == Some(node) && one.lease_until.is_some_and(|until| now.0 <= until);
        let mut all = store::entry_points::webhooks(app.db()).await?;
        let wanting = all.iter().any(|one| {
            let left = one.lease_until.unwrap_or(i64::MIN).saturating_sub(now.0);
            if one.lease_node == Some(node) { left < PROLONG_BELOW_MS } else { left < -GRACE_MS }
        });
        if wanting {
            store::entry_points::lease_webhooks(app.db(), node, now.plus(LEASE_MS), GRACE_MS).await?;
            all = store::entry_points::webhooks(app.db()).await?;
        }
        all.retain(mine);
        let kept: HashSet<WebhookId> = all.iter().map(|one| WebhookId::new(one.id)).collect();
        for gone in self.queue.endpoints().filter(|id| !kept.contains(id)).collect::<Vec<_>>() {
            self.let_go(app, gone);
        }
        for one in all {
            let id = WebhookId::new(one.id);
            self.served.insert(id, TenantId::new(one.tenant_id));
            for input in [Input::Leased(TenantId::new(one.tenant_id), id, Ts(one.lease_until.unwrap_or_default())), Input::Enabled(id)] {
                let outputs = self.queue.step(now, input);
                self.obey(app, outputs);
            }
        }
        Ok(())
    }

    async fn take_up(&mut self, app: &App) -> store::Result<()> {
        let now = app.env().now();
        let mut tx = app.db().read().await?;
        for (webhook, tenant) in self.served.clone() {
            if let Err(error) = self.take_up_of(app, &mut tx, tenant, webhook).await {
                tracing::warn!(error = %error, webhook.id = %webhook, "deliveries could not be read and will be tried again");
            }
        }
        let outputs = self.queue.step(now, Input::Tick);
        self.obey(app, outputs);
        Ok(())
    }

    /// Takes up an endpoint's due deliveries, continuing where it last stopped, so that every conversation gets its turn however much waits in others.
    async fn take_up_of(&mut self, app: &App, tx: &mut db::Tx, tenant: TenantId, webhook: WebhookId) -> store::Result<()> {
        let (now, from) = (app.env().now(), self.places.get(&webhook).copied().unwrap_or_default());
        if self.queue.held_count(webhook) >= WINDOW {
            return Ok(());
        }
        let heads = crate::table::webhook_deliveries::heads(tx, tenant, webhook, from, LANES as i64).await?;
        let (mut place, ends) = (from, heads.len() < LANES);
        let mut all = true;
        for delivery in heads {
            if self.queue.held_count(webhook) >= WINDOW {
                all = false;
                break;
            }
            place = delivery.stream;
            if delivery.due_at <= now {
                let due = as_due(&delivery);
                self.held.entry(delivery.id).or_insert(delivery);
                let outputs = self.queue.step(now, Input::Add(due));
                self.obey(app, outputs);
            }
        }
        if all && ends {
            place = Uuid::nil();
        }
        self.places.insert(webhook, place);
        Ok(())
    }
}

/// Stores attempts at an endpoint if this node still holds its lease; returns whether it does.
async fn write(tx: &mut db::Tx, node: Uuid, webhook: WebhookId, records: Vec<Record>) -> store::Result<bool> {
    if let Some(first) = records.first()
        && !crate::table::webhooks::holds_lease(tx, first.tenant, webhook, node).await?
    {
        return Ok(false);
    }
    for Record { tenant, delivery, verdict, attempt, gone } in records {
        crate::table::webhook_deliveries::record(tx, tenant, &delivery, verdict, attempt.as_ref()).await?;
        if gone {
            crate::table::webhooks::set_gone(tx, tenant, webhook).await?;
        }
    }
    Ok(true)
}

/// A row as the machine sees it.
fn as_due(delivery: &Delivery) -> Due {
    Due {
        id: delivery.id,
        endpoint: delivery.webhook,
        lane: delivery.stream,
        seq: delivery.seq,
        attempts: u32::try_from(delivery.attempts - delivery.attempts_before).unwrap_or(0),
        since: delivery.first_at.unwrap_or(delivery.created_at),
        due: delivery.due_at,
        patience: if delivery.kind == TEST { 0 } else { PATIENCE_MS },
    }
}

/// Jitter for the machine; zero where no randomness is available.
fn chance() -> u32 {
    let mut bytes = [0; 4];
    let _ = getrandom::fill(&mut bytes);
    u32::from_le_bytes(bytes) % JITTER_PARTS
}
