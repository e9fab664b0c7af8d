//! Macros, with which agents have several things done in a conversation at once.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    id::TenantId,
    label::Label,
    macros::{Macro, MacroAct},
    policy::{OverConversations, Permission},
    refusal::Code,
    text::Bilingual,
};
use http_kit::{App, auth::StaffActor, permitted::Permitted, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_macros, create::create_macro)).routes(routes!(update::update_macro, delete::delete_macro))
}

/// Allows whoever serves customers to write macros of their own, and whoever writes canned replies to write those of everybody.
fn may_write(actor: &StaffActor, is_own: bool) -> Result<Permitted, Problem> {
    if is_own { Ok(actor.may(OverConversations::Desk)?.anywhere()) } else { actor.require(Permission::EditCannedReplies) }
}

/// What the acts of macros refer to, as it is now.
struct Known {
    labels: Vec<Label>,
    queues: Vec<(domain::id::QueueId, Bilingual)>,
}

impl Known {
    async fn read(tx: &mut Tx, tenant: TenantId) -> store::Result<Self> {
        let labels = store_desk::labels::all(tx, tenant).await?.into_iter().filter(|label| label.archived_at.is_none()).collect();
        let queues = store::queues::all(tx, tenant).await?.into_values().map(|queue| (queue.id, queue.name)).collect();
        Ok(Self { labels, queues })
    }

    /// The name of what an act refers to now: `None` if it refers to nothing, `Some(None)` if that is gone.
    fn name_of(&self, act: &MacroAct) -> Option<Option<&Bilingual>> {
        match act {
            MacroAct::Label { label, .. } => Some(self.labels.iter().find(|one| one.id == *label).map(|one| &one.name)),
            MacroAct::Transfer { queue, .. } => Some(self.queues.iter().find(|(id, _)| id == queue).map(|(_, name)| name)),
            _ => None,
        }
    }

    /// The macro with the names of what it refers to, and the name of the first that is gone.
    fn with_names(&self, mut of: Macro) -> (Macro, Option<Bilingual>) {
        let mut gone = None;
        for act in &mut of.acts {
            let now = self.name_of(act).map(|name| name.cloned());
            let (MacroAct::Label { name, .. } | MacroAct::Transfer { name, .. }) = act else { continue };
            match now.flatten() {
                Some(now) => *name = now,
                None => gone = gone.or_else(|| Some(name.clone())),
            }
        }
        (of, gone)
    }

    /// The macro with the names of what it refers to; refused if one of them does not exist.
    fn complete(&self, of: Macro) -> Result<Macro, Problem> {
        for (n, act) in of.acts.iter().enumerate() {
            if self.name_of(act).is_some_and(|name| name.is_none()) {
                return Err(Problem::invalid(format!("acts.{n}"), Code::InvalidValue, "there is no such label or queue, or the label is archived"));
            }
        }
        Ok(self.with_names(of).0)
    }
}
