//! Acts on any subject: their senders, the choice between the hot and the full path, and what the full path does for every subject.
//!
//! A conversation is a subject. Another becomes one by [`Subject`]: its stream, its state, who may see it, and what happens if somebody asks for something. It is
//! then written through the same [`submit`], once for each `client_id`, and read through the same sessions.

use std::{future::Future, sync::Arc};

use db::{
    Append, Db, Tx,
    journal::RefusedSend,
    writer::{BoxFuture, Cold, Fence, Outcome, Verdict},
};
use domain::{
    id::{SiteId, TenantId, VisitorId},
    journal::{Actor, Appended, Written},
    policy::Staff,
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
};
use store::{Error, Result, sends};
use tokio::sync::oneshot;
use uuid::Uuid;

/// The sender of an act.
#[derive(Debug, Clone)]
pub enum Sender {
    /// A visitor of a site.
    Visitor {
        /// The company of the site.
        tenant: TenantId,
        /// The visitor.
        visitor: VisitorId,
        /// The site the visitor is on.
        site: SiteId,
    },
    /// A member of the staff.
    Staff(Staff),
    /// The bot.
    Bot {
        /// The company the bot works for.
        tenant: TenantId,
        /// The bot's display name.
        name: String,
    },
}

impl Sender {
    /// The sender's company.
    pub const fn tenant(&self) -> TenantId {
        match self {
            Self::Visitor { tenant, .. } | Self::Bot { tenant, .. } => *tenant,
            Self::Staff(staff) => staff.tenant,
        }
    }
    /// The sender as recorded in the journal.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Visitor { visitor, .. } => Actor::customer(visitor.uuid()),
            Self::Staff(staff) => Actor::agent(staff.agent, &staff.name),
            Self::Bot { name, .. } => Actor::bot(name),
        }
    }
}

/// What an act can be about: something with a stream of its own, whose id is that of the stream.
pub trait Subject: Sized + Send + Sync + 'static {
    /// What somebody can ask for.
    type Ask: Send + Sync + 'static;
    /// The kind of its stream.
    const KIND: StreamKind;

    /// Checks everything that can be checked without stored state. The error is the code of the refusal.
    fn check(ask: &Self::Ask) -> std::result::Result<(), Code>;

    /// The subject with this id; `None` if this company has none.
    fn find(tx: &mut Tx, tenant: TenantId, id: Uuid) -> impl Future<Output = Result<Option<Self>>> + Send;

    /// Whether the sender has access to it at all. What they may ask for is decided by [`Self::happen`].
    fn may_see(&self, sender: &Sender) -> bool;

    /// Decides what an act does, and stores that; the subject is locked, and the act has not been stored before.
    fn happen(&self, act: &Act<Self>, tx: &mut Tx) -> impl Future<Output = Result<Appended>> + Send;

    /// The subject whose first act this is.
    fn begin(_act: &Act<Self>, _tx: &mut Tx) -> impl Future<Output = Result<Self>> + Send {
        async { Err(Error::NotFound) }
    }

    /// The entry that an act becomes on the hot path, with the version that it was decided on; `None` if it takes the full path.
    fn hot(&self, _act: &Act<Self>) -> Option<(Written, i64)> {
        None
    }

    /// What somebody is told of a subject that they may not see: usually that it does not exist.
    fn hidden_error(&self, _act: &Act<Self>) -> Error {
        Error::NotFound
    }

    /// Runs an act inside the writer, perhaps again.
    fn run(act: &Act<Self>, tx: &mut Tx) -> impl Future<Output = db::Result<Verdict>> + Send {
        act.run_fully(tx)
    }
}

/// Something a sender wants to happen to a subject, exactly once.
#[derive(Debug, Clone)]
pub struct Act<S: Subject> {
    /// The sender.
    pub sender: Sender,
    /// The subject; for a new one, an id chosen by the client.
    pub subject: Uuid,
    /// The sender's own id for this act, never reused.
    pub client_id: Uuid,
    /// A digest of what was sent. It reveals a `client_id` reused with different content.
    pub digest: i64,
    /// What is to happen.
    pub ask: S::Ask,
}

