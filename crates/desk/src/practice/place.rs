//! The company in which the staff of another one practise, and the members as whom they do so.

use db::Tx;
use domain::{
    id::{AgentId, ConversationId, InboxId, LabelId, QueueId, SessionId, SiteId, TenantId, VisitorId},
    journal::Actor,
    label::{Label, LabelColour},
    policy::LEAST_ROLE,
    routing::rules::QueueRules,
    site::SiteState,
    staff::AgentState,
    text::{Bilingual, Lang},
    time::Ts,
};
use http_kit::App;
use platform::env;
use service::presence;
use store::{
    Result,
    practice::{Learner, secret_of},
    queues::Queue,
    sites::{Site, SiteSettings},
    staff::Member,
    tenants::Tenant,
};
use uuid::Uuid;

/// How many conversations a learner serves at once.
const CAPACITY: i64 = 5;

/// What begins.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub exercise: &'static str,
    pub lang: Lang,
    /// The session of the member, in which they practise.
    pub session: SessionId,
    pub visitor: VisitorId,
    pub conversation: ConversationId,
    /// The session of the member of the company of practice.
    pub twin_session: SessionId,
}

impl Begun {
    pub(super) fn new(app: &App, exercise: &'static str, lang: Lang, session: SessionId) -> Self {
        let env = app.env();
        let (visitor, conversation, twin_session) = (VisitorId::new(env.uuid()), ConversationId::new(env.uuid()), SessionId::new(env.uuid()));
        Self { exercise, lang, session, visitor, conversation, twin_session }
    }
}

/// Ids for what may have to be added.
#[derive(Debug, Clone)]
pub(super) struct NewIds {
    practice: TenantId,
    access_stream: Uuid,
    support: QueueId,
    label: LabelId,
    twin: AgentId,
    inbox: InboxId,
    queue: QueueId,
    site: SiteId,
}

impl NewIds {
    pub(super) fn new(app: &App) -> Self {
        let env = app.env();
        Self {
            practice: TenantId::new(env.uuid()),
            access_stream: env.uuid(),
            support: QueueId::new(env.uuid()),
            label: LabelId::new(env.uuid()),
            twin: AgentId::new(env.uuid()),
            inbox: InboxId::new(env.uuid()),
            queue: QueueId::new(env.uuid()),
            site: SiteId::new(env.uuid()),
        }
    }
}

/// Begins an exercise of a member of `company`: with the company of practice, and with the member as whom they practise, if they are not there yet.
pub(super) async fn begin(tx: &mut Tx, company: TenantId, member: &Member, begun: Begun, ids: &NewIds) -> Result<()> {
    let practice = match store::practice::of_company(tx, company).await? {
        Some(practice) => practice,
        None => open(tx, company, ids).await?,
    };
    let former = store::practice::of_member(tx, practice, member.id).await?;
    let (twin, queue, site) = match &former {
        Some(learner) => (learner.twin, learner.queue, learner.site),
        None => add_twin(tx, practice, member, ids).await?,
    };
    let Begun { exercise, lang, session, visitor, conversation, twin_session } = begun;
    let (exercise, begun_at) = (exercise.to_owned(), tx.now());
    let learner = Learner { twin, member: member.id, session, queue, site, exercise, lang, visitor, conversation, begun_at, finished_at: None, ended_at: None };
    match former {
        Some(_) => store::practice::replace(tx, practice, &learner).await?,
        None => store::practice::insert(tx, practice, &learner).await?,
    }
    store::practice::rename(tx, practice, twin, &member.name).await?;
    follow_rules(tx, company, practice, member.id, queue).await?;
    store::visitors::create(tx, practice, visitor, site, lang).await?;
    copy(tx, company, practice, (member.id, twin), ids).await?;
    store::staff_sessions::end_all(tx, practice, twin).await?;
    store::staff_sessions::insert(tx, practice, twin, twin_session, &env::hash(&secret_of(session)), "").await?;
    presence::set_state(tx, practice, twin, AgentState::Available, Actor::system(), None).await.map(drop)
}

fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}

