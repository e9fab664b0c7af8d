//! What people agree to have stored about them: their answers, what a withdrawal deletes, and what is stored because they agreed.

use db::Tx;
use domain::{
    consent::{Answer, AnsweredIn, Purpose},
    effect::Effect,
    entry::body::Page,
    graphemes,
    id::{CustomerId, SiteId, TenantId, VisitorId},
};
use seal::Sealer;
use std::sync::Arc;
use store::{Error, Result, TenantTx, consents, conversations};
use store_knowledge::recommendations;
use store_privacy::{purposes, settings};
use uuid::Uuid;

use crate::{company_key, recommend::is_on};

/// Whoever answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// A visitor, for their account too if they have one.
    Visitor(VisitorId),
    /// A customer, for all visitors of the account.
    Customer(CustomerId),
}

/// A purpose as a person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The purpose.
    pub purpose: Purpose,
    /// Whether anything is stored for it of people who agree: if not, nobody is asked.
    pub used: bool,
    /// The answer that counts; `None` if there is none.
    pub answer: Option<Answer>,
}

/// What a person answered, for all purposes. With a site, what counts there; without, whether the company uses a purpose at all.
pub async fn standing(tx: &mut Tx, tenant: TenantId, person: Person, site: Option<SiteId>) -> Result<Vec<Standing>> {
    let answers = match person {
        Person::Visitor(visitor) => consents::of_visitor(tx, tenant, visitor).await?,
        Person::Customer(customer) => consents::of_customer(tx, tenant, customer).await?,
    };
    let (uses, recommends) = (settings::uses(tx, tenant).await?, recommendations::settings(tx, tenant).await?);
    let recommends_here = site.map_or(recommends.on, |site| is_on(&recommends, site));
    let used = |purpose| match purpose {
        Purpose::Recommendations => recommends_here,
        // What people ask about is read for recommendations only.
        Purpose::Profile => uses.profile && recommends.on,
        Purpose::Pages => uses.pages,
    };
    let of = |purpose: Purpose| Standing { purpose, used: used(purpose), answer: answers.iter().find(|answer| answer.purpose == purpose).copied() };
    Ok(Purpose::EACH.iter().map(|purpose| of(*purpose)).collect())
}

/// Keeps what a person answered. What is no longer allowed is deleted in the same transaction, and no more of it is stored from its commit on.
///
/// # Errors
/// [`Error::NotFound`] if the visitor was merged into another.
pub async fn answer(tx: &mut TenantTx<'_>, person: Person, answers: &[(Purpose, bool)], (place, wording): (AnsweredIn, i64)) -> Result<()> {
    let (tenant, at) = (tx.tenant(), tx.now());
    // What notes interests holds the same lock, so nothing is noted after a withdrawal.
    tx.lock_company().await?;
    let subjects = match person {
        Person::Visitor(visitor) => {
            if store_hall::customer_visitors::has_moved(tx, tenant, visitor).await? {
                return Err(Error::NotFound);
            }
            consents::subjects_of_visitor(tx, tenant, visitor).await?
        }
        Person::Customer(customer) => consents::subjects_of_customer(tx, tenant, customer).await?,
    };
    for (purpose, granted) in answers {
        consents::record(tx, tenant, &subjects, &Answer { purpose: *purpose, granted: *granted, at, wording, place }).await?;
    }
    forget_refused(tx, tenant, &subjects).await
}

/// Deletes what these visitors refused to have stored. Ids that are no visitor's have nothing to delete.
pub async fn forget_refused(tx: &mut Tx, tenant: TenantId, subjects: &[Uuid]) -> Result<()> {
    for subject in subjects {
        let visitor = VisitorId::new(*subject);
        let answers = consents::of_visitor(tx, tenant, visitor).await?;
        let said = |purpose| answers.iter().find(|answer| answer.purpose == purpose).map(|answer| answer.granted);
        let (asked, looked) = (said(Purpose::Profile), said(Purpose::Recommendations));
        if asked == Some(false) || looked == Some(false) {
            purposes::forget_interests(tx, tenant, visitor, asked == Some(true), looked == Some(true)).await?;
        }
        if said(Purpose::Pages) == Some(false) {
            purposes::forget_pages(tx, tenant, visitor).await?;
        }
    }
    Ok(())
}

/// Stores the page on which a visitor's open conversation takes place, if the company stores pages and the visitor agreed. Returns whether it is stored.
pub async fn note_page(tx: &mut TenantTx<'_>, sealer: &Sealer, visitor: VisitorId, site: SiteId, page: &Page) -> Result<bool> {
    let tenant = tx.tenant();
    // Only addresses a browser can have come from: the console shows this as a link.
    if !page.url.starts_with("https://") && !page.url.starts_with("http://") || !settings::uses(tx, tenant).await?.pages {
        return Ok(false);
    }
    let Some(open) = conversations::open_of_visitor(tx, tenant, visitor, site).await? else { return Ok(false) };
    // A conversation is locked before the visitor's consent, as everywhere.
    let Some(conversation) = conversations::lock(tx, tenant, open).await? else { return Ok(false) };
    if !consents::hold(tx, tenant, visitor, Purpose::Pages).await? {
        return Ok(false);
    }
    let page = Page { title: clip(&page.title, 200), url: clip(&page.url, 2000) };
    let json = serde_json::to_string(&page).map_err(company_key::cannot)?;
    let sealed = company_key::obtain(tx, sealer, tenant).await?.seal_page(open, &json).map_err(company_key::cannot)?;
    conversations::set_page(tx, tenant, open, &sealed).await?;
    let was = Some(conversation.place());
    tx.effect(Effect::Conversation { now: Arc::new(conversation), was });
    Ok(true)
}

fn clip(text: &str, max: usize) -> String {
    graphemes::within(&text.replace('\0', ""), max).to_owned()
}
