//! Groups, managed members, queues with members and hours, left messages, and the settings of companies and sites.

use std::sync::Arc;

use domain::{
    conversation::{Event, Outcome, Told},
    entry::Changed,
    id::{AgentId, GroupId, InboxId, QueueId, SiteId, TenantId},
    journal::{Actor, View},
    mail_address::MailAddress,
    opening_hours::{Interval, OpeningHours, Week},
    site::SiteState,
    staff::{AgentState, MemberStatus, Role, UNREACHABLE_AFTER_MS},
    stream::{StreamKind, StreamName},
    text::Bilingual,
    time::{DAY, Ts},
};
use store::{
    Error, TenantTx, conversations, feedback,
    groups::{self, Group},
    left_messages::{self, Chosen, NewLeftMessage},
    queues, rating_comments,
    reach::Within,
    routing, sign_in_links,
    sites::{self, Site, SiteSettings},
    staff::{
        self, Member,
        roster::{self, Person, Wanted},
    },
    tenants,
};
use testkit::{
    TestDb,
    fixture::{Fixture, agent, read, said, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    a_group_is_renamed_counted_and_removed,
    people_come_with_group_link_and_whether_they_joined,
    the_last_editor_finds_a_conflict,
    who_is_kept_out_does_not_sign_in_and_leaves_conversations_behind,
    members_are_found_page_by_page,
    a_member_comes_with_queues_and_what_they_serve,
    a_queue_knows_who_alone_serves_it,
    a_queues_load_is_who_waits_and_who_serves_it,
    a_thousand_members_are_named_at_once,
    somebody_is_there_who_serves_the_queue_is_available_and_was_heard_of,
    whether_a_queue_is_staffed_is_what_the_standing_of_its_agents_says,
    only_members_serve_a_queue,
    a_queue_is_changed_and_removed_when_nothing_needs_it,
    a_left_message_waits_is_owned_taken_care_of_and_waits_again,
    left_messages_are_listed_in_pages_and_once_handled_for_who_serves_their_queue,
    feedback_is_one_list_in_pages_of_what_its_reader_may_see,
    a_conversation_that_was_handed_back_is_no_lost_turn_of_the_bot,
    a_company_is_changed_whole,
    a_site_is_changed_paused_and_removed,
    what_changes_is_announced,
    another_company_finds_and_changes_nothing,
);

/// The place before the first member who joined.
const START: (Ts, Uuid) = (Ts(i64::MIN), Uuid::nil());

async fn everyone(db: &Arc<TestDb>, tenant: TenantId) -> Vec<Person> {
    read!(db, |tx| roster::page(tx, tenant, &Wanted::default(), START, 100)).unwrap()
}
fn fixture_member(fixture: &Fixture) -> Member {
    Member {
        id: AgentId::new(Uuid::nil()),
        tenant: fixture.company.tenant,
        inbox: InboxId::new(Uuid::nil()),
        email: String::new(),
        name: "n".to_owned(),
        number: "1".to_owned(),
        role: Role::Agent,
        role_grants: None,
        group: None,
        password_hash: None,
        state: AgentState::Offline,
        state_since: Ts(0),
        capacity: 1,
        created_at: Ts(0),
    }
}
fn by() -> Actor {
    Actor::system()
}
fn group(fixture: &Fixture, name: &str) -> Group {
    Group { id: GroupId::new(fixture.db.uuid()), name: name.to_owned(), department: None, updated_at: fixture.db.now() }
}
fn hours() -> OpeningHours {
    let day = vec![Interval { from: "09:00".to_owned(), to: "18:00".to_owned() }];
    OpeningHours { week: Week { mon: day, ..Week::default() }, days: Vec::new(), answer_within_h: 3 }
}
/// A conversation in which a message was left.
async fn left(fixture: &Fixture) -> domain::conversation::Conversation {
    let before = fixture.conversation(fixture.visitor().await).await;
    let actor = Actor::customer(before.visitor.uuid());
    let after = fixture.happens(&before, Event::LeaveMessage { said: said("call me"), told: Told::default(), contact: None }, actor).await;
    let new = NewLeftMessage { conversation: after.id, episode: 1, seq: 2, queue: fixture.company.queue, promised_by: Some(Ts(7)), contact: Some(b"sealed") };
    let tenant = fixture.company.tenant;
    write!(fixture.db, |tx| left_messages::insert(tx, tenant, new)).unwrap();
    after
}

async fn a_group_is_renamed_counted_and_removed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, mut one) = (fixture.company.tenant, fixture.agent("ada").await, group(&fixture, "b"));
    let (stored, again) = (one.clone(), group(&fixture, "b"));
    write!(db, |tx| groups::insert(tx, tenant, &stored)).unwrap();
    assert!(matches!(write!(db, |tx| groups::insert(tx, tenant, &again)), Err(Error::Taken)));
    let seen = one.updated_at;
    (one.name, one.updated_at) = ("a".to_owned(), Ts(seen.0 + 1));
    let (renamed, id) = (one.clone(), one.id);
    write!(db, |tx| groups::update(tx, tenant, &renamed, seen)).unwrap();
    let stale = one.clone();
    assert!(matches!(write!(db, |tx| groups::update(tx, tenant, &stale, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| groups::get(tx, tenant, id)).unwrap(), one);
    let mut person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    let seen = person.updated_at;
    (person.group, person.updated_at) = (Some(id), Ts(9));
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    assert_eq!(read!(db, |tx| groups::list(tx, tenant)).unwrap(), [(one, 1)]);
    assert_eq!(read!(db, |tx| groups::of_agents(tx, tenant)).unwrap().into_values().collect::<Vec<_>>(), [id]);
    assert_eq!(write!(db, |tx| groups::delete(tx, tenant, id)).unwrap(), 1);
    let mut person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    (person.group, person.updated_at) = (None, Ts(10));
    write!(db, |tx| roster::update(tx, tenant, &person, Ts(9))).unwrap();
    assert_eq!(write!(db, |tx| groups::delete(tx, tenant, id)).unwrap(), 0);
    assert!(matches!(write!(db, |tx| groups::delete(tx, tenant, id)), Err(Error::NotFound)));
}

async fn people_come_with_group_link_and_whether_they_joined(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let (until, of) = (db.now().plus(DAY), ada.id);
    write!(db, |tx| sign_in_links::insert(tx, tenant, of, b"link", until)).unwrap();
    write!(db, |tx| staff::set_password(tx, tenant, eve.id, "hash")).unwrap();
    let all = everyone(&db, tenant).await;
    let rows: Vec<_> = all.iter().map(|person| (person.name.as_str(), person.link_until, person.has_joined, person.group, person.disabled_at)).collect();
    assert_eq!(rows, [("ada", Some(until), false, None, None), ("eve", None, true, None, None)]);
    db.clock.advance(DAY);
    assert_eq!(read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap().link_until, None);
}

async fn the_last_editor_finds_a_conflict(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let mut person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    let seen = person.updated_at;
    (person.name, person.number, person.role, person.capacity, person.updated_at) = ("Ada".to_owned(), "7".to_owned(), Role::Administrator, 2, Ts(99));
    let changed = person.clone();
    write!(db, |tx| roster::update(tx, tenant, &changed, seen)).unwrap();
    assert_eq!(read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap(), person);
    assert_eq!(read!(db, |tx| roster::administrators(tx, tenant)).unwrap(), 1);
    assert!(matches!(write!(db, |tx| roster::update(tx, tenant, &person, seen)), Err(Error::Stale)));
}

async fn who_is_kept_out_does_not_sign_in_and_leaves_conversations_behind(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let served = fixture.served(fixture.visitor().await, &ada).await;
    fixture.company.session(&db, ada.id).await;
    assert_eq!(read!(db, |tx| roster::left_behind(tx, tenant)).unwrap(), []);
    let mut person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    let seen = person.updated_at;
    (person.role, person.disabled_at, person.updated_at) = (Role::Administrator, Some(db.now()), Ts(99));
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    assert_eq!(read!(db, |tx| roster::administrators(tx, tenant)).unwrap(), 0);
    assert_eq!(read!(db, |tx| roster::left_behind(tx, tenant)).unwrap(), [(ada.id, served.id)]);
    assert_eq!(read!(db, |tx| roster::kept_out(tx, tenant)).unwrap(), [ada.id]);
    assert!(read!(db, |tx| staff::by_email(tx, tenant, &MailAddress::parse(&ada.email).unwrap())).unwrap().is_none());
}

async fn members_are_found_page_by_page(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, shop) = (fixture.company.tenant, group(&fixture, "g"));
    let (stored, id) = (shop.clone(), shop.id);
    write!(db, |tx| groups::insert(tx, tenant, &stored)).unwrap();
    for name in ["ada", "eve", "zoe"] {
        fixture.agent(name).await;
    }
    let all = everyone(&db, tenant).await;
    for (n, person) in all.iter().enumerate() {
        let mut person = person.clone();
        let (seen, agent) = (person.updated_at, person.id);
        (person.group, person.role, person.updated_at) = ((n > 0).then_some(id), if n == 2 { Role::Manager } else { Role::Agent }, Ts(seen.0 + 1));
        person.disabled_at = (n == 0).then_some(Ts(1));
        write!(db, |tx| async move {
            roster::update(tx, tenant, &person, seen).await?;
            if n == 1 { staff::set_password(tx, tenant, agent, "hash").await } else { Ok(()) }
        })
        .unwrap();
    }
    let names: Vec<_> = all.iter().map(|person| person.name.clone()).collect();
    let found = async |wanted: Wanted| read!(db, |tx| roster::page(tx, tenant, &wanted, START, 9)).unwrap().into_iter().map(|p| p.name).collect::<Vec<_>>();
    let words = |words: &str| Wanted { words: words.to_owned(), ..Wanted::default() };
    assert_eq!(found(words("")).await, names);
    assert_eq!(found(words("alpha example")).await, names);
    assert_eq!(found(words("0101 zoe alpha zoe alpha")).await, ["zoe"], "what follows the fourth word as it stands");
    assert!(found(words("zoe ada")).await.is_empty() && found(words("ada\0")).await.is_empty() && found(words("%")).await.is_empty());
    assert_eq!(found(Wanted { role: Some(Role::Manager), ..Wanted::default() }).await, names[2..]);
    assert_eq!(found(Wanted { group: Some(id), ..Wanted::default() }).await, names[1..]);
    for (status, expected) in [(MemberStatus::Disabled, &names[..1]), (MemberStatus::Active, &names[1..2]), (MemberStatus::Invited, &names[2..])] {
        assert_eq!(found(Wanted { status: Some(status), ..Wanted::default() }).await, expected);
    }
    let after = (all[0].created_at, all[0].id.uuid());
    let rest = read!(db, |tx| roster::page(tx, tenant, &Wanted::default(), after, 1)).unwrap();
    assert_eq!(rest.iter().map(|person| person.id).collect::<Vec<_>>(), [all[1].id]);
    assert_eq!(read!(db, |tx| groups::members(tx, tenant, id)).unwrap(), 2);
}

