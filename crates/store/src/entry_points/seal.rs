//! How the record is sealed: by which key, and how it comes to another.

use db::{Db, Tx, q};
use domain::time::Ts;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

use crate::{Error, Result};

/// By which key the record is sealed. The key itself lies elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealed {
    /// By the one with this fingerprint.
    Under {
        /// By what the key is recognised.
        fingerprint: String,
        /// What opens what browsers were given before.
        former: Option<Former>,
    },
    /// By a key that stands in the record, as every record had it once. It is to be sealed anew, under one that does not.
    KeyInRecord {
        /// The key.
        key: Vec<u8>,
        /// The fingerprint of the new key, where that was begun: some is sealed under this one and some under that one.
        begun: Option<String>,
    },
}

/// A key that is not used for anything new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The key, sealed under the one in force.
    pub sealed: Vec<u8>,
    /// Until when what it sealed is accepted.
    pub until: Ts,
}

/// The row as it is, also one that has not been given all its columns yet.
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

/// How the record is sealed; `None` of one that was never used. It may be one that was not brought up to date ([`db::look`]), such as a backup.
pub async fn sealed(tx: &mut Tx) -> Result<Option<Sealed>> {
    let found: Option<InstallationRow> = q!(tx, |c| sqlx::query_as("SELECT * FROM installation WHERE one = 1").fetch_optional(c).await)?;
    Ok(found.map(Sealed::from))
}

/// Makes a record that was never used one of this generation, sealed by the key with this fingerprint; any other stays as it is. Returns how it is sealed. Of several
/// nodes that start at once, one makes it.
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
                sealed(tx).await?.ok_or(Error::NotFound)
            })
        })
        .await
}

/// Notes by which key a record is sealed anew whose key stands in it, unless that was begun already. Returns how it is sealed.
pub async fn begin_resealing(db: &Db, fingerprint: String) -> Result<Sealed> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                q!(tx, |c| sqlx::query("UPDATE installation SET seal_fingerprint = $1 WHERE one = 1 AND seal_fingerprint IS NULL")
                    .bind(&fingerprint)
                    .execute(c)
                    .await
                    .map(drop))?;
                sealed(tx).await?.ok_or(Error::NotFound)
            })
        })
        .await
}

/// Takes the key out of a record that is sealed anew, and keeps it for what browsers were given. Returns how it is sealed; nothing changes where that was done already.
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
                sealed(tx).await?.ok_or(Error::NotFound)
            })
        })
        .await
}
