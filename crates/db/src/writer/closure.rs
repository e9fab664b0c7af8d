//! A closure together with the destination of its answer, whatever its types.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use super::{
    BoxFuture, WriteError,
    faults::{RETRY, connection_lost, report_panic, retryable, storage_refuses},
};
use crate::{Error, Tx};

/// What happens to a closure's savepoint.
pub(super) enum End {
    Keep,
    Undo,
    Retry(Error),
}

/// A pending closure of any type; see the module.
pub(super) trait Closure: Send {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, End>;
    fn fail(&mut self, error: Error);
    fn finish(self: Box<Self>, error: Option<Error>);
}

/// The work of a closure; it may run more than once. Boxed, so that the code around it is compiled only once for each type of answer.
pub(super) type Work<T, E> = Box<dyn for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, std::result::Result<T, E>> + Send>;

/// A closure that waits to be run.
pub(super) struct PendingClosure<T, E> {
    pub(super) work: Work<T, E>,
    pub(super) reply: Option<oneshot::Sender<std::result::Result<T, E>>>,
    pub(super) answer: Option<std::result::Result<T, E>>,
}

impl<T, E> Closure for PendingClosure<T, E>
where
    T: Send + 'static,
    E: WriteError,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, End> {
        Box::pin(async move {
            let answer = match AssertUnwindSafe((self.work)(tx)).catch_unwind().await {
                Ok(answer) => answer,
                Err(panic) => Err(report_panic(&*panic).into()),
            };
            let end = match &answer {
                Ok(_) => End::Keep,
                Err(error) => match error.as_db() {
                    Some(db) if retryable(db) || storage_refuses(db) => End::Retry(Error::Busy),
                    _ => End::Undo,
                },
            };
            match (end, answer) {
                (End::Retry(_), Err(error)) => End::Retry(retry_cause(&error)),
                (end, answer) => {
                    self.answer = Some(answer);
                    end
                }
            }
        })
    }
    fn fail(&mut self, error: Error) {
        self.answer = Some(Err(error.into()));
    }
    fn finish(mut self: Box<Self>, error: Option<Error>) {
        if let Some(reply) = self.reply.take() {
            let answer = match error {
                Some(error) => Err(error.into()),
                None => self.answer.take().unwrap_or_else(|| Err(Error::Busy.into())),
            };
            let _ = reply.send(answer);
        }
    }
}

/// A copy of the error that made a closure fail, precise enough to decide how to recover.
fn retry_cause<E: WriteError>(error: &E) -> Error {
    match error.as_db() {
        Some(storage) if storage_refuses(storage) => {
            tracing::error!(error = %storage, "the database takes no writes");
            Error::Busy
        }
        Some(Error::Sql(sql)) if connection_lost(sql) => Error::Sql(sqlx::Error::WorkerCrashed),
        _ => Error::Sql(sqlx::Error::Protocol(RETRY.into())),
    }
}
