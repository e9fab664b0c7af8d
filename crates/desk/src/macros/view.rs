//! Macros on the wire.

use domain::{
    id::MacroId,
    macros::{Macro, MacroAct},
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Known;

/// A macro.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Macro)]
pub struct MacroView {
    /// The id.
    pub id: MacroId,
    /// Whether it is the reader's own; otherwise everybody at the desk has it.
    pub own: bool,
    /// Its name; empty in a language in which it has none.
    pub name: Bilingual,
    /// What it does, in order.
    pub acts: Vec<MacroAct>,
    /// The name of a label or a queue to which it refers and which is gone, or archived: it does nothing then.
    #[schema(required)]
    pub gone: Option<Bilingual>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl MacroView {
    /// A macro as it is now.
    pub(super) fn of(of: Macro, known: &Known) -> Self {
        let (Macro { id, owner, name, acts, updated_at }, gone) = known.with_names(of);
        Self { id, own: owner.is_some(), name, acts, gone, updated_at }
    }
}
