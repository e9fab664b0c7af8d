//! Tells those who wait how many are before them, at most every two seconds.

use std::{collections::HashMap, time::Duration};

use domain::{id::TenantId, time::MINUTE};

use crate::{
    App,
    realtime::{hub::To, mailbox::LossyKey, session::push, wire::ServerFrame},
    service,
};

const AT_MOST_EVERY: Duration = Duration::from_secs(2);
/// Waits behind an estimate; with fewer none is given.
const SAMPLES: usize = 5;

/// Until the program ends.
pub async fn run(app: App) {
    loop {
        // Also without a change: who has just connected wants to know.
        let _ = tokio::time::timeout(AT_MOST_EVERY, app.hub().queue_changed()).await;
        match store::entry_points::tenants(app.db()).await {
            Ok(tenants) => {
                for tenant in tenants {
                    if let Err(error) = step(&app, tenant).await {
                        tracing::warn!(error = %error, "places could not be told");
                    }
                }
            }
            Err(error) => tracing::warn!(error = %error, "places could not be told"),
        }
        tokio::time::sleep(AT_MOST_EVERY).await;
    }
}

/// Once, for one company.
pub async fn step(app: &App, tenant: TenantId) -> store::Result<()> {
    let mut tx = app.db().read().await?;
    let waiting = store::conversations::waiting(&mut tx, tenant).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let waits = store::routing::recent_waits(&mut tx, tenant, now.plus(-30 * MINUTE)).await?;
    let mut ahead_in: HashMap<_, i64> = HashMap::new();
    let mut staffed_in: HashMap<_, bool> = HashMap::new();
    for (conversation, queue, _) in waiting {
        let staffed = match staffed_in.get(&queue) {
            Some(staffed) => *staffed,
            None => *staffed_in.entry(queue).or_insert(service::is_staffed(&mut tx, tenant, queue).await?),
        };
        let ahead = ahead_in.entry(queue).or_default();
        let (eta_low_ms, eta_high_ms) = estimate(&waits, *ahead);
        let mut frame = String::new();
        push(&mut frame, &ServerFrame::Place { conversation, ahead: *ahead, eta_low_ms, eta_high_ms, staffed });
        let key = LossyKey::Place(conversation.uuid());
        // Each node tells its own: no hint to others.
        app.hub().lossy_here(tenant, conversation.uuid(), key, &frame.trim_end().into(), To::Customer);
        *ahead += 1;
    }
    Ok(())
}

/// From the waits of the last half hour, sorted: between the lower and the upper quartile, and longer for each one ahead. None with few of them.
fn estimate(waits: &[i64], ahead: i64) -> (Option<i64>, Option<i64>) {
    if waits.len() < SAMPLES {
        return (None, None);
    }
    let at = |share: usize| waits[(waits.len() - 1) * share / 4];
    let scale = |ms: i64| (ms + ms * ahead / 2).max(1_000);
    (Some(scale(at(1))), Some(scale(at(3))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_waits_give_no_estimate_and_more_ahead_a_longer_one() {
        assert_eq!(estimate(&[1, 2, 3, 4], 0), (None, None));
        let waits: Vec<i64> = (1..=9).map(|s| s * 10_000).collect();
        assert_eq!(estimate(&waits, 0), (Some(30_000), Some(70_000)));
        assert_eq!(estimate(&waits, 2), (Some(60_000), Some(140_000)));
    }
}
