//! What is erased at the terminal.

use db::Shard;
use domain::{
    erasure::{Erased, ErasureReason},
    id::{ErasureId, TenantId},
    refusal::Code,
};
use http_kit::{
    App,
    audit::{self, Asked},
};
use privacy::{erasures::view::ErasedPlace, jobs::erase, proof};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::erasing::{self, Traces};
use store::TenantTx;
use store_privacy::erasures::Erasure;

use super::{SetupError, tokens};

/// What was erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ErasedPerson {
    /// The erasure, as the page of privacy lists it.
    pub erased: ErasureId,
    /// How much, and from where.
    pub places: Vec<ErasedPlace>,
}

/// Erases something, and returns when it is done.
pub async fn run(app: &App, company: Option<String>, id: &str, message: Option<i64>) -> Result<ErasedPerson, SetupError> {
    let tenant = tokens::tenant(app, company.as_deref()).await?;
    let subject = subject(id, message).ok_or_else(|| SetupError::Refused(format!("{id:?} is no id of a customer, a visitor or a conversation")))?;
    let new = Erasure::new(ErasureId::new(app.env().uuid()), subject, ErasureReason::Asked, (None, tokens::TERMINAL), app.env().now());
    let erasure = Erasure { mark: proof::mark_of(&app.sealer(), tenant, subject), traces: Some(Traces::of(app.env().uuid()).to_json()), ..new };
    let begun = begin(app, tenant, subject, erasure).await?;
    let Erasure { id, places, .. } = erase::run(app, tenant, begun).await?;
    Ok(ErasedPerson { erased: id, places: places.into_iter().map(|(place, count)| ErasedPlace { place, count }).collect() })
}

async fn begin(app: &App, tenant: TenantId, subject: Erased, erasure: Erasure) -> Result<ErasureId, SetupError> {
    let (id, sealer) = (erasure.id, app.sealer());
    let asked = Asked::by_command("person erase", json!({"kind": subject.kind()})).making(&id);
    let begun = app.db().writer().write_patiently(Shard::Of(subject.uuid()), move |tx| {
        Box::pin(async move {
            erasing::ask(tx, tenant, &erasure).await?;
            asked.note(&mut TenantTx::new(tx, tenant, audit::at_terminal()), &sealer, b"").await
        })
    });
    match begun.await {
        Ok(()) => Ok(id),
        Err(store::Error::NotFound) => Err(SetupError::Refused("there is nothing of this id".to_owned())),
        Err(store::Error::Refused(refusal)) if refusal.code == Code::ErasureOpen => {
            Err(SetupError::Refused("it is being erased already, or waits for a second person".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// What an id means.
fn subject(id: &str, message: Option<i64>) -> Option<Erased> {
    match message {
        Some(seq) => Some(Erased::Message(id.parse().ok()?, seq)),
        None => id.parse().map(Erased::Conversation).or_else(|_| id.parse().map(Erased::Visitor)).or_else(|_| id.parse().map(Erased::Customer)).ok(),
    }
}
