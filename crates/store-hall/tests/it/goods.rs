//! Goods as staff manage them, with their prices, pictures and imports.

use std::sync::Arc;

use content::goods::{GoodsState, Product};
use domain::{
    id::{ImportId, PictureId, TenantId},
    text::Bilingual,
    time::Ts,
};
use store::{Document, Error, entry_points};
use store_hall::{
    catalogue, goods,
    goods::{Kept, PriceChange, Unopened, Version},
    goods_imports, goods_numbers, goods_pictures,
    goods_pictures::Taken,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    a_product_is_kept_whole_and_changed_by_one_editor_at_a_time,
    only_what_is_live_is_seen_by_customers,
    many_are_stored_in_the_order_of_the_file,
    prices_are_remembered_with_who_changed_them,
    a_frame_is_changed_by_one_editor_at_a_time,
    an_import_waits_and_is_done_once,
    a_number_is_given_once_however_a_product_came_and_went,
    numbers_taken_at_the_same_time_differ,
    a_picture_that_nobody_shows_is_forgotten,
    another_company_sees_and_changes_no_goods,
);

fn product(id: &str) -> Product {
    let name = Bilingual { zh: "手机".to_owned(), en: "Phone".to_owned() };
    Product { id: id.to_owned(), category: "phone".to_owned(), name, price_fen: 100, stock: 1, illustration: "phone".to_owned(), ..Product::default() }
}
fn kept(id: &str, at: Ts) -> Kept {
    Kept { product: product(id), state: GoodsState::Live, updated_at: at, deleted_at: None }
}
async fn add(db: &TestDb, tenant: TenantId, one: &Kept) -> Result<(), Error> {
    let one = one.clone();
    write!(db, |tx| goods::insert(tx, tenant, &one))
}
fn opened(all: Vec<Unopened>) -> Vec<Kept> {
    all.into_iter().map(|one| one.open().unwrap()).collect()
}
fn ids(all: &[Kept]) -> Vec<&str> {
    all.iter().map(|kept| kept.product.id.as_str()).collect()
}

