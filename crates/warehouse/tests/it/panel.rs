//! The panel compared with an oracle that computes every number from all facts, on each engine.

use std::collections::BTreeSet;

use crate::common::{
    at, check_durations, directory, dump, dump_edition, on_each_engine, open, open_edition,
    oracle::{self, Things},
    shanghai, tenants,
    traffic::{self, Random, copies, copy},
};
use db::feed::{Cursor, Fact};
use domain::{
    dimension::Dimension,
    id::TenantId,
    rating::{BEST, MIDDLE, WORST},
    time::{DAY, MINUTE, Ts},
};
use uuid::Uuid;
use warehouse::{DEFINITIONS, Day, Number, Numbers, Panel, Part, Place, Window};

/// Ten in the evening in Shanghai, so that the traffic continues past midnight.
const START: &str = "2026-11-19T14:00:00Z";

async fn feed(panel: &Panel, facts: Vec<Fact>, random: &mut Random) {
    let mut facts = facts.into_iter().peekable();
    while facts.peek().is_some() {
        let size = 1 + random.below(400);
        panel.apply(facts.by_ref().take(size).collect(), &directory()).await.unwrap();
    }
}

fn shuffle(facts: &mut [Fact], random: &mut Random) {
    for i in (1..facts.len()).rev() {
        facts.swap(i, random.below(i + 1));
    }
}

/// Checks the oracle's counts and the ratios derived from them.
fn check(numbers: &Numbers, facts: &[Fact], tenant: TenantId, window: Window, which: &str) {
    check_durations(|key| numbers.get(key), facts, tenant, window, which);
    let things = oracle::things(facts, tenant, window.from.0, window.to.0);
    for (key, things) in &things {
        match numbers.get(key) {
            // The live panel does not have every indicator.
            None => assert!(DEFINITIONS.measure(key).is_some_and(|measure| !measure.live), "{key} {which}"),
            found => assert_eq!(found, Some(Number::Count(things.len() as i64)), "{key} {which}"),
        }
    }
    let rated = things["session_rated"].len();
    for (ratio, part) in [("good_ratio", "rating_good"), ("mid_ratio", "rating_mid"), ("poor_ratio", "rating_poor")] {
        let expected = if rated == 0 { None } else { Some(things[part].len() as f64 / rated as f64) };
        assert_eq!(numbers.get(ratio), Some(Number::Derived(expected)), "{ratio} {which}");
    }
}

async fn check_snapshot(panel: &Panel, facts: &[Fact], tenant: TenantId, now: Ts) {
    let shown = panel.snapshot(tenant, now, &shanghai()).await.unwrap();
    let (today, last) = (Day::today(now, &shanghai()).unwrap(), Window::last_60(now));
    check(&shown.today, facts, tenant, today.window(), "today");
    let all = panel.numbers(tenant, today.window()).await.unwrap();
    assert!(all.get("reply_p90").is_some());
    check(&all, facts, tenant, today.window(), "today, from the rows");
    check(&shown.yesterday, facts, tenant, Window { from: today.from.plus(-DAY), to: now.plus(-DAY) }, "yesterday");
    check(&shown.last_week, facts, tenant, Window { from: today.from.plus(-7 * DAY), to: now.plus(-7 * DAY) }, "last week");
    check(&shown.last_60, facts, tenant, last, "last_60");
    for (key, values) in &shown.minutes.series {
        let things = &oracle::things(facts, tenant, last.from.0, last.to.0)[key];
        let expected: Vec<i64> = (0..60).map(|m| things.iter().filter(|(_, _, at)| (at - last.from.0) / MINUTE == m).count() as i64).collect();
        assert_eq!(values, &expected, "{key} by minute");
    }
}

/// Reads page by page, so that paging is tested too.
async fn listed(panel: &Panel, tenant: TenantId, key: &str, window: Window, limit: i64) -> (i64, Things) {
    part_listed(panel, tenant, key, window, None, limit).await
}

