//! The one way in which an endpoint changes something: [`Permitted::change`].
//!
//! Somebody who holds a permission, or changes what is their own, gets a [`Permitted`]. It binds the transaction to their company and to them ([`TenantTx`]).
//! Key, effect and answer are one transaction ([`Once`]). A fault names its field where it is found ([`Fault`]).
//!
//! A change made by a permission is noted in the company's audit ([`crate::audit`]), and so is one to one's own access, such as a password; other changes to what is
//! one's own, such as a state, are not. What a change replaced is noted by the closure ([`TenantTx::note_change`]).
//!
//! Changes to one company's content are serialized across all nodes: what is counted or read in the transaction stays true until it is written. Locks are taken
//! in one order everywhere: a conversation, the company, members of the staff.

use axum::body::Bytes;
use db::{Shard, writer::BoxFuture};
use domain::{
    id::TenantId,
    journal::Actor,
    policy::{OverPeople, Permission, Right, Staff, may_manage},
};
use serde_json::Value;
use store::{TenantTx, staff::roster::Person};

use crate::{
    App,
    audit::{self, Asked},
    auth::{actor::StaffActor, customer::CustomerActor},
    fault::Fault,
    once::{Answer, Once},
    problem::Problem,
};

/// Somebody who is allowed to make the change they ask for.
#[derive(Debug, Clone)]
pub struct Permitted {
    tenant: TenantId,
    by: Actor,
    /// The order of the change, if it is not that of the company's content.
    elsewhere: Option<Shard>,
    /// What was asked for, if the audit is to note it.
    asked: Option<Asked>,
}

impl StaffActor {
    /// Refuses a member who does not hold the permission. What they change by it is noted in the audit.
    pub fn require(&self, permission: Permission) -> Result<Permitted, Problem> {
        if self.staff.may(permission) { Ok(self.oneself().audited(self.asked.clone())) } else { Err(Problem::not_permitted()) }
    }
    /// Refuses a member who does not hold a permission that has objects. Which of them it covers is asked of the answer.
    pub fn may<R: Right>(&self, right: R) -> Result<Held<'_, R>, Problem> {
        if self.staff.grants.holds(right) { Ok(Held { actor: self, right }) } else { Err(Problem::not_permitted()) }
    }
    /// Allows a member to change what is their own, which needs no permission.
    pub fn oneself(&self) -> Permitted {
        Permitted::new(self.tenant(), self.entry_actor())
    }
    /// Allows a member to change what is their own and concerns their access, such as a password or a session. It needs no permission, and the audit notes it.
    pub fn accountable(&self) -> Permitted {
        self.oneself().audited(self.asked.clone())
    }
}

/// A permission over objects that somebody holds; over which of them is still to be asked.
#[derive(Debug)]
#[must_use = "a permission over objects is held over some of them: ask over which"]
pub struct Held<'a, R> {
    actor: &'a StaffActor,
    right: R,
}

impl<R: Right> Held<'_, R> {
    /// Allows what concerns no particular object, or what a list is narrowed to afterwards.
    pub fn anywhere(self) -> Permitted {
        self.actor.accountable()
    }
    /// Refuses who does not hold it over everything of the company.
    pub fn everywhere(self) -> Result<Permitted, Problem> {
        if self.actor.staff.grants.everywhere(self.right) { Ok(self.anywhere()) } else { Err(Problem::not_permitted()) }
    }
    /// Refuses who does not hold it over this object.
    pub fn over<O: Covered<R>>(self, object: &O) -> Result<Permitted, Problem> {
        if object.is_covered(&self.actor.staff) { Ok(self.anywhere()) } else { Err(Problem::not_permitted()) }
    }
}

/// An object that a permission may cover.
pub trait Covered<R> {
    /// Whether it covers it for this member.
    fn is_covered(&self, staff: &Staff) -> bool;
}

impl Covered<OverPeople> for Person {
    fn is_covered(&self, staff: &Staff) -> bool {
        may_manage(staff, self.id, self.grants())
    }
}

impl CustomerActor {
    /// Allows a customer to change what is their own, which needs no permission.
    pub fn oneself(&self) -> Permitted {
        Permitted::new(self.tenant, Actor::customer(self.customer.uuid())).on(db::Shard::Any)
    }
}

impl Permitted {
    /// Somebody of a company whose permission has been checked.
    pub(crate) fn new(tenant: TenantId, by: Actor) -> Self {
        Self { tenant, by, elsewhere: None, asked: None }
    }

