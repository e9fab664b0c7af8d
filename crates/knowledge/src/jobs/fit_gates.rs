//! Fits from when on the bot answers and offers to each knowledge that was published, with and without sentence embeddings, and searches it for doubtful
//! phrasings.

use std::time::Duration;

use http_kit::App;

/// How soon after a publication, or a start, it is done.
const EVERY: Duration = Duration::from_secs(20);

/// Runs until the program ends, on the node that leads. One after the other: a fit takes seconds of a core.
pub async fn run(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        if app.cluster().leads()
            && let Err(error) = step(&app).await
        {
            tracing::warn!(error = %error, "what was published could not be fitted or searched and will be tried again");
        }
    }
}

/// Fits and searches all that were not yet.
pub async fn step(app: &App) -> Result<(), service::bots::Error> {
    while service::bots::fit_gates(app.bots(), app.db()).await? {}
    if let Some(embeddings) = app.bots().embeddings() {
        while service::embeddings::work::embed_published(embeddings, app.db(), app.bots().until_the_end()).await? {}
    }
    while service::learning::work::search_published(app.bots(), app.db(), app.env().uuid()).await? {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    use super::step;

    #[tokio::test]
    async fn what_was_published_gets_its_gates_once() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let manager = app.manager("mira").await;
        let entry = json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "similar": {"zh": ["换个套餐"]}, "answer": {"zh": "在大厅里换。"}});
        manager.post("/api/v1/knowledge/entries", entry).await.expect(201);
        let revision = manager.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        manager.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
        let unfitted = async || store::entry_points::unfitted_knowledge(app.app().db()).await.unwrap();
        assert_eq!(unfitted().await, Some((app.company.tenant, 1)));
        step(app.app()).await.unwrap();
        assert_eq!(unfitted().await, None);
        let gates = store_knowledge::knowledge_versions::gates(&mut app.app().db().read().await.unwrap(), app.company.tenant).await.unwrap();
        let gates: bot::gate::Gates = serde_json::from_str(&gates.unwrap()).unwrap();
        assert_eq!(gates, bot::gate::Gates::usual(), "one wording is too little to fit anything to");
    }
}