async fn a_member_comes_with_queues_and_what_they_serve(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let one = fixture.add_queue("一", false, vec![ada.id, eve.id]).await.id;
    fixture.served(fixture.visitor().await, &ada).await;
    store::entry_points::agents_seen(&db, vec![(tenant, ada.id)], Ts(7)).await.unwrap();
    let person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    assert_eq!((&person.queues[..], person.open, person.last_seen_at), (&[one][..], 1, Some(Ts(7))));
    let all = everyone(&db, tenant).await;
    assert!(all.contains(&person) && all.iter().all(|person| person.queues == [one]));
}

async fn a_queues_load_is_who_waits_and_who_serves_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await.id);
    let calls = fixture.add_queue("calls", false, vec![ada]).await.id;
    let since = db.now();
    fixture.queued(fixture.visitor().await).await;
    db.clock.advance(1_000);
    fixture.queued(fixture.visitor().await).await;
    let loads = read!(db, |tx| queues::loads(tx, tenant)).unwrap();
    let of = |id| loads.iter().find(|load| load.id == id).unwrap();
    let general = of(fixture.company.queue);
    assert_eq!((general.waiting, general.longest_wait_since, general.everybody, general.members.is_empty()), (2, Some(since), true, true));
    let line = async |queue| read!(db, |tx| queues::line(tx, tenant, queue)).unwrap();
    assert_eq!((line(fixture.company.queue).await, line(calls).await), ((2, Some(since)), (0, None)));
    let calls = of(calls);
    assert_eq!((calls.waiting, calls.longest_wait_since, calls.everybody, &calls.members), (0, None, false, &vec![ada]));
    assert_eq!(loads.len(), 2);
}

