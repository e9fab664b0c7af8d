//! Informs waiting customers how many are ahead of them, at most every two seconds.

use std::{collections::HashMap, time::Duration};

use domain::id::TenantId;
use http_kit::App;
use realtime::{hub::To, mailbox::LossyKey};
use service::places::{Agents, Line, Pace};
use store::routing::InLine;
use wire::{frames::ServerFrame, lines::push};

const AT_MOST_EVERY: Duration = Duration::from_secs(2);

/// Runs until the program ends.
pub async fn run(app: App) {
    loop {
        // This runs even without a change, because a customer who has just connected wants to know.
        let _ = tokio::time::timeout(AT_MOST_EVERY, app.hub().queue_changed()).await;
        if let Err(error) = step(&app).await {
            tracing::warn!(error = %error, "places could not be told");
        }
        tokio::time::sleep(AT_MOST_EVERY).await;
    }
}

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for tenant in store::entry_points::companies_with_waiting(app.db()).await? {
        // Of thousands of companies, those whose customers have gone cost nothing.
        if app.hub().visitors_online(tenant) == 0 {
            continue;
        }
        // A company whose customers cannot be told must not stop the others.
        if let Err(error) = tell(app, tenant).await {
            tracing::warn!(error = %error, tenant.id = %tenant, "places could not be told");
        }
    }
    Ok(())
}

/// Tells the waiting customers of one company.
async fn tell(app: &App, tenant: TenantId) -> store::Result<()> {
    let mut tx = app.db().read_of(tenant).await?;
    let waiting = store::routing::line(&mut tx, tenant).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let (agents, pace) = (Agents::get(&mut tx, tenant).await?, Pace::get(&mut tx, tenant).await?);
    let mut lines: HashMap<_, Line> = HashMap::new();
    for InLine { id: conversation, queue, since: queued_at, is_offered, .. } in waiting {
        let line = match lines.get_mut(&queue) {
            Some(line) => line,
            None => lines.entry(queue).or_insert(agents.line(&mut tx, queue, now.since(queued_at)).await?),
        };
        // The first is not the longest if somebody in danger goes before.
        line.longest_ms = line.longest_ms.max(now.since(queued_at));
        // Whoever is offered to somebody is next; how long that person takes, nobody knows.
        let estimate = if is_offered { None } else { pace.estimate(line, now.since(queued_at)) };
        let (eta_low_ms, eta_high_ms) = estimate.unzip();
        let mut frame = String::new();
        push(&mut frame, &ServerFrame::Place { conversation, ahead: line.ahead, eta_low_ms, eta_high_ms, staffed: line.staffed });
        let key = LossyKey::Place(conversation.uuid());
        // Each node informs its own clients, so other nodes get no hint.
        app.hub().lossy_here(tenant, conversation.uuid(), key, &frame.trim_end().into(), To::Customer);
        line.ahead += 1;
        line.unoffered += i64::from(!is_offered);
    }
    Ok(())
}
