//! A transaction on behalf of someone acting for a company.

use std::ops::{Deref, DerefMut};

use db::{Tx, journal};
use domain::{
    entry::Changed,
    id::TenantId,
    journal::{Actor, NewEntry},
    stream::{StreamKind, StreamName},
};

use crate::Result;

/// A transaction bound to one company and to the actor. Anything that has to hold for every change of a company's content belongs here.
pub struct TenantTx<'t> {
    tx: &'t mut Tx,
    tenant: TenantId,
    by: Actor,
}

impl<'t> TenantTx<'t> {
    /// Binds a transaction.
    pub const fn new(tx: &'t mut Tx, tenant: TenantId, by: Actor) -> Self {
        Self { tx, tenant, by }
    }
    /// The company.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }
    /// The actor under whom entries are written.
    pub fn by(&self) -> Actor {
        self.by.clone()
    }
    /// Notifies everyone who follows the company which part of its content changed, and nothing more, through an entry in the company's own stream.
    pub async fn announce(&mut self, changed: Changed) -> Result<()> {
        let (body, fact) = changed.entry();
        let stream = StreamName { kind: StreamKind::Tenant, id: self.tenant.uuid() };
        journal::note(self.tx, NewEntry::new(stream, self.tenant, self.by.clone(), body, fact)).await?;
        Ok(())
    }
    /// Acquires the company's lock and holds it until this transaction ends. A transaction that changes the company's content takes this lock first; one that
    /// also locks members of the staff takes it before theirs.
    pub async fn lock_company(&mut self) -> Result<()> {
        Ok(journal::lock(self.tx, &[(self.tenant.uuid(), self.tenant.uuid(), StreamKind::Tenant)]).await?)
    }
}

impl Deref for TenantTx<'_> {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        self.tx
    }
}
impl DerefMut for TenantTx<'_> {
    fn deref_mut(&mut self) -> &mut Tx {
        self.tx
    }
}
