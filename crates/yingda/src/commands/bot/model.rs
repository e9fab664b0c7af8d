//! A model of sentence embeddings in a folder, for the commands that measure.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use bot::embed::{Vector, Vectors, unit};
use domain::masking::masked;
use embedding::VectorOf;

/// A model in a folder (`config.json`, `tokenizer.json`, `model.safetensors`).
pub struct Model {
    vector_of: VectorOf,
    lines: Arc<Lines>,
}

/// The vectors of the lines that were read so far.
#[derive(Default)]
struct Lines(Mutex<HashMap<String, Vector>>);

impl Vectors for Lines {
    fn of(&self, text: &str) -> Option<Vector> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned()
    }
}

impl Model {
    /// Opens a model; an error names the option and what is wrong.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let vector_of = embedding::model_in(folder).map_err(|why| anyhow::anyhow!("--embed: {why}"))?;
        Ok(Self { vector_of, lines: Arc::default() })
    }

    /// The vectors of texts, with length 1.
    pub fn vectors(&self, texts: impl IntoIterator<Item = String>) -> anyhow::Result<HashMap<String, Vector>> {
        texts.into_iter().map(|text| Ok((text.clone(), self.vector(&text)?))).collect()
    }

    /// Reads lines, so that [`Self::lines`] know their vectors.
    pub fn read(&self, lines: Vec<String>) -> anyhow::Result<()> {
        let vectors = self.vectors(lines)?;
        self.lines.0.lock().unwrap_or_else(PoisonError::into_inner).extend(vectors);
        Ok(())
    }

    /// Where a bot finds the vectors of the lines that were read.
    pub fn lines(&self) -> Arc<dyn Vectors> {
        self.lines.clone()
    }

    /// As the server asks for it: personal data is masked, and what is no vector is an error.
    fn vector(&self, text: &str) -> anyhow::Result<Vector> {
        let vector = (self.vector_of)(&masked(text)).map_err(|why| anyhow::anyhow!("--embed: {why}"))?;
        unit(vector).ok_or_else(|| anyhow::anyhow!("--embed: of {text:?}, the model gives something that is no vector"))
    }
}
