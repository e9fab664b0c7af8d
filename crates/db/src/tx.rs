//! A connection on which statements run, of either engine, and what its commit will make known.

use std::ops::DerefMut;

use domain::{journal::Effect, time::Ts};
use sqlx::{PgConnection, SqliteConnection};

use crate::Result;

/// A connection of either engine, whoever owns it.
pub enum Conn {
    /// SQLite.
    Sqlite(Box<dyn DerefMut<Target = SqliteConnection> + Send + Sync>),
    /// PostgreSQL.
    Postgres(Box<dyn DerefMut<Target = PgConnection> + Send + Sync>),
}

/// Statements in a row: a transaction of the writer, a snapshot, or single reads.
pub struct Tx {
    conn: Conn,
    now: Ts,
    effects: Vec<Effect>,
}

/// Gives an owned connection the form of a borrowed one.
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

impl Tx {
    pub(crate) fn new(conn: Conn, now: Ts) -> Self {
        Self { conn, now, effects: Vec::new() }
    }
    /// The connection; for [`crate::q!`].
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }
    /// The time of this transaction.
    pub const fn now(&self) -> Ts {
        self.now
    }
    pub(crate) fn set_now(&mut self, now: Ts) {
        self.now = now;
    }
    /// Whether this is PostgreSQL: for the few statements that differ. A test counts the callers.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }
    /// Remembers what to make known once this is durable.
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
    /// Keeps what a transaction of [`crate::Db::maintain`] did.
    pub async fn commit(mut self) -> Result<()> {
        self.control("COMMIT").await
    }
    /// Runs a statement without parameters or result: transaction control.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(c) => sqlx::query(sql).execute(&mut ***c).await.map(drop)?,
            Conn::Postgres(c) => sqlx::query(sql).execute(&mut ***c).await.map(drop)?,
        }
        Ok(())
    }
}
