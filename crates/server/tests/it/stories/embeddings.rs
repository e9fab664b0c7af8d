//! Sentence embeddings from a service that is up, down, slow, or lying: the bot always answers, and administrators see what is the matter.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::State, http::HeaderMap, routing::post};
use domain::staff::Role;
use knowledge::jobs::fit_gates;
use platform::settings::{Embedding, EmbeddingModel};
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp};
use testkit_server::Client;

const ENTRIES: usize = 24;
const WORDINGS: usize = 5;
/// A wording that is in no knowledge, about the sixth entry.
const UNSEEN: &str = "龘靐齉爩";
const ABOUT: usize = 5;

/// How the service behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    Well,
    Fails,
    Hangs,
    OtherSize,
    OneTooMany,
    Nonsense,
}

struct Service {
    does: Mutex<Does>,
    /// What each text is about.
    about: HashMap<String, usize>,
    /// The texts that it was sent, and the headers of the last request.
    asked: Mutex<(Vec<String>, HeaderMap)>,
}

/// Wordings that have no character in common.
fn wording(entry: usize, number: usize) -> String {
    (0..4).filter_map(|at| char::from_u32(0x5000 + ((entry * WORDINGS + number) * 4 + at) as u32 * 3)).collect()
}

fn vector(service: &Service, text: &str, size: usize) -> Vec<f32> {
    let seed = text.bytes().fold(7u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let mut vector: Vec<f32> = (0..size).map(|at| (seed.wrapping_mul(2_654_435_761).rotate_left(at as u32) % 1000) as f32 / 4000.0 - 0.125).collect();
    if let Some(about) = service.about.get(text) {
        vector[*about] += 1.0;
    }
    vector
}

async fn embed(State(service): State<Arc<Service>>, headers: HeaderMap, Json(request): Json<Value>) -> Result<Json<Value>, axum::http::StatusCode> {
    let texts: Vec<String> = request["input"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect();
    {
        let (all, last) = &mut *service.asked.lock().unwrap();
        all.extend(texts.clone());
        *last = headers;
    }
    let does = *service.does.lock().unwrap();
    let size = if does == Does::OtherSize { 16 + ENTRIES } else { 8 + ENTRIES };
    let mut data: Vec<Value> = texts.iter().enumerate().map(|(at, text)| json!({"index": at, "embedding": vector(&service, text, size)})).collect();
    match does {
        Does::Well | Does::OtherSize => {}
        Does::Fails => return Err(axum::http::StatusCode::SERVICE_UNAVAILABLE),
        Does::Hangs => std::future::pending().await,
        Does::OneTooMany => data.push(json!({"index": data.len(), "embedding": vector(&service, "more", size)})),
        Does::Nonsense => data = vec![json!({"index": 0, "embedding": [null]})],
    }
    // the order is told by the numbers
    data.reverse();
    Ok(Json(json!({"object": "list", "model": request["model"], "data": data})))
}

/// A company with a knowledge that nobody can look anything up in by its letters, and a service that knows what each wording is about.
async fn story_begins() -> (TestApp, Arc<Service>) {
    let wordings = (0..ENTRIES).flat_map(|entry| (0..WORDINGS).map(move |number| (wording(entry, number), entry)));
    let about = wordings.chain([(UNSEEN.to_owned(), ABOUT)]).collect();
    let service = Arc::new(Service { does: Mutex::new(Does::Well), about, asked: Mutex::default() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let routes = Router::new().route("/v1/embeddings", post(embed)).with_state(service.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let app = TestApp::new().await;
    app.topic("plans").await;
    let manager = app.manager("mira").await;
    for entry in 0..ENTRIES {
        let similar: Vec<String> = (1..WORDINGS).map(|number| wording(entry, number)).collect();
        let answer = format!("第{entry}条。");
        let new = json!({"category": "plans", "question": {"zh": wording(entry, 0)}, "similar": {"zh": similar}, "answer": {"zh": answer}});
        manager.post("/api/v1/knowledge/entries", new).await.expect(201);
    }
    publish(&manager).await;
    let mut stopped = app.stopped().await;
    let model = EmbeddingModel::Endpoint { url, name: "planted".to_owned(), key: Some("sesame".to_owned()) };
    stopped.settings().embedding = Some(Embedding { model, deadline: Duration::from_millis(500), batch: 64 });
    (stopped.start().await, service)
}

async fn publish(manager: &Client) {
    let revision = manager.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
    manager.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
}

/// What the bot does with a sentence: the outcome, and the text.
async fn tried(manager: &Client, text: &str) -> (String, String) {
    let tried = manager.get_with("/api/v1/knowledge/try", &[("text", text), ("lang", "zh-CN")]).await.expect(200);
    (tried["outcome"].as_str().unwrap().to_owned(), tried["text"].as_str().unwrap().to_owned())
}

async fn model_of(administrator: &StaffClient) -> Value {
    administrator.get("/api/v1/company/embeddings").await.expect(200)["model"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_knows_is_answered_and_when_it_fails_the_bot_answers_without_it() {
    let (app, service) = story_begins().await;
    let (manager, tara) = (app.manager("grace").await, app.staff(Role::Administrator, "tara").await);
    let right = format!("第{ABOUT}条。");
    let nothing = json!({"name": "planted", "place": "endpoint", "condition": "unused", "dimensions": null, "failure": null});
    assert_eq!(tara.get("/api/v1/company/embeddings").await.expect(200), json!({"model": nothing, "weights": null}));
    assert_ne!(tried(&manager, UNSEEN).await.1, right, "its letters say nothing");

    fit_gates::step(app.app()).await.unwrap();
    let seen = tara.get("/api/v1/company/embeddings").await.expect(200);
    assert_eq!((&seen["model"]["condition"], &seen["model"]["dimensions"]), (&json!("working"), &json!(ENTRIES + 8)));
    assert!(seen["weights"]["zh"].as_f64().is_some_and(|weight| weight > 0.2), "{seen}");
    assert_eq!(seen["weights"]["en"], json!(null), "there are no English wordings");
    {
        let (_, headers) = &*service.asked.lock().unwrap();
        assert_eq!(headers["authorization"], "Bearer sesame");
    }
    app.app().bots().forget_all();
    assert_eq!(tried(&manager, UNSEEN).await, ("confident".to_owned(), right.clone()));

    // what a customer asks is answered as well, and sent without their number
    let visitor = app.visitor().await;
    let conversation = visitor.open(&format!("{UNSEEN} 13800138000")).await;
    app.bot_is_done().await;
    assert_eq!(service.asked.lock().unwrap().0.last().map(String::as_str), Some(format!("{UNSEEN} •••").as_str()), "{conversation}");

    // publishing again costs little, because the vectors are stored
    service.asked.lock().unwrap().0.clear();
    let new = json!({"category": "plans", "question": {"zh": "龤龢龣"}, "answer": {"zh": "龡龠龝"}});
    manager.post("/api/v1/knowledge/entries", new).await.expect(201);
    publish(&manager).await;
    fit_gates::step(app.app()).await.unwrap();
    let mut asked = service.asked.lock().unwrap().0.clone();
    asked.sort();
    assert_eq!(asked, ["龡龠龝", "龤龢龣"], "only what is new");
    app.app().bots().forget_all();

    for (does, kind) in [
        (Does::Fails, "refused"),
        (Does::OtherSize, "wrong_dimensions"),
        (Does::OneTooMany, "wrong_count"),
        (Does::Nonsense, "malformed"),
        (Does::Hangs, "slow"),
    ] {
        *service.does.lock().unwrap() = does;
        app.clock.advance(31_000);
        let unknown = format!("{UNSEEN}{kind}");
        assert_ne!(tried(&manager, &unknown).await.1, right, "{does:?}");
        let model = model_of(&tara).await;
        assert_eq!((&model["condition"], &model["failure"]["kind"]), (&json!("failing"), &json!(kind)), "{model}");
        assert_eq!(tried(&manager, UNSEEN).await.1, right, "{does:?}: what was asked before is known");
    }

    // once it was slow three times in a row, nobody waits for it; later it is asked again
    service.asked.lock().unwrap().0.clear();
    let lines: Vec<String> = (0..5).map(|number| format!("{UNSEEN}等{number}")).collect();
    for line in &lines {
        tried(&manager, line).await;
    }
    assert_eq!(service.asked.lock().unwrap().0, lines[..2], "it is left alone");
    *service.does.lock().unwrap() = Does::Well;
    app.clock.advance(31_000);
    tried(&manager, &format!("{UNSEEN}再")).await;
    let model = model_of(&tara).await;
    assert_eq!((&model["condition"], &model["failure"]["kind"]), (&json!("working"), &json!("slow")), "what happened stays on record");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_used_stops_nothing() {
    let app = TestApp::new().await;
    let mut stopped = app.stopped().await;
    let model = EmbeddingModel::Folder("/no/such/encoder".into());
    stopped.settings().embedding = Some(Embedding { model, deadline: Duration::from_millis(100), batch: 8 });
    let app = stopped.start().await;
    let tara = app.staff(Role::Administrator, "tara").await;
    let model = model_of(&tara).await;
    assert_eq!((&model["name"], &model["condition"], &model["failure"]["kind"]), (&json!("encoder"), &json!("failing"), &json!("folder")), "{model}");
    fit_gates::step(app.app()).await.unwrap();
    let visitor = app.visitor().await;
    visitor.open("how do I change my plan?").await;
    app.bot_is_done().await;
    app.stop().await;
}
