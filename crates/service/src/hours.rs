//! Whether a human agent can be asked for, and what is promised to a customer who
//! leaves a message: from a queue's hours, the company's clock, and who is at work.

use db::{Db, Tx};
use domain::{
    id::{QueueId, TenantId},
    opening_hours::{OpeningHours, Service},
    staff::UNREACHABLE_AFTER_MS,
    time::Ts,
};
use jiff::tz::TimeZone;
use store::{Error, Result, sites::Site, tenants::Tenant};

/// The company's time zone; UTC if the stored name is unknown.
pub async fn zone(db: &Db, tenant: TenantId) -> Result<TimeZone> {
    let mut tx = db.read_of(tenant).await?;
    let name = store::tenants::get(&mut tx, tenant).await?.time_zone;
    Ok(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
}

/// The service by a queue's opening hours, or by the company's if the queue has none.
pub fn by_hours(hours: Option<&OpeningHours>, company: &Tenant, now: Ts) -> Service {
    let zone = domain::opening_hours::zone(&company.time_zone).unwrap_or(TimeZone::UTC);
    hours.or(company.hours.as_ref()).map_or_else(|| Service::always(now), |hours| hours.service(now, &zone))
}

/// The service of a queue by its hours alone. A queue that was removed is closed and never opens.
pub async fn of_queue(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<Service> {
    let now = tx.now();
    let queue = match store::queues::get(tx, tenant, queue).await {
        Err(Error::NotFound) => return Ok(Service { open: false, opens_at: None, promised_by: None }),
        queue => queue?,
    };
    let company = store::tenants::get(tx, tenant).await?;
    Ok(by_hours(queue.hours.as_ref(), &company, now))
}

/// The service of a site: by its queue's hours and, if the site says so, by whether anyone who serves the queue is at work.
pub async fn of_site(tx: &mut Tx, site: &Site) -> Result<Service> {
    of_queue_at(tx, site, site.queue).await
}

/// The service of a queue for the customers of a site: by the queue's hours and, if the site says so, by whether anyone who serves the queue is at work.
pub async fn of_queue_at(tx: &mut Tx, site: &Site, queue: QueueId) -> Result<Service> {
    let service = of_queue(tx, site.tenant, queue).await?;
    if !service.open || !site.settings.message_when_unstaffed || is_staffed(tx, site.tenant, queue).await? {
        return Ok(service);
    }
    Ok(Service { open: false, ..service })
}

/// Whether anyone who serves a queue accepts conversations and is connected, busy or not.
pub async fn is_staffed(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<bool> {
    let now = tx.now();
    store::routing::is_staffed(tx, tenant, queue, now.plus(-UNREACHABLE_AFTER_MS)).await
}
