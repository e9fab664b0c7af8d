//! Indicators by day, hour and minute, in zones whose clock is changed, compared with the oracle, on each engine.

use std::{collections::BTreeMap, sync::Arc};

use crate::common::{
    PackedDay, at, check_durations, directory, directory_of, dump, on_each_engine, open, oracle, pack, packed_days, shanghai, tenants,
    traffic::{self, copies},
};
use db::feed::Fact;
use domain::{
    dimension::Dimension,
    id::TenantId,
    time::{DAY, HOUR, MINUTE, Ts},
};
use warehouse::{
    DEFINITIONS, Grain, Number, Panel, Part, TimeZone, Window,
    definition::Merge,
    range::{cut, day_of, start_of},
    rows::BANDS,
};

/// The part of the items that never waited in a queue.
const NONE: &str = "";
/// Two days before the clock is set back in Berlin; it is set forward nowhere.
const START: &str = "2026-10-23T06:00:00Z";

fn counts() -> Vec<&'static str> {
    DEFINITIONS.counts().map(|count| count.key.as_str()).collect()
}

/// Checks every indicator over every piece against all facts.
async fn check(panel: &Panel, facts: &[Fact], tenant: TenantId, pieces: Vec<Window>, which: &str) {
    let keys: Vec<&str> = DEFINITIONS.keys().collect();
    let all = panel.series(tenant, &keys, std::slice::from_ref(&pieces)).await.unwrap().remove(0);
    let (first, last) = (pieces[0].from.0, pieces[pieces.len() - 1].to.0);
    let things = oracle::things(facts, tenant, first, last);
    for (key, series) in keys.iter().zip(&all) {
        let Some(things) = things.get(key) else { continue };
        let in_piece = |piece: &Window| things.iter().filter(|(_, _, at)| (piece.from.0..piece.to.0).contains(at)).count() as i64;
        let expected: Vec<_> = pieces.iter().map(|piece| Number::Count(in_piece(piece))).collect();
        assert_eq!(series.values, expected, "{key} {which}");
        assert_eq!(series.total, Number::Count(things.len() as i64), "{key} in all {which}");
    }
    let place = |key: &str| keys.iter().position(|one| *one == key).unwrap();
    for (n, piece) in pieces.iter().enumerate().take(14) {
        let of = |key: &str| keys.iter().position(|one| *one == key).and_then(|place| all[place].values.get(n)).cloned();
        check_durations(of, facts, tenant, *piece, which);
    }
    for (ratio, part) in [("good_ratio", "rating_good"), ("mid_ratio", "rating_mid"), ("poor_ratio", "rating_poor")] {
        for n in 0..pieces.len() {
            let of = |key: &str| if let Number::Count(value) = all[place(key)].values[n] { value } else { -1 };
            let expected = (of("session_rated") > 0).then(|| of(part) as f64 / of("session_rated") as f64);
            assert_eq!(all[place(ratio)].values[n], Number::Derived(expected), "{ratio} {which}");
        }
    }
}

