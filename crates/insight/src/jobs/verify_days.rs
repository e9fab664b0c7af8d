//! Checks the days of companies every night, and counts days again for which somebody asked. One day at a time: whatever is wrong with one, the others go on.

use std::time::Duration;

use db::Shard;
use domain::{
    due::DueKind,
    id::TenantId,
    time::{MINUTE, Ts},
};
use http_kit::App;
use warehouse::{
    CompanyDay, Verified,
    day::{Checked, Journal},
    runs::{Run, next_due},
};

use crate::panel;

/// How soon a day is counted again after somebody asked for it.
const EVERY: Duration = Duration::from_secs(2);
/// How often to look for companies whose days are due to be checked, and how soon to retry a check that could not be done, in milliseconds.
const DUE_EVERY_MS: i64 = MINUTE;
/// The most companies at a time.
const AT_ONCE: i64 = 100;
/// How often a day is looked at that lacks facts, and how long is waited in between.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(500);

/// Runs until the program ends. A day may take long, so the steps of this job have no time limit.
pub async fn run(app: App) {
    let mut looked_at = Ts(0);
    loop {
        tokio::time::sleep(EVERY).await;
        let now = app.env().now();
        let is_due = now.since(looked_at).abs() >= DUE_EVERY_MS;
        if !app.cluster().leads() {
            continue;
        }
        if let Err(error) = recount_asked(&app).await {
            tracing::warn!(error = %error, "no day could be counted again");
        }
        if is_due {
            looked_at = now;
            if let Err(error) = check_due(&app).await {
                tracing::warn!(error = %error, "the days could not be checked");
            }
        }
    }
}

/// Does everything that is due.
pub async fn step(app: &App) -> store::Result<()> {
    recount_asked(app).await?;
    check_due(app).await
}

/// Counts days again for which somebody asked.
async fn recount_asked(app: &App) -> store::Result<()> {
    for mut run in app.editions().open_runs().await? {
        let verified = match recount(app, &mut run).await {
            Ok(None) if !run.is_overdue(app.env().now()) => continue,
            Ok(verified) => verified,
            Err(error) => {
                tracing::warn!(error = %error, day = run.day, "a day could not be counted again");
                None
            }
        };
        app.editions().note_run(&run.ended(app.env().now(), verified)).await?;
    }
    Ok(())
}

async fn recount(app: &App, run: &mut Run) -> store::Result<Option<Verified>> {
    let zone = service::hours::zone(app.db(), run.tenant).await?;
    let Some(day) = CompanyDay::parse(run.tenant, &run.day, &zone) else { return Ok(None) };
    if !is_counted(app, &day).await? {
        return Ok(None);
    }
    let Some(changed) = app.editions().recount(run, &day, app.env().now()).await? else { return Ok(None) };
    run.changed = changed;
    check(app, &day).await
}

async fn check_due(app: &App) -> store::Result<()> {
    loop {
        let now = app.env().now();
        let due = store::entry_points::due(app.db(), DueKind::DayChecks, now, AT_ONCE).await?;
        for done in due.iter().copied() {
            let tenant = done.tenant;
            let again = check_due_of(app, tenant).await.unwrap_or_else(|error| {
                tracing::warn!(error = %error, tenant.id = %tenant, "the days of a company could not be checked");
                now.plus(DUE_EVERY_MS)
            });
            let write = app
                .db()
                .writer()
                .write(Shard::Any, move |tx| Box::pin(async move { store::due::settle(tx, tenant, DueKind::DayChecks, done, Some(again)).await }));
            write.await?;
        }
        if due.len() < usize::try_from(AT_ONCE).unwrap_or_default() {
            return Ok(());
        }
    }
}

/// Checks the days of a company that are due; returns when there is something to do for it again.
async fn check_due_of(app: &App, tenant: TenantId) -> store::Result<Ts> {
    let (editions, now, zone) = (app.editions(), app.env().now(), service::hours::zone(app.db(), tenant).await?);
    let mut again = next_due(tenant, now, &zone)?;
    for (day, due_at) in editions.due_checks(tenant, now, &zone).await? {
        let run = Run::check(&day, due_at, now, app.panel().number());
        let verified = match check(app, &day).await {
            Ok(None) => {
                again = now.plus(DUE_EVERY_MS);
                continue;
            }
            Ok(verified) => verified,
            Err(error) => {
                tracing::warn!(error = %error, tenant.id = %tenant, day = day.date, "a day could not be checked");
                again = now.plus(DUE_EVERY_MS);
                None
            }
        };
        if let Some(mismatches) = verified.as_ref().map(|verified| verified.mismatches).filter(|mismatches| *mismatches > 0) {
            tracing::error!(tenant.id = %tenant, day = day.date, mismatches, "what is stored of a day is not what its events say");
        }
        editions.note_run(&run.ended(app.env().now(), verified)).await?;
    }
    Ok(again)
}

/// Whether everything that happened on a day has been counted.
async fn is_counted(app: &App, day: &CompanyDay) -> store::Result<bool> {
    Ok(app.editions().is_complete() && panel::counted_until(&app.panel(), app.db()).await? >= day.window.to)
}

/// Compares what is stored of a day with its events, and these with the journal; `None` if it cannot be done now. Facts of the day may still be on their way, such
/// as an imported past, whose times say nothing about its place in the feed: what is lacking gets a few seconds to arrive, and is not missed before it was counted.
async fn check(app: &App, day: &CompanyDay) -> store::Result<Option<Verified>> {
    let mut tries = 0;
    loop {
        if !is_counted(app, day).await? {
            return Ok(None);
        }
        let mut journal = Journal::default();
        let mut tx = app.db().read().await?;
        db::feed::in_window(&mut tx, day.tenant, [day.window.from, day.window.to], |fact| journal.take(fact)).await?;
        drop(tx);
        let Some(verified) = app.panel().verify(day).await?.map(|verified| verified.beside(journal, day)) else { return Ok(None) };
        tries += 1;
        if verified.events == verified.facts || tries == TRIES {
            let is_behind = verified.events != verified.facts && app.panel().cursor().await?.pos < verified.position;
            return Ok((!is_behind).then_some(verified));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Checks a day of the company at this place among all; `None` if there is no such company.
pub async fn check_nth(app: &App, company: usize, back: i64) -> store::Result<Option<Checked>> {
    let Some(tenant) = store::entry_points::tenants(app.db()).await?.get(company).copied() else { return Ok(None) };
    let zone = service::hours::zone(app.db(), tenant).await?;
    let day = CompanyDay::before(tenant, app.env().now(), back, &zone)?;
    let verified = check(app, &day).await?;
    Ok(Some(Checked { company: tenant, day: day.date, verified }))
}
