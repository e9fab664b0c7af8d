//! `POST /api/v1/plans`, `PATCH` and `DELETE /api/v1/plans/{id}`, `POST /api/v1/plans/{id}/restore`

use axum::{extract::State, http::StatusCode};
use content::{
    goods::{GoodsState, slug},
    plan::MAX_PLANS,
};
use domain::{
    entry::Changed,
    policy::Permission,
    refusal::{Code, Refusal},
    revision::Revision,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use store::TenantTx;
use store_hall::plans::KeptPlan;

use super::forms::{NewPlan, PlanChange, StaffPlan};
use crate::goods::{prices_problem, require_prices};

/// The first id like this name that no plan has or had.
fn free_id(name: &str, taken: &[KeptPlan]) -> String {
    let wanted = match slug(name).replace('_', "-") {
        plain if name.trim().is_empty() || plain == "property" => "plan".to_owned(),
        plain => plain,
    };
    let numbered = |n: usize| if n == 1 { wanted.clone() } else { format!("{wanted}-{n}") };
    (1..).map(numbered).find(|id| !taken.iter().any(|kept| kept.id == *id)).unwrap_or_default()
}

/// Stores a plan that has changed since `seen` in nothing else.
async fn store_changed(tx: &mut TenantTx<'_>, kept: KeptPlan, status: StatusCode) -> Result<Answer, Fault> {
    let (tenant, now, seen) = (tx.tenant(), tx.now(), kept.updated_at);
    let before = StaffPlan::from(store_hall::plans::get(tx, tenant, &kept.id).await?);
    let kept = KeptPlan { updated_at: Revision(seen).next(now), ..kept };
    store_hall::plans::update(tx, tenant, &kept, seen).await?;
    tx.announce(Changed::Catalogue).await?;
    let view = StaffPlan::from(kept);
    tx.note_change(&before, &view);
    if status == StatusCode::NO_CONTENT { Ok(Answer::nothing()) } else { Answer::json(status, &view) }
}

/// Adds a plan, by default as a draft, and notifies subscribers of the catalogue.
#[utoipa::path(post, path = "/plans", tag = "goods", security(("staff" = [])), params(OnceHeader), request_body = NewPlan,
    responses((status = 201, body = StaffPlan), Problems))]
pub async fn create_plan(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewPlan>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    require_prices(&actor, "monthly_fee_fen")?;
    let (tenant, updated_at, state) = (actor.tenant(), app.env().now(), new.state.unwrap_or(GoodsState::Draft));
    let mut plan = new.plan()?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let all = store_hall::plans::list(tx, tenant).await?;
            if all.len() >= MAX_PLANS {
                return Err(Refusal::new(Code::TooManyPlans).into());
            }
            plan.id = free_id(&plan.name.en, &all);
            let position = all.last().map_or(0, |last| last.position + 1);
            let kept = KeptPlan { id: plan.id.clone(), position, plan, state, updated_at, deleted_at: None };
            store_hall::plans::insert(tx, tenant, &kept).await?;
            tx.announce(Changed::Catalogue).await?;
            Answer::json(StatusCode::CREATED, &StaffPlan::from(kept))
        })
    });
    done.await
}

/// Changes a plan, unless somebody else has changed it in the meantime, and notifies subscribers of the catalogue.
///
/// Anything but its name, its notes, and taking it off sale needs the permission to set prices: it changes what customers pay, or what they get for it.
#[utoipa::path(patch, path = "/plans/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = PlanChange, responses((status = 200, body = StaffPlan), Problems))]
pub async fn update_plan(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    OnceJson(once, change): OnceJson<PlanChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, sets_prices) = (actor.tenant(), actor.staff.may(Permission::SetPrices));
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let found = store_hall::plans::get(tx, tenant, &id).await?;
            if found.deleted_at.is_some() {
                return Err(store::Error::NotFound.into());
            }
            if found.updated_at != change.seen {
                return Err(store::Error::Stale.into());
            }
            let state = change.state.unwrap_or(found.state);
            let plan = change.plan(found.plan.clone()).map_err(Problem::from)?;
            let term = plan.differing_term(&found.plan.clone().tidied()).or(state.puts_on_sale(found.state).then_some("state"));
            if let Some(field) = term.filter(|_| !sets_prices) {
                return Err(prices_problem(field).into());
            }
            store_changed(tx, KeptPlan { plan, state, ..found }, StatusCode::OK).await
        })
    });
    done.await
}

