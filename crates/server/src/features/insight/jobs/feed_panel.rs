//! Feeds the panel's store from the journal, and sends the panel to its subscribers.
//!
//! Each node sends the panel to its own clients. Only one node feeds the store: a second one would do no harm, because the cursor's row is locked before
//! anything is read and known facts change nothing, but it would repeat all the work.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{id::TenantId, policy::Permission};
use realtime::mailbox::{LossyKey, Principal};
use serde_json::json;

use super::directory::Companies;
use crate::{App, features::insight::panel};

/// Facts read at a time.
const FACTS: i64 = 2_000;
/// Commits that follow each other within this time are shown together.
const TOGETHER: Duration = Duration::from_millis(150);
/// The panel is sent at least this often: without new numbers it still shows how old it is.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// Runs until the program ends.
pub async fn run(app: App) {
    let mut companies = Companies::new(&app);
    loop {
        let fed = if app.cluster().leads() { feed(&app, &mut companies).await.map(drop) } else { Ok(()) };
        if let Err(error) = fed {
            tracing::warn!(error = %error, "the panel could not be fed");
        }
        if let Err(error) = show(&app).await {
            tracing::warn!(error = %error, "the panel could not be shown");
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

/// Processes everything that was committed, and returns the companies whose numbers changed.
pub async fn step(app: &App) -> store::Result<BTreeSet<TenantId>> {
    feed(app, &mut Companies::new(app)).await
}

async fn feed(app: &App, companies: &mut Companies) -> store::Result<BTreeSet<TenantId>> {
    let panel = app.panel();
    // After a change of history or an interrupted emptying, this starts from the beginning.
    panel.follow(app.cluster().generation()).await?;
    panel.sum_days().await?;
    let mut changed = BTreeSet::new();
    loop {
        let cursor = panel.cursor().await?;
        let mut tx = app.db().read().await?;
        let facts = db::feed::after(&mut tx, cursor, FACTS).await?;
        drop(tx);
        if facts.is_empty() {
            return Ok(changed);
        }
        let all = facts.len() < FACTS as usize;
        let directory = companies.directory(app, cursor, &facts).await?;
        let applied = panel.apply_after(cursor, facts, directory).await?;
        companies.on_applied(applied.cursor);
        changed.extend(applied.tenants);
        if all {
            return Ok(changed);
        }
    }
}

async fn show(app: &App) -> store::Result<()> {
    let mut counted_until = None;
    for tenant in app.hub().agents(domain::time::Ts(0)).into_keys() {
        let watching: Vec<_> = app.hub().staff(tenant).into_iter().filter(|m| m.wants_panel()).collect();
        if watching.is_empty() {
            continue;
        }
        // It is the same for all companies, and not computed where nobody watches.
        let counted_until = match counted_until {
            Some(known) => known,
            None => *counted_until.insert(panel::counted_until(app.panel(), app.db()).await?),
        };
        let mut frame = match panel::view(app, tenant, counted_until).await {
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
