//! Learns a company's model from what is noted, at night by the company's clock; one with popular items only is learned again within the hour.

use std::collections::HashMap;

use content::recommendation::{INTEREST_MS, MOST_INTERESTS};
use db::{Db, Shard};
use domain::{
    consent::CONSENT_MS,
    id::{TenantId, VisitorId},
    time::{DAY, HOUR},
};
use recommender::{Interest, Model, measure};
use store::{
    Result, entry_points,
    people::{People, Seen},
};
use store_knowledge::recommendations::{self, Learned, Signal};

use super::{PORTION, Report, item_of};
use crate::{catalogue::aside, hours};

/// Minutes after midnight by the company's clock when models are learned.
const AT_NIGHT: u16 = 3 * 60;

/// If a company has more interests than are kept, those of one network beyond this many are deleted first, so that they do not displace everybody else's.
const MOST_OF_NETWORK: i64 = 5_000;
/// The most interests of such networks that are looked up at a time.
const LOOKED_UP: i64 = 50_000;

/// Learns the model of one company that is due. Returns whether there was one. It takes up to two minutes of a core for the largest companies.
pub async fn learn_due(db: &Db) -> Result<bool> {
    let Some(tenant) = entry_points::due_recommendations(db, db.now()).await? else { return Ok(false) };
    learn(db, tenant).await?;
    Ok(true)
}

async fn learn(db: &Db, tenant: TenantId) -> Result<()> {
    let (now, zone) = (db.now(), hours::zone(db, tenant).await?);
    let before = now.plus(-INTEREST_MS);
    make_room(db, tenant).await?;
    while db.writer().write_patiently(Shard::Of(tenant.uuid()), move |tx| Box::pin(recommendations::trim(tx, tenant, before, MOST_INTERESTS, PORTION))).await? {
    }
    let unused_since = now.plus(-CONSENT_MS);
    while db.writer().write_patiently(Shard::Of(tenant.uuid()), move |tx| Box::pin(store::consents::lapse(tx, tenant, unused_since, PORTION))).await? {}
    let mut tx = db.snapshot_of(tenant).await?;
    let (signals, seen) = (recommendations::latest(&mut tx, tenant, MOST_INTERESTS).await?, recommendations::visitors_seen(&mut tx, tenant).await?);
    drop(tx);
    let (report, model) = aside(move || Ok(learned_from(&signals, seen))).await?;
    let again = if report.figures.learned { domain::opening_hours::next_at(now, AT_NIGHT, &zone).unwrap_or(now.plus(DAY)) } else { now.plus(HOUR) };
    let json = |error: serde_json::Error| db::Error::Corrupt(error.to_string());
    let (figures, model) = (serde_json::to_string(&report).map_err(json)?, serde_json::to_string(&model).map_err(json)?);
    let learned = Learned { version: 0, trained_at: now, figures, model };
    let stored = db
        .writer()
        .write_patiently(Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { recommendations::put_learned(tx, tenant, &learned, again).await }));
    stored.await
}

/// Deletes what single networks have too much of, if there is no room for everybody.
async fn make_room(db: &Db, tenant: TenantId) -> Result<()> {
    while recommendations::count(&mut db.read_of(tenant).await?, tenant).await?.0 > MOST_INTERESTS {
        let excess = recommendations::excess(&mut db.snapshot_of(tenant).await?, tenant, MOST_OF_NETWORK, LOOKED_UP).await?;
        if excess.is_empty() {
            break;
        }
        for portion in excess.chunks(PORTION as usize) {
            let portion = portion.to_vec();
            db.writer()
                .write_patiently(Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { recommendations::delete(tx, tenant, &portion).await }))
                .await?;
        }
    }
    Ok(())
}

/// Visitors of one network, or of one account, count as one: nobody decides what others see by pretending to be many.
fn learned_from(signals: &[Signal], seen: Vec<Seen>) -> (Report, Model) {
    let seen: HashMap<VisitorId, Seen> = seen.into_iter().map(|one| (one.visitor, one)).collect();
    let mut people = People::default();
    let interest = |signal: &Signal| {
        let nobody = || Seen { visitor: signal.visitor, account: None, network: None };
        let visitor = people.number(&seen.get(&signal.visitor).cloned().unwrap_or_else(nobody));
        Interest { visitor, item: item_of(signal), weight: signal.interest.weight(), at: signal.interest.at.0 }
    };
    let interests: Vec<Interest> = signals.iter().map(interest).collect();
    let (model, pairs) = Model::train(&interests);
    let figures = measure::figures(&interests, &model);
    (Report { figures, pairs: pairs.into_iter().map(|pair| (pair.one, pair.other, pair.together)).collect() }, model)
}

#[cfg(test)]
mod tests {
    use content::recommendation::{self, ItemKind};
    use domain::time::Ts;
    use uuid::Uuid;

    use super::*;

    fn visitor(n: u128) -> VisitorId {
        VisitorId::new(Uuid::from_u128(n))
    }
    /// What a visitor took an interest in.
    fn interests(n: u128, items: [&str; 2]) -> Vec<Signal> {
        let interest = recommendation::Interest { looked: 1, asked: 0, score: None, at: Ts(1) };
        items.map(|item| Signal { visitor: visitor(n), kind: ItemKind::Product, item: item.to_owned(), interest, conversation: None }).to_vec()
    }
    fn seen(n: u128, network: &str) -> Seen {
        Seen { visitor: visitor(n), account: None, network: Some(network.as_bytes().to_vec()) }
    }
    fn pairs(report: &Report) -> Vec<(&str, &str, u32)> {
        report.pairs.iter().map(|(one, other, together)| (one.id.as_str(), other.id.as_str(), *together)).collect()
    }

    #[test]
    fn one_network_weighs_as_one_person_does() {
        let honest = (0..60).flat_map(|n| interests(n, ["a", "b"]));
        let flood = (1_000..1_400).flat_map(|n| interests(n, ["bad", "worse"]));
        let signals: Vec<Signal> = honest.chain(flood).collect();
        let networks = (0..60).map(|n| seen(n, &n.to_string())).chain((1_000..1_400).map(|n| seen(n, "flood"))).collect();
        let (report, model) = learned_from(&signals, networks);
        assert_eq!((pairs(&report), report.figures.visitors, model.len()), (vec![("a", "b", 60)], 61, 2));
        // Where networks are not known, each visitor is a person.
        let (report, _) = learned_from(&signals, Vec::new());
        assert_eq!((report.figures.visitors, pairs(&report).len()), (460, 2));
    }

    #[test]
    fn made_up_visitors_do_not_find_out_whether_one_more_person_looked() {
        let known: Vec<Signal> = (0..60).flat_map(|n| interests(n, ["a", "b"])).chain(interests(70, ["a", "secret"])).collect();
        for (networks, is_told) in [(1, false), (2, false), (3, false), (4, true)] {
            let made_up = (100..100 + 20).flat_map(|n| interests(n, ["a", "secret"]));
            let signals: Vec<Signal> = known.iter().cloned().chain(made_up).collect();
            let all = (0..=70).map(|n| seen(n, &n.to_string())).chain((100..120).map(|n| seen(n, &format!("own {}", n % networks)))).collect();
            let (report, _) = learned_from(&signals, all);
            assert_eq!(pairs(&report).iter().any(|(_, other, _)| *other == "secret"), is_told, "{networks}");
        }
    }
}
