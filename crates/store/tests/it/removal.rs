//! What ends with a member who is removed, and what stays.

use std::sync::Arc;

use domain::{
    api_token::{ApiToken, Credential},
    board::Board,
    conversation::{Event, Told},
    entry::body::Revoked,
    id::{AgentId, BoardId, ConversationId, DepartmentId, GroupId, PasskeyId, SessionId, TenantId, WallLinkId},
    journal::Actor,
    mail_address::MailAddress,
    staff::{AgentState, MemberStatus},
    time::{DAY, Ts},
    wall_link::WallLink,
};
use store::{
    Error, api_tokens, boards, entry_points, known_networks,
    left_messages::{self, NewLeftMessage},
    passkeys::{self, Passkey},
    second_steps, sign_in_links, sign_in_steps, single_sign_on,
    staff::{
        self, Member, removal,
        roster::{self, Wanted},
    },
    staff_sessions, wall_links,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, revoked, said, write},
    on_every_engine,
};
use uuid::Uuid;

use crate::{
    api_tokens::{stored, token},
    departments::change_person,
};

on_every_engine!(whatever_a_removed_member_held_ends_and_what_others_hold_stays, a_removed_member_is_found_among_the_removed_only);

/// A member who has one of everything, and what finds it again.
struct Owner {
    tenant: TenantId,
    agent: AgentId,
    session: SessionId,
    token: ApiToken,
    left: ConversationId,
    /// The secret, the hash, the subject and the like of whatever has one.
    secret: &'static [u8],
}

async fn endow(fixture: &Fixture, member: &Member, secret: &'static [u8]) -> Owner {
    let (db, tenant, agent, session) = (&fixture.db, fixture.company.tenant, member.id, SessionId::new(fixture.db.uuid()));
    fixture.add_queue(&member.name, false, vec![agent]).await;
    let (group, department) = (GroupId::new(db.uuid()), DepartmentId::new(db.uuid()));
    change_person(db, tenant, agent, |person| (person.group, person.department) = (Some(group), Some(department))).await;
    entry_points::agents_seen(db, vec![(tenant, agent)], db.now()).await.unwrap();
    let before = fixture.conversation(fixture.visitor().await).await;
    let left = before.id;
    fixture.happens(&before, Event::LeaveMessage { said: said("call me"), told: Told::default(), contact: None }, Actor::customer(before.visitor.uuid())).await;
    let message = NewLeftMessage { conversation: left, episode: 1, seq: 2, queue: fixture.company.queue, promised_by: None, contact: None };
    let (now, until, name) = (db.now(), db.now().plus(DAY), member.name.clone());
    let wall = WallLink {
        id: WallLinkId::new(db.uuid()),
        tenant,
        name: name.clone(),
        maker: Some(agent),
        made_by: name.clone(),
        created_at: now,
        expires_at: until,
        last_seen_at: None,
    };
    let board = |shared| Board { id: BoardId::new(db.uuid()), tenant, owner: agent, name: name.clone(), shared, tiles: Vec::new(), updated_at: now };
    let boards = [board(false), board(true)];
    let passkey = Passkey {
        id: PasskeyId::new(db.uuid()),
        tenant,
        agent,
        credential_id: secret.to_vec(),
        credential: "{}".to_owned(),
        name: name.clone(),
        created_at: now,
        used_at: None,
    };
    let token = ApiToken { maker: Some(agent), name, ..token(db, tenant, None) };
    stored(db, &token, secret).await;
    write!(db, |tx| async move {
        staff::set_password(tx, tenant, agent, "hash").await?;
        staff_sessions::insert(tx, tenant, agent, session, secret, "").await?;
        sign_in_links::insert(tx, tenant, agent, secret, until).await?;
        sign_in_steps::insert(tx, tenant, agent, secret, "password", None).await?;
        single_sign_on::bind(tx, tenant, agent, secret).await?;
        second_steps::begin(tx, tenant, agent, secret).await?;
        second_steps::set_recovery_codes(tx, tenant, agent, &[secret.to_vec()]).await?;
        passkeys::insert(tx, tenant, &passkey).await?;
        known_networks::note(tx, tenant, agent, secret).await?;
        wall_links::insert(tx, tenant, &wall, secret).await?;
        for board in &boards {
            boards::insert(tx, tenant, board).await?;
        }
        left_messages::insert(tx, tenant, message).await?;
        left_messages::set_owner(tx, tenant, left, Some(agent)).await
    })
    .unwrap();
    Owner { tenant, agent, session, token, left, secret }
}

