//! A model in a folder: `config.json`, `tokenizer.json` and `model.safetensors`, as sentence encoders are published. A folder `1_Pooling` may say how the tokens
//! become one vector; without it, their mean does.

use std::{path::Path, sync::Arc};

use domain::id::TenantId;
use ndarray::Axis;
use serde::{Deserialize, de::DeserializeOwned};
use service::embeddings::{Encoder, Encoding, Failure, FailureKind};
use sha2::{Digest as _, Sha256};
use tokenizers::{Tokenizer, TruncationParams};
use tokio::sync::Semaphore;

use crate::bert::{Bert, Config};

/// Longer texts are cut to so many tokens, even if the model could read more.
const MOST_TOKENS: usize = 256;
/// So many requests are computed at once.
const AT_ONCE: usize = 2;

/// Why a folder cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct FolderError {
    /// The file that is missing or wrong.
    pub file: &'static str,
    /// What is wrong.
    pub what: String,
}

#[derive(Debug, Default, Deserialize)]
struct Pooling {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

struct Model {
    bert: Bert,
    tokenizer: Tokenizer,
    /// Whether the first token stands for the text, and not the mean of all.
    first_token: bool,
}

/// The model of a folder.
pub struct Folder {
    name: String,
    model: Arc<Model>,
    places: Arc<Semaphore>,
}

const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";
const WEIGHTS: &str = "model.safetensors";
const POOLING: &str = "1_Pooling/config.json";

fn read(folder: &Path, file: &'static str) -> Result<Vec<u8>, FolderError> {
    std::fs::read(folder.join(file)).map_err(|error| FolderError { file, what: format!("it cannot be read ({error})") })
}

fn parse<T: DeserializeOwned>(file: &'static str, bytes: &[u8]) -> Result<T, FolderError> {
    serde_json::from_slice(bytes).map_err(|error| FolderError { file, what: error.to_string() })
}

impl Folder {
    /// Reads a model; an error names the file that is wrong.
    pub fn open(folder: &Path) -> Result<Self, FolderError> {
        let (config_bytes, tokenizer_bytes, weights) = (read(folder, CONFIG)?, read(folder, TOKENIZER)?, read(folder, WEIGHTS)?);
        let config: Config = parse(CONFIG, &config_bytes)?;
        if let Some(what) = config.fault() {
            return Err(FolderError { file: CONFIG, what });
        }
        let first_token = if folder.join(POOLING).exists() {
            let pooling: Pooling = parse(POOLING, &read(folder, POOLING)?)?;
            if pooling.pooling_mode_cls_token == pooling.pooling_mode_mean_tokens {
                return Err(FolderError { file: POOLING, what: "either the mean of the tokens or the first token can be used".to_owned() });
            }
            pooling.pooling_mode_cls_token
        } else {
            false
        };
        let wrong = |what: String| FolderError { file: TOKENIZER, what };
        let mut tokenizer = Tokenizer::from_bytes(&tokenizer_bytes).map_err(|error| wrong(error.to_string()))?;
        let truncation = TruncationParams { max_length: config.longest().min(MOST_TOKENS), ..TruncationParams::default() };
        tokenizer.with_padding(None).with_truncation(Some(truncation)).map_err(|error| wrong(error.to_string()))?;
        if tokenizer.get_vocab_size(true) > config.vocab_size {
            return Err(wrong(format!("it knows {} tokens, and config.json only {}", tokenizer.get_vocab_size(true), config.vocab_size)));
        }
        let sum = [&config_bytes, &tokenizer_bytes, &weights].into_iter().fold(Sha256::new(), |sum, bytes| sum.chain_update(Sha256::digest(bytes))).finalize();
        let sum: String = sum.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let bert = Bert::read(config, &weights).map_err(|what| FolderError { file: WEIGHTS, what })?;
        let name = format!("{}-{sum}", crate::name_of(folder));
        Ok(Self { name, model: Arc::new(Model { bert, tokenizer, first_token }), places: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The name of the folder, with a checksum of its files: other weights have another name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The vector of a text; its length is not 1 yet.
    pub fn vector(&self, text: &str) -> Result<Vec<f32>, Failure> {
        self.model.vector(text)
    }
}

impl Model {
    fn vector(&self, text: &str) -> Result<Vec<f32>, Failure> {
        let failed = |what: String| Failure::new(FailureKind::Folder, what);
        let encoding = self.tokenizer.encode(text, true).map_err(|error| failed(format!("{TOKENIZER}: {error}")))?;
        if encoding.get_ids().is_empty() {
            return Err(failed(format!("{TOKENIZER}: a text has no token")));
        }
        let tokens = self.bert.run(encoding.get_ids()).map_err(failed)?;
        let pooled = if self.first_token { Some(tokens.row(0).to_owned()) } else { tokens.mean_axis(Axis(0)) };
        Ok(pooled.map(|vector| vector.to_vec()).unwrap_or_default())
    }
}

impl Encoder for Folder {
    fn encode(&self, _: TenantId, texts: Vec<String>) -> Encoding<'_> {
        let (model, places) = (self.model.clone(), self.places.clone());
        Box::pin(async move {
            let stopped = |_| Failure::new(FailureKind::Folder, "computing was interrupted");
            let place = places.acquire_owned().await.map_err(|_| Failure::new(FailureKind::Folder, "computing was interrupted"))?;
            let computed = tokio::task::spawn_blocking(move || {
                let vectors = texts.iter().map(|text| model.vector(text)).collect();
                drop(place);
                vectors
            });
            computed.await.map_err(stopped)?
        })
    }
}

#[cfg(test)]
mod tests;
