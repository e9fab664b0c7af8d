//! Which key the record is sealed by, and how it is switched to a different one.

use db::{Db, Tx, q};
use domain::time::Ts;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

use crate::{Error, Result};

/// Which key the record is sealed by. The key itself is stored elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealed {
    /// By the key with this fingerprint.
    Under {
        /// The key's fingerprint.
        fingerprint: String,
        /// The key that opens what browsers were given earlier, if there is one.
        former: Option<Former>,
    },
    /// By a key stored in the record, as all records once were. It has to be resealed by a key that is not.
    KeyInRecord {
        /// The key.
        key: Vec<u8>,
        /// The fingerprint of the new key, if resealing has begun: some values are then sealed by the old key and some by the new one.
        begun: Option<String>,
    },
}

/// A former key, no longer used to seal anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The key, sealed by the one in force.
    pub sealed: Vec<u8>,
    /// The time until which values sealed by it are accepted.
    pub until: Ts,
}

/// The row as stored, possibly lacking columns that were added later.
struct InstallationRow {
    seal_key: Vec<u8>,
    seal_fingerprint: Option<String>,
    former_key: Option<Vec<u8>>,
    former_until: Option<i64>,
}

impl<'r, R: Row> FromRow<'r, R> for InstallationRow
where
    for<'n> &'n str: ColumnIndex<R>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        fn late<T>(column: sqlx::Result<Option<T>>) -> sqlx::Result<Option<T>> {
            match column {
                Err(sqlx::Error::ColumnNotFound(_)) => Ok(None),
                other => other,
            }
        }
        Ok(Self {
            seal_key: row.try_get("seal_key")?,
            seal_fingerprint: late(row.try_get("seal_fingerprint"))?,
            former_key: late(row.try_get("former_key"))?,
            former_until: late(row.try_get("former_until"))?,
        })
    }
}

impl From<InstallationRow> for Sealed {
    fn from(InstallationRow { seal_key, seal_fingerprint, former_key, former_until }: InstallationRow) -> Self {
        match seal_fingerprint {
            Some(fingerprint) if seal_key.is_empty() => {
                let former = former_key.zip(former_until).map(|(sealed, until)| Former { sealed, until: Ts(until) });
                Self::Under { fingerprint, former }
            }
            begun => Self::KeyInRecord { key: seal_key, begun },
        }
    }
}

/// How the record is sealed; `None` if it was never used. The record's schema may be out of date ([`db::look`]), as in a backup.
pub async fn seal_state(tx: &mut Tx) -> Result<Option<Sealed>> {
    let found: Option<InstallationRow> = q!(tx, |c| sqlx::query_as("SELECT * FROM installation WHERE one = 1").fetch_optional(c).await)?;
    Ok(found.map(Sealed::from))
}

/// Initialises a record that was never used with this generation and the key with this fingerprint; any other record stays as it is. Returns how it is sealed.
/// Of several nodes that start at once, one initialises it.
pub async fn installation(db: &Db, generation: Uuid, fingerprint: String) -> Result<Sealed> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                q!(tx, |c| sqlx::query(
                    "INSERT INTO installation (one, generation, seal_key, seal_fingerprint) VALUES (1, $1, $2, $3) ON CONFLICT (one) DO NOTHING"
                )
                .bind(generation)
                .bind(&b""[..])
                .bind(&fingerprint)
                .execute(c)
                .await
                .map(drop))?;
                seal_state(tx).await?.ok_or(Error::NotFound)
            })
        })
        .await
}

/// Records which key will replace the one stored in the record, unless that has begun already. Returns how the record is sealed.
pub async fn begin_resealing(db: &Db, fingerprint: String) -> Result<Sealed> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                q!(tx, |c| sqlx::query("UPDATE installation SET seal_fingerprint = $1 WHERE one = 1 AND seal_fingerprint IS NULL")
                    .bind(&fingerprint)
                    .execute(c)
                    .await
                    .map(drop))?;
                seal_state(tx).await?.ok_or(Error::NotFound)
            })
        })
        .await
}

/// Removes the key from a record that was resealed, keeping it as the former key for what browsers
/// were given. Returns how the record is sealed; nothing changes if this was done already.
pub async fn end_resealing(db: &Db, former: Former) -> Result<Sealed> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                q!(tx, |c| sqlx::query(
                    "UPDATE installation SET seal_key = $1, former_key = $2, former_until = $3 WHERE one = 1 AND seal_fingerprint IS NOT NULL AND length(seal_key) > 0"
                )
                .bind(&b""[..])
                .bind(&former.sealed[..])
                .bind(former.until.0)
                .execute(c)
                .await
                .map(drop))?;
                seal_state(tx).await?.ok_or(Error::NotFound)
            })
        })
        .await
}
