//! Look-ups before the company is known.

use std::{collections::HashMap, sync::Arc};

use domain::{
    id::{SessionId, TenantId, WallLinkId},
    mail_address::MailAddress,
    policy::Grants,
    staff::Role,
    time::{DAY, HOUR, MINUTE, Ts},
    wall_link::WallLink,
};
use store::{
    Error,
    entry_points::{self, At, LivingNode, Sealed},
    sign_in_links,
    staff::roster,
    staff_sessions, wall_links,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    the_installation_keeps_its_first_generation_and_key,
    another_home_makes_another_generation_once,
    nodes_live_while_they_are_heard_of,
    leases_of_many_agents_are_renewed_at_once,
    companies_and_sites_are_found,
    a_company_has_a_host_of_its_own_and_can_be_suspended,
    a_company_is_found_by_its_name_or_because_it_is_alone,
    a_link_is_found_by_its_hash,
    a_session_is_found_while_it_lives,
    a_wall_is_found_by_the_hash_of_its_link_until_it_is_revoked,
    what_is_due_is_found,
    what_the_bot_owes_is_found,
    words_no_engine_keeps_find_nobody,
    what_members_are_found_by_is_filled_in_again,
    a_puzzle_is_spent_once_and_forgotten,
    a_wall_is_shown_until_its_link_runs_out_or_its_maker_is_kept_out,
);

async fn a_wall_is_found_by_the_hash_of_its_link_until_it_is_revoked(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let stranger = Company::create(&db, "beta").await.tenant;
    let link = WallLink {
        id: WallLinkId::new(db.uuid()),
        tenant,
        name: "三楼".to_owned(),
        maker: Some(fixture.agent("mira").await.id),
        made_by: "Mira".to_owned(),
        created_at: db.now(),
        expires_at: db.now().plus(DAY),
        last_seen_at: None,
    };
    let (id, stored) = (link.id, link.clone());
    write!(db, |tx| wall_links::insert(tx, tenant, &stored, b"wall")).unwrap();
    assert_eq!(entry_points::wall_link(&db, b"wall").await.unwrap(), Some((tenant, id, None)));
    assert_eq!(entry_points::wall_link(&db, b"hall").await.unwrap(), None);
    assert_eq!(read!(db, |tx| wall_links::list(tx, tenant)).unwrap(), vec![link.clone()]);
    assert!(read!(db, |tx| wall_links::list(tx, stranger)).unwrap().is_empty());
    write!(db, |tx| wall_links::touch(tx, stranger, id)).unwrap();
    assert_eq!(read!(db, |tx| wall_links::list(tx, tenant)).unwrap(), vec![link]);
    write!(db, |tx| wall_links::touch(tx, tenant, id)).unwrap();
    assert_eq!(entry_points::wall_link(&db, b"wall").await.unwrap(), Some((tenant, id, Some(db.now()))));
    assert!(matches!(write!(db, |tx| wall_links::delete(tx, stranger, id)), Err(Error::NotFound)));
    write!(db, |tx| wall_links::delete(tx, tenant, id)).unwrap();
    assert_eq!(entry_points::wall_link(&db, b"wall").await.unwrap(), None);
    assert!(matches!(write!(db, |tx| wall_links::delete(tx, tenant, id)), Err(Error::NotFound)));
}

async fn a_wall_is_shown_until_its_link_runs_out_or_its_maker_is_kept_out(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, mira, eve) = (fixture.company.tenant, fixture.agent("mira").await.id, fixture.agent("eve").await.id);
    // For the oldest links it is not known who made them.
    for (token, maker, days) in [(b"a", Some(mira), 9), (b"b", Some(eve), 9), (b"c", None, 9), (b"d", Some(mira), 1)] {
        let (id, created_at) = (WallLinkId::new(db.uuid()), db.now());
        let expires_at = created_at.plus(days * DAY);
        let link = WallLink { id, tenant, name: "x".to_owned(), maker, made_by: "x".to_owned(), created_at, expires_at, last_seen_at: None };
        write!(db, |tx| wall_links::insert(tx, tenant, &link, token)).unwrap();
    }
    let open = async || {
        let mut open = String::new();
        for token in [b"a", b"b", b"c", b"d"] {
            if entry_points::wall_link(&db, token).await.unwrap().is_some() {
                open.push(char::from(token[0]));
            }
        }
        open
    };
    assert_eq!(open().await, "abcd");
    db.clock.advance(DAY);
    assert_eq!(open().await, "abc");
    let mut person = read!(db, |tx| roster::get(tx, tenant, eve)).unwrap();
    let seen = person.updated_at;
    (person.disabled_at, person.updated_at) = (Some(db.now()), Ts(seen.0 + 1));
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    assert_eq!(open().await, "ac");
    assert_eq!(write!(db, |tx| wall_links::forget_expired(tx, tenant)).unwrap(), 1);
    let stranger = Company::create(&db, "beta").await.tenant;
    assert_eq!(write!(db, |tx| wall_links::delete_of(tx, stranger, mira)).unwrap(), 0);
    assert_eq!(write!(db, |tx| wall_links::delete_of(tx, tenant, mira)).unwrap(), 1);
    assert_eq!(open().await, "c");
}

