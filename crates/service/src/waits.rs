//! Alerts of slow replies and long waits: raised when a company's threshold is passed, ended by themselves when the wait is over.

use db::{Db, Shard, Tx};
use domain::{
    alert::{Alert, AlertKind},
    entry::Changed,
    floor::{FloorSettings, Threshold},
    id::{ConversationId, QueueId, TenantId},
    journal::Actor,
    opening_hours::zone,
    time::{SECOND, Ts},
};
use jiff::tz::TimeZone;
use store::{Result, TenantTx};
use store_desk::{alerts as record, floor};

/// Looks at who waits in a company, and raises and ends the alerts about it. Writes only if something is to be written.
pub async fn look_at(db: &Db, tenant: TenantId) -> Result<()> {
    let mut tx = db.read_of(tenant).await?;
    if !record::has_waits_to_end(&mut tx, tenant).await? && due(&mut tx, tenant).await?.is_empty() {
        return Ok(());
    }
    drop(tx);
    // What is found now may be more than what was found without the lock, or less.
    db.writer().write(Shard::Any, move |tx| Box::pin(look(tx, tenant))).await
}

async fn look(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let mut is_changed = record::end_waits(tx, tenant).await? > 0;
    for alert in due(tx, tenant).await? {
        is_changed |= record::insert(tx, tenant, &alert).await?;
    }
    if is_changed {
        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await?;
    }
    Ok(())
}

/// The alerts that are to be raised; none in the company's quiet hours.
async fn due(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Alert>> {
    let settings = floor::settings(tx, tenant).await?;
    let now = tx.now();
    if settings.quiet.is_some() {
        let zone = zone(&store::tenants::get(tx, tenant).await?.time_zone).unwrap_or(TimeZone::UTC);
        if is_quiet(&settings, now, &zone) {
            return Ok(Vec::new());
        }
    }
    let mut due = Vec::new();
    for (kind, Threshold { after_s, level }) in [(AlertKind::SlowReply, settings.slow_reply), (AlertKind::LongWait, settings.long_wait)] {
        let Some(after_s) = after_s else { continue };
        let before = now.plus(-after_s * SECOND);
        let rows = match kind {
            AlertKind::LongWait => record::long_waits(tx, tenant, before).await?,
            _ => record::slow_replies(tx, tenant, before).await?,
        };
        due.extend(rows.into_iter().map(|row| Alert::waiting(kind, ConversationId::new(row.id), row.seq, level, row.queue_id.map(QueueId::new))));
    }
    Ok(due)
}

/// Whether a moment lies in the company's quiet hours.
fn is_quiet(settings: &FloorSettings, now: Ts, zone: &TimeZone) -> bool {
    let Some(quiet) = settings.quiet else { return false };
    let Ok(moment) = jiff::Timestamp::from_millisecond(now.0) else { return false };
    let local = zone.to_datetime(moment);
    quiet.contains(i64::from(local.hour()) * 60 + i64::from(local.minute()))
}

#[cfg(test)]
mod tests {
    use domain::floor::QuietHours;

    use super::*;

    #[test]
    fn quiet_hours_are_those_of_the_companys_clock() {
        let settings = FloorSettings { quiet: Some(QuietHours { from: 22 * 60, until: 7 * 60 }), ..FloorSettings::default() };
        // 2026-11-20 16:00 UTC is midnight in Shanghai.
        let at = Ts(1_795_190_400_000);
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        assert!(is_quiet(&settings, at, &shanghai));
        assert!(!is_quiet(&settings, at, &TimeZone::UTC));
        assert!(!is_quiet(&FloorSettings::default(), at, &shanghai));
    }
}
