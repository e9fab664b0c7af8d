//! The one way in which an endpoint changes something: [`Permitted::change`].
//!
//! Whoever holds a permission, or changes what is their own, gets a [`Permitted`]. It binds the transaction to their company and to them ([`TenantTx`]). Key, effect and
//! answer are one transaction ([`Once`]). A fault names its field where it is found ([`Fault`]).
//!
//! What is changed by a right is noted in the company's audit ([`crate::audit`]), but not what is one's own: a password, a state.
//!
//! Changes of one company's content follow one another, on all nodes: what is counted or read in the transaction stays true until it is written. Locks are taken in one
//! order everywhere: a conversation, the company, members of the staff.

use axum::body::Bytes;
use db::{Shard, writer::BoxFuture};
use domain::{id::TenantId, journal::Actor};
use store::TenantTx;

use crate::{
    App,
    audit::{self, Asked, Values},
    fault::Fault,
    once::{Answer, Once},
    problem::Problem,
};

/// Somebody who may do what they ask for.
#[derive(Debug, Clone)]
pub struct Permitted {
    tenant: TenantId,
    by: Actor,
    /// In which order, where it is not that of the company's content.
    elsewhere: Option<Shard>,
    /// What was asked for, where the audit is to know of it.
    asked: Option<Asked>,
}

impl Permitted {
    /// Somebody of a company whose permission was asked for.
    pub(crate) fn new(tenant: TenantId, by: Actor) -> Self {
        Self { tenant, by, elsewhere: None, asked: None }
    }

    /// The same where what is changed is noted in the company's audit.
    pub(crate) fn audited(self, asked: Asked) -> Self {
        Self { asked: Some(asked), ..self }
    }

    /// For endpoints that are asked before anybody is known: signing in, and the widget's.
    pub fn nobody(tenant: TenantId) -> Self {
        Self::new(tenant, Actor::system()).on(Shard::Any)
    }

    /// The same where what is changed is not the company's content: it has an order of its own, or none, and no place in the audit.
    pub fn on(self, shard: Shard) -> Self {
        Self { elsewhere: Some(shard), asked: None, ..self }
    }

    /// Changes something in a transaction, and keeps in it the request's key, if it has one, and what it is answered. A fault rolls everything back.
    pub async fn change<F, W>(self, app: &App, once: Once<W>, work: F) -> Result<Answer, Problem>
    where
        F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> BoxFuture<'a, Result<Answer, Fault>> + Clone + Send + 'static,
    {
        let Once { claim, body: request, is_brief, .. } = once;
        let done = self.noting(app, move |tx| {
            Box::pin(async move {
                if let Some(claim) = &claim
                    && let Some(answer) = claim.take(tx, is_brief).await?
                {
                    return Ok((answer, None));
                }
                let answer = work(tx).await?;
                if let Some(claim) = &claim {
                    claim.keep(tx, &answer).await?;
                }
                let answered = if is_brief { Bytes::new() } else { answer.body().clone() };
                Ok((answer, Some(Values { request, answer: answered })))
            })
        });
        done.await
    }

    /// The same without a key: for what is answered with more than JSON, or has an effect once as it is.
    pub async fn write<T, F>(self, app: &App, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> BoxFuture<'a, Result<T, Fault>> + Clone + Send + 'static,
    {
        self.noting(app, move |tx| Box::pin(async move { Ok((work(tx).await?, Some(Values::default()))) })).await
    }

    /// Does it in a transaction, and notes the values it gives in the audit; nothing, where there was no change.
    async fn noting<T, F>(self, app: &App, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> BoxFuture<'a, Result<(T, Option<Values>), Fault>> + Clone + Send + 'static,
    {
        let Self { tenant, by, elsewhere, asked } = self;
        let sealer = app.sealer();
        let done = app.db().writer().write(elsewhere.unwrap_or(Shard::Of(tenant.uuid())), move |tx| {
            Box::pin(async move {
                let mut tx = TenantTx::new(tx, tenant, by);
                if elsewhere.is_none() {
                    tx.lock_company().await?;
                }
                let (done, values) = work(&mut tx).await?;
                if let (Some(asked), Some(values)) = (asked, values) {
                    audit::note(&mut tx, &sealer, asked, values).await?;
                }
                Ok(done)
            })
        });
        done.await.map_err(|fault: Fault| fault.into())
    }
}