async fn the_installation_keeps_its_first_generation_and_key(db: Arc<TestDb>) {
    let (one, two) = (db.uuid(), db.uuid());
    assert_eq!(read!(db, |tx| entry_points::seal_state(tx)).unwrap(), None);
    let first = entry_points::installation(&db, one, "key".to_owned()).await.unwrap();
    assert_eq!(first, Sealed::Under { fingerprint: "key".to_owned(), former: None });
    assert_eq!(entry_points::installation(&db, two, "other".to_owned()).await.unwrap(), first);
    assert_eq!(entry_points::generation(&db).await.unwrap().0, one);
    assert_eq!(read!(db, |tx| entry_points::seal_state(tx)).unwrap(), Some(first));
}

async fn another_home_makes_another_generation_once(db: Arc<TestDb>) {
    let [first, second, third] = [db.uuid(), db.uuid(), db.uuid()];
    entry_points::installation(&db, first, "key".to_owned()).await.unwrap();
    assert_eq!(entry_points::generation(&db).await.unwrap(), (first, None));
    assert!(!entry_points::settle(&db, second).await.unwrap(), "the first home is no move");
    let (generation, home) = entry_points::generation(&db).await.unwrap();
    assert_eq!((generation, home.is_some()), (first, db.engine() == "postgres"));
    if home.is_none() {
        return;
    }
    let note = async |sql: &'static str| {
        let noted = db
            .writer()
            .write::<_, db::Error, _>(db::Shard::Any, move |tx| Box::pin(async move { Ok(db::q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?) }));
        noted.await.unwrap();
    };
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, session) = (fixture.company.tenant, fixture.agent("ada").await.id, SessionId::new(db.uuid()));
    write!(db, |tx| staff_sessions::insert(tx, tenant, ada, session, b"token", "Browser")).unwrap();
    let is_signed_in = async || entry_points::staff_session(&db, b"token", |_| None).await.unwrap().is_some();
    note("UPDATE installation SET home = substr(home, 1, length(home) - 8) || 'before'").await;
    assert!(entry_points::settle(&db, second).await.unwrap() && is_signed_in().await, "a standby took over");
    note("UPDATE installation SET home = '1/2/00000001'").await;
    assert!(entry_points::settle(&db, third).await.unwrap() && !is_signed_in().await, "a backup was put back");
    assert!(!entry_points::settle(&db, first).await.unwrap());
    assert_eq!(entry_points::generation(&db).await.unwrap(), (third, home));
}

async fn nodes_live_while_they_are_heard_of(db: Arc<TestDb>) {
    let node = || LivingNode { id: db.uuid(), started_at: db.now() };
    let visitors = HashMap::from([(TenantId::new(db.uuid()), 3)]);
    let beat = async |node: LivingNode| {
        let nodes = entry_points::beat(&db, node, &visitors, db.now(), db.now().plus(-5_000)).await.unwrap();
        assert!(nodes.iter().all(|(_, there)| *there == visitors));
        nodes.into_iter().map(|(node, _)| node).collect::<Vec<_>>()
    };
    let one = node();
    assert_eq!(beat(one).await, [one]);
    db.clock.advance(3_000);
    let two = node();
    assert_eq!(beat(two).await, [one, two]);
    db.clock.advance(3_000);
    assert_eq!(beat(two).await, [two]);
    assert_eq!(beat(one).await, [one, two]);
    entry_points::leave(&db, one.id).await.unwrap();
    assert_eq!(beat(two).await, [two]);
}

