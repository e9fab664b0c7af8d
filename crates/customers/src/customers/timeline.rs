//! `GET /api/v1/customers/{id}/timeline`

use axum::{Json, extract::State};
use db::{Tx, journal};
use domain::{
    entry::{Body, EntryKind, body::Message},
    id::{ConversationId, CustomerId, SiteId},
    journal::{View, Words},
    policy::Staff,
    stream::{StreamKind, StreamName},
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use realtime::view;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wire::conversation::ConversationView;

use super::{permit, seen};
use crate::table::timeline::{self, Kind, Place};

/// Events per page.
const PAGE: usize = 20;

/// Which events to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCustomerTimeline {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of what happened with a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerTimeline {
    /// The events of this page, the newest first. A page before the last may have few, or none: those of conversations are left out that the caller may not read.
    pub items: Vec<TimelineEvent>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Something that happened with a customer. Kinds are only ever added.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimelineEvent {
    /// The customer registered, was named by a site, or was added by the staff.
    Added {
        /// When.
        at: Ts,
    },
    /// The customer was on a site for the first time; left out once the site is deleted.
    Visited {
        /// When.
        at: Ts,
        /// The site.
        site: SiteId,
        /// What it is called.
        name: Bilingual,
        /// When the customer was there last.
        last_seen_at: Ts,
    },
    /// A conversation began.
    Conversation {
        /// When.
        at: Ts,
        /// The conversation.
        conversation: Box<ConversationView>,
    },
    /// The customer left a message.
    LeftMessage {
        /// When.
        at: Ts,
        /// The conversation in which it was left.
        conversation: ConversationId,
        /// The number of its entry.
        seq: i64,
        /// Its words; `null` if they are gone.
        #[schema(required)]
        text: Option<String>,
    },
    /// The customer rated a conversation.
    Rating {
        /// When.
        at: Ts,
        /// The conversation.
        conversation: ConversationId,
        /// The number of the entry.
        seq: i64,
        /// The score, of 1 to 5.
        score: i64,
        /// What the customer wrote with it.
        #[schema(required)]
        comment: Option<String>,
        /// Whether the matter is settled, if the customer said so.
        #[schema(required)]
        solved: Option<bool>,
    },
}

fn cursor_of(place: &Place) -> String {
    format!("{}.{}.{}.{}", place.at.0, place.kind, place.subject.as_simple(), place.n)
}

fn parse(cursor: &str) -> Result<Place, Problem> {
    let place = || {
        let [at, kind, subject, n] = cursor.split('.').collect::<Vec<_>>()[..] else { return None };
        Some(Place { at: Ts(at.parse().ok()?), kind: kind.parse().ok()?, subject: subject.parse().ok()?, n: n.parse().ok()? })
    };
    place().ok_or_else(cursor::problem)
}

/// Lists what happened with a customer: visits, conversations, left messages, ratings.
#[utoipa::path(get, path = "/customers/{id}/timeline", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path), ListCustomerTimeline),
    responses((status = 200, body = CustomerTimeline), Problems))]
pub async fn list_customer_timeline(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<CustomerId>,
    ValidQuery(query): ValidQuery<ListCustomerTimeline>,
) -> Result<Json<CustomerTimeline>, Problem> {
    permit(&actor)?;
    let before = query.cursor.as_deref().map(parse).transpose()?.unwrap_or(Place::NEWEST);
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    seen(&mut tx, &actor.staff, id).await?;
    let mut places = timeline::before(&mut tx, actor.tenant(), id, before, PAGE as i64 + 1).await?;
    let has_more = places.len() > PAGE;
    places.truncate(PAGE);
    let next = places.last().filter(|_| has_more).map(cursor_of);
    let mut items = Vec::with_capacity(places.len());
    for place in places {
        items.extend(event(&app, &mut tx, &actor.staff, place).await?);
    }
    Ok(Json(CustomerTimeline { items, next }))
}

/// What happened; `None` if it is gone, or not for this member.
async fn event(app: &App, tx: &mut Tx, staff: &Staff, place: Place) -> store::Result<Option<TimelineEvent>> {
    let (at, conversation) = (place.at, ConversationId::new(place.subject));
    let Some(kind) = place.kind() else { return Ok(None) };
    match kind {
        Kind::Added => Ok(Some(TimelineEvent::Added { at })),
        Kind::Visited => {
            let Some((site, last_seen_at)) = timeline::visit(tx, staff.tenant, place.subject).await? else { return Ok(None) };
            match store::sites::get(tx, staff.tenant, site).await {
                Ok(found) => Ok(Some(TimelineEvent::Visited { at, site, name: found.settings.name, last_seen_at })),
                Err(store::Error::NotFound) => Ok(None),
                Err(error) => Err(error),
            }
        }
        Kind::Conversation | Kind::LeftMessage | Kind::Rating => {
            let row = store_desk::lists::one(tx, staff.tenant, conversation).await?.filter(|row| row.may_be_read(staff));
            let Some(row) = row else { return Ok(None) };
            match kind {
                Kind::LeftMessage => {
                    let text = match entry(tx, staff, conversation, place.n).await? {
                        Some(Body::Message(Message::LeftMessage { text, .. })) => Some(text),
                        _ => None,
                    };
                    Ok(Some(TimelineEvent::LeftMessage { at, conversation, seq: place.n, text }))
                }
                Kind::Rating => {
                    let Some(Body::Rated(rated)) = entry(tx, staff, conversation, place.n).await? else { return Ok(None) };
                    let (score, comment, solved) = (rated.score, rated.comment, rated.solved);
                    Ok(Some(TimelineEvent::Rating { at, conversation, seq: place.n, score, comment, solved }))
                }
                _ => {
                    let found = view::rows(tx, &app.vault(), staff, vec![row]).await?.pop();
                    Ok(found.map(|conversation| TimelineEvent::Conversation { at, conversation: Box::new(conversation) }))
                }
            }
        }
    }
}

/// What an entry of a conversation says; `None` if it says nothing any more.
async fn entry(tx: &mut Tx, staff: &Staff, conversation: ConversationId, seq: i64) -> store::Result<Option<Body>> {
    let stream = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
    let found = journal::page(tx, staff.tenant, stream, View::Staff, seq - 1, 1).await?.pop().filter(|stored| stored.seq == seq);
    let Some(stored) = found else { return Ok(None) };
    let (Some(kind), Words::Plain(body)) = (EntryKind::parse(&stored.kind), &stored.entry.body) else { return Ok(None) };
    Ok(Body::read(kind, body, None).ok())
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_place_that_is_none_is_refused_and_a_customer_of_nobody_has_no_timeline() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let unknown = format!("/api/v1/customers/cst_{}/timeline", "0".repeat(32));
        mira.get(&unknown).await.problem(404, "not_found");
        mira.get(&format!("{unknown}?cursor=1.2")).await.problem_at(422, "invalid_value", "cursor");
    }
}