/// Deletes a plan, so that nobody sees it any more; it can be restored.
#[utoipa::path(delete, path = "/plans/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 204, description = "The plan is deleted; it can be restored"), Problems))]
pub async fn delete_plan(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let found = store_hall::plans::get(tx, tenant, &id).await?;
            if found.deleted_at.is_some() {
                return Err(store::Error::NotFound.into());
            }
            store_changed(tx, KeptPlan { deleted_at: Some(now), ..found }, StatusCode::NO_CONTENT).await
        })
    });
    done.await
}

/// Restores a deleted plan as it was; one that is not deleted stays as it is.
///
/// A plan that was on sale is on sale again, which needs the permission to set prices.
#[utoipa::path(post, path = "/plans/{id}/restore", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 200, body = StaffPlan), Problems))]
pub async fn restore_plan(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, may_be_offered) = (actor.tenant(), require_prices(&actor, "state"));
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let found = store_hall::plans::get(tx, tenant, &id).await?;
            if found.deleted_at.is_none() {
                return Answer::json(StatusCode::OK, &StaffPlan::from(found));
            }
            if found.state == GoodsState::Live {
                may_be_offered?;
            }
            store_changed(tx, KeptPlan { deleted_at: None, ..found }, StatusCode::OK).await
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/plans";

    #[tokio::test]
    async fn a_plan_is_published_shown_to_customers_and_withdrawn() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        let shown = async || app.get("/api/v1/sites/alpha/catalogue").await.expect(200)["plans"].clone();
        let made = ada.post(PATH, json!({"name": {"zh": "云享59", "en": "Cloud 59"}, "monthly_fee_fen": 5900, "data_gb": 40})).await.expect(201);
        assert_eq!((&made["id"], &made["state"], &made["audience"]), (&json!("cloud-59"), &json!("draft"), &json!("everyone")));
        assert_eq!(shown().await, json!([]));
        let one = format!("{PATH}/cloud-59");
        let live = ada.patch(&one, json!({"state": "live", "monthly_fee_fen": 4900, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!((&shown().await[0]["monthly_fee_fen"], &shown().await[0]["data_gb"]), (&json!(4900), &json!(40)));
        ada.patch(&one, json!({"state": "off", "seen": made["updated_at"]})).await.problem(409, "conflict");
        ada.patch(&one, json!({"state": "off", "seen": live["updated_at"]})).await.expect(200);
        assert_eq!(shown().await, json!([]));
        assert_eq!(ada.delete(&one).await.status.as_u16(), 204);
        ada.get(&one).await.problem(404, "not_found");
        ada.delete(&one).await.problem(404, "not_found");
        let listed = async |query: &str| ada.get(&format!("{PATH}?{query}")).await.expect(200)["items"].as_array().unwrap().len();
        assert_eq!((listed("").await, listed("deleted=true").await), (0, 1));
        // Its id is not given to another plan.
        let other = ada.post(PATH, json!({"name": {"en": "Cloud 59"}, "monthly_fee_fen": 1})).await.expect(201);
        assert_eq!(other["id"], json!("cloud-59-2"));
        ada.post(&format!("{one}/restore"), json!({})).await.expect(200);
        assert_eq!((listed("q=cloud").await, listed("state=off").await, listed("q=nothing").await), (2, 1, 0));
        app.get(PATH).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn who_may_not_set_prices_changes_texts_and_nothing_that_is_paid_or_given_for_it() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let new = json!({"name": {"en": "Cloud"}, "monthly_fee_fen": 100, "data_gb": 4});
        ada.post(PATH, new.clone()).await.problem_at(403, "not_permitted", "monthly_fee_fen");
        let made = mira.post(PATH, new).await.expect(201);
        let one = format!("{PATH}/cloud");
        let change = |field: &str, value: &serde_json::Value, seen: &serde_json::Value| json!({field: value, "seen": seen});
        let terms = [
            ("monthly_fee_fen", json!(99)),
            ("data_gb", json!(5)),
            ("voice_min", json!(5)),
            ("sms", json!(5)),
            ("roaming", json!({"data_gb": 1, "voice_min": 0, "destinations": 0})),
            ("broadband_mbps", json!(5)),
            ("contract_months", json!(5)),
            ("supplementary_cards", json!({"max": 1, "free": 1})),
            ("audience", json!("households")),
            ("state", json!("live")),
        ];
        for (field, value) in &terms {
            ada.patch(&one, change(field, value, &made["updated_at"])).await.problem_at(403, "not_permitted", field);
        }
        assert_eq!(ada.get(&one).await.expect(200), made);
        let texts =
            json!({"name": {"en": "Cloud A"}, "notes": {"en": "Worth it"}, "monthly_fee_fen": 100, "data_gb": 4, "audience": "", "seen": made["updated_at"]});
        let mut last = ada.patch(&one, texts).await.expect(200);
        assert_eq!((&last["name"]["en"], &last["notes"]["en"], &last["monthly_fee_fen"]), (&json!("Cloud A"), &json!("Worth it"), &json!(100)));
        for (field, value) in &terms {
            last = mira.patch(&one, change(field, value, &last["updated_at"])).await.expect(200);
        }
    }

    #[tokio::test]
    async fn who_may_not_set_prices_takes_plans_off_sale_and_offers_none() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let made = mira.post(PATH, json!({"name": {"en": "Cloud"}, "monthly_fee_fen": 100, "state": "live"})).await.expect(201);
        let (one, restore) = (format!("{PATH}/cloud"), format!("{PATH}/cloud/restore"));
        let off = ada.patch(&one, json!({"state": "off", "seen": made["updated_at"]})).await.expect(200);
        ada.patch(&one, json!({"state": "live", "seen": off["updated_at"]})).await.problem_at(403, "not_permitted", "state");
        // Nothing is offered, so whoever deleted it can restore it.
        assert_eq!(ada.delete(&one).await.status.as_u16(), 204);
        let back = ada.post(&restore, json!({})).await.expect(200);
        assert_eq!(back["state"], json!("off"));
        mira.patch(&one, json!({"state": "live", "seen": back["updated_at"]})).await.expect(200);
        assert_eq!(ada.delete(&one).await.status.as_u16(), 204);
        ada.post(&restore, json!({})).await.problem_at(403, "not_permitted", "state");
        ada.get(&one).await.problem(404, "not_found");
        assert_eq!(mira.post(&restore, json!({})).await.expect(200)["state"], json!("live"));
        ada.post(&restore, json!({})).await.expect(200);
    }

    #[tokio::test]
    async fn each_rule_names_its_field() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        for (field, value, named) in [
            ("name", json!({"zh": " "}), "name"),
            ("monthly_fee_fen", json!(-1), "monthly_fee_fen"),
            ("data_gb", json!(1_000_001), "data_gb"),
            ("roaming", json!({"data_gb": 1, "voice_min": 1, "destinations": 301}), "roaming.destinations"),
            ("supplementary_cards", json!({"max": 1, "free": 2}), "supplementary_cards.free"),
            ("contract_months", json!(121), "contract_months"),
            ("audience", json!("a".repeat(61)), "audience"),
            ("notes", json!({"en": "x".repeat(1001)}), "notes"),
        ] {
            let mut body = json!({"name": {"en": "Cloud"}, "monthly_fee_fen": 1});
            body[field] = value;
            ada.post(PATH, body).await.problem_at(422, "invalid_value", named);
        }
    }

    #[tokio::test]
    async fn the_bot_follows_at_once() {
        let app = TestApp::with_demo().await;
        let company = app.demo().await;
        let mira = app.staff_of(&company, Role::Manager, "mira").await;
        let tried = async || mira.get("/api/v1/knowledge/try?text=云享59多少钱&lang=zh-CN").await.expect(200)["text"].to_string();
        assert!(tried().await.contains("59"));
        let one = mira.get(&format!("{PATH}/cloud-59")).await.expect(200);
        mira.patch(&format!("{PATH}/cloud-59"), json!({"monthly_fee_fen": 6100, "seen": one["updated_at"]})).await.expect(200);
        testkit::eventually("the bot knows the new fee", async || tried().await.contains("61").then_some(())).await;
    }
}