#[tokio::test]
async fn every_day_hour_and_minute_equals_the_oracle_also_where_the_clock_is_moved() {
    on_each_engine(|place| async move {
        // Ten days of traffic, across the end of summer time.
        let facts = traffic::facts(20_261_023, 5_000, at(START), 170_000, &tenants());
        let end = Ts(facts.iter().map(|fact| fact.at).max().unwrap());
        assert!(end.since(at(START)) > 9 * DAY && traffic::kinds(&facts)["reopened"] > 20);
        let panel = open(&place).await;
        assert_eq!(panel.since(tenants()[0]).await.unwrap(), None, "nothing is counted yet");
        panel.apply(copies(&facts), &directory()).await.unwrap();
        for tenant in tenants() {
            let first = oracle::things(&facts, tenant, 0, i64::MAX).into_values().flatten().map(|(_, _, at)| at).min().unwrap();
            assert_eq!(panel.since(tenant).await.unwrap(), Some(Ts(first - first % (15 * MINUTE))), "the first thing counted");
        }
        for name in ["Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu"] {
            let zone = TimeZone::get(name).unwrap();
            let (first, last) = (day_of(at(START), &zone).unwrap(), day_of(end, &zone).unwrap());
            let window = Window { from: start_of(first, &zone).unwrap(), to: start_of(last.tomorrow().unwrap(), &zone).unwrap() };
            for tenant in tenants() {
                check(&panel, &facts, tenant, cut(window, Grain::Day, &zone).unwrap(), &format!("by day in {name}")).await;
                check(&panel, &facts, tenant, cut(window, Grain::Hour, &zone).unwrap(), &format!("by hour in {name}")).await;
            }
            let odd = Window { from: window.from.plus(DAY + 7 * MINUTE), to: window.from.plus(DAY + 5 * HOUR + 52 * MINUTE) };
            for grain in [Grain::Day, Grain::Hour, Grain::Minute] {
                check(&panel, &facts, tenants()[0], cut(odd, grain, &zone).unwrap(), &format!("off the quarters by {grain:?} in {name}")).await;
            }
        }
        panel.close().await;
        assert!(!dump(&place).await["dws_quarter"].is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_parts_of_a_split_number_add_up_to_it() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(36, 4_000, at(START), 60_000, &tenants());
        let panel = open(&place).await;
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        panel.apply(copies(&facts), &Arc::new(directory_of(zone.clone()))).await.unwrap();
        let window = Window { from: start_of(day_of(at(START), &zone).unwrap(), &zone).unwrap(), to: Ts(facts[facts.len() - 1].at).minute().plus(MINUTE) };
        // Packed days, days by part, and the rows of the day that has just begun.
        pack(&panel, window.to.plus(2 * DAY)).await;
        assert!(!packed_days(&place).await.is_empty());
        let pieces = cut(window, Grain::Day, &zone).unwrap();
        let whole = panel.series(tenants()[0], &counts(), std::slice::from_ref(&pieces)).await.unwrap().remove(0);
        for (key, whole) in counts().into_iter().zip(&whole) {
            for (by, named) in [
                (Dimension::Lang, vec!["en", "zh-CN"]),
                (Dimension::Channel, vec!["web"]),
                (Dimension::Queue, vec!["que_00000000000000000000000000000004", "que_00000000000000000000000000000006", NONE]),
                (Dimension::Site, vec!["sit_00000000000000000000000000000003"]),
                (Dimension::Agent, vec!["agt_00000000000000000000000000000005", NONE]),
                (Dimension::Group, vec!["grp_1", NONE]),
                (Dimension::Product, vec!["g-001", "g-017", NONE]),
                (Dimension::Category, vec!["phones", NONE]),
                (Dimension::Topic, vec!["kb-001", NONE]),
                (Dimension::Entry, vec!["kb-001", "kb-002", NONE]),
                (Dimension::Band, BANDS.iter().map(|(_, name)| *name).chain([NONE]).collect()),
            ] {
                let parts: BTreeMap<_, _> =
                    panel.split(tenants()[0], &[key], by, std::slice::from_ref(&pieces)).await.unwrap().remove(0).remove(0).into_iter().collect();
                // Work is of agents and belongs to no conversation.
                let may_be = |part: &str| named.contains(&part) || part == NONE && ["work", "busy"].contains(&key);
                assert!(!parts.is_empty() && parts.keys().all(|part| may_be(part.as_deref().unwrap_or(NONE))), "{key} by {by:?}");
                for (part, series) in &parts {
                    let (one, count) = (Part { by, value: part.clone() }, DEFINITIONS.count(key).unwrap());
                    let page = panel.list(tenants()[0], count, window, Some(&one), None, i64::MAX - 1).await.unwrap();
                    assert_eq!((Number::Count(page.count), page.items.len() as i64), (series.total, page.count), "the list behind {key} of {one:?}");
                }
                for n in 0..pieces.len() {
                    let of = |number: Number| if let Number::Count(value) = number { value } else { 0 };
                    assert_eq!(parts.values().map(|part| of(part.values[n])).sum::<i64>(), of(whole.values[n]), "{key} by {by:?}");
                }
            }
        }
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn over_days_without_anything_counts_are_zero_and_ratios_have_no_value() {
    on_each_engine(|place| async move {
        let panel = open(&place).await;
        let keys: Vec<&str> = DEFINITIONS.keys().collect();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let pieces = cut(Window { from: Ts(0), to: Ts(400 * DAY) }, Grain::Day, &zone).unwrap();
        let all = panel.series(tenants()[0], &keys, std::slice::from_ref(&pieces)).await.unwrap().remove(0);
        for (key, series) in keys.iter().zip(&all) {
            let nothing = match DEFINITIONS.measure(key).map(|measure| measure.kind.merge()) {
                None => Number::Derived(None),
                Some(Merge::Add) => Number::Count(0),
                Some(_) => Number::Extreme(None),
            };
            assert!(series.total == nothing && series.values.iter().all(|value| *value == nothing), "{key}");
            assert_eq!(series.values.len(), pieces.len());
        }
        assert!(panel.series(tenants()[0], &["nothing"], &[pieces]).await.unwrap()[0].is_empty());
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn old_days_are_packed_and_what_comes_late_is_counted_in_them() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(35, 3_000, at(START), 300_000, &tenants());
        let first = start_of(day_of(at(START), &shanghai()).unwrap(), &shanghai()).unwrap();
        let is_late = |n: usize, fact: &Fact| n.is_multiple_of(7) && fact.at < first.plus(2 * DAY).0;
        let (mut late, mut in_time) = (Vec::new(), Vec::new());
        for (n, fact) in copies(&facts).into_iter().enumerate() {
            if is_late(n, &fact) { &mut late } else { &mut in_time }.push(fact);
        }
        let panel = open(&place).await;
        for chunk in in_time.chunks(400) {
            panel.apply(copies(chunk), &directory()).await.unwrap();
            pack(&panel, Ts(chunk[chunk.len() - 1].at)).await;
        }
        panel.close().await;
        let before = packed_days(&place).await;
        assert!(before.iter().any(|(_, _, at, _)| *at == first.0), "the first day is packed");
        let panel = open(&place).await;
        panel.apply(late, &directory()).await.unwrap();
        panel.close().await;
        let after = packed_days(&place).await;
        let days = |all: &[PackedDay]| all.iter().map(|(tenant, dimension, at, _)| (*tenant, dimension.clone(), *at)).collect::<Vec<_>>();
        assert_eq!(days(&after), days(&before), "a day stays packed");
        assert_ne!(after, before);
        let folder = tempfile::tempdir().unwrap();
        let straight = warehouse::Place::File(folder.path().join("panel.db"));
        let panel = open(&straight).await;
        panel.apply(copies(&facts), &directory()).await.unwrap();
        panel.close().await;
        assert_eq!(dump(&place).await["dws_day"], dump(&straight).await["dws_day"]);
    })
    .await;
}

/// Sums days again, as the feed does: a step for which the machine was too slow is taken again later. Returns whether there may be more.
async fn sum_days(panel: &Panel) -> bool {
    match panel.sum_days().await {
        Err(warehouse::Error::Busy) => true,
        summed => summed.unwrap(),
    }
}

#[tokio::test]
async fn days_are_summed_again_when_the_company_moves_to_a_different_zone() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(32, 1_500, at(START), 700_000, &tenants());
        let (half, rest) = facts.split_at(facts.len() / 2);
        let panel = open(&place).await;
        panel.apply(copies(half), &Arc::new(directory_of(TimeZone::get("Europe/Berlin").unwrap()))).await.unwrap();
        pack(&panel, Ts(half[half.len() - 1].at)).await;
        assert!(!packed_days(&place).await.is_empty());
        // Two nodes go on with the company in Shanghai, and both sum its days again, between their batches.
        let (mut first, mut second) = (rest.chunks(300), rest.chunks(170));
        let other = open(&place).await;
        let go_on = async |panel: &Panel, chunks: &mut dyn Iterator<Item = &[Fact]>| {
            for chunk in chunks {
                panel.apply(copies(chunk), &directory()).await.unwrap();
                sum_days(panel).await;
            }
            while sum_days(panel).await {}
            while panel.pack_days(Ts(facts[facts.len() - 1].at)).await.unwrap_or(true) {}
        };
        tokio::join!(go_on(&panel, &mut first), go_on(&other, &mut second));
        panel.close().await;
        other.close().await;
        assert!(!packed_days(&place).await.is_empty(), "days are packed again");
        // The dump checks that every day, in Shanghai, is the sum of its quarters of an hour.
        let moved = dump(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let straight = warehouse::Place::File(folder.path().join("panel.db"));
        let panel = open(&straight).await;
        panel.apply(copies(&facts), &directory()).await.unwrap();
        panel.close().await;
        assert!(!moved["dws_day"].is_empty());
        assert_eq!(moved["dws_day"], dump(&straight).await["dws_day"]);
    })
    .await;
}