    /// Has the change noted in the company's audit.
    pub(crate) fn audited(self, asked: Asked) -> Self {
        Self { asked: Some(asked), ..self }
    }
    /// Adds the body of an upload to what the audit notes.
    pub fn of_upload(self, body: &[u8]) -> Self {
        Self { asked: self.asked.map(|asked| asked.with_body(body, &[])), ..self }
    }
    /// Says what the audit is to know of the request in place of its body.
    pub fn saying(self, request: Value) -> Self {
        Self { asked: self.asked.map(|asked| asked.saying(request)), ..self }
    }
    /// Adds the id of what is created to what the audit notes.
    pub fn making(self, id: &impl ToString) -> Self {
        Self { asked: self.asked.map(|asked| asked.making(id)), ..self }
    }

    /// For changes that nobody signed in makes, at sign-in or in the widget, and whose right was checked by other means: they are made in the program's name.
    pub fn as_system(tenant: TenantId) -> Self {
        Self::new(tenant, Actor::system()).on(Shard::Any)
    }

    /// For commands that are given at the terminal, by whoever may read the data folder. The audit notes them.
    pub fn at_terminal(tenant: TenantId, asked: Asked) -> Self {
        Self::new(tenant, audit::at_terminal()).on(Shard::Any).audited(asked)
    }

    /// For what the installation's operator does to a company. Its audit notes it.
    pub(crate) fn by_operator(tenant: TenantId, asked: Asked) -> Self {
        Self::new(tenant, audit::by_operator()).audited(asked)
    }

    /// For changes to what is not the company's content: they have an order of their own, or none.
    pub fn on(self, shard: Shard) -> Self {
        Self { elsewhere: Some(shard), ..self }
    }

    /// Makes a change in a transaction, which also keeps the request's key, if it has one, and the answer. A fault rolls everything back.
    pub async fn change<F, W>(mut self, app: &App, once: Once<W>, work: F) -> Result<Answer, Problem>
    where
        F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> BoxFuture<'a, Result<Answer, Fault>> + Clone + Send + 'static,
    {
        let Once { claim, body, secrets, is_brief, .. } = once;
        self.asked = self.asked.map(|asked| asked.with_body(&body, &secrets));
        let done = self.noting(app, move |tx| {
            Box::pin(async move {
                let Some(claim) = claim else { return work(tx).await.map(Done::by_answer) };
                if let Some(answer) = claim.take(tx, is_brief).await? {
                    return Ok(Done { is_new: false, ..Done::by_answer(answer) });
                }
                let answer = work(tx).await?;
                claim.keep(tx, &answer).await?;
                Ok(Done::by_answer(answer))
            })
        });
        done.await
    }

    /// The same without a key: for what is answered with more than JSON, or is idempotent by itself.
    pub async fn write<T, F>(self, app: &App, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> BoxFuture<'a, Result<T, Fault>> + Clone + Send + 'static,
    {
        self.noting(app, move |tx| Box::pin(async move { Ok(Done { value: work(tx).await?, is_new: true, answer: Bytes::new() }) })).await
    }

    /// Notes in the audit what changes nothing: that something was exported, or looked at.
    pub async fn note(self, app: &App) -> Result<(), Problem> {
        self.on(Shard::Any).write(app, |_| Box::pin(async { Ok(()) })).await
    }

    /// Makes a change in a transaction, and notes it in the audit if it belongs there and had not been made before.
    async fn noting<T, F>(self, app: &App, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> BoxFuture<'a, Result<Done<T>, Fault>> + Clone + Send + 'static,
    {
        let Self { tenant, by, elsewhere, asked } = self;
        let sealer = app.sealer();
        let done = app.db().writer().write(elsewhere.unwrap_or(Shard::Of(tenant.uuid())), move |tx| {
            Box::pin(async move {
                let mut tx = TenantTx::new(tx, tenant, by);
                if elsewhere.is_none() {
                    tx.lock_company().await?;
                }
                let Done { value, is_new, answer } = work(&mut tx).await?;
                if let Some(asked) = asked.filter(|_| is_new) {
                    asked.note(&mut tx, &sealer, &answer).await?;
                }
                Ok(value)
            })
        });
        done.await.map_err(|fault: Fault| fault.into())
    }
}

/// The result of the work in a transaction.
struct Done<T> {
    value: T,
    /// Whether it was done just now, rather than by an earlier request with the same key.
    is_new: bool,
    /// The answer, if the audit may look at it.
    answer: Bytes,
}

impl Done<Answer> {
    fn by_answer(answer: Answer) -> Self {
        Self { answer: answer.body().clone(), value: answer, is_new: true }
    }
}
