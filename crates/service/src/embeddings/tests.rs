//! Embeddings with a model that answers, is slow, or lies.

use std::collections::VecDeque;

use super::*;

/// What a model does with a request.
enum Does {
    Answers(Vec<Vec<f32>>),
    Hangs,
    Fails,
    IsAway,
}

/// A model that does one thing after another, and notes what it was asked.
struct Script(Shared);

/// What it will do, and the texts it was sent.
type Shared = Arc<Mutex<(VecDeque<Does>, Vec<String>)>>;

impl Encoder for Script {
    fn encode(&self, _: TenantId, texts: Vec<String>) -> Encoding<'_> {
        let next = {
            let mut script = self.0.lock().unwrap();
            script.1.extend(texts);
            script.0.pop_front()
        };
        Box::pin(async move {
            match next {
                Some(Does::Answers(vectors)) => Ok(vectors),
                Some(Does::Hangs) => std::future::pending().await,
                Some(Does::IsAway) => Err(Failure::new(FailureKind::Unreachable, "nobody there")),
                Some(Does::Fails) | None => Err(Failure::new(FailureKind::Refused, "no")),
            }
        })
    }
}

fn embeddings(script: Vec<Does>) -> (Embeddings, Shared) {
    let script = Arc::new(Mutex::new((script.into(), Vec::new())));
    let encoder: Box<dyn Encoder> = Box::new(Script(script.clone()));
    let model = Model { name: "m".to_owned(), place: Place::Endpoint, encoder: Ok(encoder), deadline: Duration::from_millis(20), batch: 8 };
    (Embeddings::new(model, Ts(0)), script)
}

