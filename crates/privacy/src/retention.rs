//! `GET /api/v1/retention`, `PUT /api/v1/retention` and `GET /api/v1/retention/preview`: how long the company keeps things, and what other rules would erase.

use axum::{Json, extract::State, http::StatusCode};
use domain::{entry::Changed, policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store_privacy::retention::{self, Due, Retention};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::jobs::retain::Dues;

/// The longest time, in days: ten years. What is to be kept longer is kept for ever.
const LONGEST_DAYS: i64 = 3653;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_retention, set_retention)).routes(routes!(preview_retention))
}

/// After how many days each kind of thing is erased; `null` is never.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct RetentionRules {
    /// What was said in conversations that have ended, counted from the last thing said.
    #[schema(required)]
    pub conversations: Option<i64>,
    /// Files in conversations that have ended, counted from their upload.
    #[schema(required)]
    pub files: Option<i64>,
    /// What visitors looked at or asked for, from which recommendations are made, counted from the last time.
    #[schema(required)]
    pub views: Option<i64>,
}

impl From<Retention> for RetentionRules {
    fn from(Retention { conversations, files, views }: Retention) -> Self {
        Self { conversations, files, views }
    }
}

/// After how many days each kind of thing is to be erased, from 1 to 3653; what is left out or `null` is kept for ever.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NewRetentionRules {
    /// What was said in conversations that have ended, counted from the last thing said.
    pub conversations: Option<i64>,
    /// Files in conversations that have ended, counted from their upload.
    pub files: Option<i64>,
    /// What visitors looked at or asked for, counted from the last time.
    pub views: Option<i64>,
}

impl NewRetentionRules {
    fn read(self) -> Result<Retention, Problem> {
        let Self { conversations, files, views } = self;
        for (field, days) in [("conversations", conversations), ("files", files), ("views", views)] {
            if days.is_some_and(|days| !(1..=LONGEST_DAYS).contains(&days)) {
                return Err(Problem::invalid(field, Code::InvalidValue, "a number of days from 1 to 3653, or `null` to keep it for ever"));
            }
        }
        Ok(Retention { conversations, files, views })
    }
}

/// What of one kind would be erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionDue {
    /// How many there are.
    pub count: i64,
    /// From when the oldest is; `null` if there is none.
    #[schema(required)]
    pub oldest: Option<Ts>,
}

impl From<Due> for RetentionDue {
    fn from(Due { count, oldest }: Due) -> Self {
        Self { count, oldest }
    }
}

/// What would be erased now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPreview {
    /// Conversations, each with everything that was said in it and its files.
    pub conversations: RetentionDue,
    /// Files.
    pub files: RetentionDue,
    /// Things that visitors looked at or asked for.
    pub views: RetentionDue,
}

/// Returns how long the company keeps things. How long it keeps its audit is `GET /audit/retention`.
#[utoipa::path(get, path = "/retention", tag = "privacy", security(("staff" = [])), responses((status = 200, body = RetentionRules), Problems))]
pub async fn get_retention(State(app): State<App>, actor: StaffActor) -> Result<Json<RetentionRules>, Problem> {
    actor.require(Permission::ErasePeople)?;
    Ok(Json(retention::get(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?.into()))
}

/// Sets how long the company keeps things. What is older is erased once a day, for good: at most a day after. Programs cannot do this.
#[utoipa::path(put, path = "/retention", tag = "privacy", security(("staff" = [])), params(OnceHeader), request_body = NewRetentionRules,
    responses((status = 200, body = RetentionRules), Problems))]
pub async fn set_retention(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewRetentionRules>) -> Result<Answer, Problem> {
    actor.session()?;
    let permitted = actor.require(Permission::Settings)?;
    let (tenant, rules) = (actor.tenant(), new.read()?);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = RetentionRules::from(retention::get(tx, tenant).await?);
            let after = RetentionRules::from(rules);
            retention::set(tx, tenant, rules).await?;
            tx.note_change(&before, &after);
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::OK, &after)
        })
    });
    done.await
}

/// Counts what these rules would erase now, and changes nothing.
#[utoipa::path(get, path = "/retention/preview", tag = "privacy", security(("staff" = [])), params(NewRetentionRules),
    responses((status = 200, body = RetentionPreview), Problems))]
pub async fn preview_retention(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(rules): ValidQuery<NewRetentionRules>,
) -> Result<Json<RetentionPreview>, Problem> {
    actor.require(Permission::ErasePeople)?;
    let Dues { conversations, files, views } = Dues::of(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), rules.read()?, app.env().now()).await?;
    Ok(Json(RetentionPreview { conversations: conversations.into(), files: files.into(), views: views.into() }))
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::DAY};
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/retention";

    #[tokio::test]
    async fn a_rule_is_tried_before_it_is_set_and_no_rule_is_zero_days() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        app.clock.advance(3 * DAY);
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let none = json!({"conversations": null, "files": null, "views": null});
        assert_eq!(tara.get(PATH).await.expect(200), none);
        let would = mira.get(&format!("{PATH}/preview?conversations=2&files=2")).await.expect(200);
        assert_eq!((&would["conversations"]["count"], &would["files"]), (&json!(1), &json!({"count": 0, "oldest": null})), "{would}");
        assert!(would["conversations"]["oldest"].is_i64());
        assert_eq!(mira.get(&format!("{PATH}/preview?conversations=4")).await.expect(200)["conversations"]["count"], 0);
        assert_eq!(tara.get(PATH).await.expect(200), none, "trying changes nothing");
        for (body, field) in [(json!({"conversations": 0}), "conversations"), (json!({"files": 3654}), "files"), (json!({"views": -1}), "views")] {
            tara.put(PATH, body).await.problem_at(422, "invalid_value", field);
        }
        mira.get(&format!("{PATH}/preview?views=0")).await.problem_at(422, "invalid_value", "views");
        let rules = json!({"conversations": 365, "files": 90, "views": null});
        mira.put(PATH, rules.clone()).await.problem(403, "not_permitted");
        assert_eq!(tara.put(PATH, rules.clone()).await.expect(200), rules);
        assert_eq!(mira.get(PATH).await.expect(200), rules);
        app.agent("ada").await.get(PATH).await.problem(403, "not_permitted");
    }
}