async fn a_product_is_kept_whole_and_changed_by_one_editor_at_a_time(db: Arc<TestDb>) {
    let (tenant, seen) = (Fixture::new(&db).await.company.tenant, Ts(7));
    let one = kept("g-1", seen);
    add(&db, tenant, &one).await.unwrap();
    assert!(matches!(add(&db, tenant, &one).await, Err(Error::Taken)));
    assert_eq!(read!(db, |tx| goods::get(tx, tenant, "g-1")).unwrap(), one);
    let changed = Kept { state: GoodsState::Off, updated_at: Ts(8), product: Product { stock: 9, category: "lamp".to_owned(), ..product("g-1") }, ..one };
    let (first, second) = (changed.clone(), changed.clone());
    write!(db, |tx| goods::update(tx, tenant, &first, seen)).unwrap();
    assert!(matches!(write!(db, |tx| goods::update(tx, tenant, &second, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| goods::get(tx, tenant, "g-1")).unwrap(), changed);
    assert_eq!(read!(db, |tx| goods::in_category(tx, tenant, "lamp")).unwrap(), 1);
    assert!(read!(db, |tx| goods::categories(tx, tenant)).unwrap().values().any(|category| category == "lamp"));
    assert_eq!(read!(db, |tx| goods::in_category(tx, tenant, "phone")).unwrap(), 0);
    assert_eq!(read!(db, |tx| goods::find(tx, tenant, "g-1\0")).unwrap(), None);
}

async fn only_what_is_live_is_seen_by_customers(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    for (id, state, deleted_at) in
        [("live", GoodsState::Live, None), ("draft", GoodsState::Draft, None), ("off", GoodsState::Off, None), ("gone", GoodsState::Live, Some(Ts(9)))]
    {
        let one = Kept { state, ..kept(id, Ts(1)) };
        add(&db, tenant, &one).await.unwrap();
        let thrown = Kept { deleted_at, ..one };
        write!(db, |tx| goods::update(tx, tenant, &thrown, Ts(1))).unwrap();
    }
    let seen = read!(db, |tx| catalogue::goods(tx, tenant)).unwrap();
    assert_eq!(seen.iter().map(|document| document.id.as_str()).collect::<Vec<_>>(), ["live"]);
    for (id, shown) in [("live", true), ("draft", false), ("off", false), ("gone", false), ("nothing", false)] {
        assert_eq!(read!(db, |tx| catalogue::product(tx, tenant, id)).unwrap().is_some(), shown, "{id}");
    }
    assert!(read!(db, |tx| catalogue::product_of_old(tx, tenant, "gone")).unwrap().is_some());
    assert_eq!(ids(&opened(read!(db, |tx| goods::list(tx, tenant)).unwrap())), ["off", "draft", "live"]);
    assert_eq!(ids(&opened(read!(db, |tx| goods::list_deleted(tx, tenant)).unwrap())), ["gone"]);
    assert!(matches!(read!(db, |tx| goods::get(tx, tenant, "gone")), Err(Error::NotFound)));
    let versions = read!(db, |tx| goods::versions(tx, tenant)).unwrap();
    assert_eq!(
        versions.iter().map(|version| (version.id.as_str(), version.deleted)).collect::<Vec<_>>(),
        [("draft", false), ("gone", true), ("live", false), ("off", false)]
    );
    assert_eq!(versions[0], Version { id: "draft".to_owned(), updated_at: Ts(1), deleted: false });
}

async fn many_are_stored_in_the_order_of_the_file(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let old = vec![Document { id: "old".to_owned(), json: serde_json::to_string(&product("old")).unwrap() }];
    write!(db, |tx| catalogue::put_goods(tx, tenant, 0, &old)).unwrap();
    let thrown = Kept { deleted_at: Some(Ts(5)), ..kept("n-03", Ts(2)) };
    add(&db, tenant, &thrown).await.unwrap();
    write!(db, |tx| goods::update(tx, tenant, &thrown, Ts(2))).unwrap();
    let mut all: Vec<Kept> = (0..19).map(|n| Kept { product: Product { stock: n, ..product(&format!("n-{n:02}")) }, ..kept("", Ts(20)) }).collect();
    all.push(Kept { product: Product { stock: 77, ..product("old") }, ..kept("", Ts(20)) });
    let stored = all.clone();
    write!(db, |tx| goods::put(tx, tenant, &stored)).unwrap();
    let mut found = opened(read!(db, |tx| goods::list(tx, tenant)).unwrap());
    assert_eq!(found.last().unwrap().product.stock, 77);
    // Restored goods are back in their old position.
    found.sort_by(|a, b| a.product.id.cmp(&b.product.id));
    assert_eq!(found, all);
}

async fn prices_are_remembered_with_who_changed_them(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let change = |n: i64| PriceChange {
        id: db.uuid(),
        goods: "g-1".to_owned(),
        old_fen: (n > 0).then_some(n * 100),
        new_fen: (n + 1) * 100,
        currency: "CNY".to_owned(),
        reason: format!("reason {n}"),
        agent: (n % 2 == 0).then_some(ada.id),
        at: Ts(n),
    };
    let all: Vec<PriceChange> = (0..11).map(change).collect();
    let stored = all.clone();
    write!(db, |tx| goods::note_prices(tx, tenant, &stored)).unwrap();
    let told = read!(db, |tx| goods::prices(tx, tenant, "g-1", 5)).unwrap();
    assert_eq!(told.iter().map(|past| &past.change).collect::<Vec<_>>(), all.iter().rev().take(5).collect::<Vec<_>>());
    assert_eq!(told.iter().map(|past| past.by.as_deref()).collect::<Vec<_>>(), [Some("ada"), None, Some("ada"), None, Some("ada")]);
}

async fn a_frame_is_changed_by_one_editor_at_a_time(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    assert_eq!(read!(db, |tx| catalogue::frame_seen(tx, tenant)).unwrap(), (None, Ts(0)));
    write!(db, |tx| catalogue::change_frame(tx, tenant, "{}", Ts(0), Ts(1))).unwrap();
    write!(db, |tx| catalogue::change_frame(tx, tenant, "[1]", Ts(1), Ts(2))).unwrap();
    assert!(matches!(write!(db, |tx| catalogue::change_frame(tx, tenant, "[2]", Ts(1), Ts(3))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| catalogue::frame_seen(tx, tenant)).unwrap(), (Some("[1]".to_owned()), Ts(2)));
}

async fn an_import_waits_and_is_done_once(db: Arc<TestDb>) {
    let (tenant, id) = (Fixture::new(&db).await.company.tenant, ImportId::new(db.uuid()));
    write!(db, |tx| goods_imports::insert(tx, tenant, id, "{}", Ts(1))).unwrap();
    assert_eq!(read!(db, |tx| goods_imports::count(tx, tenant)).unwrap(), 1);
    assert_eq!(read!(db, |tx| goods_imports::get(tx, tenant, id)).unwrap(), "{}");
    write!(db, |tx| goods_imports::delete(tx, tenant, id)).unwrap();
    assert!(matches!(write!(db, |tx| goods_imports::delete(tx, tenant, id)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| goods_imports::get(tx, tenant, id)), Err(Error::NotFound)));
}

async fn a_number_is_given_once_however_a_product_came_and_went(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    assert_eq!(read!(db, |tx| goods_numbers::last(tx, tenant)).unwrap(), 0);
    assert_eq!(write!(db, |tx| goods_numbers::take(tx, tenant)).unwrap(), 1);
    // Seeded, added and imported ids, and one that only looks like a number.
    let seeded = vec![Document { id: "g-004".to_owned(), json: serde_json::to_string(&product("g-004")).unwrap() }];
    write!(db, |tx| catalogue::put_goods(tx, tenant, 0, &seeded)).unwrap();
    assert_eq!(write!(db, |tx| goods_numbers::take(tx, tenant)).unwrap(), 5);
    add(&db, tenant, &kept("g-017", Ts(1))).await.unwrap();
    assert_eq!(write!(db, |tx| goods_numbers::take(tx, tenant)).unwrap(), 18);
    let imported: Vec<Kept> = ["g-30", "g-2", "x-99", "g-1234567890", "g--5", "g-"].map(|id| kept(id, Ts(1))).to_vec();
    write!(db, |tx| goods::put(tx, tenant, &imported)).unwrap();
    assert_eq!(read!(db, |tx| goods_numbers::last(tx, tenant)).unwrap(), 30);
    let thrown = Kept { deleted_at: Some(Ts(2)), ..kept("g-30", Ts(2)) };
    write!(db, |tx| goods::update(tx, tenant, &thrown, Ts(1))).unwrap();
    assert!(write!(db, |tx| goods::forget(tx, tenant, "g-30", Ts(3))).unwrap());
    assert_eq!(write!(db, |tx| goods_numbers::take(tx, tenant)).unwrap(), 31);
    write!(db, |tx| goods_numbers::reach(tx, tenant, ["g-7"])).unwrap();
    assert_eq!(read!(db, |tx| goods_numbers::last(tx, tenant)).unwrap(), 31);
}

async fn numbers_taken_at_the_same_time_differ(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let take = async || write!(db, |tx| goods_numbers::take(tx, tenant)).unwrap();
    let (one, two, three, four) = tokio::join!(take(), take(), take(), take());
    let mut taken = [one, two, three, four];
    taken.sort_unstable();
    assert_eq!(taken, [1, 2, 3, 4]);
}

async fn a_picture_that_nobody_shows_is_forgotten(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let (shown, unused) = (PictureId::new(db.uuid()), PictureId::new(db.uuid()));
    for id in [shown, unused] {
        write!(db, |tx| goods_pictures::insert(tx, tenant, id, "image/png", 7, Ts(1))).unwrap();
        assert!(read!(db, |tx| goods_pictures::exists(tx, tenant, id)).unwrap());
    }
    let thrown = Kept { product: Product { picture: Some(shown), ..product("g-1") }, deleted_at: Some(Ts(5)), ..kept("g-1", Ts(1)) };
    add(&db, tenant, &thrown).await.unwrap();
    write!(db, |tx| goods::update(tx, tenant, &thrown, Ts(1))).unwrap();
    let import = ImportId::new(db.uuid());
    write!(db, |tx| goods_imports::insert(tx, tenant, import, "{}", Ts(1))).unwrap();
    assert_eq!(entry_points::picture(&db, shown).await.unwrap(), Some((tenant, "image/png".to_owned())));
    assert_eq!(entry_points::unused_pictures(&db, Ts(2), 10).await.unwrap(), [(tenant, unused)]);
    assert_eq!(entry_points::unused_pictures(&db, Ts(1), 10).await.unwrap(), []);
    assert!(!write!(db, |tx| goods_pictures::forget(tx, tenant, shown)).unwrap());
    assert!(write!(db, |tx| goods_pictures::forget(tx, tenant, unused)).unwrap());
    assert_eq!(read!(db, |tx| goods_pictures::space_taken(tx, tenant)).unwrap(), Taken { pictures: 1, bytes: 7 });
    assert_eq!(entry_points::old_imports(&db, Ts(1), 10).await.unwrap(), []);
    assert_eq!(entry_points::old_imports(&db, Ts(2), 10).await.unwrap(), [(tenant, import)]);
    assert_eq!(entry_points::thrown_goods(&db, Ts(5), 10).await.unwrap(), []);
    assert_eq!(entry_points::thrown_goods(&db, Ts(6), 10).await.unwrap(), [(tenant, "g-1".to_owned())]);
    // A product that was restored after it was found stays.
    assert!(!write!(db, |tx| goods::forget(tx, tenant, "g-1", Ts(5))).unwrap());
    assert!(write!(db, |tx| goods::forget(tx, tenant, "g-1", Ts(6))).unwrap());
    assert!(!write!(db, |tx| goods::forget(tx, tenant, "g-1", Ts(6))).unwrap());
    assert_eq!(read!(db, |tx| goods::find(tx, tenant, "g-1")).unwrap(), None);
    assert!(write!(db, |tx| goods_pictures::forget(tx, tenant, shown)).unwrap());
    assert_eq!(entry_points::picture(&db, shown).await.unwrap(), None);
}

async fn another_company_sees_and_changes_no_goods(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let other = Company::create(&db, "beta").await.tenant;
    let (one, import, picture) = (kept("g-1", Ts(1)), ImportId::new(db.uuid()), PictureId::new(db.uuid()));
    add(&db, tenant, &one).await.unwrap();
    write!(db, |tx| goods_imports::insert(tx, tenant, import, "{}", Ts(1))).unwrap();
    write!(db, |tx| goods_pictures::insert(tx, tenant, picture, "image/png", 7, Ts(1))).unwrap();
    assert!(read!(db, |tx| goods::list(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| goods::list_deleted(tx, other)).unwrap().is_empty());
    assert!(!write!(db, |tx| goods::forget(tx, other, "g-1", Ts(9))).unwrap());
    assert_eq!(read!(db, |tx| goods_imports::count(tx, other)).unwrap(), 0);
    assert_eq!(read!(db, |tx| goods_numbers::last(tx, other)).unwrap(), 0);
    assert_eq!(read!(db, |tx| goods_pictures::space_taken(tx, other)).unwrap(), Taken { pictures: 0, bytes: 0 });
    assert!(read!(db, |tx| goods::versions(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| goods::prices(tx, other, "g-1", 9)).unwrap().is_empty());
    assert_eq!(read!(db, |tx| goods::find(tx, other, "g-1")).unwrap(), None);
    assert_eq!(read!(db, |tx| catalogue::product_of_old(tx, other, "g-1")).unwrap(), None);
    assert_eq!(read!(db, |tx| goods::in_category(tx, other, "phone")).unwrap(), 0);
    assert!(read!(db, |tx| goods::categories(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| goods_imports::get(tx, other, import)).is_err());
    assert!(write!(db, |tx| goods_imports::delete(tx, other, import)).is_err());
    assert!(!read!(db, |tx| goods_pictures::exists(tx, other, picture)).unwrap());
    assert!(!write!(db, |tx| goods_pictures::forget(tx, other, picture)).unwrap());
    let stolen = one.clone();
    assert!(matches!(write!(db, |tx| goods::update(tx, other, &stolen, Ts(1))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| goods::get(tx, tenant, "g-1")).unwrap(), one);
}