async fn leases_of_many_agents_are_renewed_at_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let beta = Company::create(&db, "beta").await;
    let (ada, eve, zoe) = (fixture.agent("ada").await, fixture.agent("eve").await, beta.member(&db, Role::Agent, "zoe").await);
    entry_points::agents_seen(&db, vec![(zoe.tenant, zoe.id), (ada.tenant, ada.id), (ada.tenant, zoe.id)], Ts(7)).await.unwrap();
    entry_points::agents_seen(&db, Vec::new(), Ts(8)).await.unwrap();
    for (member, seen) in [(ada, Some(Ts(7))), (eve, None), (zoe, Some(Ts(7)))] {
        let all = read!(db, |tx| store::routing::candidates(tx, member.tenant)).unwrap();
        assert_eq!(all.iter().find(|c| c.agent == member.id).unwrap().last_seen_at, seen);
    }
}

async fn companies_and_sites_are_found(db: Arc<TestDb>) {
    assert!(entry_points::tenants(&db).await.unwrap().is_empty());
    assert_eq!(entry_points::company_at(&db, At::Root).await.unwrap(), None);
    let alpha = Company::create(&db, "alpha").await;
    db.clock.advance(1);
    let beta = Company::create(&db, "beta").await;
    assert_eq!(entry_points::tenants(&db).await.unwrap(), [alpha.tenant, beta.tenant]);
    assert_eq!(entry_points::every_company(&db).await.unwrap().len(), 2);
    assert_eq!(entry_points::site_by_key(&db, "beta").await.unwrap().map(|site| (site.id, site.tenant)), Some((beta.site, beta.tenant)));
    assert_eq!(entry_points::site_by_key(&db, "BETA").await.unwrap(), None);
    for (company, is_root, at) in [(&alpha, true, At::Root), (&alpha, true, At::Slug("alpha")), (&beta, false, At::Slug("beta"))] {
        let found = entry_points::company_at(&db, at).await.unwrap().unwrap();
        assert_eq!((found.tenant, found.slug.as_str(), found.is_root, found.host, found.suspended_at), (company.tenant, &*company.key, is_root, None, None));
        assert_eq!(read!(db, |tx| store::tenants::address(tx, company.tenant)).unwrap().is_root, is_root);
        assert_eq!(read!(db, |tx| store::sites::of_hall(tx, company.tenant)).unwrap().map(|site| site.id), Some(company.site));
    }
    for (key, is_taken) in [("beta", true), ("gamma", false)] {
        assert_eq!(read!(db, |tx| entry_points::is_site_key_taken(tx, key)).unwrap(), is_taken);
    }
    for nobody in [At::Slug("gamma"), At::Slug(""), At::Slug("beta\0"), At::Host("beta.example")] {
        assert_eq!(entry_points::company_at(&db, nobody).await.unwrap(), None);
    }
}