/// Opens the company of practice. Its short name and its sites are found nowhere.
async fn open(tx: &mut Tx, company: TenantId, ids: &NewIds) -> Result<TenantId> {
    let (of, now) = (store::tenants::get(tx, company).await?, tx.now());
    let practice = Tenant {
        id: ids.practice,
        access_stream: ids.access_stream,
        slug: format!("practice-{}", ids.practice.uuid().as_simple()),
        is_demo: false,
        hours: None,
        created_at: now,
        updated_at: now,
        ..of
    };
    store::tenants::insert(tx, practice.id, &practice).await?;
    store::practice::dedicate(tx, practice.id, company).await?;
    store::queues::insert(tx, practice.id, &new_queue(ids.support, both("技术支持", "Technical support"), now)).await?;
    Ok(practice.id)
}

fn new_queue(id: QueueId, name: Bilingual, updated_at: Ts) -> Queue {
    Queue { id, name, everybody: false, hours: None, rules: QueueRules::default(), updated_at }
}

/// Adds the member as whom somebody practises, who has no way to sign in, with a queue that only they serve and a site whose customers wait there: a simulated
/// customer comes to nobody else.
async fn add_twin(tx: &mut Tx, practice: TenantId, of: &Member, ids: &NewIds) -> Result<(AgentId, QueueId, SiteId)> {
    let now = tx.now();
    let number = store::staff::next_number(tx, practice).await?;
    let twin = Member {
        id: ids.twin,
        tenant: practice,
        inbox: ids.inbox,
        email: format!("{}@practice.invalid", ids.twin),
        name: of.name.clone(),
        number,
        role: LEAST_ROLE,
        role_grants: None,
        group: None,
        password_hash: None,
        state: AgentState::Offline,
        state_since: now,
        capacity: CAPACITY,
        created_at: now,
    };
    store::staff::insert(tx, practice, &twin).await?;
    store::queues::insert(tx, practice, &new_queue(ids.queue, both("练习", "Practice"), now)).await?;
    store::queues::set_members(tx, practice, ids.queue, &[ids.twin]).await?;
    let settings = SiteSettings { name: both("练习", "Practice"), bot_name: both("小应", "Ying"), rating_off: true, ..SiteSettings::default() };
    let key = format!("practice-{}", ids.site.uuid().as_simple());
    let site = Site { id: ids.site, tenant: practice, key, settings, queue: ids.queue, state: SiteState::Paused, updated_at: now };
    store::sites::insert(tx, practice, &site).await?;
    Ok((ids.twin, ids.queue, ids.site))
}

/// Has the queue of a learner offer what waits as one does that they serve otherwise.
async fn follow_rules(tx: &mut Tx, company: TenantId, practice: TenantId, member: AgentId, queue: QueueId) -> Result<()> {
    let serves = |one: &store::queues::Shown| one.queue.everybody || one.members.contains(&member);
    let Some(model) = store::queues::list(tx, company).await?.into_iter().find(serves) else { return Ok(()) };
    let own = store::queues::get(tx, practice, queue).await?;
    let rules = QueueRules { accept_within_s: model.queue.rules.accept_within_s, units: model.queue.rules.units, ..QueueRules::default() };
    let (seen, updated_at) = (own.updated_at, tx.now());
    if own.rules == rules {
        return Ok(());
    }
    store::queues::update(tx, practice, &Queue { rules, updated_at, ..own }, seen).await
}

/// Copies the words and labels of the company, so that the learner finds what they will use. If it has no label, there is one to practise with.
async fn copy(tx: &mut Tx, company: TenantId, practice: TenantId, (member, twin): (AgentId, AgentId), ids: &NewIds) -> Result<()> {
    store_desk::practice::copy(tx, company, practice, member, twin).await?;
    if store_desk::labels::all(tx, practice).await?.iter().all(|label| label.archived_at.is_some()) {
        let label =
            Label { id: ids.label, tenant: practice, name: both("咨询", "Enquiry"), colour: LabelColour::Plain, archived_at: None, updated_at: tx.now() };
        store_desk::labels::insert(tx, practice, &label).await?;
    }
    Ok(())
}
