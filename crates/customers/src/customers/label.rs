//! `PUT /api/v1/customers/{id}/labels`

use axum::{extract::State, http::StatusCode};
use domain::{
    id::{CustomerId, LabelId},
    label::MAX_LABELS_OF_CONVERSATION,
    policy::Permission,
    refusal::Code,
};
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
use crate::table::labels;

/// The labels of a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerLabels {
    /// All labels that the customer has from now on, at most 10.
    #[schema(max_items = 10)]
    pub labels: Vec<LabelId>,
}

/// Says which labels a customer has. One that is archived stays, but is not given any more.
#[utoipa::path(put, path = "/customers/{id}/labels", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path), OnceHeader),
    request_body = CustomerLabels, responses((status = 200, body = CustomerProfile), Problems), extensions(("x-announces" = json!(null))))]
pub async fn label_customer(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<CustomerId>,
    OnceJson(once, CustomerLabels { labels: wanted }): OnceJson<CustomerLabels>,
) -> Result<Answer, Problem> {
    permit(&actor)?;
    let permitted = actor.require(Permission::EditCustomers)?;
    if wanted.len() > MAX_LABELS_OF_CONVERSATION {
        return Err(Problem::invalid("labels", Code::TooManyLabelsGiven, format!("at most {MAX_LABELS_OF_CONVERSATION} labels")));
    }
    let (tenant, vault, staff) = (actor.tenant(), app.vault(), actor.staff.clone());
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            seen(tx, &staff, id).await?;
            // An erasure waits, and finds what is added here; or was first.
            customers::hold(tx, tenant, id).await?;
            let before = labels::of(tx, tenant, &[id.uuid()]).await?.remove(&id.uuid()).unwrap_or_default();
            let known = store_desk::labels::all(tx, tenant).await?;
            for label in &wanted {
                let may_be_given = known.iter().any(|one| one.id == *label && one.archived_at.is_none());
                if !may_be_given && before.iter().all(|one| one.id != *label) {
                    return Err(Problem::invalid("labels", Code::LabelUnknown, "one of the labels does not exist, or is archived").into());
                }
                labels::give(tx, tenant, id, *label, staff.agent).await?;
            }
            for label in before.iter().filter(|one| !wanted.contains(&one.id)) {
                labels::take_off(tx, tenant, id, label.id).await?;
            }
            let after = labels::of(tx, tenant, &[id.uuid()]).await?.remove(&id.uuid()).unwrap_or_default();
            tx.note_change(&before, &after);
            Answer::json(StatusCode::OK, &profile(tx, &vault, &staff, id).await?)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_customer_is_labelled_found_by_it_and_the_label_is_kept_while_somebody_has_it() {
        let app = TestApp::new().await;
        let (mira, root) = (app.manager("mira").await, app.staff(Role::Administrator, "root").await);
        let label = async |name: &str| root.post("/api/v1/labels", json!({"name": {"en": name}, "colour": "ok"})).await.expect(201)["id"].clone();
        let (vip, late) = (label("VIP").await, label("Late").await);
        let made = mira.post("/api/v1/customers", json!({"name": "A"})).await.expect(201);
        mira.post("/api/v1/customers", json!({"name": "B"})).await.expect(201);
        let path = format!("/api/v1/customers/{}/labels", made["id"].as_str().unwrap());
        let names = |of: &Value| of["labels"].as_array().unwrap().iter().map(|one| one["name"]["en"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

        let labelled = mira.put(&path, json!({"labels": [vip, late, vip]})).await.expect(200);
        assert_eq!((names(&made), names(&labelled)), (vec![], vec!["VIP".to_owned(), "Late".to_owned()]));
        let found = async |label: &Value| {
            let page = mira.get(&format!("/api/v1/customers?label={}", label.as_str().unwrap())).await.expect(200);
            page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(found(&vip).await, [made["id"].clone()]);
        root.delete(&format!("/api/v1/labels/{}", vip.as_str().unwrap())).await.problem(409, "label_in_use");
        mira.put(&path, json!({"labels": [late]})).await.expect(200);
        assert!(found(&vip).await.is_empty());
        assert_eq!(root.delete(&format!("/api/v1/labels/{}", vip.as_str().unwrap())).await.status.as_u16(), 204);
        mira.put(&path, json!({"labels": [late, vip]})).await.problem_at(422, "label_unknown", "labels");
        assert_eq!(found(&late).await.len(), 1, "a refusal changes nothing");
        let eleven: Vec<Value> = (0..11).map(|_| late.clone()).collect();
        mira.put(&path, json!({"labels": eleven})).await.problem_at(422, "too_many_labels_given", "labels");
        app.agent("ada").await.put(&path, json!({"labels": []})).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn whoever_others_are_merged_into_is_found_by_their_labels() {
        let app = TestApp::new().await;
        let (mira, root) = (app.manager("mira").await, app.staff(Role::Administrator, "root").await);
        let vip = root.post("/api/v1/labels", json!({"name": {"en": "VIP"}, "colour": "ok"})).await.expect(201)["id"].clone();
        let [a, b] = [mira.post("/api/v1/customers", json!({"name": "A"})).await, mira.post("/api/v1/customers", json!({"name": "B"})).await]
            .map(|made| made.expect(201)["id"].as_str().unwrap().to_owned());
        mira.put(&format!("/api/v1/customers/{a}/labels"), json!({"labels": [vip]})).await.expect(200);
        mira.post(&format!("/api/v1/customers/{a}/merge"), json!({"into": b})).await.expect(200);
        let page = mira.get(&format!("/api/v1/customers?label={}", vip.as_str().unwrap())).await.expect(200);
        assert_eq!((&page["items"][0]["id"], page["items"].as_array().unwrap().len()), (&json!(b), 1));
    }
}
