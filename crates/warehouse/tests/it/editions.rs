//! Editions of the store: which one is shown, and what happens to the others.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

use db::feed::{Cursor, Fact};
use domain::time::{Clock, MINUTE, Ts};
use uuid::Uuid;
use warehouse::{Editions, Panel, Place, Window};

use crate::common::{
    HISTORY, at, directory, dump_edition, on_each_engine, tenants,
    traffic::{self, copies},
};

const START: &str = "2026-11-19T14:00:00Z";

/// A clock that is set by hand.
#[derive(Default)]
struct ByHand(AtomicI64);
impl Clock for ByHand {
    fn now(&self) -> Ts {
        Ts(self.0.load(Relaxed))
    }
}

async fn open(place: &Place) -> Editions {
    Editions::open(place.clone(), HISTORY, Arc::new(ByHand::default())).await.unwrap()
}

fn facts(seed: u64) -> Vec<Fact> {
    traffic::facts(seed, 300, at(START), 5_000, &tenants())
}

/// How many sessions began.
async fn sessions(panel: &Panel) -> i64 {
    let all = Window { from: Ts(0), to: Ts(i64::MAX) };
    panel.numbers(tenants()[0], all).await.unwrap().count("session_created")
}

async fn apply(panel: &Panel, facts: &[Fact]) {
    panel.apply(copies(facts), &directory()).await.unwrap();
}

#[tokio::test]
async fn a_new_edition_is_filled_beside_the_one_that_is_shown_and_then_shown() {
    on_each_engine(|place| async move {
        let (facts, editions) = (facts(21), open(&place).await);
        let shown = editions.current();
        assert!(editions.filling().is_none() && editions.state().await.unwrap().0.ready_at.is_none());
        apply(&shown, &facts).await;
        editions.note_ready(&shown).await.unwrap();
        let counted = sessions(&shown).await;
        assert!(counted > 0);

        let number = editions.rebuild().await.unwrap();
        assert_eq!((number, editions.rebuild().await.unwrap()), (2, 2), "one at a time");
        let filling = editions.filling().unwrap();
        assert_eq!((filling.number(), filling.cursor().await.unwrap()), (2, Cursor::default()));
        assert_eq!((editions.current().number(), sessions(&editions.current()).await), (1, counted));
        let (half, rest) = facts.split_at(facts.len() / 2);
        apply(&filling, half).await;
        editions.follow(HISTORY).await.unwrap();
        assert_eq!(editions.current().number(), 1, "half of it is not shown");
        apply(&filling, rest).await;
        editions.note_ready(&filling).await.unwrap();
        assert_eq!((editions.current().number(), editions.filling().is_none(), sessions(&editions.current()).await), (2, true, counted));
        assert_eq!(sessions(&shown).await, counted, "whoever still reads the earlier one can do so");
        drop((shown, filling));
        editions.close().await;
        assert_eq!(dump_edition(&place, 1).await, dump_edition(&place, 2).await);
    })
    .await;
}

#[tokio::test]
async fn a_half_filled_edition_goes_on_after_a_restart() {
    on_each_engine(|place| async move {
        let (facts, editions) = (facts(22), open(&place).await);
        apply(&editions.current(), &facts).await;
        editions.note_ready(&editions.current()).await.unwrap();
        editions.rebuild().await.unwrap();
        let half = facts.len() / 2;
        apply(&editions.filling().unwrap(), &facts[..half]).await;
        editions.close().await;

        let editions = open(&place).await;
        let filling = editions.filling().unwrap();
        assert_eq!((editions.current().number(), filling.cursor().await.unwrap()), (1, Cursor { xid: 0, pos: half as i64 }));
        apply(&filling, &facts[half..]).await;
        editions.note_ready(&filling).await.unwrap();
        assert_eq!(editions.current().number(), 2);
        drop(filling);
        editions.close().await;
        assert_eq!(dump_edition(&place, 1).await, dump_edition(&place, 2).await);
    })
    .await;
}

