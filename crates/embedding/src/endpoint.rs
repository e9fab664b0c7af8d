//! A model at an address that speaks OpenAI's protocol for embeddings.

use bytes::Bytes;
use domain::id::TenantId;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use platform::egress::{self, Call, Egress, Limits, Purpose, Target};
use serde::{Deserialize, Serialize};
use service::embeddings::{Encoder, Encoding, Failure, FailureKind};

/// The most bytes read of an answer: 512 vectors of 8,192 numbers are larger, but no service sends as many at once.
const MOST_BYTES: usize = 16 * 1024 * 1024;

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: Vec<String>,
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    embedding: Vec<f32>,
    #[serde(default)]
    index: Option<usize>,
}

/// The model.
pub(crate) struct Endpoint {
    egress: Egress,
    target: Target,
    headers: HeaderMap,
    model: String,
}

impl Endpoint {
    /// The model called `model` at an address; fails if no request may go there or the key cannot be sent.
    pub(crate) fn open(url: &str, model: &str, key: Option<&str>, egress: &Egress) -> Result<Box<dyn Encoder>, Failure> {
        let bad = |detail: String| Failure::new(FailureKind::Unreachable, detail);
        let target = egress.target(&format!("{}/embeddings", url.trim_end_matches('/'))).map_err(|why| bad(format!("[embedding] url: {why}")))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Yingda/1"));
        if let Some(key) = key {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| bad("[embedding] key: it contains characters that no key has".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        Ok(Box::new(Self { egress: egress.clone(), target, headers, model: model.to_owned() }))
    }

    async fn ask(&self, tenant: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Failure> {
        let malformed = |detail: String| Failure::new(FailureKind::Malformed, detail);
        let request = Request { model: &self.model, input: texts, encoding_format: "float" };
        let body = serde_json::to_vec(&request).map_err(|error| malformed(error.to_string()))?;
        let failed = |failure: egress::Failure| match failure {
            egress::Failure::TimedOut => Failure::new(FailureKind::Slow, "the service did not answer in time"),
            other => Failure::new(FailureKind::Unreachable, format!("the service cannot be reached ({})", other.code())),
        };
        let limits = Limits::within(egress::WITHIN, MOST_BYTES);
        let call = Call::post_json(tenant, Purpose::Embeddings, self.headers.clone(), Bytes::from(body), limits);
        let mut answer = self.egress.open(&self.target, call).await.map_err(failed)?;
        let (status, body) = (answer.status, answer.beginning(MOST_BYTES).await.map_err(failed)?);
        if status != StatusCode::OK {
            return Err(Failure::new(FailureKind::Refused, format!("the service answered with status {}", status.as_u16())));
        }
        let Answer { mut data } = serde_json::from_slice(&body).map_err(|_| malformed("the answer is not the JSON of a list of embeddings".to_owned()))?;
        // The order is said by the numbers, if they are there.
        if data.iter().all(|item| item.index.is_some()) {
            data.sort_by_key(|item| item.index);
            if data.iter().enumerate().any(|(at, item)| item.index != Some(at)) {
                return Err(Failure::new(FailureKind::WrongCount, "the answer has texts twice or not at all"));
            }
        }
        Ok(data.into_iter().map(|item| item.embedding).collect())
    }
}

impl Encoder for Endpoint {
    fn encode(&self, tenant: TenantId, texts: Vec<String>) -> Encoding<'_> {
        Box::pin(self.ask(tenant, texts))
    }
}
