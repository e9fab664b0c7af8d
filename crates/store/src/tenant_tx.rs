//! A transaction on behalf of someone acting for a company.

use std::ops::{Deref, DerefMut};

use db::{Tx, journal};
use domain::{
    entry::Changed,
    id::TenantId,
    journal::{Actor, NewEntry},
    stream::{StreamKind, StreamName},
};

use serde::Serialize;

use crate::{
    Result,
    changes::{self, Change},
};

/// A transaction bound to one company and to the actor. Anything that has to hold for every change of a company's content belongs here.
pub struct TenantTx<'t> {
    tx: &'t mut Tx,
    tenant: TenantId,
    by: Actor,
    changes: Vec<Change>,
}

impl<'t> TenantTx<'t> {
    /// Binds a transaction.
    pub const fn new(tx: &'t mut Tx, tenant: TenantId, by: Actor) -> Self {
        Self { tx, tenant, by, changes: Vec::new() }
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
    /// Notes for the audit which fields differ between what was stored and what is stored now. What is given is what may be read: views of things, without
    /// secrets and message text. Something new has nothing before, and something deleted nothing after: `&()`.
    pub fn note_change(&mut self, before: &impl Serialize, after: &impl Serialize) {
        self.changes.extend(changes::between(before, after));
    }
    /// What was noted until now.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
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