async fn a_queue_knows_who_alone_serves_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let (one, two) = (fixture.add_queue("一", false, vec![ada]).await.id, fixture.add_queue("二", false, vec![ada, eve]).await.id);
    fixture.add_queue("三", true, vec![ada]).await;
    assert_eq!(read!(db, |tx| queues::members(tx, tenant, one)).unwrap(), Some(vec![ada]));
    assert_eq!(read!(db, |tx| queues::members(tx, tenant, fixture.company.queue)).unwrap(), None);
    let alone = async |who| read!(db, |tx| roster::alone_in(tx, tenant, who)).unwrap().into_iter().map(|(queue, _)| queue).collect::<Vec<_>>();
    assert_eq!((alone(ada).await, alone(eve).await), (vec![one], vec![]));
    let mut person = read!(db, |tx| roster::get(tx, tenant, eve)).unwrap();
    let seen = person.updated_at;
    (person.disabled_at, person.updated_at) = (Some(Ts(1)), Ts(seen.0 + 1));
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    assert_eq!(alone(ada).await.len(), 2, "who is kept out serves nobody");
    let attended = async |queue| read!(db, |tx| queues::is_attended(tx, tenant, queue)).unwrap();
    assert!(attended(two).await && attended(fixture.company.queue).await);
    write!(db, |tx| roster::set_queues(tx, tenant, ada, &[one, one])).unwrap();
    assert!(attended(one).await && !attended(two).await);
    assert_eq!(read!(db, |tx| roster::get(tx, tenant, ada)).unwrap().queues, [one]);
    let nothing = QueueId::new(db.uuid());
    assert!(matches!(write!(db, |tx| roster::set_queues(tx, tenant, ada, &[two, nothing])), Err(Error::NotFound)));
    let nobody = AgentId::new(db.uuid());
    assert!(matches!(write!(db, |tx| queues::set_members(tx, tenant, one, &[ada, nobody])), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| queues::members(tx, tenant, one)).unwrap(), Some(vec![ada]), "all or nothing");
}

