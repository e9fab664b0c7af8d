//! A label on the wire.

use domain::{
    id::LabelId,
    label::{Label, LabelColour},
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A label.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Label)]
pub struct LabelView {
    /// The label's id.
    pub id: LabelId,
    /// Its name; empty in a language in which it has none.
    pub name: Bilingual,
    /// How the Chinese name sounds: a syllable for each character, without tones, and other words as they are, all in small letters with spaces between.
    pub sound: String,
    /// Its colour.
    pub colour: LabelColour,
    /// Since when it is kept only for the conversations that have it; `null` while it can be given.
    #[schema(required)]
    pub archived_at: Option<Ts>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl From<Label> for LabelView {
    fn from(label: Label) -> Self {
        let Label { id, tenant: _, name, colour, archived_at, updated_at } = label;
        let sound = bot::sound_of(&name.zh);
        Self { id, name, sound, colour, archived_at, updated_at }
    }
}
