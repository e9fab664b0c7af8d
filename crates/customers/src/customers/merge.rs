//! `POST /api/v1/customers/{id}/merge`

use axum::{extract::State, http::StatusCode};
use domain::{id::CustomerId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store_hall::customers;
use utoipa::ToSchema;

use super::{
    permit, seen,
    view::{CustomerProfile, profile},
};
use crate::table::merges;

/// The most customers that are merged into one.
pub const MAX_MERGED: usize = 20;

/// Into whom to merge a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// The customer whose profile shows both.
    pub into: CustomerId,
}

/// Takes a customer for one person with another one: the profile of `into` shows both, and searches find it by both. Returns that profile.
///
/// Nothing of either is moved, so it can be undone at any time: each still signs in as before and sees their own conversations only. A customer into whom others
/// are merged is not merged itself; merge the other way round.
#[utoipa::path(post, path = "/customers/{id}/merge", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path), OnceHeader),
    request_body = NewMerge, responses((status = 200, body = CustomerProfile), Problems), extensions(("x-announces" = json!(null))))]
pub async fn merge_customer(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<CustomerId>,
    OnceJson(once, NewMerge { into }): OnceJson<NewMerge>,
) -> Result<Answer, Problem> {
    permit(&actor)?;
    let permitted = actor.require(Permission::EditCustomers)?;
    let (tenant, vault, staff) = (actor.tenant(), app.vault(), actor.staff.clone());
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            seen(tx, &staff, id).await?;
            if id == into {
                return Err(Problem::invalid("into", Code::InvalidValue, "choose another customer: nobody is merged with themselves").into());
            }
            if let Err(error) = seen(tx, &staff, into).await {
                return Err(match error {
                    store::Error::NotFound => Problem::invalid("into", Code::CustomerUnknown, "there is no such customer whom you may see").into(),
                    error => error.into(),
                });
            }
            // Two merges at once, and a merge and an erasure, wait for one another; in one order.
            for one in [id.min(into), id.max(into)] {
                customers::hold(tx, tenant, one).await?;
            }
            if !merges::of(tx, tenant, id).await?.is_empty() {
                let why = "the customer is merged with somebody already: undo that first, or merge the other way round";
                return Err(Problem::conflict(Code::CustomerMerged, why).into());
            }
            let with = merges::of(tx, tenant, into).await?;
            if with.iter().any(|merge| merge.customer_id == into.uuid()) {
                let why = "that customer is merged into somebody: choose the one who shows both";
                return Err(Problem { field: Some("into".to_owned()), ..Problem::conflict(Code::CustomerMerged, why) }.into());
            }
            if with.len() >= MAX_MERGED {
                return Err(Problem::invalid("into", Code::TooLarge, format!("at most {MAX_MERGED} customers are merged into one")).into());
            }
            merges::insert(tx, tenant, id, into, staff.agent).await?;
            Answer::json(StatusCode::OK, &profile(tx, &vault, &staff, into).await?)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn added(who: &StaffClient, name: &str) -> String {
        let made: Value = who.post("/api/v1/customers", json!({"name": name})).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn nobody_is_merged_with_themselves_with_a_stranger_or_twice() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let [a, b, c] = [added(&mira, "A").await, added(&mira, "B").await, added(&mira, "C").await];
        let path = |id: &str| format!("/api/v1/customers/{id}/merge");
        mira.post(&path(&a), json!({"into": a})).await.problem_at(422, "invalid_value", "into");
        mira.post(&path(&a), json!({"into": format!("cst_{}", "0".repeat(32))})).await.problem_at(422, "customer_unknown", "into");
        let beta = app.other_company("beta").await;
        let eve = app.staff_of(&beta, domain::staff::Role::Manager, "eve").await;
        let theirs = added(&eve, "E").await;
        mira.post(&path(&a), json!({"into": theirs})).await.problem_at(422, "customer_unknown", "into");
        eve.post(&path(&a), json!({"into": theirs})).await.problem(404, "not_found");
        mira.post(&path(&a), json!({"into": b})).await.expect(200);
        mira.post(&path(&a), json!({"into": c})).await.problem(409, "customer_merged");
        mira.post(&path(&b), json!({"into": c})).await.problem(409, "customer_merged");
        mira.post(&path(&c), json!({"into": a})).await.problem_at(409, "customer_merged", "into");
        app.agent("ada").await.post(&path(&c), json!({"into": b})).await.problem(404, "not_found");
    }
}
