//! The bots of the companies: trained from the store, kept in memory, trained again when the knowledge changes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use bot::{Bot, Knowledge};
use db::Db;
use domain::id::TenantId;
use tokio::sync::OnceCell;

/// Why a bot could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The knowledge is not of the form the bot knows.
    #[error("knowledge: {0}")]
    Knowledge(#[from] bot::KnowledgeError),
    /// Training broke off.
    #[error("training broke off")]
    Training,
}

/// A bot that is made when it is first asked for, by whoever asks first.
type Lazy = Arc<OnceCell<Arc<Bot>>>;

/// One bot per company, made when it is first asked. Cheap to clone.
#[derive(Clone, Default)]
pub struct Bots(Arc<Mutex<HashMap<TenantId, Lazy>>>);

impl Bots {
    /// The bot of a company.
    pub async fn of(&self, db: &Db, tenant: TenantId) -> Result<Arc<Bot>, Error> {
        let cell = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(tenant).or_default().clone();
        cell.get_or_try_init(|| train(db, tenant)).await.cloned()
    }
    /// Forgets a company's bot: its knowledge or catalogue changed.
    pub fn forget(&self, tenant: TenantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
    /// Forgets every bot.
    pub fn forget_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

async fn train(db: &Db, tenant: TenantId) -> Result<Arc<Bot>, Error> {
    let mut tx = db.snapshot().await.map_err(store::Error::from)?;
    let join = |documents: Vec<store::Document>| documents.into_iter().map(|d| d.json).collect::<Vec<_>>();
    let entries = join(store::knowledge::entries(&mut tx, tenant).await?);
    let thesaurus = store::knowledge::thesaurus(&mut tx, tenant).await?.unwrap_or_else(|| r#"{"zh":[],"en":[]}"#.into());
    let goods = format!(r#"{{"goods":[{}]}}"#, join(store::catalogue::goods(&mut tx, tenant).await?).join(","));
    let plans = format!(r#"{{"plans":[{}]}}"#, join(store::catalogue::plans(&mut tx, tenant).await?).join(","));
    drop(tx);
    let lines = entries.join("\n");
    tokio::task::spawn_blocking(move || Ok(Arc::new(Bot::train(Knowledge::parse(&[&lines], &thesaurus, &goods, &plans)?))))
        .await
        .map_err(|_| Error::Training)?
}
