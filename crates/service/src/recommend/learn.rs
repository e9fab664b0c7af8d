//! Learns a company's model from what is noted, at night by the company's clock; one with popular items only is learned again within the hour.

use std::collections::HashMap;

use db::{Db, Shard};
use domain::{
    id::{TenantId, VisitorId},
    recommendation::{INTEREST_MS, MOST_INTERESTS},
    time::{DAY, HOUR},
};
use recommender::{Interest, Model, measure};
use store::{Result, entry_points};
use store_knowledge::recommendations::{self, Learned, Signal};

use super::{PORTION, Report, item_of};
use crate::{catalogue::aside, hours};

/// Minutes after midnight by the company's clock when models are learned.
const AT_NIGHT: u16 = 3 * 60;

/// Learns the model of one company that is due. Returns whether there was one. It takes up to two minutes of a core for the largest companies.
pub async fn learn_due(db: &Db) -> Result<bool> {
    let Some(tenant) = entry_points::due_recommendations(db, db.now()).await? else { return Ok(false) };
    learn(db, tenant).await?;
    Ok(true)
}

async fn learn(db: &Db, tenant: TenantId) -> Result<()> {
    let (now, zone) = (db.now(), hours::zone(db, tenant).await?);
    let before = now.plus(-INTEREST_MS);
    while db.writer().write(Shard::Of(tenant.uuid()), move |tx| Box::pin(recommendations::trim(tx, tenant, before, MOST_INTERESTS, PORTION))).await? {}
    let signals = recommendations::latest(&mut db.snapshot().await?, tenant, MOST_INTERESTS).await?;
    let (report, model) = aside(move || Ok(learned_from(&signals))).await?;
    let again = if report.figures.learned { domain::opening_hours::next_at(now, AT_NIGHT, &zone).unwrap_or(now.plus(DAY)) } else { now.plus(HOUR) };
    let json = |error: serde_json::Error| db::Error::Corrupt(error.to_string());
    let (figures, model) = (serde_json::to_string(&report).map_err(json)?, serde_json::to_string(&model).map_err(json)?);
    let learned = Learned { version: 0, trained_at: now, figures, model };
    let stored =
        db.writer().write(Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { recommendations::put_learned(tx, tenant, &learned, again).await }));
    stored.await
}

fn learned_from(signals: &[Signal]) -> (Report, Model) {
    let mut visitors: HashMap<VisitorId, u32> = HashMap::new();
    let interest = |signal: &Signal| {
        let next = visitors.len() as u32;
        let visitor = *visitors.entry(signal.visitor).or_insert(next);
        Interest { visitor, item: item_of(signal), weight: signal.interest.weight(), at: signal.interest.at.0 }
    };
    let interests: Vec<Interest> = signals.iter().map(interest).collect();
    let (model, pairs) = Model::train(&interests);
    let figures = measure::figures(&interests, &model);
    (Report { figures, pairs: pairs.into_iter().map(|pair| (pair.one, pair.other, pair.together)).collect() }, model)
}
