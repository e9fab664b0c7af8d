//! Feeds the editions of the panel's store from the journal, and sends the panel to its subscribers.
//!
//! Each node sends the panel to its own clients. Only one node feeds the store: a second one would do no harm, because the cursor's row is locked before
//! anything is read and known facts change nothing, but it would repeat all the work.
//!
//! If an engine outside of this program computes the numbers, the store is fed from what that gives back; [`super::hand_over_events`] does the rest.
//!
//! An edition that is filled beside the one that is shown gets its turn after it, one batch at a time, so that what is shown stays up to date.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use domain::{id::TenantId, policy::Permission};
use http_kit::App;
use realtime::mailbox::{LossyKey, Principal};
use serde_json::json;
use warehouse::{Cursor, Panel, outside::Outside, panel::BATCH};

use super::directory::Companies;
use crate::panel;

/// How many batches are applied before the panel is shown again.
const BATCHES: usize = 4;
/// Commits that follow each other within this time are shown together.
const TOGETHER: Duration = Duration::from_millis(150);
/// The panel is sent at least this often: without new numbers it still shows how old it is.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// What one round has done.
#[derive(Default)]
struct Fed {
    /// The companies whose numbers changed, of what is shown.
    changed: BTreeSet<TenantId>,
    /// Whether there is more to do at once.
    has_more: bool,
}

/// Runs until the program ends.
pub async fn run(app: App) {
    let mut fillers = Fillers::default();
    loop {
        let fed = round(&app, &mut fillers).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "the panel could not be fed");
            Fed::default()
        });
        if let Err(error) = show(&app).await {
            tracing::warn!(error = %error, "the panel could not be shown");
        }
        if fed.has_more {
            tokio::task::yield_now().await;
            continue;
        }
        if app.editions().outside().is_some() {
            // What comes back does not wake anybody.
            tokio::time::sleep(TOGETHER).await;
            continue;
        }
        let woken = async {
            tokio::select! {
                () = app.hub().wait_for_commit() => {}
                () = app.panel_wanted() => {}
            }
        };
        let _ = tokio::time::timeout(AT_LEAST_EVERY, woken).await;
        tokio::time::sleep(TOGETHER).await;
    }
}

/// Processes everything that was committed, in all editions, and returns the companies whose numbers changed.
pub async fn step(app: &App) -> store::Result<BTreeSet<TenantId>> {
    let (mut fillers, mut changed) = (Fillers::default(), BTreeSet::new());
    loop {
        app.editions().follow(app.cluster().generation()).await?;
        let fed = feed(app, &mut fillers).await?;
        changed.extend(fed.changed);
        if !fed.has_more {
            return Ok(changed);
        }
    }
}

/// What each edition was told of the companies, by the number of the edition.
type Fillers = HashMap<i64, Companies>;

/// Follows the editions, and feeds them if this node leads. An edition that is not complete is fed by every node: the one that leads may be of a release with
/// other definitions.
async fn round(app: &App, fillers: &mut Fillers) -> store::Result<Fed> {
    let editions = app.editions();
    editions.follow(app.cluster().generation()).await?;
    let leads = app.cluster().leads();
    if !leads && editions.is_complete() {
        fillers.clear();
        return Ok(Fed::default());
    }
    let fed = feed(app, fillers).await;
    if leads && let Err(error) = editions.sweep().await {
        tracing::warn!(error = %error, "an edition of the panel that is no longer shown could not be deleted");
    }
    fed
}

/// Feeds what is shown up to [`BATCHES`] times, and what will be shown once. A fault of one does not keep the other from being fed.
async fn feed(app: &App, fillers: &mut Fillers) -> store::Result<Fed> {
    let (editions, shown) = (app.editions(), app.panel());
    let filling = editions.filling();
    fillers.retain(|number, _| *number == shown.number() || filling.as_ref().is_some_and(|filling| filling.number() == *number));
    let mut fed = Fed::default();
    let of_shown = feed_shown(app, &shown, fillers, &mut fed).await;
    if let Some(filling) = filling {
        let has_more = keep_up(app, &filling).await | batch(app, &filling, fillers, &mut BTreeSet::new()).await?;
        fed.has_more |= has_more;
        if !has_more && is_complete(app, &filling).await? {
            editions.note_ready(&filling).await?;
            tracing::info!(edition = filling.number(), "another edition of the panel is complete and shown from now on");
        }
    }
    of_shown.map(|()| fed)
}

