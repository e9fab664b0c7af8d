//! Boards of numbers.

use std::sync::Arc;

use domain::{
    board::{Board, Form, Range, Tile},
    dimension::Dimension,
    id::{AgentId, BoardId},
    time::Ts,
};
use store::{Error, boards};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_board_is_kept_whole, a_member_sees_their_own_boards_and_shared_ones, another_company_neither_sees_nor_changes_a_board);

fn tile(part: Option<&str>) -> Tile {
    let split = part.is_some().then_some(Dimension::Queue);
    Tile { indicator: "dialogue".to_owned(), form: Form::Table, range: Range::Days30, split, part: part.map(str::to_owned), wide: part.is_none() }
}

async fn add(fixture: &Fixture, owner: AgentId, name: &str, shared: bool) -> Board {
    let tiles = vec![tile(None), tile(Some("")), tile(Some("que_1"))];
    let board = Board {
        id: BoardId::new(fixture.db.uuid()),
        tenant: fixture.company.tenant,
        owner,
        name: name.to_owned(),
        shared,
        tiles,
        updated_at: fixture.db.now(),
    };
    let stored = board.clone();
    write!(fixture.db, |tx| boards::insert(tx, stored.tenant, &stored)).unwrap();
    board
}

async fn a_board_is_kept_whole(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let owner = fixture.agent("ada").await.id;
    let mut board = add(&fixture, owner, "夜班", false).await;
    let (tenant, id, seen) = (board.tenant, board.id, board.updated_at);
    assert_eq!(read!(db, |tx| boards::get(tx, tenant, id)).unwrap(), board);
    (board.name, board.shared, board.updated_at) = ("Night".to_owned(), true, Ts(seen.0 + 1));
    board.tiles.reverse();
    let (first, second) = (board.clone(), board.clone());
    write!(db, |tx| boards::update(tx, tenant, &first, seen)).unwrap();
    assert!(matches!(write!(db, |tx| boards::update(tx, tenant, &second, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| boards::get(tx, tenant, id)).unwrap(), board);
    write!(db, |tx| boards::delete(tx, tenant, id)).unwrap();
    assert!(matches!(write!(db, |tx| boards::delete(tx, tenant, id)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| boards::get(tx, tenant, id)), Err(Error::NotFound)));
}

async fn a_member_sees_their_own_boards_and_shared_ones(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (ada, eve) = (fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    for (owner, name, shared) in [(ada, "c", false), (ada, "b", true), (eve, "a", false), (eve, "d", true)] {
        add(&fixture, owner, name, shared).await;
    }
    let seen = async |member| read!(db, |tx| boards::list(tx, tenant, member)).unwrap().into_iter().map(|board| board.name).collect::<Vec<_>>();
    assert_eq!(
        (seen(ada).await, seen(eve).await),
        (vec!["b".to_owned(), "c".to_owned(), "d".to_owned()], vec!["a".to_owned(), "b".to_owned(), "d".to_owned()])
    );
    assert_eq!(read!(db, |tx| boards::count_shared(tx, tenant)).unwrap(), 2);
    let own = async |member| read!(db, |tx| boards::count_private(tx, tenant, member)).unwrap();
    assert_eq!((own(ada).await, own(eve).await), (1, 1));
}

async fn another_company_neither_sees_nor_changes_a_board(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let owner = fixture.agent("ada").await.id;
    let board = add(&fixture, owner, "b", true).await;
    let other = testkit::Company::create(&db, "beta").await.tenant;
    let (id, seen) = (board.id, board.updated_at);
    assert!(matches!(read!(db, |tx| boards::get(tx, other, id)), Err(Error::NotFound)));
    assert!(read!(db, |tx| boards::list(tx, other, owner)).unwrap().is_empty());
    assert_eq!(read!(db, |tx| boards::count_shared(tx, other)).unwrap(), 0);
    assert_eq!(read!(db, |tx| boards::count_private(tx, other, owner)).unwrap(), 0);
    let stolen = Board { tenant: other, ..board.clone() };
    assert!(matches!(write!(db, |tx| boards::update(tx, other, &stolen, seen)), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| boards::delete(tx, other, id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| boards::get(tx, board.tenant, id)).unwrap(), board);
}
