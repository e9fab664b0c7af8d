//! A connection of either engine on which statements run, and the effects that its commit will make known.

use std::{
    collections::HashMap,
    future::Future,
    ops::DerefMut,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use domain::{effect::Effect, journal::Head, time::Ts};
use sqlx::{Connection, Database, PgConnection, SqliteConnection, Transaction, pool::PoolConnection};
use uuid::Uuid;

use crate::Result;

/// The most heads that a connection remembers: those of the streams that were written to last.
const HEADS: usize = 256;

/// A connection, whoever owns it.
pub trait Held<C>: DerefMut<Target = C> + Send + Sync {
    /// Releases the connection: one that is on loan is returned. An owned one has ended when this returns; if it is merely dropped, it ends on a thread of its
    /// own, some time later.
    fn close(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        drop(self);
        Box::pin(std::future::ready(()))
    }
}

/// A connection of either engine, whoever owns it.
pub enum Conn {
    /// SQLite.
    Sqlite(Box<dyn Held<SqliteConnection>>),
    /// PostgreSQL.
    Postgres(Box<dyn Held<PgConnection>>),
}

/// A series of statements: a transaction of the writer, a snapshot, or single reads.
pub struct Tx {
    conn: Conn,
    now: Ts,
    effects: Vec<Effect>,
    heads: HashMap<(Uuid, Uuid), Head>,
    statements: Arc<AtomicU64>,
}

/// Makes an owned connection look like a borrowed one.
pub(crate) struct Owned<T>(pub T);

impl<T> std::ops::Deref for Owned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
impl<T> DerefMut for Owned<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<C: Connection + Sync + 'static> Held<C> for Owned<C> {
    fn close(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            // A lost connection does not need to be closed properly.
            let _ = self.0.close().await;
        })
    }
}
impl<D: Database> Held<D::Connection> for PoolConnection<D> where Self: Sync {}
impl<D: Database> Held<D::Connection> for Transaction<'static, D> where Self: Sync {}

impl Tx {
    pub(crate) fn new(conn: Conn, now: Ts) -> Self {
        Self { conn, now, effects: Vec::new(), heads: HashMap::new(), statements: Arc::default() }
    }
    /// The same, counting its statements in `statements`.
    pub(crate) fn counted(self, statements: &Arc<AtomicU64>) -> Self {
        Self { statements: statements.clone(), ..self }
    }
    /// Where its statements are counted.
    pub(crate) const fn counter(&self) -> &Arc<AtomicU64> {
        &self.statements
    }
    /// The connection, for [`crate::q!`], which runs one statement on it.
    pub fn conn(&mut self) -> &mut Conn {
        self.statements.fetch_add(1, Relaxed);
        &mut self.conn
    }
    /// The time of this transaction.
    pub const fn now(&self) -> Ts {
        self.now
    }
    pub(crate) fn set_now(&mut self, now: Ts) {
        self.now = now;
    }
    /// Whether this is PostgreSQL, for the few statements that differ. A test counts the callers.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }
    /// Records an effect to be made known once this transaction is durable.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
    pub(crate) fn effects_len(&self) -> usize {
        self.effects.len()
    }
    pub(crate) fn truncate_effects(&mut self, len: usize) {
        self.effects.truncate(len);
    }
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
    /// Notes what was saved as the heads of streams. Only an append of its own asks for them, so what is saved in bulk is not noted: under load the next one is in bulk, too.
    pub(crate) fn note_heads(&mut self, heads: impl ExactSizeIterator<Item = ((Uuid, Uuid), Head)>) {
        if heads.len() > HEADS / 16 {
            return;
        }
        if self.heads.len() >= HEADS {
            self.heads.clear();
        }
        self.heads.extend(heads);
    }
    /// What this connection last saved as a stream's head, if it remembers. It is a guess: the transaction may have been rolled back, and others write, too.
    pub(crate) fn saved_head(&self, stream: (Uuid, Uuid)) -> Option<Head> {
        self.heads.get(&stream).copied()
    }
    /// Releases the connection; an owned one has ended when this returns.
    pub async fn close(self) {
        match self.conn {
            Conn::Sqlite(conn) => conn.close().await,
            Conn::Postgres(conn) => conn.close().await,
        }
    }
    /// Commits a transaction of [`crate::Db::maintain`].
    pub async fn commit(mut self) -> Result<()> {
        self.control("COMMIT").await
    }
    /// Runs a statement without parameters or result: transaction control.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<()> {
        self.statements.fetch_add(1, Relaxed);
        match &mut self.conn {
            Conn::Sqlite(c) => sqlx::query(sql).execute(&mut ***c).await.map(drop)?,
            Conn::Postgres(c) => sqlx::query(sql).execute(&mut ***c).await.map(drop)?,
        }
        Ok(())
    }
}
