//! A record as a whole: its history, and the files that belong to it.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    id::{AgentId, CustomerId, CustomerSessionId, FileId, PictureId, SessionId, TenantId, VisitorId, WallLinkId},
    time::DAY,
    wall_link::WallLink,
};
use store::{
    entry_points::{self, Kept},
    request_keys::{self, KEEP_BRIEFLY_MS, KEEP_MS, RequestKey},
    sign_in_links, staff_sessions,
    visitors::{self, Pass},
    wall_links,
};
use store_desk::files::{self, FileOwner, StoredFile};
use store_hall::{
    customer_codes::{self, NewCode, Purpose},
    customer_sessions, goods_pictures,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    a_record_says_which_history_it_holds_and_up_to_where,
    another_generation_ends_all_sign_ins_and_leaves_anonymous_visitors_theirs,
    what_lies_beside_a_record_is_listed_once_page_by_page,
);

async fn a_record_says_which_history_it_holds_and_up_to_where(db: Arc<TestDb>) {
    let [first, second, third] = [db.uuid(), db.uuid(), db.uuid()];
    assert_eq!(read!(db, |tx| entry_points::generation_of(tx)).unwrap(), None);
    assert!(entry_points::last_entry(&db).await.unwrap().is_none());
    entry_points::installation(&db, first, "key".to_owned()).await.unwrap();
    assert_eq!(read!(db, |tx| entry_points::generation_of(tx)).unwrap(), Some(first));
    entry_points::begin_generation(&db, second).await.unwrap();
    assert_eq!(entry_points::generation(&db).await.unwrap().0, second);
    write!(db, |tx| entry_points::change_generation(tx, third)).unwrap();
    assert_eq!(read!(db, |tx| entry_points::generation_of(tx)).unwrap(), Some(third));

    let fixture = Fixture::new(&db).await;
    let (one, other) = (fixture.visitor().await, fixture.visitor().await);
    let (one, other) = (fixture.conversation(one).await, fixture.conversation(other).await);
    for conversation in [&other, &one] {
        fixture.says(conversation, "hello").await;
        let last = entry_points::last_entry(&db).await.unwrap().unwrap();
        assert_eq!(last.entry.stream.id, conversation.id.uuid());
        let same = read!(db, |tx| entry_points::last_entry_of(tx)).unwrap().unwrap();
        assert_eq!((same.entry.stream, same.seq), (last.entry.stream, last.seq));
    }
}

/// One holder of access of each kind, with their credentials.
struct LetIn {
    fixture: Fixture,
    visitor: VisitorId,
    signed_in: VisitorId,
    agent: AgentId,
}

impl LetIn {
    async fn all(db: &Arc<TestDb>, many: usize) -> Self {
        let fixture = Fixture::new(db).await;
        let (tenant, site, now) = (fixture.company.tenant, fixture.company.site, db.now());
        let (visitor, signed_in, agent) = (fixture.visitor().await, fixture.visitor().await, fixture.agent("ada").await.id);
        let (customer, session) = (CustomerId::new(db.uuid()), CustomerSessionId::new(db.uuid()));
        for n in 0..many {
            let (id, token) = (SessionId::new(db.uuid()), format!("staff {n}"));
            write!(db, |tx| async move { staff_sessions::insert(tx, tenant, agent, id, token.as_bytes(), "Browser").await }).unwrap();
        }
        write!(db, |tx| sign_in_links::insert(tx, tenant, agent, b"link", now.plus(DAY))).unwrap();
        write!(db, |tx| customer_sessions::insert(tx, tenant, customer, session, b"customer", "Browser")).unwrap();
        write!(db, |tx| customer_sessions::insert_ticket(tx, tenant, customer, session, b"ticket")).unwrap();
        for (whose, device, session) in [(visitor, b"free", None), (signed_in, b"with", Some(session))] {
            let pass = Pass { device: device.to_vec(), token: device.to_vec(), session, network: None };
            write!(db, |tx| async move { visitors::issue(tx, tenant, whose, site, &pass).await }).unwrap();
        }
        let code = NewCode { purpose: Purpose::Recover, customer: Some(customer), handle_hash: b"code".to_vec(), code_hash: None, payload: None };
        write!(db, |tx| async move { customer_codes::insert(tx, tenant, &code).await }).unwrap();
        let (id, expires_at) = (WallLinkId::new(db.uuid()), now.plus(DAY));
        let link = WallLink { id, tenant, name: "x".to_owned(), maker: Some(agent), made_by: "x".to_owned(), created_at: now, expires_at, last_seen_at: None };
        write!(db, |tx| async move { wall_links::insert(tx, tenant, &link, b"wall").await }).unwrap();
        for (name, keep_ms) in [("secret", KEEP_BRIEFLY_MS), ("plain", KEEP_MS)] {
            let key = key(agent, name);
            write!(db, |tx| async move { request_keys::claim(tx, tenant, &key, b"f", keep_ms).await }).unwrap();
        }
        Self { fixture, visitor, signed_in, agent }
    }