fn tenant() -> TenantId {
    TenantId::new(uuid::Uuid::nil())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn vectors_are_not_believed() {
    let kind = |vectors: Vec<Vec<f32>>, texts, dimensions| checked(vectors, texts, dimensions).map_err(|failure| failure.kind);
    assert_eq!(kind(vec![vec![3.0, 4.0]], 1, None).unwrap()[0].as_ref(), [0.6, 0.8]);
    assert_eq!(kind(vec![vec![1.0, 0.0]], 2, None), Err(FailureKind::WrongCount));
    assert_eq!(kind(vec![vec![1.0]; 3], 2, None), Err(FailureKind::WrongCount));
    assert_eq!(kind(vec![vec![1.0, 0.0]], 1, Some(3)), Err(FailureKind::WrongDimensions));
    assert_eq!(kind(vec![vec![1.0, 0.0], vec![1.0]], 2, None), Err(FailureKind::WrongDimensions));
    assert_eq!(kind(vec![vec![]], 1, None), Err(FailureKind::WrongDimensions));
    assert_eq!(kind(vec![vec![1.0; MOST_DIMENSIONS + 1]], 1, None), Err(FailureKind::WrongDimensions));
    for bad in [f32::NAN, f32::INFINITY, 0.0] {
        assert_eq!(kind(vec![vec![bad, 0.0]], 1, None), Err(FailureKind::NotNumbers), "{bad}");
    }
}

#[tokio::test]
async fn personal_data_is_masked_before_it_is_sent() {
    let (embeddings, script) = embeddings(vec![Does::Answers(vec![vec![1.0]])]);
    embeddings.encode(tenant(), &texts(&["call me at 13800138000 or ada@example.com"]), Ts(0)).await.unwrap();
    assert_eq!(script.lock().unwrap().1, ["call me at ••• or •••"]);
}

#[tokio::test]
async fn a_model_that_fails_is_left_alone_for_a_while_and_then_asked_again() {
    let (embeddings, script) = embeddings(vec![Does::Fails, Does::Fails, Does::Fails, Does::Answers(vec![vec![1.0]]), Does::Answers(vec![vec![1.0, 2.0]])]);
    assert_eq!(embeddings.status().condition, Condition::Unused);
    for now in 1..10 {
        assert_eq!(embeddings.encode(tenant(), &texts(&["a"]), Ts(now)).await, None);
    }
    assert_eq!(script.lock().unwrap().1.len(), 3, "then it was left alone");
    let failed = embeddings.status();
    assert_eq!((failed.condition, failed.failure), (Condition::Failing, Some((Failure::new(FailureKind::Refused, "no"), Ts(3)))));
    let later = Ts(3 + PAUSE_MS);
    assert!(embeddings.encode(tenant(), &texts(&["a"]), later).await.is_some());
    let works = embeddings.status();
    assert_eq!((works.condition, works.dimensions, works.failure.is_some()), (Condition::Working, Some(1), true), "what happened stays on record");
    assert_eq!(embeddings.encode(tenant(), &texts(&["a"]), later).await, None, "its vectors have another size now");
    assert_eq!(embeddings.status().failure.map(|(failure, _)| failure.kind), Some(FailureKind::WrongDimensions));
}

#[tokio::test]
async fn what_one_company_sends_takes_the_model_from_nobody_else() {
    let (embeddings, script) = embeddings(vec![Does::Fails, Does::Fails, Does::Fails, Does::IsAway, Does::IsAway, Does::IsAway]);
    let other = TenantId::new(uuid::Uuid::from_u128(2));
    let asked = async |of: TenantId, text: &str| {
        embeddings.encode(of, &texts(&[text]), Ts(1)).await;
        script.lock().unwrap().1.len()
    };
    for n in [1, 2, 3, 3] {
        assert_eq!(asked(tenant(), "refused").await, n);
    }
    for n in [4, 5, 6, 6] {
        assert_eq!(asked(other, "fine").await, n, "until it cannot be reached, whoever asks");
    }
    assert_eq!(asked(TenantId::new(uuid::Uuid::from_u128(3)), "fine").await, 6);
}

#[tokio::test]
async fn a_model_that_cannot_be_used_is_never_asked() {
    let failure = Failure::new(FailureKind::Folder, "model.safetensors: it is missing");
    let encoder = Err(failure.clone());
    let model = Model { name: "m".to_owned(), place: Place::Folder, encoder, deadline: Duration::from_millis(20), batch: 8 };
    let embeddings = Embeddings::new(model, Ts(7));
    assert_eq!(embeddings.encode(tenant(), &texts(&["a"]), Ts(8)).await, None);
    let status = embeddings.status();
    assert_eq!((status.condition, status.failure), (Condition::Failing, Some((failure, Ts(7)))));
}

/// A bot for which embeddings count, without any fit.
fn counting_bot(embeddings: &Embeddings) -> Bot {
    let entry =
        |id: &str, zh: &str| bot::Entry { id: id.to_owned(), question: bot::Bilingual { zh: zh.to_owned(), en: String::new() }, ..bot::Entry::default() };
    let knowledge = bot::Knowledge { entries: vec![entry("a", "怎么换套餐"), entry("b", "怎么开发票")], ..bot::Knowledge::default() };
    let gates = bot::gate::Gates::usual();
    let fitted = bot::gate::Fitted { model: "m".to_owned(), zh: Some(bot::gate::Weighted { weight: 1.0, gate: gates.zh }), en: None };
    let known: HashMap<String, Vector> =
        [("怎么换套餐", [1.0, 0.0]), ("怎么开发票", [0.0, 1.0])].map(|(text, vector)| (text.to_owned(), Arc::from(vector))).into();
    Bot::train(knowledge).with_embeddings(&fitted, &known, &embeddings.lines())
}

#[tokio::test]
async fn a_slow_model_holds_up_no_answer_and_what_it_knew_is_asked_once() {
    let (embeddings, script) = embeddings(vec![Does::Hangs, Does::Answers(vec![vec![0.0, 2.0]])]);
    let bot = counting_bot(&embeddings);
    let line = "报销要的那个凭证";
    for _ in 0..3 {
        embeddings.prepare(tenant(), &bot, line, BotLang::Zh, Ts(0)).await;
    }
    assert_eq!(script.lock().unwrap().1, [line, line], "it was slow, then it answered, then the answer was known");
    let failure = embeddings.status().failure.unwrap().0;
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::Slow, "no answer within 20 ms"));
    assert_eq!(bot.ranked_ids(line, BotLang::Zh).0, ["b", "a"]);
}