async fn a_thousand_members_are_named_at_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let mut all = Vec::new();
    for n in 0..1_001 {
        all.push(Member { id: AgentId::new(db.uuid()), inbox: InboxId::new(db.uuid()), email: format!("n{n}@x"), ..fixture_member(&fixture) });
    }
    let ids: Vec<AgentId> = all.iter().map(|member| member.id).collect();
    // Not all in one write, which would exceed the writer's time limit.
    for some in all.chunks(100).map(<[Member]>::to_vec) {
        write!(db, |tx| async move {
            for member in &some {
                staff::insert(tx, tenant, member).await?;
            }
            Ok(())
        })
        .unwrap();
    }
    let one = fixture.add_queue("一", false, ids.clone()).await.id;
    assert_eq!(read!(db, |tx| queues::get_shown(tx, tenant, one)).unwrap().members.len(), ids.len());
    let page = read!(db, |tx| roster::page(tx, tenant, &Wanted::default(), START, 1_001)).unwrap();
    assert!(page.len() == ids.len() && page.iter().all(|person| person.queues == [one]));
}

async fn somebody_is_there_who_serves_the_queue_is_available_and_was_heard_of(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let (general, one) = (fixture.company.queue, fixture.add_queue("一", false, vec![eve]).await.id);
    let staffed = async |queue, since| read!(db, |tx| routing::is_staffed(tx, tenant, queue, Ts(since))).unwrap();
    store::entry_points::agents_seen(&db, vec![(tenant, ada), (tenant, eve)], Ts(7)).await.unwrap();
    assert!(!staffed(general, 7).await, "nobody takes conversations");
    write!(db, |tx| staff::change_state(tx, tenant, ada, AgentState::Available, by(), None)).unwrap();
    assert!(staffed(general, 7).await && !staffed(general, 8).await && !staffed(one, 7).await);
    write!(db, |tx| staff::change_state(tx, tenant, eve, AgentState::Available, by(), None)).unwrap();
    assert!(staffed(one, 7).await);
    assert!(staffed(QueueId::new(db.uuid()), 7).await, "everybody serves what is there no more");
}

async fn whether_a_queue_is_staffed_is_what_the_standing_of_its_agents_says(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await.id);
    let edge = db.now().plus(-UNREACHABLE_AFTER_MS);
    for state in [AgentState::Available, AgentState::Break, AgentState::Offline] {
        write!(db, |tx| staff::change_state(tx, tenant, ada, state, by(), None)).unwrap();
        for seen in [edge.plus(-1), edge, edge.plus(1), db.now()] {
            store::entry_points::agents_seen(&db, vec![(tenant, ada)], seen).await.unwrap();
            let all = read!(db, |tx| routing::candidates(tx, tenant)).unwrap();
            let by_rule = all.iter().any(|one| one.standing(db.now()).takes());
            assert_eq!(read!(db, |tx| routing::is_staffed(tx, tenant, queue, edge)).unwrap(), by_rule, "{state:?} {}", seen.since(edge));
        }
    }
}

async fn only_members_serve_a_queue(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let one = fixture.add_queue("一", false, vec![eve]).await.id;
    let all = read!(db, |tx| routing::candidates(tx, tenant)).unwrap();
    let (these, those) = (all.clone(), all.clone());
    let names = |found: Vec<domain::routing::Candidate>| found.into_iter().map(|candidate| candidate.agent).collect::<Vec<_>>();
    assert_eq!(names(read!(db, |tx| routing::serving(tx, tenant, one, these)).unwrap()), [eve]);
    let mut everybody = names(read!(db, |tx| routing::serving(tx, tenant, fixture.company.queue, those)).unwrap());
    everybody.sort_unstable();
    assert_eq!(everybody, [ada.min(eve), ada.max(eve)]);
}

