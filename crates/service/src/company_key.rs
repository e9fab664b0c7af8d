//! The key of a company: made where something is first sealed by it, and read from the record wherever something is opened. Nothing remembers it, so that it is
//! gone when the company is erased.

use std::collections::{BTreeMap, btree_map::Entry};

use db::{Db, Shard, Tx};
use domain::{
    entry::body::Page,
    id::{ConversationId, TenantId},
};
use seal::{
    Sealer,
    company_key::{self, CompanyKey},
};
use store::{Error, Result, company_keys, entry_points};

/// The key of a company; `None` if nothing has been sealed by it yet.
pub async fn find(tx: &mut Tx, sealer: &Sealer, tenant: TenantId) -> Result<Option<CompanyKey>> {
    let Some(sealed) = company_keys::find(tx, tenant).await? else { return Ok(None) };
    open_key(sealer, tenant, &sealed).map(Some)
}

/// The key of a company, which is made if it has none.
pub async fn obtain(tx: &mut Tx, sealer: &Sealer, tenant: TenantId) -> Result<CompanyKey> {
    if let Some(key) = find(tx, sealer, tenant).await? {
        return Ok(key);
    }
    let made = CompanyKey::generate(sealer, tenant).map_err(cannot)?;
    // Another conversation may just have made one.
    let kept = company_keys::insert(tx, tenant, &made).await?;
    open_key(sealer, tenant, &kept)
}

fn open_key(sealer: &Sealer, tenant: TenantId, sealed: &[u8]) -> Result<CompanyKey> {
    CompanyKey::open_key(sealer, tenant, sealed).ok_or_else(|| cannot("the key of a company does not open"))
}

/// What is to be sealed is never stored as it is: whoever wanted that is told that it failed.
pub(crate) fn cannot(why: impl ToString) -> Error {
    Error::Db(db::Error::Corrupt(why.to_string()))
}

/// The page on which a conversation takes place, from the form in which it is stored; `None` if it does not open.
pub async fn open_page(tx: &mut Tx, sealer: &Sealer, tenant: TenantId, conversation: ConversationId, stored: &str) -> Result<Option<Page>> {
    let key = find(tx, sealer, tenant).await?;
    Ok(company_key::open_page(key.as_ref(), conversation, stored).and_then(|json| serde_json::from_str(&json).ok()))
}

/// Seals all pages that earlier releases stored as they are; returns how many there were.
pub async fn seal_plain_pages(db: &Db, sealer: &Sealer) -> Result<usize> {
    let mut all = 0;
    loop {
        let pages = entry_points::plain_pages(db).await?;
        if pages.is_empty() {
            return Ok(all);
        }
        let (mut keys, mut sealed) = (BTreeMap::new(), Vec::with_capacity(pages.len()));
        for page in pages {
            let tenant = page.tenant;
            let key = match keys.entry(tenant) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let sealer = sealer.clone();
                    let obtaining = db.writer().write(Shard::Any, move |tx| Box::pin(async move { obtain(tx, &sealer, tenant).await }));
                    unknown.insert(obtaining.await?)
                }
            };
            let text = key.seal_page(page.conversation, &page.json).map_err(cannot)?;
            sealed.push((page, text));
        }
        all += sealed.len();
        entry_points::seal_pages(db, sealed).await?;
    }
}