#[tokio::test]
async fn another_history_has_an_edition_of_its_own() {
    on_each_engine(|place| async move {
        let (facts, editions, other) = (facts(23), open(&place).await, Uuid::from_u128(78));
        apply(&editions.current(), &facts).await;
        editions.note_ready(&editions.current()).await.unwrap();
        editions.follow(other).await.unwrap();
        let shown = editions.current();
        assert_eq!((shown.number(), editions.generation(), sessions(&shown).await), (2, other, 0));
        assert_eq!(shown.cursor().await.unwrap(), Cursor::default());
        editions.follow(HISTORY).await.unwrap();
        assert_eq!(editions.current().number(), 1);
        drop(shown);
        editions.close().await;
        assert!(Panel::open(&place, 1, other, Arc::new(ByHand::default())).await.is_err(), "an edition is of one history");
    })
    .await;
}

#[tokio::test]
async fn nodes_that_begin_at_once_share_one_edition_and_follow_each_other() {
    on_each_engine(|place| async move {
        // A file has one program, a schema many.
        let (one, two) = match &place {
            Place::File(_) => (open(&place).await, open(&place).await),
            Place::Schema { .. } => tokio::join!(open(&place), open(&place)),
        };
        assert_eq!((one.current().number(), two.current().number()), (1, 1));
        one.note_ready(&one.current()).await.unwrap();
        let (begun, again) = match &place {
            Place::File(_) => (one.rebuild().await, two.rebuild().await),
            Place::Schema { .. } => tokio::join!(one.rebuild(), two.rebuild()),
        };
        let last = begun.unwrap().max(again.unwrap());
        one.follow(HISTORY).await.unwrap();
        two.follow(HISTORY).await.unwrap();
        assert_eq!((one.filling().unwrap().number(), two.filling().unwrap().number()), (last, last));
        two.note_ready(&two.filling().unwrap()).await.unwrap();
        assert_eq!(one.current().number(), 1);
        one.follow(HISTORY).await.unwrap();
        assert_eq!((one.current().number(), two.current().number()), (last, last));
        one.close().await;
        two.close().await;
    })
    .await;
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".db"));
    names.sort();
    names
}

#[tokio::test]
async fn what_is_no_longer_shown_is_deleted_after_a_while() {
    on_each_engine(|place| async move {
        let clock = Arc::new(ByHand::default());
        let editions = Editions::open(place.clone(), HISTORY, clock.clone()).await.unwrap();
        let shown = editions.current();
        editions.note_ready(&shown).await.unwrap();
        drop(shown);
        editions.rebuild().await.unwrap();
        let filling = editions.filling().unwrap();
        editions.note_ready(&filling).await.unwrap();
        drop(filling);
        editions.sweep().await.unwrap();
        editions.follow(HISTORY).await.unwrap();
        let has = async |number| Panel::open(&place, number, Uuid::from_u128(5), Arc::new(ByHand::default())).await.is_err();
        assert!(has(1).await, "others may still read it");
        clock.0.store(10 * MINUTE, Relaxed);
        editions.sweep().await.unwrap();
        if let Place::File(path) = &place {
            assert_eq!(files(path.parent().unwrap()), ["panel-2.db", "panel.db"]);
        }
        assert!(has(2).await && !has(1).await);
        editions.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_edition_whose_file_is_gone_is_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("panel.db"));
    let (facts, editions) = (facts(24), open(&place).await);
    apply(&editions.current(), &facts).await;
    editions.note_ready(&editions.current()).await.unwrap();
    editions.close().await;
    std::fs::remove_file(folder.path().join("panel-1.db")).unwrap();
    let editions = open(&place).await;
    assert_eq!((editions.current().number(), editions.state().await.unwrap().0.ready_at), (2, None));
    editions.close().await;
    // Without the list, nothing of what is there is trusted.
    std::fs::remove_file(folder.path().join("panel.db")).unwrap();
    let editions = open(&place).await;
    assert_eq!((editions.current().number(), sessions(&editions.current()).await), (1, 0));
    editions.close().await;
}