async fn a_queue_is_changed_and_removed_when_nothing_needs_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let mut one = fixture.add_queue("一", true, vec![]).await;
    let seen = one.updated_at;
    (one.everybody, one.hours, one.updated_at) = (false, Some(hours()), Ts(seen.0 + 1));
    let (changed, stale, id) = (one.clone(), one.clone(), one.id);
    write!(db, |tx| queues::update(tx, tenant, &changed, seen)).unwrap();
    assert!(matches!(write!(db, |tx| queues::update(tx, tenant, &stale, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| queues::get(tx, tenant, id)).unwrap(), one);
    assert_eq!(read!(db, |tx| queues::list(tx, tenant)).unwrap().len(), 2);
    fixture.queued(fixture.visitor().await).await;
    left(&fixture).await;
    let general = read!(db, |tx| queues::get_shown(tx, tenant, fixture.company.queue)).unwrap();
    assert_eq!((general.waiting, general.left_messages, &general.members[..]), (1, 1, &[][..]));
    assert!(read!(db, |tx| queues::list(tx, tenant)).unwrap().contains(&general));
    let (same, own) = (Bilingual { zh: "一".to_owned(), en: String::new() }, fixture.company.queue);
    let (again, other) = (same.clone(), Bilingual { zh: "二".to_owned(), en: String::new() });
    assert!(read!(db, |tx| queues::is_taken(tx, tenant, &same, own)).unwrap());
    assert!(!read!(db, |tx| queues::is_taken(tx, tenant, &again, id)).unwrap(), "its own name is nobody else's");
    assert!(!read!(db, |tx| queues::is_taken(tx, tenant, &other, own)).unwrap(), "no name is like no name");
    let uses = async |id| {
        let uses = read!(db, |tx| queues::uses(tx, tenant, id)).unwrap();
        (uses.sites, uses.waiting + uses.active + uses.left_messages)
    };
    assert_eq!(uses(fixture.company.queue).await, (1, 2));
    assert_eq!(uses(id).await, (0, 0));
    let own = fixture.company.queue;
    let theirs = async |of| read!(db, |tx| queues::conversations_of(tx, tenant, of)).unwrap().len();
    assert_eq!((theirs(own).await, theirs(id).await), (1, 0), "what was left while the bot had the conversation was never in a queue");
    write!(db, |tx| queues::lead_to(tx, tenant, own, id)).unwrap();
    assert_eq!((uses(own).await.0, uses(id).await.0), (0, 1), "the site leads there now");
    write!(db, |tx| queues::lead_to(tx, tenant, id, own)).unwrap();
    write!(db, |tx| queues::delete(tx, tenant, id)).unwrap();
    assert!(matches!(write!(db, |tx| queues::delete(tx, tenant, id)), Err(Error::NotFound)));
}

async fn a_left_message_waits_is_owned_taken_care_of_and_waits_again(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let before = left(&fixture).await;
    assert_eq!((before.episode.outcome, before.left_at), (Some(Outcome::LeftMessage), Some(db.now())));
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, before.id)).unwrap(), before);
    // It remains the visitor's conversation although it has ended.
    assert_eq!(read!(db, |tx| conversations::open_of_visitor(tx, tenant, before.visitor, before.site)).unwrap(), Some(before.id));
    let (id, of) = (before.id, ada.id);
    let waiting = read!(db, |tx| left_messages::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap();
    assert_eq!((waiting.len(), waiting[0].conversation_id, waiting[0].promised_by), (1, id.uuid(), Some(7)));
    assert!(waiting[0].body.as_deref().unwrap().contains("call me"));
    assert_eq!(waiting[0].contact.as_deref(), Some(&b"sealed"[..]));
    assert_eq!(read!(db, |tx| left_messages::counts(tx, tenant)).unwrap(), [(fixture.company.queue, 1)]);
    write!(db, |tx| left_messages::set_owner(tx, tenant, id, Some(of))).unwrap();
    assert_eq!(read!(db, |tx| left_messages::of(tx, tenant, id)).unwrap()[0].owner_name.as_deref(), Some("ada"));
    write!(db, |tx| left_messages::finish(tx, tenant, id, of, false)).unwrap();
    let tended = fixture.happens(&before, Event::TendLeft { waits_since: None }, agent(&ada)).await;
    assert_eq!(tended.left_at, None);
    assert!(read!(db, |tx| left_messages::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().is_empty());
    let done = read!(db, |tx| left_messages::list_done(tx, tenant, Chosen::default(), None, 10)).unwrap();
    assert_eq!((done.len(), done[0].done_by.as_deref(), done[0].answered), (1, Some("ada"), 0));
    assert!(matches!(write!(db, |tx| left_messages::set_owner(tx, tenant, id, None)), Err(Error::NotFound)));
    assert_eq!(write!(db, |tx| left_messages::reopen(tx, tenant, id)).unwrap(), db.now());
    write!(db, |tx| left_messages::finish(tx, tenant, id, of, true)).unwrap();
    assert!(matches!(write!(db, |tx| left_messages::reopen(tx, tenant, id)), Err(Error::NotFound)), "what was answered stays answered");
}

async fn a_conversation_that_was_handed_back_is_no_lost_turn_of_the_bot(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let ada = fixture.agent("ada").await;
    let served = fixture.served(fixture.visitor().await, &ada).await;
    let asked = fixture.says(&served, "are you there?").await;
    let back = fixture.happens(&asked, Event::HandBack, agent(&ada)).await;
    let lost = || async { store::entry_points::unanswered_by_bot(&db, Ts(i64::MAX), Ts(i64::MAX), 10).await.unwrap() };
    assert!(!lost().await.iter().any(|(_, id, _)| *id == back.id), "it was said to the agent");
    fixture.says(&back, "and now?").await;
    assert!(lost().await.iter().any(|(_, id, _)| *id == back.id));
}

async fn left_messages_are_listed_in_pages_and_once_handled_for_who_serves_their_queue(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let mine = fixture.add_queue("Mine", false, vec![ada.id]).await.id;
    let mut ids = Vec::new();
    for n in 0..5 {
        let before = fixture.conversation(fixture.visitor().await).await;
        let after = fixture
            .happens(&before, Event::LeaveMessage { said: said("call me"), told: Told::default(), contact: None }, Actor::customer(before.visitor.uuid()))
            .await;
        let of = if n == 4 { fixture.company.queue } else { mine };
        let new = NewLeftMessage { conversation: after.id, episode: 1, seq: 2, queue: of, promised_by: None, contact: None };
        write!(db, |tx| left_messages::insert(tx, tenant, new)).unwrap();
        ids.push(after.id);
    }
    // All were left at the same time, but their order is still well defined.
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = read!(db, |tx| left_messages::waiting(tx, tenant, Chosen::default(), after, 2)).unwrap();
        let Some(last) = page.last() else { break };
        after = Some((Ts(last.left_at), last.conversation_id, last.episode));
        seen.extend(page.iter().map(|row| row.conversation_id));
    }
    let mut sorted: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sorted.sort();
    assert_eq!(seen, sorted);
    let of_queue = Chosen { queue: Some(mine), known_to: None };
    assert_eq!(read!(db, |tx| left_messages::waiting(tx, tenant, of_queue, None, 10)).unwrap().len(), 4);

    let visitor = read!(db, |tx| conversations::get(tx, tenant, ids[0])).unwrap().visitor;
    let since = db.now().plus(-1);
    assert_eq!(read!(db, |tx| left_messages::waiting_of(tx, tenant, visitor, since)).unwrap(), (1, 0));
    for (n, id) in ids.clone().into_iter().enumerate() {
        let by_whom = if n == 0 { eve.id } else { ada.id };
        write!(db, |tx| left_messages::finish(tx, tenant, id, by_whom, false)).unwrap();
    }
    for (agent, bits, knows) in [(ada.id, 4, 5), (eve.id, 4, 2), (eve.id, 0, 1)] {
        let reader = Within { agent, bits };
        let known = Chosen { queue: None, known_to: Some(reader) };
        let done = read!(db, |tx| left_messages::list_done(tx, tenant, known, None, 10)).unwrap();
        assert_eq!(done.len(), knows, "eve serves the company's queue only, and took care of one herself");
        for id in ids.clone() {
            let known = read!(db, |tx| left_messages::is_known_to(tx, tenant, id, reader)).unwrap();
            assert_eq!(known, done.iter().any(|row| row.conversation_id == id.uuid()));
        }
    }
    let first = read!(db, |tx| left_messages::list_done(tx, tenant, Chosen::default(), None, 3)).unwrap();
    let place = first.last().map(|row| (Ts(row.done_at.unwrap()), row.conversation_id, row.episode));
    let rest = read!(db, |tx| left_messages::list_done(tx, tenant, Chosen::default(), place, 3)).unwrap();
    assert_eq!((first.len(), rest.len()), (3, 2));
    assert!(rest.iter().all(|row| first.iter().all(|other| other.conversation_id != row.conversation_id)));
}