    /// Which of them still have access, in this order.
    async fn still(&self) -> Vec<&'static str> {
        let (db, tenant, now) = (&self.fixture.db, self.fixture.company.tenant, self.fixture.db.now());
        let device = async |secret: &[u8]| read!(db, |tx| entry_points::visitor_device(tx, secret)).unwrap();
        let kept = async |name: &'static str| read!(db, |tx| request_keys::find(tx, tenant, &key(self.agent, name), now)).unwrap().is_some();
        let token = async |secret: &[u8]| entry_points::visitor_token(db, secret).await.unwrap();
        let (staff, customer) =
            (entry_points::staff_session(db, b"staff 0", |_| None).await.unwrap(), entry_points::customer_session(db, b"customer").await.unwrap());
        let code = read!(db, |tx| customer_codes::refusal(tx, tenant, Purpose::Recover, b"code")).unwrap();
        let all = [
            ("a member", staff.is_some() && !read!(db, |tx| staff_sessions::list(tx, tenant, self.agent)).unwrap().is_empty()),
            ("a link", entry_points::sign_in_link(db, b"link").await.unwrap().is_some()),
            ("a customer", customer.is_some()),
            ("a ticket", read!(db, |tx| tickets(tx)) > 0),
            ("a code", code.is_none()),
            ("their widget", device(b"with").await.is_some() || token(b"with").await.is_some_and(|(_, who, ..)| who == self.signed_in)),
            ("a wall", entry_points::wall_link(db, b"wall").await.unwrap().is_some()),
            ("an answer with a secret", kept("secret").await),
            ("an answer", kept("plain").await),
            ("a visitor", device(b"free").await.is_some() && token(b"free").await.is_some_and(|(_, who, ..)| who == self.visitor)),
        ];
        all.into_iter().filter_map(|(who, is_let_in)| is_let_in.then_some(who)).collect()
    }
}

async fn tickets(tx: &mut db::Tx) -> i64 {
    let counted: db::Result<(i64,)> = async { Ok(db::q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM customer_tickets").fetch_one(c).await)?) }.await;
    counted.unwrap().0
}

fn key(agent: AgentId, key: &str) -> RequestKey {
    RequestKey { actor: agent.uuid(), operation: "POST /x".to_owned(), key: key.to_owned() }
}

async fn another_generation_ends_all_sign_ins_and_leaves_anonymous_visitors_theirs(db: Arc<TestDb>) {
    entry_points::installation(&db, db.uuid(), "key".to_owned()).await.unwrap();
    // More than are deleted in one transaction.
    let all = LetIn::all(&db, 502).await;
    assert_eq!(all.still().await.len(), 10);
    let fresh = db.uuid();
    entry_points::begin_generation(&db, fresh).await.unwrap();
    assert_eq!(all.still().await, ["an answer", "a visitor"]);
    assert!(read!(db, |tx| wall_links::list(tx, all.fixture.company.tenant)).unwrap().is_empty());
    assert_eq!(entry_points::generation(&db).await.unwrap().0, fresh);
}

async fn what_lies_beside_a_record_is_listed_once_page_by_page(db: Arc<TestDb>) {
    let tenants = [Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant];
    let (mut uploads, mut pictures) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..5 {
        let (tenant, id, picture) = (tenants[n % 2], FileId::new(db.uuid()), PictureId::new(db.uuid()));
        let owner = FileOwner::Visitor(VisitorId::new(db.uuid()));
        let (name, mime, created_at) = ("a".to_owned(), "b".to_owned(), db.now());
        let file = StoredFile { id, owner, conversation: None, is_private: false, name, mime, size: 1, dimensions: None, created_at };
        write!(db, |tx| files::insert(tx, tenant, &file)).unwrap();
        write!(db, |tx| goods_pictures::insert(tx, tenant, picture, "image/png", 1, created_at)).unwrap();
        uploads.insert((tenant, Kept::File(id)));
        pictures.insert((tenant, Kept::Picture(picture)));
    }
    for &(tenant, kept) in uploads.union(&pictures) {
        let elsewhere = if tenant == tenants[0] { tenants[1] } else { tenants[0] };
        assert!(read!(db, |tx| entry_points::is_kept(tx, tenant, kept)).unwrap());
        assert!(!read!(db, |tx| entry_points::is_kept(tx, elsewhere, kept)).unwrap());
    }
    let place = |found: &[(TenantId, Kept)]| match found.last() {
        Some((tenant, Kept::File(id))) => (*tenant, id.uuid()),
        Some((tenant, Kept::Picture(id))) => (*tenant, id.uuid()),
        None => (TenantId::new(Uuid::nil()), Uuid::nil()),
    };
    let (mut files, mut shown) = (Vec::new(), Vec::new());
    for so_many in [2, 4, 5] {
        let (found, also) = (read!(db, |tx| entry_points::kept_files(tx, place(&files), 2)), read!(db, |tx| entry_points::kept_pictures(tx, place(&shown), 2)));
        files.extend(found.unwrap());
        shown.extend(also.unwrap());
        assert_eq!((files.len(), shown.len()), (so_many, so_many));
    }
    assert_eq!((files.iter().copied().collect::<BTreeSet<_>>(), shown.iter().copied().collect::<BTreeSet<_>>()), (uploads, pictures), "each once");
}