impl<S: Subject> Act<S> {
    /// Checks everything that can be checked without stored state. The error is the code of the refusal.
    pub fn check(&self) -> std::result::Result<(), Code> {
        S::check(&self.ask)
    }

    /// The stream of its subject.
    pub const fn stream(&self) -> StreamName {
        StreamName { kind: S::KIND, id: self.subject }
    }

    /// How a refusal of this act is remembered; the bot's refusals never are.
    pub(crate) fn refused_send(&self) -> RefusedSend {
        let begins_under = match &self.sender {
            Sender::Visitor { visitor, .. } => Some(StreamName { kind: StreamKind::Visitor, id: visitor.uuid() }),
            Sender::Staff(_) | Sender::Bot { .. } => None,
        };
        let (tenant, sender) = (self.sender.tenant(), self.sender.actor().id.unwrap_or_default());
        RefusedSend { tenant, stream: self.subject, client_id: self.client_id, sender, send_hash: self.digest, begins_under }
    }

    /// The full path of every subject.
    pub(crate) async fn run_fully(&self, tx: &mut Tx) -> db::Result<Verdict> {
        let refusal = match self.perform(tx).await {
            Ok(appended) => return Ok(Verdict::Keep(Ok(appended))),
            Err(Error::Db(error)) => return Err(error),
            Err(Error::Refused(refusal)) => refusal,
            Err(Error::NotFound) => Refusal::new(Code::NotFound),
            Err(Error::Stale | Error::Taken) => Refusal::new(Code::Conflict),
        };
        // Nothing is stored for a visitor about a subject that is not theirs; otherwise they could fill the store.
        let is_strange = refusal.code == Code::NotFound && matches!(self.sender, Sender::Visitor { .. });
        Ok(match Refusal::remembered(refusal.code) {
            Some(_) if !is_strange => Verdict::Refuse(refusal, self.refused_send()),
            _ => Verdict::Undo(refusal),
        })
    }

    /// Load, check policy, decide, store.
    async fn perform(&self, tx: &mut Tx) -> Result<Appended> {
        let tenant = self.sender.tenant();
        db::journal::lock(tx, &[(tenant.uuid(), self.subject, S::KIND)]).await?;
        let before = match S::find(tx, tenant, self.subject).await? {
            Some(found) => found,
            None => S::begin(self, tx).await?,
        };
        // Under the lock: another node may just have stored or refused it, and the state is the one after that.
        match sends::find(tx, tenant, self.subject, self.client_id, self.sender.actor().id, self.digest).await {
            Ok(Some(first)) => return Ok(first),
            // Someone without access is not told that such a send exists.
            Ok(None) | Err(Error::Refused(_)) if !before.may_see(&self.sender) => return Err(before.hidden_error(self)),
            Ok(None) => {}
            Err(other) => return Err(other),
        }
        if let Some(refusal) = db::journal::refusal_of(tx, &self.refused_send()).await? {
            return Err(refusal.into());
        }
        before.happen(self, tx).await
    }
}

impl<S: Subject> Cold for Act<S> {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(S::run(self, tx))
    }
}

/// Submits an act, and waits for its outcome; `None` if the sender has to retry.
pub async fn outcome_of<S: Subject>(db: &Db, known: Option<&S>, act: Act<S>) -> Option<Outcome> {
    let (done, outcome) = oneshot::channel();
    submit(db, known, act, None, move |told| {
        let _ = done.send(told);
    });
    outcome.await.ok().flatten()
}

/// Submits an act to the writer: as data if its subject is `known` and its state does not change, otherwise on the full path. `done` receives the outcome after the
/// commit, or `None` if the sender has to retry. Whether somebody may be in danger is heard after that, by [`crate::danger`].
pub fn submit<S: Subject>(db: &Db, known: Option<&S>, act: Act<S>, fence: Option<(Arc<Fence>, u64)>, done: impl FnOnce(Option<Outcome>) + Send + 'static) {
    let hot = known.and_then(|subject| subject.hot(&act));
    db.writer().append(Append { conversation: act.subject, hot, otherwise: Box::new(act), fence, reply: Box::new(move |result| done(result.ok())) });
}
