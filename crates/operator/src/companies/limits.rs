//! `PATCH /api/v1/operator/companies/{id}/limits`, and the command that does the same.

use axum::{Json, extract::State};
use domain::{entry::Changed, id::TenantId, refusal::Code};
use http_kit::{
    App,
    auth::OperatorActor,
    company_use::CompanyLimits,
    extract::{ValidJson, ValidPath, double_option},
    permitted::Permitted,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::limits::Limits;
use utoipa::ToSchema;

use super::view::OperatedCompany;

/// The highest limit: beyond it, JavaScript cannot tell numbers apart.
const MOST: i64 = (1 << 53) - 1;

/// What a company may use from now on. What is omitted stays, and `null` is without a limit.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyLimitsChange {
    /// Members of the staff who are not disabled.
    #[serde(default, deserialize_with = "double_option", skip_serializing_if = "Option::is_none")]
    pub seats: Option<Option<i64>>,
    /// Sites.
    #[serde(default, deserialize_with = "double_option", skip_serializing_if = "Option::is_none")]
    pub sites: Option<Option<i64>>,
    /// Messages that its customers write on a day (UTC).
    #[serde(default, deserialize_with = "double_option", skip_serializing_if = "Option::is_none")]
    pub daily_messages: Option<Option<i64>>,
    /// Text messages that are sent for it on a day (UTC); not more than the installation's settings allow every company.
    #[serde(default, deserialize_with = "double_option", skip_serializing_if = "Option::is_none")]
    pub daily_texts: Option<Option<i64>>,
    /// Bytes of files.
    #[serde(default, deserialize_with = "double_option", skip_serializing_if = "Option::is_none")]
    pub storage: Option<Option<i64>>,
}

impl CompanyLimitsChange {
    /// Refuses a limit that is none.
    pub fn check(&self) -> Result<(), Problem> {
        let Self { seats, sites, daily_messages, daily_texts, storage } = *self;
        for (field, limit) in [("seats", seats), ("sites", sites), ("daily_messages", daily_messages), ("daily_texts", daily_texts), ("storage", storage)] {
            if limit.flatten().is_some_and(|limit| !(1..=MOST).contains(&limit)) {
                return Err(Problem::invalid(field, Code::InvalidValue, format!("`{field}` is a number from 1 on, or null for no limit")));
            }
        }
        Ok(())
    }
    fn apply(self, to: Limits) -> Limits {
        let Self { seats, sites, daily_messages, daily_texts, storage } = self;
        Limits {
            seats: seats.unwrap_or(to.seats),
            sites: sites.unwrap_or(to.sites),
            daily_messages: daily_messages.unwrap_or(to.daily_messages),
            daily_texts: daily_texts.unwrap_or(to.daily_texts),
            storage: storage.unwrap_or(to.storage),
        }
    }
}

/// Says what a company may use; its audit notes what changed, and whoever looks at the company's settings sees it.
pub async fn change(app: &App, permitted: Permitted, tenant: TenantId, change: CompanyLimitsChange) -> Result<Limits, Problem> {
    change.check()?;
    let written = permitted.saying(json!(change)).write(app, move |tx| {
        Box::pin(async move {
            let before = store::limits::get(tx, tenant).await?;
            let after = change.apply(before);
            store::limits::set(tx, tenant, after).await?;
            tx.note_change(&CompanyLimits::from(before), &CompanyLimits::from(after));
            tx.announce(Changed::Settings).await?;
            Ok(after)
        })
    });
    written.await
}

/// Says what a company may use.
///
/// What it uses beyond that stays: only more of it is refused. What customers write is refused within seconds after the limit is reached.
#[utoipa::path(patch, path = "/operator/companies/{id}/limits", tag = "operator", security(("operator" = [])), params(("id" = TenantId, Path)),
    request_body = CompanyLimitsChange, responses((status = 200, body = OperatedCompany), Problems))]
pub async fn change_company_limits(
    State(app): State<App>,
    actor: OperatorActor,
    ValidPath(id): ValidPath<TenantId>,
    ValidJson(asked): ValidJson<CompanyLimitsChange>,
) -> Result<Json<OperatedCompany>, Problem> {
    super::view(&app, id).await?;
    change(&app, actor.over(id), id, asked).await?;
    Ok(Json(super::view(&app, id).await?))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::testing::operator;

    #[tokio::test]
    async fn a_limit_is_set_changed_and_taken_away_and_its_company_s_audit_says_so() {
        let app = TestApp::new().await;
        let (beta, olga) = (app.other_company("beta").await, operator(&app).await);
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        let path = format!("/api/v1/operator/companies/{}/limits", beta.tenant);
        let set = olga.patch(&path, json!({"seats": 5, "storage": 1_000_000})).await.expect(200);
        assert_eq!(set["limits"], json!({"seats": 5, "sites": null, "daily_messages": null, "daily_texts": null, "storage": 1_000_000}));
        let set = olga.patch(&path, json!({"seats": null, "sites": 2})).await.expect(200);
        assert_eq!(set["limits"], json!({"seats": null, "sites": 2, "daily_messages": null, "daily_texts": null, "storage": 1_000_000}));
        let noted = bob.get("/api/v1/audit").await.expect(200)["items"][1].clone();
        assert_eq!((&noted["operation"], &noted["by"]["kind"]), (&json!("PATCH /api/v1/operator/companies/{id}/limits"), &json!("operator")), "{noted}");
        assert_eq!(noted["changes"], json!([{"field": "seats", "before": 5, "after": null}, {"field": "sites", "before": null, "after": 2}]));
        assert_eq!((&noted["request"], &noted["object"]), (&json!({"seats": null, "sites": 2}), &json!(beta.tenant.to_string())));
    }

    #[tokio::test]
    async fn what_is_no_limit_names_its_field_and_only_an_operator_sets_one() {
        let app = TestApp::new().await;
        let (tara, olga) = (app.staff(Role::Administrator, "tara").await, operator(&app).await);
        let path = format!("/api/v1/operator/companies/{}/limits", app.company.tenant);
        for (body, code, field) in [
            (json!({"seats": 0}), "invalid_value", "seats"),
            (json!({"sites": -1}), "invalid_value", "sites"),
            (json!({"storage": 1_i64 << 53}), "invalid_value", "storage"),
            (json!({"daily_messages": "many"}), "invalid_value", "daily_messages"),
            (json!({"conversations": 1}), "unknown_field", "conversations"),
        ] {
            olga.patch(&path, body).await.problem_at(422, code, field);
        }
        tara.patch(&path, json!({"seats": 100})).await.problem(401, "not_signed_in");
        app.patch(&path, json!({"seats": 100})).await.problem(401, "not_signed_in");
        let none = format!("/api/v1/operator/companies/{}/limits", domain::id::TenantId::new(app.env().uuid()));
        olga.patch(&none, json!({"seats": 1})).await.problem(404, "not_found");
    }
}
