//! `PUT /api/v1/floor/settings`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    floor::{FloorSettings, QuietHours, Threshold},
    policy::Permission,
    refusal::Code,
    revision::Revision,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::FloorSettingsView;

/// What the company decides for its floor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFloorSettings {
    /// Whether agents see in the conversation that a supervisor listens.
    pub tells_of_listening: bool,
    /// When a customer whom an agent serves has waited too long for a reply: after 10 to 3,600 seconds.
    pub slow_reply: Threshold,
    /// When a customer has waited too long in a queue: after 10 to 3,600 seconds.
    pub long_wait: Threshold,
    /// When neither raises an alert, by the company's clock; `null` if both always do.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub quiet: Option<QuietHours>,
    /// The reasons for a break that agents choose from: at most 20, each with a name of at most 80 characters in both languages.
    pub break_reasons: Vec<Bilingual>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Sets what the company decides for its floor.
#[utoipa::path(put, path = "/floor/settings", tag = "floor", security(("staff" = [])), params(OnceHeader), request_body = NewFloorSettings,
    responses((status = 200, body = FloorSettingsView), Problems))]
pub async fn set_floor_settings(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewFloorSettings>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let NewFloorSettings { tells_of_listening, slow_reply, long_wait, quiet, break_reasons, seen } = new;
    let updated_at = Revision(seen).next(app.env().now());
    let decided = FloorSettings { tells_of_listening, slow_reply, long_wait, quiet, break_reasons, updated_at };
    decided.check().map_err(|field| Problem::invalid(field, Code::InvalidValue, "a value is out of range, or a name is missing or too long"))?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = FloorSettingsView::from(store_desk::floor::settings(tx, tenant).await?);
            store_desk::floor::decide(tx, tenant, &decided, seen).await?;
            tx.announce(Changed::Settings).await?;
            let view = FloorSettingsView::from(decided);
            tx.note_change(&before, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn decided(seen: &Value) -> Value {
        json!({"tells_of_listening": false, "slow_reply": {"after_s": 60, "level": "urgent"}, "long_wait": {"after_s": null, "level": "notice"},
               "quiet": {"from": 1320, "until": 420}, "break_reasons": [{"zh": "用餐", "en": "Lunch"}], "seen": seen})
    }

    #[tokio::test]
    async fn a_company_decides_and_two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let before = ada.get("/api/v1/floor/settings").await.expect(200);
        assert_eq!(
            (&before["tells_of_listening"], &before["slow_reply"]["after_s"], &before["long_wait"]["after_s"]),
            (&json!(true), &json!(100), &json!(120))
        );
        let names: Vec<&str> = before["break_reasons"].as_array().unwrap().iter().map(|reason| reason["zh"].as_str().unwrap()).collect();
        assert_eq!(names, ["用餐", "培训", "会议", "个人"]);
        ada.put("/api/v1/floor/settings", decided(&before["updated_at"])).await.problem(403, "not_permitted");
        let after = mira.put("/api/v1/floor/settings", decided(&before["updated_at"])).await.expect(200);
        assert_eq!((&after["quiet"], &after["slow_reply"]["level"]), (&json!({"from": 1320, "until": 420}), &json!("urgent")));
        assert_eq!(ada.get("/api/v1/floor/settings").await.expect(200), after);
        mira.put("/api/v1/floor/settings", decided(&before["updated_at"])).await.problem(409, "conflict");
        let mut wrong = decided(&after["updated_at"]);
        wrong["slow_reply"]["after_s"] = json!(5);
        mira.put("/api/v1/floor/settings", wrong).await.problem_at(422, "invalid_value", "slow_reply");
    }
}
