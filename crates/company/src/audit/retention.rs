//! `GET /api/v1/audit/retention` and `PUT /api/v1/audit/retention`: how long the audit is kept.

use axum::{Json, extract::State, http::StatusCode};
use db::Tx;
use domain::{entry::Changed, id::TenantId, policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    audit::{
        chain::retention_signature,
        retention::{LONGEST_DAYS, SHORTEST_DAYS},
    },
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::audit_retention::{self, Retention};
use utoipa::ToSchema;

/// How long the audit is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRetention {
    /// How many days entries are kept; `null` for ever.
    #[schema(required)]
    pub kept_days: Option<i64>,
    /// When the last of the entries that were deleted had been written: there is nothing from then or before. `null` if none was deleted.
    #[schema(required)]
    pub deleted_until: Option<Ts>,
}

/// How long to keep the audit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAuditRetention {
    /// How many days to keep entries: 184 to 3653; `null` for ever.
    pub kept_days: Option<i64>,
}

impl AuditRetention {
    async fn read(tx: &mut Tx, tenant: TenantId) -> store::Result<Self> {
        let kept_days = audit_retention::retention(tx, tenant).await?.map(|retention| retention.kept_days);
        Ok(Self { kept_days, deleted_until: audit_retention::anchor(tx, tenant).await?.map(|anchor| anchor.at) })
    }
}

/// Returns how long the audit is kept, and until when entries were deleted.
#[utoipa::path(get, path = "/audit/retention", tag = "company", security(("staff" = [])), responses((status = 200, body = AuditRetention), Problems))]
pub async fn get_audit_retention(State(app): State<App>, actor: StaffActor) -> Result<Json<AuditRetention>, Problem> {
    actor.require(Permission::SeeAudit)?;
    Ok(Json(AuditRetention::read(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?))
}

/// Sets how long the audit is kept; at first, it is kept for ever. What is older is deleted within hours and cannot be restored.
///
/// Only people can do this; programs are refused.
#[utoipa::path(put, path = "/audit/retention", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = NewAuditRetention,
    responses((status = 200, body = AuditRetention), Problems))]
pub async fn set_audit_retention(
    State(app): State<App>,
    actor: StaffActor,
    OnceJson(once, NewAuditRetention { kept_days }): OnceJson<NewAuditRetention>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    actor.session()?;
    if kept_days.is_some_and(|days| !(SHORTEST_DAYS..=LONGEST_DAYS).contains(&days)) {
        return Err(Problem::invalid("kept_days", Code::InvalidValue, format!("`kept_days` must be {SHORTEST_DAYS} to {LONGEST_DAYS}, or null")));
    }
    let (tenant, sealer) = (actor.tenant(), app.sealer());
    let retention = kept_days.map(|kept_days| Retention { kept_days, signature: retention_signature(&sealer, tenant, kept_days) });
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = AuditRetention::read(tx, tenant).await?;
            audit_retention::set_retention(tx, tenant, retention.as_ref()).await?;
            let after = AuditRetention::read(tx, tenant).await?;
            tx.note_change(&before, &after);
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::OK, &after)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::DAY};
    use http_kit::audit::{
        retention,
        verify::{self, Place},
    };
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/audit/retention";

    #[tokio::test]
    async fn entries_are_deleted_when_they_are_older_than_the_company_keeps_them_and_the_rest_stays_whole() {
        let app = TestApp::new().await;
        let (boss, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        assert_eq!(boss.get(PATH).await.expect(200), json!({"kept_days": null, "deleted_until": null}));
        for n in 0..3 {
            mira.post("/api/v1/groups", json!({"name": format!("Group {n}")})).await.expect(201);
        }
        let last = app.env().now();
        app.clock.advance(100 * DAY);
        let tara = boss.with_cookie(&app.company.session(app.app().db(), boss.member.id).await);
        for days in [183, 3654, 0] {
            tara.put(PATH, json!({"kept_days": days})).await.problem_at(422, "invalid_value", "kept_days");
        }
        assert_eq!(tara.put(PATH, json!({"kept_days": 184})).await.expect(200)["kept_days"], json!(184));
        assert_eq!(app.changed_by("PUT /api/v1/audit/retention").await, [("kept_days".to_owned(), Value::Null, json!(184))]);
        retention::step(app.app()).await.unwrap();
        assert_eq!(app.acts_of("/groups").await.len(), 3, "they are not old enough");
        app.clock.advance(84 * DAY + 1);
        retention::step(app.app()).await.unwrap();
        assert_eq!((app.acts_of("/groups").await.len(), app.acts_of("/audit/retention").await.len()), (0, 1));
        let tara = boss.with_cookie(&app.company.session(app.app().db(), boss.member.id).await);
        assert_eq!(tara.get(PATH).await.expect(200), json!({"kept_days": 184, "deleted_until": last}));
        let found = verify::step(app.app(), app.company.tenant, "alpha", Place::default()).await.unwrap();
        assert_eq!(found.altered, []);
        assert_eq!(tara.put(PATH, json!({"kept_days": null})).await.expect(200)["kept_days"], json!(null));
    }

    #[tokio::test]
    async fn whoever_sees_the_audit_sees_how_long_it_is_kept_and_administrators_set_it() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        mira.get(PATH).await.problem(403, "not_permitted");
        mira.put(PATH, json!({"kept_days": null})).await.problem(403, "not_permitted");
    }
}
