//! The models of sentence embeddings that the program can use: at an [`endpoint`], or, if it was built with the feature `embed`, in a [`folder`].

#[cfg(feature = "embed")]
mod bert;
mod endpoint;
#[cfg(feature = "embed")]
pub mod folder;

use domain::time::Ts;
use platform::{
    egress::Egress,
    settings::{Embedding, EmbeddingModel},
};
use service::embeddings::{Embeddings, Encoder, Failure, FailureKind, Model, Place};

use crate::endpoint::Endpoint;

/// What is said where a folder was named and the program cannot read one.
pub const NOT_BUILT_IN: &str = "this program was built without the feature `embed`, which models in a folder need: cargo build --release --features embed";

/// Embeddings as they are set up. A model that cannot be used is logged and reported; nothing else fails because of it.
pub fn open(settings: &Embedding, egress: &Egress, now: Ts) -> Embeddings {
    let (place, (name, encoder)) = match &settings.model {
        EmbeddingModel::Endpoint { url, name, key } => (Place::Endpoint, (name.clone(), Endpoint::open(url, name, key.as_deref(), egress))),
        EmbeddingModel::Folder(folder) => (Place::Folder, in_folder(folder)),
    };
    Embeddings::new(Model { name, place, encoder, deadline: settings.deadline, batch: settings.batch }, now)
}

/// Computes the vector of a text; its length need not be 1.
pub type VectorOf = Box<dyn Fn(&str) -> Result<Vec<f32>, String> + Send + Sync>;

/// The model in a folder, without a server around it.
#[cfg(feature = "embed")]
pub fn model_in(folder: &std::path::Path) -> Result<VectorOf, String> {
    let model = folder::Folder::open(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(Box::new(move |text| model.vector(text).map_err(|failure| failure.to_string())))
}

/// The model in a folder, which this program cannot read.
#[cfg(not(feature = "embed"))]
pub fn model_in(_: &std::path::Path) -> Result<VectorOf, String> {
    Err(NOT_BUILT_IN.to_owned())
}

#[cfg(feature = "embed")]
fn in_folder(path: &std::path::Path) -> (String, Result<Box<dyn Encoder>, Failure>) {
    match folder::Folder::open(path) {
        Ok(folder) => (folder.name().to_owned(), Ok(Box::new(folder))),
        Err(error) => (name_of(path), Err(Failure::new(FailureKind::Folder, error.to_string()))),
    }
}

#[cfg(not(feature = "embed"))]
fn in_folder(path: &std::path::Path) -> (String, Result<Box<dyn Encoder>, Failure>) {
    (name_of(path), Err(Failure::new(FailureKind::Folder, NOT_BUILT_IN)))
}

/// The last part of a folder's path.
fn name_of(path: &std::path::Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
