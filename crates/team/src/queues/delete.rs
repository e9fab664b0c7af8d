//! `DELETE /api/v1/queues/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::QueueId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::QueueView;

/// Removes a queue that no site and no conversation uses.
#[utoipa::path(delete, path = "/queues/{id}", tag = "queues", security(("staff" = [])), params(("id" = QueueId, Path), OnceHeader),
    responses((status = 204, description = "The queue was deleted"), Problems))]
pub async fn delete_queue(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<QueueId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = QueueView::read(tx, tenant, id).await?;
            match store::queues::uses(tx, tenant, id).await? {
                (0, 0) => {}
                (0, conversations) => {
                    let title = format!("{conversations} conversations wait in this queue or are served from it: move or finish them first");
                    return Err(Problem::in_use(Code::QueueInUse, "conversations", conversations, title).into());
                }
                (sites, _) => {
                    let title = format!("{sites} sites use this queue: choose a different one for them first");
                    return Err(Problem::in_use(Code::QueueInUse, "sites", sites, title).into());
                }
            }
            store::queues::delete(tx, tenant, id).await?;
            tx.note_change(&before, &());
            tx.announce(Changed::Queues).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_queue_in_use_stays_and_the_answer_says_by_what() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let refused = mira.delete(&format!("/api/v1/queues/{}", app.company.queue)).await.problem(409, "queue_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("sites"), &json!(1)));
        let other = mira.post("/api/v1/queues", json!({"name": {"zh": "别的"}})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let said = |n: u128, body: serde_json::Value| json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n), "body": body});
        let frames = json!({"frames": [said(1, json!({"type": "take"})), said(2, json!({"type": "transfer", "to": other}))]});
        ada.post("/rt/send", frames).await.expect(200);
        let path = format!("/api/v1/queues/{other}");
        let refused = mira.delete(&path).await.problem(409, "queue_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("conversations"), &json!(1)));
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
        // The conversation served from it continues with the bot.
        let answer = visitor.say(&conversation, false, json!({"type": "text", "text": "one more thing"})).await;
        assert_eq!(answer["t"], "ok", "{answer}");
        assert_eq!(mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["state"], "bot");
        ada.delete(&format!("/api/v1/queues/{}", app.company.queue)).await.problem(403, "not_permitted");
    }
}
