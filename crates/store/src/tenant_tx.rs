//! A transaction in which somebody acts for a company.

use std::ops::{Deref, DerefMut};

use db::{Tx, journal};
use domain::{
    entry::Changed,
    id::TenantId,
    journal::{Actor, NewEntry},
    stream::{StreamKind, StreamName},
};

use crate::Result;

/// A transaction bound to one company and to whoever acts in it. Whatever is to hold for every change of a company's content has its place here.
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
    /// As whom entries are written.
    pub fn by(&self) -> Actor {
        self.by.clone()
    }
    /// Tells everybody who watches the company what of its content changed, and no more: an entry of its own stream.
    pub async fn announce(&mut self, changed: Changed) -> Result<()> {
        let (body, fact) = changed.entry();
        let stream = StreamName { kind: StreamKind::Tenant, id: self.tenant.uuid() };
        journal::note(self.tx, NewEntry::new(stream, self.tenant, self.by.clone(), body, fact)).await?;
        Ok(())
    }
    /// Waits until nobody else has the company locked, and keeps others waiting until this transaction ends. What changes the company's content takes this lock first;
    /// what also locks members of the staff takes it before them.
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