async fn feedback_is_one_list_in_pages_of_what_its_reader_may_see(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let mine = fixture.add_queue("Mine", false, vec![ada.id]).await.id;
    let message = left(&fixture).await;
    let rated = fixture.served(fixture.visitor().await, &ada).await;
    let rated = fixture.happens(&rated, Event::Resolve, agent(&ada)).await;
    write!(db, |tx| rating_comments::note(tx, tenant, rated.id, 1, 1)).unwrap();
    let imported = fixture.conversation(fixture.visitor().await).await.id;
    let (at, done) = (db.now().plus(-9), Some(db.now().plus(-5)));
    write!(db, |tx| rating_comments::import(tx, tenant, imported, (1, 1), at, done)).unwrap();

    let all = feedback::Chosen { kind: None, queue: None, reader: Within { agent: eve.id, bits: 32 } };
    let waits = async |chosen| {
        let found: Vec<Uuid> =
            read!(db, |tx| feedback::waiting(tx, tenant, chosen, feedback::Place::FIRST, 9)).unwrap().iter().map(|place| place.conversation_id).collect();
        assert_eq!(read!(db, |tx| feedback::count(tx, tenant, chosen)).unwrap(), found.len() as i64);
        found
    };
    // Both were said at the same time: their order is that of their ids.
    let mut both = vec![message.id.uuid(), rated.id.uuid()];
    both.sort();
    assert_eq!(waits(all).await, both);
    let first = read!(db, |tx| feedback::waiting(tx, tenant, all, feedback::Place::FIRST, 1)).unwrap()[0];
    let rest = read!(db, |tx| feedback::waiting(tx, tenant, all, first, 9)).unwrap();
    assert_eq!((rest.len(), rest[0].conversation_id), (1, both[1]));
    let of_kind = |kind| feedback::Chosen { kind: Some(kind), ..all };
    assert_eq!(waits(of_kind(feedback::Kind::LeftMessage)).await, [message.id.uuid()]);
    assert_eq!(waits(of_kind(feedback::Kind::Rating)).await, [rated.id.uuid()]);
    assert!(waits(feedback::Chosen { queue: Some(mine), ..all }).await.is_empty());
    for (reader, sees) in [(Within { agent: ada.id, bits: 1 }, vec![rated.id.uuid()]), (Within { agent: eve.id, bits: 1 }, vec![])] {
        assert_eq!(waits(feedback::Chosen { reader, ..all }).await, sees, "one's own");
        let found = read!(db, |tx| rating_comments::find(tx, tenant, rated.id, 1, reader)).unwrap();
        assert_eq!(found.is_some(), !sees.is_empty());
    }

    write!(db, |tx| rating_comments::set_owner(tx, tenant, rated.id, 1, Some(ada.id))).unwrap();
    assert!(write!(db, |tx| rating_comments::set_done(tx, tenant, rated.id, 1, Some(ada.id))).unwrap());
    assert!(!write!(db, |tx| rating_comments::set_done(tx, tenant, rated.id, 1, Some(eve.id))).unwrap(), "it is handled already");
    assert!(matches!(write!(db, |tx| rating_comments::set_owner(tx, tenant, rated.id, 1, None)), Err(Error::NotFound)));
    let row = read!(db, |tx| rating_comments::find(tx, tenant, rated.id, 1, all.reader)).unwrap().unwrap();
    assert_eq!((row.owner_name.as_deref(), row.done_by.as_deref(), row.agent_name.as_deref()), (Some("ada"), Some("ada"), Some("ada")));
    let handled = read!(db, |tx| feedback::handled(tx, tenant, all, feedback::Place::LAST, 9)).unwrap();
    assert_eq!(handled.iter().map(|place| place.conversation_id).collect::<Vec<_>>(), [rated.id.uuid(), imported.uuid()]);
    assert_eq!(read!(db, |tx| feedback::handled(tx, tenant, all, handled[0], 9)).unwrap(), handled[1..]);
    assert!(write!(db, |tx| rating_comments::set_done(tx, tenant, rated.id, 1, None)).unwrap());
    assert_eq!(waits(of_kind(feedback::Kind::Rating)).await, [rated.id.uuid()]);
}