/// The same for one part, or for all.
async fn part_listed(panel: &Panel, tenant: TenantId, key: &str, window: Window, part: Option<&Part>, limit: i64) -> (i64, Things) {
    let (mut things, mut after, mut last) = (Things::new(), None, i64::MAX);
    loop {
        let page = panel.list(tenant, DEFINITIONS.count(key).unwrap(), window, part, after, limit).await.unwrap();
        assert!(page.items.len() as i64 <= limit && (page.next.is_none() || page.items.len() as i64 == limit), "pages are full");
        for item in &page.items {
            assert!(item.at.0 <= last, "newest first");
            last = item.at.0;
            assert!(things.insert((item.conversation.uuid(), item.seq.unwrap_or(item.episode), item.at.0)), "listed twice");
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return (page.count, things),
        }
    }
}

#[tokio::test]
async fn a_list_over_many_days_is_read_in_full_page_by_page_also_by_part_and_in_another_zone() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(20_261_023, 2_500, at("2026-10-23T06:00:00Z"), 340_000, &tenants());
        let panel = open(&place).await;
        panel.apply(copies(&facts), &directory()).await.unwrap();
        let end = facts.iter().map(|fact| fact.at).max().unwrap();
        // Days of the company, days of nobody, and hours in between.
        for (from, to) in [
            ("2026-10-22T16:00:00Z", "2026-11-01T16:00:00Z"),
            ("2026-10-24T22:00:00Z", "2026-10-28T23:00:00Z"),
            ("2026-10-25T03:07:00Z", "2026-10-29T11:52:00Z"),
        ] {
            let (tenant, window) = (tenants()[0], Window { from: at(from), to: at(to) });
            assert!(window.to.0 < end);
            let expected = oracle::things(&facts, tenant, window.from.0, window.to.0);
            for key in ["dialogue", "session_rated", "first_reply", "no_answer"] {
                let (count, things) = listed(&panel, tenant, key, window, 7).await;
                assert_eq!((count, &things), (expected[key].len() as i64, &expected[key]), "{key} from {from}");
                let split = panel.split(tenant, &[key], Dimension::Agent, &[vec![window]]).await.unwrap().remove(0).remove(0);
                let mut of_parts = Things::new();
                for (value, series) in split {
                    let (count, things) = part_listed(&panel, tenant, key, window, Some(&Part { by: Dimension::Agent, value }), 3).await;
                    assert_eq!((Number::Count(count), count), (series.total, things.len() as i64), "{key} from {from}");
                    of_parts.extend(things);
                }
                assert_eq!(of_parts, things, "{key} from {from} by agent");
            }
        }
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_panel_equals_the_oracle_after_five_thousand_random_actions() {
    on_each_engine(|place| async move {
        let mut random = Random(1);
        let facts = traffic::facts(20_261_121, 5_000, at(START), 3_000, &tenants());
        for kind in ["opened", "reopened", "message", "human_requested", "left_queue", "assigned", "resolved", "rated"] {
            assert!(traffic::kinds(&facts)[kind] > 20, "the traffic has too little of {kind}");
        }
        let panel = open(&place).await;
        feed(&panel, copies(&facts), &mut random).await;
        let midnight = at("2026-11-19T16:00:00Z");
        let end = Ts(facts.iter().map(|fact| fact.at).max().unwrap());
        assert!(end > midnight.plus(MINUTE));
        for now in [
            at(START),
            midnight.plus(-1),
            midnight,
            midnight.plus(61_234),
            end,
            end.plus(DAY - 90 * MINUTE),
            end.plus(2 * DAY),
            end.plus(7 * DAY - 20 * MINUTE),
        ] {
            for tenant in tenants() {
                check_snapshot(&panel, &facts, tenant, now).await;
            }
        }
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_list_behind_a_number_is_as_long_as_the_number() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(4, 2_500, at(START), 5_000, &tenants());
        let panel = open(&place).await;
        feed(&panel, copies(&facts), &mut Random(2)).await;
        let midnight = at("2026-11-19T16:00:00Z");
        for now in [midnight.plus(-30_000), midnight.plus(40 * MINUTE + 7)] {
            for tenant in tenants() {
                let shown = panel.snapshot(tenant, now, &shanghai()).await.unwrap();
                let windows = [(Some(&shown.today), shown.window.window()), (Some(&shown.last_60), Window::last_60(now)), (None, Window::minute(now))];
                for (numbers, window) in windows {
                    let counted = panel.numbers(tenant, window).await.unwrap();
                    for (key, expected) in oracle::things(&facts, tenant, window.from.0, window.to.0) {
                        let (count, things) = listed(&panel, tenant, key, window, 17).await;
                        assert_eq!((count, &things), (expected.len() as i64, &expected), "{key}");
                        assert_eq!(numbers.filter(|live| live.get(key).is_some()).unwrap_or(&counted).count(key), count, "{key}");
                    }
                }
                let minute = shown.minutes.from;
                for (key, values) in &shown.minutes.series {
                    assert_eq!(listed(&panel, tenant, key, Window::minute(minute), 100).await.0, values[0], "{key}");
                }
            }
        }
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_listed_rating_is_the_last_one() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(6, 3_000, at(START), 5_000, &tenants()[..1]);
        let panel = open(&place).await;
        feed(&panel, copies(&facts), &mut Random(3)).await;
        let all = Window { from: Ts(0), to: Ts(i64::MAX) };
        for (key, scores) in [("rating_good", MIDDLE + 1..=BEST), ("rating_mid", MIDDLE..=MIDDLE), ("rating_poor", WORST..=MIDDLE - 1)] {
            let page = panel.list(tenants()[0], DEFINITIONS.count(key).unwrap(), all, None, None, 1_000).await.unwrap();
            assert!(!page.items.is_empty() && page.items.iter().all(|item| item.score.is_some_and(|score| scores.contains(&score))), "{key}");
        }
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn facts_that_come_twice_and_in_any_order_leave_the_same_rows() {
    let place = |folder: &tempfile::TempDir, name: &str| warehouse::Place::File(folder.path().join(name));
    on_each_engine(|mixed| async move {
        let folder = tempfile::tempdir().unwrap();
        for seed in 0..3_u64 {
            let mut random = Random(seed);
            let facts = traffic::facts(100 + seed, 1_200, at(START), 6_000, &tenants());
            let straight = place(&folder, &format!("{seed}.db"));
            let panel = open(&straight).await;
            panel.apply(copies(&facts), &directory()).await.unwrap();
            panel.close().await;

            let mut twice = copies(&facts);
            twice.extend(facts.iter().filter(|_| random.below(2) == 0).map(copy));
            shuffle(&mut twice, &mut random);
            let number = seed as i64 + 1;
            let panel = open_edition(&mixed, number).await;
            let half = twice.split_off(twice.len() / 2);
            feed(&panel, twice, &mut random).await;
            // The cache is lost after a restart; the rows are not.
            panel.close().await;
            let panel = open_edition(&mixed, number).await;
            feed(&panel, half, &mut random).await;
            panel.close().await;
            assert_eq!(dump_edition(&mixed, number).await, dump(&straight).await, "seed {seed}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_reducers_on_one_store_count_nothing_twice() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(8, 800, at(START), 6_000, &tenants());
        let (one, two) = (open(&place).await, open(&place).await);
        let (mut first, mut second) = (Random(5), Random(6));
        tokio::join!(feed(&one, copies(&facts), &mut first), feed(&two, copies(&facts), &mut second));
        for tenant in tenants() {
            check_snapshot(&one, &facts, tenant, Ts(facts.last().unwrap().at)).await;
        }
        one.close().await;
        two.close().await;
        let folder = tempfile::tempdir().unwrap();
        let alone = Place::File(folder.path().join("panel.db"));
        let panel = open(&alone).await;
        panel.apply(copies(&facts), &directory()).await.unwrap();
        panel.close().await;
        assert_eq!(dump(&place).await, dump(&alone).await);
    })
    .await;
}

#[tokio::test]
async fn a_panel_without_traffic_shows_zeros_and_no_ratios() {
    on_each_engine(|place| async move {
        let panel = open(&place).await;
        let now = at(START);
        check_snapshot(&panel, &[], tenants()[0], now).await;
        let shown = serde_json::to_value(panel.snapshot(tenants()[0], now, &shanghai()).await.unwrap()).unwrap();
        assert_eq!(shown["window"]["day"], "2026-11-19");
        assert_eq!(shown["time_zone"], "Asia/Shanghai");
        assert_eq!(shown["today"]["session_created"], 0);
        assert!(shown["today"]["good_ratio"].is_null());
        assert_eq!(shown["minutes"]["dialogue"].as_array().unwrap().len(), 60);
        for count in DEFINITIONS.counts() {
            assert_eq!(listed(&panel, tenants()[0], &count.key, Window::last_60(now), 10).await, (0, Things::new()));
        }
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn chats_without_transfer_or_rating_leave_those_at_zero() {
    on_each_engine(|place| async move {
        let facts: Vec<Fact> = traffic::facts(9, 300, at(START), 1_000, &tenants()[..1])
            .into_iter()
            .filter(|fact| !["human_requested", "rated"].contains(&fact.kind.as_str()))
            .collect();
        let panel = open(&place).await;
        feed(&panel, copies(&facts), &mut Random(4)).await;
        let now = Ts(facts.last().unwrap().at);
        let today = panel.snapshot(tenants()[0], now, &shanghai()).await.unwrap().today;
        assert!(today.count("session_created") > 0 && today.count("dialogue") > 0);
        for key in ["session_transferred", "transfer_request", "session_rated", "rating_good", "rating_mid", "rating_poor"] {
            assert_eq!(today.count(key), 0, "{key}");
        }
        assert_eq!(today.get("good_ratio"), Some(Number::Derived(None)));
        check_snapshot(&panel, &facts, tenants()[0], now).await;
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_cursor_is_kept_with_the_numbers_and_never_falls() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(10, 400, at(START), 6_000, &tenants());
        let panel = open(&place).await;
        assert_eq!(panel.cursor().await.unwrap(), Cursor::default());
        let half = facts.len() / 2;
        let applied = panel.apply(copies(&facts[..half]), &directory()).await.unwrap();
        assert_eq!(applied.cursor, Cursor { xid: 0, pos: half as i64 });
        assert_eq!(applied.tenants, BTreeSet::from(tenants()));
        let again = panel.apply(copies(&facts[..10]), &directory()).await.unwrap();
        assert_eq!(again.tenants, BTreeSet::new(), "what is known changes nobody's numbers");
        panel.close().await;

        let panel = open(&place).await;
        let cursor = panel.cursor().await.unwrap();
        assert_eq!(cursor, Cursor { xid: 0, pos: half as i64 });
        let rest: Vec<Fact> = facts.iter().filter(|fact| (fact.xid, fact.pos) > (cursor.xid, cursor.pos)).map(copy).collect();
        panel.apply(rest, &directory()).await.unwrap();
        check_snapshot(&panel, &facts, tenants()[0], Ts(facts.last().unwrap().at)).await;
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_fact_of_unknown_form_is_passed_over_and_told() {
    on_each_engine(|place| async move {
        let mut facts = traffic::facts(13, 200, at(START), 1_000, &tenants());
        let broken = facts.iter().position(|fact| fact.kind == "rated").unwrap();
        facts[broken].facts = r#"{"ep":1,"score":"five"}"#.to_owned();
        let panel = open(&place).await;
        let applied = panel.apply(copies(&facts), &directory()).await.unwrap();
        assert_eq!(applied.malformed, 1);
        facts.remove(broken);
        check_snapshot(&panel, &facts, tenants()[0], Ts(facts.last().unwrap().at)).await;
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_anybody_said_and_nobodys_name_is_kept() {
    on_each_engine(|place| async move {
        let facts = traffic::facts(14, 300, at(START), 1_000, &tenants());
        let panel = open(&place).await;
        panel.apply(copies(&facts), &directory()).await.unwrap();
        panel.close().await;
        let rows = format!("{:?}", dump(&place).await);
        let of = |fact: &Fact| fact.actor_id.filter(|_| fact.actor_kind == "customer");
        let customers: BTreeSet<Uuid> = facts.iter().filter_map(of).collect();
        let told = |id: &Uuid| [id.to_string(), id.as_simple().to_string(), format!("{:?}", id.as_bytes())].iter().any(|form| rows.contains(form));
        assert!(customers.len() > 5 && !customers.iter().any(told));
        assert!(!rows.contains("不该出现") && !rows.contains("周敏"));
    })
    .await;
}