async fn feed_shown(app: &App, shown: &Panel, fillers: &mut Fillers, fed: &mut Fed) -> store::Result<()> {
    for n in 1..=BATCHES {
        if !batch(app, shown, fillers, &mut fed.changed).await? {
            if is_complete(app, shown).await? {
                app.editions().note_ready(shown).await?;
            }
            break;
        }
        fed.has_more |= n == BATCHES;
    }
    fed.has_more |= keep_up(app, shown).await;
    Ok(())
}

/// Sums days again, and packs those that are over; returns whether there is more to do. If that fails, facts go on being counted.
async fn keep_up(app: &App, panel: &Panel) -> bool {
    let steps = [panel.sum_days().await, panel.pack_days(app.env().now()).await];
    let warn = |error: &warehouse::Error| tracing::warn!(error = %error, "the days of a company could not be summed again or packed");
    steps.into_iter().flat_map(|step| step.inspect_err(warn)).any(|has_more| has_more)
}

/// Applies the next facts to an edition; returns whether there may be more.
async fn batch(app: &App, panel: &Panel, fillers: &mut Fillers, changed: &mut BTreeSet<TenantId>) -> store::Result<bool> {
    if let Some(outside) = app.editions().outside() {
        let companies = fillers.entry(panel.number()).or_insert_with(|| Companies::new(app));
        return take(app, panel, outside.as_ref(), companies, changed).await;
    }
    let cursor = panel.cursor().await?;
    let facts = app.db().feed(app.cluster().generation(), cursor, BATCH).await?;
    if facts.is_empty() {
        return Ok(false);
    }
    let has_more = facts.len() == BATCH;
    let companies = fillers.entry(panel.number()).or_insert_with(|| Companies::new(app));
    let directory = companies.directory(app, cursor, &facts).await?;
    let applied = panel.apply(facts, directory).await?;
    companies.on_applied(applied.cursor);
    changed.extend(applied.tenants);
    Ok(has_more)
}

/// Puts the next results of the engine outside into an edition; returns whether there may be more.
async fn take(app: &App, panel: &Panel, outside: &dyn Outside, companies: &mut Companies, changed: &mut BTreeSet<TenantId>) -> store::Result<bool> {
    let after = panel.positions().await?;
    let results = outside.results(panel.generation(), after.clone()).await?;
    if results.is_nothing_new(&after, panel.cursor().await?) {
        return Ok(false);
    }
    let has_more = results.has_more;
    let directory = companies.of(app, results.tenants()).await?;
    changed.extend(panel.take(after, results, directory).await?);
    Ok(has_more)
}

/// Whether an edition to which nothing can be added at the moment has caught up with the journal: the results of an engine outside come later.
async fn is_complete(app: &App, panel: &Panel) -> store::Result<bool> {
    if app.editions().outside().is_none() || (panel.number() == app.panel().number() && app.editions().is_complete()) {
        return Ok(true);
    }
    let cursor = panel.cursor().await?;
    let rest = db::feed::after(&mut app.db().read().await?, cursor, BATCH as i64).await?;
    Ok(rest.len() < BATCH && cursor != Cursor::default())
}

async fn show(app: &App) -> store::Result<()> {
    let (edition, mut counted_until) = (app.panel(), None);
    for tenant in app.hub().agents(domain::time::Ts(0)).into_keys() {
        let watching: Vec<_> = app.hub().staff(tenant).into_iter().filter(|m| m.wants_panel()).collect();
        if watching.is_empty() {
            continue;
        }
        // It is the same for all companies, and not computed where nobody watches.
        let counted_until = match counted_until {
            Some(known) => known,
            None => *counted_until.insert(panel::counted_until(&edition, app.db()).await?),
        };
        let mut frame = match panel::view(app, &edition, tenant, counted_until).await {
            Ok(view) => json!(view),
            Err(error) => {
                tracing::warn!(error = %error, "the panel could not be read");
                continue;
            }
        };
        frame["t"] = json!("panel");
        let frame: Arc<str> = frame.to_string().into();
        for mailbox in watching {
            if matches!(mailbox.principal(), Principal::Staff(staff, _) if staff.may(Permission::Panel)) {
                mailbox.lossy(LossyKey::Panel, frame.clone());
            }
        }
    }
    Ok(())
}