async fn a_company_has_a_host_of_its_own_and_can_be_suspended(db: Arc<TestDb>) {
    let begun = Company::create(&db, "gamma").await;
    begun.member(&db, Role::Agent, "ada").await;
    let found = read!(db, |tx| store::tenants::beginnings(tx, begun.tenant)).unwrap();
    assert_eq!((found.members, found.conversations), (1, 0));
    let (alpha, beta) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    write!(db, |tx| store::tenants::set_host(tx, beta, Some("beta.example:8443"))).unwrap();
    assert_eq!(entry_points::company_at(&db, At::Host("beta.example:8443")).await.unwrap().map(|found| found.tenant), Some(beta));
    assert!(matches!(write!(db, |tx| store::tenants::set_host(tx, alpha, Some("beta.example:8443"))), Err(store::Error::Taken)));
    write!(db, |tx| store::tenants::set_host(tx, beta, None)).unwrap();
    let rules: domain::address_rules::AddressRules =
        serde_json::from_str(r#"{"staff_allowed":["203.0.113.0/24"],"staff_denied":[],"visitors_denied":["2001:db8::/32"]}"#).unwrap();
    let set = rules.clone();
    write!(db, |tx| {
        let set = set.clone();
        async move { store::tenants::set_address_rules(tx, beta, &set).await }
    })
    .unwrap();
    assert_eq!(read!(db, |tx| store::tenants::address(tx, beta)).unwrap().rules, Some(rules));
    assert_eq!(read!(db, |tx| store::tenants::address(tx, alpha)).unwrap().rules, None);
    assert_eq!(entry_points::company_at(&db, At::Host("beta.example:8443")).await.unwrap(), None);
    for (is_suspended, changed) in [(true, true), (true, false), (false, true), (false, false)] {
        assert_eq!(write!(db, |tx| store::tenants::set_suspended(tx, beta, is_suspended)).unwrap(), changed);
        assert_eq!(read!(db, |tx| store::tenants::address(tx, beta)).unwrap().suspended_at.is_some(), is_suspended);
        assert_eq!(read!(db, |tx| store::tenants::address(tx, alpha)).unwrap().suspended_at, None);
        assert_eq!(entry_points::suspended_companies(&db).await.unwrap(), if is_suspended { vec![beta] } else { Vec::new() });
    }
}

async fn a_company_is_found_by_its_name_or_because_it_is_alone(db: Arc<TestDb>) {
    assert_eq!(entry_points::company(&db, None).await.unwrap(), None);
    let alpha = Company::create(&db, "alpha").await.tenant;
    assert_eq!(entry_points::company(&db, None).await.unwrap(), Some(alpha));
    let beta = Company::create(&db, "beta").await.tenant;
    assert_eq!(entry_points::company(&db, None).await.unwrap(), None);
    assert_eq!(entry_points::company(&db, Some("beta")).await.unwrap(), Some(beta));
    for nobody in ["gamma", "", "beta\0"] {
        assert_eq!(entry_points::company(&db, Some(nobody)).await.unwrap(), None);
    }
}

async fn a_link_is_found_by_its_hash(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, agent, expires_at) = (fixture.company.tenant, fixture.agent("ada").await.id, db.now().plus(DAY));
    write!(db, |tx| sign_in_links::insert(tx, tenant, agent, b"link", expires_at)).unwrap();
    let link = async || entry_points::sign_in_link(&db, b"link").await.unwrap().unwrap();
    assert_eq!(link().await, entry_points::SignInLink { tenant, agent, expires_at, spent: false, is_recovery: false });
    write!(db, |tx| sign_in_links::spend(tx, tenant, b"link")).unwrap();
    assert!(link().await.spent);
    assert_eq!(entry_points::sign_in_link(&db, b"other").await.unwrap(), None);
    write!(db, |tx| sign_in_links::insert_way_back(tx, tenant, agent, b"back", expires_at)).unwrap();
    for (link, is_way_back) in [(&b"link"[..], false), (b"back", true), (b"other", false)] {
        assert_eq!(read!(db, |tx| sign_in_links::is_way_back(tx, tenant, link)).unwrap(), is_way_back);
    }
    assert!(!entry_points::sign_in_link(&db, b"back").await.unwrap().unwrap().spent);
}

async fn a_session_is_found_while_it_lives(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, id) = (fixture.company.tenant, fixture.agent("ada").await, SessionId::new(db.uuid()));
    let agent = ada.id;
    write!(db, |tx| staff_sessions::insert(tx, tenant, agent, id, b"token", "")).unwrap();
    let began = db.now();
    let found = entry_points::staff_session(&db, b"token", |_| None).await.unwrap().unwrap();
    assert!(!found.is_way_back);
    assert_eq!((found.session, found.seen_at, found.member), (id, began, ada));
    write!(db, |tx| staff_sessions::admit_everywhere(tx, tenant, id)).unwrap();
    assert!(entry_points::staff_session(&db, b"token", |_| None).await.unwrap().unwrap().is_way_back);
    // What is remembered of what they reach counts until it changes.
    let (of, circle) = (found.circle_of, found.staff.circle);
    let remembered = async || {
        let again = entry_points::staff_session(&db, b"token", |now| (*now == of).then(|| circle.clone())).await.unwrap().unwrap();
        Arc::ptr_eq(&again.staff.circle, &circle)
    };
    assert!(remembered().await);
    write!(db, |tx| store::reach::begin_anew(tx, tenant, [agent])).unwrap();
    assert!(!remembered().await);
    let again = entry_points::staff_session(&db, b"token", |_| None).await.unwrap().unwrap().circle_of;
    write!(db, |tx| async move { store::reach::outdate(tx, tenant, &[agent].into()).await }).unwrap();
    assert_ne!(entry_points::staff_session(&db, b"token", |_| None).await.unwrap().unwrap().circle_of, again);
    assert_eq!(entry_points::staff_session(&db, b"other", |_| None).await.unwrap(), None);
    // Whoever looks as a role that holds more than they do sees nothing.
    for (role, grants) in [(Some(Role::Agent), Grants::of(Role::Agent)), (Some(Role::Administrator), Grants::NONE), (None, Grants::of(Role::Agent))] {
        write!(db, |tx| staff_sessions::look_as(tx, tenant, agent, id, role)).unwrap();
        let looks = entry_points::staff_session(&db, b"token", |_| None).await.unwrap().unwrap();
        assert_eq!((looks.is_viewing, looks.member.role, looks.staff.grants), (role.is_some(), role.unwrap_or(Role::Agent), grants));
    }
    db.clock.advance(12 * HOUR);
    assert_eq!(entry_points::staff_session(&db, b"token", |_| None).await.unwrap(), None);
}