/// What a member holds, by name.
async fn holdings(db: &TestDb, owner: &Owner) -> Vec<&'static str> {
    let &Owner { tenant, agent, session, left, secret, ref token } = owner;
    let program = Credential::Token(token.id, 1);
    let person = read!(db, |tx| roster::get(tx, tenant, agent)).unwrap();
    [
        ("address", !person.email.is_empty()),
        ("group", person.group.is_some()),
        ("department", person.department.is_some()),
        ("queue", !person.queues.is_empty()),
        ("lease", person.last_seen_at.is_some()),
        ("link", person.link_until.is_some()),
        ("password", read!(db, |tx| staff::get(tx, tenant, agent)).unwrap().password_hash.is_some()),
        ("session", read!(db, |tx| staff_sessions::lives(tx, tenant, session)).unwrap()),
        ("sign-in step", write!(db, |tx| sign_in_steps::count_try(tx, tenant, secret)).is_ok()),
        ("identity", read!(db, |tx| single_sign_on::member_of(tx, tenant, secret)).unwrap() == Some(agent)),
        ("second step", read!(db, |tx| second_steps::find(tx, tenant, agent)).unwrap().is_some()),
        ("recovery codes", read!(db, |tx| second_steps::recovery_codes_left(tx, tenant, agent)).unwrap() > 0),
        ("passkey", !read!(db, |tx| passkeys::list(tx, tenant, agent)).unwrap().is_empty()),
        ("network", read!(db, |tx| known_networks::knows_any(tx, tenant, agent)).unwrap()),
        ("wall link", read!(db, |tx| wall_links::list(tx, tenant)).unwrap().iter().any(|link| link.maker == Some(agent))),
        ("token", read!(db, |tx| api_tokens::end_of(tx, tenant, program)).unwrap().is_none()),
        ("private board", read!(db, |tx| boards::count_private(tx, tenant, agent)).unwrap() > 0),
        ("left message", read!(db, |tx| left_messages::of(tx, tenant, left)).unwrap()[0].owner_id == Some(agent.uuid())),
    ]
    .into_iter()
    .filter_map(|(name, is_held)| is_held.then_some(name))
    .collect()
}

async fn whatever_a_removed_member_held_ends_and_what_others_hold_stays(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let stranger = Company::create(&db, "beta").await.tenant;
    let (ada, eve) = (endow(&fixture, &fixture.agent("ada").await, b"1").await, endow(&fixture, &fixture.agent("eve").await, b"2").await);
    let (tenant, whole) = (ada.tenant, holdings(&db, &ada).await);
    assert_eq!((whole.len(), holdings(&db, &eve).await), (18, whole.clone()));
    let person = read!(db, |tx| roster::get(tx, tenant, ada.agent)).unwrap();
    let (seen, foreign, stale) = (person.updated_at, person.clone(), person.clone());
    revoked(&db);
    assert!(matches!(write!(db, |tx| removal::remove(tx, stranger, &foreign, seen, "Tara")), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| removal::remove(tx, tenant, &stale, Ts(seen.0 - 1), "Tara")), Err(Error::Stale)));
    assert_eq!((holdings(&db, &ada).await, revoked(&db)), (whole.clone(), vec![]));
    let again = person.clone();
    write!(db, |tx| removal::remove(tx, tenant, &person, seen, "Tara")).unwrap();
    assert!(matches!(write!(db, |tx| removal::remove(tx, tenant, &again, seen, "Tara")), Err(Error::Stale)), "once only");
    assert_eq!(holdings(&db, &ada).await, [""; 0]);
    assert_eq!(revoked(&db), [Revoked::Session(ada.session), Revoked::Token(ada.token.id)]);
    let (id, now) = (ada.token.id, db.now());
    assert_eq!(read!(db, |tx| api_tokens::get(tx, tenant, id)).unwrap().revoked, Some(("Tara".to_owned(), now)));
    assert!(read!(db, |tx| roster::kept_out(tx, tenant)).unwrap().contains(&ada.token.program), "what the program serves is given back");
    assert_eq!(holdings(&db, &eve).await, whole);
    assert_eq!(read!(db, |tx| boards::count_shared(tx, tenant)).unwrap(), 2);
    // Invited again, the same person signs in by way of the same identity.
    let next = fixture.agent("ada").await.id;
    write!(db, |tx| single_sign_on::bind(tx, tenant, next, b"1")).unwrap();
}

async fn a_removed_member_is_found_among_the_removed_only(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    fixture.agent("eve").await;
    write!(db, |tx| staff::change_state(tx, tenant, ada.id, AgentState::Available, Actor::system(), None)).unwrap();
    let (disabled, now) = (Ts(1), db.now());
    change_person(&db, tenant, ada.id, |person| person.disabled_at = Some(disabled)).await;
    let mut person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    let seen = person.updated_at;
    person.updated_at = Ts(seen.0 + 1);
    let stored = person.clone();
    write!(db, |tx| removal::remove(tx, tenant, &stored, seen, "Tara")).unwrap();
    let found = async |words: &str, status| {
        let wanted = Wanted { words: words.to_owned(), status, ..Wanted::default() };
        read!(db, |tx| roster::page(tx, tenant, &wanted, (Ts(i64::MIN), Uuid::nil()), 9)).unwrap()
    };
    let names = |people: Vec<roster::Person>| people.into_iter().map(|person| person.name).collect::<Vec<_>>();
    assert_eq!(names(found("", None).await), ["eve"]);
    assert!(found("", Some(MemberStatus::Disabled)).await.is_empty());
    let gone = found("ada 0101", Some(MemberStatus::Removed)).await.remove(0);
    assert_eq!((gone.disabled_at, gone.removed_at, gone.updated_at, gone.status()), (Some(disabled), Some(now), Ts(seen.0 + 1), MemberStatus::Removed));
    assert!(found("alpha", Some(MemberStatus::Removed)).await.is_empty(), "the address is gone");
    let address = MailAddress::parse(&ada.email).unwrap();
    assert_eq!(read!(db, |tx| staff::holder_of(tx, tenant, &address)).unwrap(), None);
    let stale = person.clone();
    assert!(matches!(write!(db, |tx| roster::update(tx, tenant, &stale, Ts(seen.0 + 1))), Err(Error::Stale)), "nobody comes back");
    // The address is free for a new member.
    let again = fixture.agent("ada").await.id;
    assert_eq!(read!(db, |tx| staff::by_email(tx, tenant, &address)).unwrap().map(|member| member.id), Some(again));
}
