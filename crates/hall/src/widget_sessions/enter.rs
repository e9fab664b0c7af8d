//! Admits a widget: as the visitor whose device it is, as a new visitor, or, with a ticket, as the account's own visitor, whom the device's earlier
//! conversations join.

use db::Tx;
use domain::{
    id::{ConversationId, CustomerId, SiteId, TenantId, VisitorId},
    refusal::{Code, Refusal},
    text::Lang,
    time::{MINUTE, Ts},
};
use service::join_visitor;
use store::{Error, Result, conversations, entry_points::Device, visitor_moves::Move, visitors};
use store_hall::{customer_sessions, customer_visitors};

use super::signed::Signed;

/// The ticket is not valid.
pub(super) const TICKET_REFUSED: Code = Code::TicketRefused;
/// The visitor was given too many sessions recently.
pub(super) const TOO_MANY: Code = Code::TooManySessions;
/// The most sessions of one visitor within a minute; the devices of an account share a visitor.
const SESSIONS_A_MINUTE: i64 = 30;

/// A widget that asks for a session; this runs inside the writer, and may run again.
#[derive(Clone)]
pub(super) struct Entry {
    pub tenant: TenantId,
    pub site: SiteId,
    /// The hash of the device's secret.
    pub device: Option<Vec<u8>>,
    /// The hash of a ticket.
    pub ticket: Option<Vec<u8>>,
    /// The site's token that names the customer.
    pub signed: Option<Signed>,
    /// The visitor's id if they are new.
    pub fresh: VisitorId,
    pub lang: Lang,
    /// The hash of the device's next secret.
    pub device_hash: Vec<u8>,
    /// The hash of the access token.
    pub token_hash: Vec<u8>,
    /// A digest of the network, where networks are distinguished.
    pub network: Option<Vec<u8>>,
}

/// The visitor who was recognised or created.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub visitor: VisitorId,
    pub expires_at: Ts,
    pub conversation: Option<ConversationId>,
    pub customer: Option<CustomerId>,
}

impl Entry {
    /// Returns `None` if the device is not known, or if its secret was used again after being replaced: then everything the visitor had is ended permanently.
    pub(super) async fn run(&self, tx: &mut Tx) -> Result<Option<Known>> {
        let (tenant, site) = (self.tenant, self.site);
        let device = match &self.device {
            None => None,
            Some(hash) => match admit_device(tx, tenant, hash).await? {
                Some(device) => Some(device),
                None => return Ok(None),
            },
        };
        let is_strict = store::sites::get(tx, tenant, site).await?.settings.requires_identity;
        if is_strict && self.signed.is_none() && !is_signed(tx, tenant, site, device).await? {
            return Err(Refusal::new(Code::IdentityRequired).into());
        }
        let joined = match (&self.signed, &self.ticket) {
            (None, None) => None,
            (Some(signed), _) => Some(signed.admit(tx, tenant, site, self.lang).await?),
            (None, Some(_)) if is_strict => return Err(Refusal::new(Code::IdentityRequired).into()),
            (None, Some(ticket)) => Some(customer_sessions::spend_ticket(tx, tenant, ticket).await?.ok_or(Refusal::new(TICKET_REFUSED))?),
        };
        let (visitor, session) = match (joined, device) {
            (Some((customer, session)), device) => (self.join(tx, customer, device).await?, Some(session)),
            (None, Some(device)) => (device.visitor, device.session),
            (None, None) => (self.begin(tx).await?, None),
        };
        let minute_ago = tx.now().plus(-MINUTE);
        if visitors::issued_since(tx, tenant, visitor, minute_ago).await? >= SESSIONS_A_MINUTE {
            return Err(Refusal::new(TOO_MANY).into());
        }
        let pass = visitors::Pass { device: self.device_hash.clone(), token: self.token_hash.clone(), session, network: self.network.clone() };
        let expires_at = visitors::issue(tx, tenant, visitor, site, &pass).await?;
        let conversation = conversations::current_of_visitor(tx, tenant, visitor, site).await?;
        let customer = customer_visitors::customer_of(tx, tenant, visitor).await?;
        Ok(Some(Known { visitor, expires_at, conversation, customer }))
    }

    async fn begin(&self, tx: &mut Tx) -> Result<VisitorId> {
        visitors::create(tx, self.tenant, self.fresh, self.site, self.lang).await?;
        Ok(self.fresh)
    }

    /// The account's own visitor, whom the conversations of an anonymous device join: some now, including the open one, and a job continues with the others.
    async fn join(&self, tx: &mut Tx, customer: CustomerId, device: Option<Device>) -> Result<VisitorId> {
        let tenant = self.tenant;
        let own = match customer_visitors::own(tx, tenant, customer, self.site).await? {
            Some(own) => own,
            None => {
                let fresh = self.begin(tx).await?;
                customer_visitors::bind(tx, tenant, customer, self.site, fresh).await?;
                // Another device may have been faster.
                customer_visitors::own(tx, tenant, customer, self.site).await?.ok_or(Error::NotFound)?
            }
        };
        let Some(device) = device.filter(|device| device.visitor != own) else { return Ok(own) };
        if customer_visitors::customer_of(tx, tenant, device.visitor).await?.is_some() {
            return Ok(own);
        }
        let this = Move { tenant, from: device.visitor, into: own, site: self.site };
        join_visitor::begin(tx, &this).await?;
        Ok(own)
    }
}

/// Whether a device was given to a customer whom this site has named by a token.
async fn is_signed(tx: &mut Tx, tenant: TenantId, site: SiteId, device: Option<Device>) -> Result<bool> {
    match device.and_then(|device| device.session) {
        Some(session) => customer_sessions::is_signed(tx, tenant, session, site).await,
        None => Ok(false),
    }
}

async fn admit_device(tx: &mut Tx, tenant: TenantId, hash: &[u8]) -> Result<Option<Device>> {
    let Some(device) = store::entry_points::visitor_device(tx, hash).await?.filter(|device| device.tenant == tenant) else { return Ok(None) };
    if device.replaced_at.is_some_and(|at| tx.now().since(at) > visitors::REPLACED_GRACE_MS) {
        visitors::revoke(tx, tenant, device.visitor).await?;
        return Ok(None);
    }
    // A chat that is in use keeps its session alive.
    if let Some(session) = device.session
        && !customer_sessions::keep(tx, tenant, session).await?
    {
        return Ok(None);
    }
    store::entry_points::replace_device(tx, hash).await?;
    Ok(Some(device))
}