async fn what_is_due_is_found(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    let due = conversation.due_at.unwrap();
    assert!(entry_points::due_conversations(&db, Ts(due.0 - 1), 10).await.unwrap().is_empty());
    assert_eq!(entry_points::due_conversations(&db, due, 10).await.unwrap(), [(conversation.tenant, conversation.id)]);
}

async fn what_the_bot_owes_is_found(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    let before = db.now().plus(MINUTE);
    let owed = async |before: Ts, after: Ts| entry_points::unanswered_by_bot(&db, before, after, 10).await.unwrap();
    assert!(owed(before, before).await.is_empty());
    fixture.says(&conversation, "你好").await;
    let found = [(conversation.tenant, conversation.id, 2)];
    assert_eq!(owed(before, before).await, found);
    assert!(owed(db.now(), db.now()).await.is_empty());
    assert_eq!(owed(Ts(0), db.now().plus(-MINUTE)).await, found, "by a clock that was ahead");
    fixture.says(&conversation, "在吗").await;
    assert_eq!(owed(before, before).await, found, "the first of what is unanswered");
}

async fn words_no_engine_keeps_find_nobody(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(entry_points::site_by_key(&db, "alpha\0").await.unwrap(), None);
    assert_eq!(read!(db, |tx| store::staff::by_email(tx, tenant, &MailAddress::parse("a\0da@alpha.example").unwrap())).unwrap(), None);
}

async fn what_members_are_found_by_is_filled_in_again(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, tenant) = (fixture.agent("ada").await, fixture.company.tenant);
    let (mut person, seen) = {
        let person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
        (person.clone(), person.updated_at)
    };
    (person.name, person.updated_at) = ("週敏".to_owned(), Ts(seen.0 + 1));
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    let sql = "UPDATE agents SET found_by = ''";
    write!(db, |tx| async move { Ok::<_, Error>(db::q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?) }).unwrap();
    let wanted = roster::Wanted { words: domain::text::normal("周\u{200b}敏"), ..roster::Wanted::default() };
    let found = async || read!(db, |tx| roster::page(tx, tenant, &wanted, (Ts(i64::MIN), uuid::Uuid::nil()), 9)).unwrap().len();
    assert_eq!(found().await, 0);
    assert!(entry_points::fill_found_by(&db).await.unwrap() > 0);
    assert_eq!((entry_points::fill_found_by(&db).await.unwrap(), found().await), (0, 1));
    // A node of an earlier release wrote its own form, and of another member nothing is left to find.
    let sql =
        "UPDATE agents SET found_by = 'former', name = CASE WHEN name = '週敏' THEN name ELSE '' END, number = CASE WHEN name = '週敏' THEN number ELSE '' END,
               email = CASE WHEN name = '週敏' THEN email ELSE '' END";
    fixture.agent("eve").await;
    write!(db, |tx| async move { Ok::<_, Error>(db::q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?) }).unwrap();
    assert!(entry_points::fill_found_by(&db).await.unwrap() >= 2);
    assert_eq!((entry_points::fill_found_by(&db).await.unwrap(), found().await), (0, 1), "a start ends, also if a member is found by nothing");
}

async fn a_puzzle_is_spent_once_and_forgotten(db: Arc<TestDb>) {
    Fixture::new(&db).await;
    let until = db.now().plus(1_000);
    for first in [true, false] {
        assert_eq!(entry_points::is_puzzle_spent(&db, b"puzzle").await.unwrap(), !first);
        assert_eq!(entry_points::spend_puzzle(&db, b"puzzle".to_vec(), until).await.unwrap(), first);
    }
    entry_points::forget_expired(&db, until).await.unwrap();
    assert!(entry_points::spend_puzzle(&db, b"puzzle".to_vec(), until).await.unwrap());
}