async fn a_company_is_changed_whole(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let mut company = read!(db, |tx| tenants::get(tx, fixture.company.tenant)).unwrap();
    let (id, seen) = (company.id, company.updated_at);
    (company.time_zone, company.brand, company.hours, company.updated_at) = ("UTC".to_owned(), Some("#123456".to_owned()), Some(hours()), Ts(seen.0 + 1));
    let (changed, stale) = (company.clone(), company.clone());
    write!(db, |tx| tenants::update(tx, id, &changed, seen)).unwrap();
    assert_eq!(read!(db, |tx| tenants::get(tx, id)).unwrap(), company);
    assert!(matches!(write!(db, |tx| tenants::update(tx, id, &stale, seen)), Err(Error::Stale)));
}

async fn a_site_is_changed_paused_and_removed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, id) = (fixture.company.tenant, SiteId::new(db.uuid()));
    let settings = SiteSettings { origins: vec!["https://a.example".to_owned()], rating_off: true, ..SiteSettings::default() };
    let mut site = Site { id, tenant, key: "shop".to_owned(), settings, queue: fixture.company.queue, state: SiteState::Active, updated_at: Ts(1) };
    let stored = site.clone();
    write!(db, |tx| sites::insert(tx, tenant, &stored)).unwrap();
    (site.key, site.state, site.updated_at) = ("store".to_owned(), SiteState::Paused, Ts(2));
    let (changed, stale) = (site.clone(), site.clone());
    write!(db, |tx| sites::update(tx, tenant, &changed, Ts(1))).unwrap();
    assert!(matches!(write!(db, |tx| sites::update(tx, tenant, &stale, Ts(1))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| sites::list(tx, tenant)).unwrap().last(), Some(&site));
    assert_eq!(store::entry_points::site_by_key(&db, "store").await.unwrap(), None, "a paused site serves nobody");
    fixture.conversation(fixture.visitor().await).await;
    assert_eq!(read!(db, |tx| sites::uses(tx, tenant, fixture.company.site)).unwrap(), 1);
    assert_eq!(read!(db, |tx| sites::uses(tx, tenant, id)).unwrap(), 0);
    write!(db, |tx| sites::delete(tx, tenant, id)).unwrap();
    assert!(matches!(write!(db, |tx| sites::delete(tx, tenant, id)), Err(Error::NotFound)));
}

