//! Whether somebody can be asked for, and what is promised to whoever leaves a message: a queue's hours, the company's clock, and who is at work.

use db::{Db, Tx};
use domain::{
    id::{QueueId, SiteId, TenantId},
    opening_hours::{OpeningHours, Service},
    staff::UNREACHABLE_AFTER_MS,
    time::Ts,
};
use jiff::tz::TimeZone;
use store::{Error, Result, sites::Site, tenants::Tenant};

/// The clock of a company; UTC where its zone is not known.
pub async fn zone(db: &Db, tenant: TenantId) -> Result<TimeZone> {
    let mut tx = db.read().await?;
    let name = store::tenants::get(&mut tx, tenant).await?.time_zone;
    Ok(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
}

/// By a queue's hours, or the company's where it has none.
pub fn by_hours(hours: Option<&OpeningHours>, company: &Tenant, now: Ts) -> Service {
    let zone = domain::opening_hours::zone(&company.time_zone).unwrap_or(TimeZone::UTC);
    hours.or(company.hours.as_ref()).map_or_else(|| Service::always(now), |hours| hours.service(now, &zone))
}

/// Of a queue by its hours alone. One that was removed is closed for good.
pub async fn of_queue(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<Service> {
    let now = tx.now();
    let queue = match store::queues::get(tx, tenant, queue).await {
        Err(Error::NotFound) => return Ok(Service { open: false, opens_at: None, promised_by: None }),
        queue => queue?,
    };
    let company = store::tenants::get(tx, tenant).await?;
    Ok(by_hours(queue.hours.as_ref(), &company, now))
}

/// Of a site: its queue's hours, and, where the site says so, whether anybody who serves the queue is at work.
pub async fn of_site(tx: &mut Tx, site: &Site) -> Result<Service> {
    let service = of_queue(tx, site.tenant, site.queue).await?;
    if !service.open || !site.settings.message_when_unstaffed || is_staffed(tx, site.tenant, site.queue).await? {
        return Ok(service);
    }
    Ok(Service { open: false, ..service })
}

/// Of the site with this id.
pub async fn of_site_id(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<Service> {
    let site = store::sites::get(tx, tenant, site).await?;
    of_site(tx, &site).await
}

/// Whether anybody who serves a queue takes conversations and is connected, busy or not.
pub async fn is_staffed(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<bool> {
    let now = tx.now();
    store::routing::is_staffed(tx, tenant, queue, now.plus(-UNREACHABLE_AFTER_MS)).await
}