async fn what_changes_is_announced(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    write!(db, |tx| async move {
        let mut tx = TenantTx::new(tx, tenant, by());
        for changed in Changed::EACH {
            tx.announce(*changed).await?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    let stream = StreamName { kind: StreamKind::Tenant, id: tenant.uuid() };
    let entries = read!(db, |tx| db::journal::page(tx, tenant, stream, View::Staff, 0, 10)).unwrap();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    let expected = [
        "canned_replies_changed",
        "catalogue_changed",
        "knowledge_published",
        "knowledge_changed",
        "unanswered_changed",
        "people_changed",
        "queues_changed",
        "settings_changed",
        "left_messages_changed",
        "boards_changed",
    ];
    assert_eq!(kinds, expected);
    assert!(entries.iter().all(|entry| entry.entry.actor == by()));
}

async fn another_company_finds_and_changes_nothing(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let other: TenantId = testkit::Company::create(&db, "beta").await.tenant;
    let (tenant, ada, one, conversation) = (fixture.company.tenant, fixture.agent("ada").await, group(&fixture, "g"), left(&fixture).await.id);
    let (stored, id, queue, site, of) = (one.clone(), one.id, fixture.company.queue, fixture.company.site, ada.id);
    write!(db, |tx| groups::insert(tx, tenant, &stored)).unwrap();
    assert!(matches!(read!(db, |tx| groups::get(tx, other, id)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| roster::get(tx, other, of)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| queues::get(tx, other, queue)), Err(Error::NotFound)));
    assert!(everyone(&db, other).await.is_empty() && read!(db, |tx| roster::alone_in(tx, other, of)).unwrap().is_empty());
    assert!(read!(db, |tx| groups::list(tx, other)).unwrap().is_empty());
    assert!(
        read!(db, |tx| left_messages::waiting(tx, other, Chosen::default(), None, 10)).unwrap().is_empty()
            && read!(db, |tx| left_messages::of(tx, other, conversation)).unwrap().is_empty()
    );
    assert!(matches!(write!(db, |tx| groups::delete(tx, other, id)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| queues::delete(tx, other, queue)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| sites::delete(tx, other, site)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| left_messages::set_owner(tx, other, conversation, Some(of))), Err(Error::NotFound)));
    write!(db, |tx| left_messages::finish(tx, other, conversation, of, true)).unwrap();
    assert_eq!(read!(db, |tx| left_messages::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().len(), 1);
    assert!(read!(db, |tx| sites::get(tx, tenant, site)).is_ok() && read!(db, |tx| groups::get(tx, tenant, id)).is_ok());
}
