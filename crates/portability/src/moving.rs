//! Moves a whole record into another database, and compares both, row by row.
//!
//! Tables are copied in the order of their keys, so that a second call goes on where the first one ended. The row of the installation comes last: until it is
//! there, no server starts on the record.

use db::{
    Db, Shard,
    cells::{Cell, Kind},
    feed,
};
use seal::vault::hex;
use sha2::{Digest as _, Sha256};
use store::entry_points;

use crate::{
    archive::line,
    error::{PortError, Result},
    holdings::{Table, tables},
    rows::{self, Positions, Row, Whose},
};

/// The table whose row says that the record can be served.
const LAST: &str = "installation";
/// Tables that say what goes on in a record now.
const NOW: [&str; 3] = ["moving", "transfers", "nodes"];

/// A record that moves into another database.
pub struct Moving<'a> {
    /// Where it is, and nobody serves it.
    pub from: &'a Db,
    /// Where it goes.
    pub to: &'a Db,
    /// Is told the name of the table that is being copied or compared, and how many rows of it are.
    pub on_step: &'a (dyn Fn(&str, u64) + Send + Sync),
}

/// A table that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 of its rows in the order of its key, in hex.
    pub sha256: String,
}

impl Moving<'_> {
    /// Moves and compares everything; refused if the target is neither empty nor the half of an earlier move of this record.
    pub async fn run(&self) -> Result<Vec<Moved>> {
        self.begin().await?;
        let (last, others): (Vec<&'static Table>, Vec<&'static Table>) = moving().partition(|table| table.name == LAST);
        for table in others.iter().chain(&last) {
            self.copy(table).await?;
        }
        if let Some(mut tx) = self.to.maintain().await? {
            feed::keep_positions(&mut tx).await?;
            tx.commit().await?;
        }
        let mut all = Vec::new();
        for table in others.into_iter().chain(last) {
            all.push(self.compare(table).await?);
        }
        self.to.writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { entry_points::end_moving(tx).await })).await?;
        Ok(all)
    }

    async fn begin(&self) -> Result<()> {
        let generation = entry_points::generation_of(&mut self.from.read().await?).await?;
        let Some(generation) = generation else { return Err(refusal("there is nothing to move: this record was never served")) };
        if !entry_points::transfers(self.from).await?.is_empty() {
            return Err(refusal("a company is being imported or erased: start the server once more, let it finish that, and stop it"));
        }
        let mut tx = self.to.read().await?;
        match entry_points::moving(&mut tx).await? {
            Some(of) if of == generation => return Ok(()),
            Some(_) => {
                return Err(refusal(
                    "another record is being moved into that database, and not all of it is there: empty the database, or name a different one",
                ));
            }
            None => {}
        }
        for table in tables() {
            if rows::count(&mut tx, table, Whose::All).await? > 0 {
                return Err(refusal(&format!("the database is not empty: there are rows in {}; name an empty one", table.name)));
            }
        }
        drop(tx);
        let begin = self.to.writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { entry_points::begin_moving(tx, generation).await }));
        Ok(begin.await?)
    }

    /// Copies the rows of a table that are not there yet.
    async fn copy(&self, table: &'static Table) -> Result<()> {
        let mut after = rows::last_key(&mut self.to.read().await?, table).await?;
        let mut copied = 0;
        loop {
            let page = rows::page(&mut self.from.read().await?, table, Whose::All, after.as_deref()).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(rows::key_of(table, last));
            for chunk in rows::chunks(page.into_iter().map(|row| at_home(table, row)).collect()) {
                copied += chunk.len() as u64;
                let write = self.to.writer().write_patiently(Shard::Any, move |tx| {
                    Box::pin(async move { Ok::<_, store::Error>(rows::insert(tx, table, &chunk, Positions::Kept).await?) })
                });
                write.await?;
            }
            (self.on_step)(table.name, copied);
        }
    }

    async fn compare(&self, table: &'static Table) -> Result<Moved> {
        let (here, there) = (self.digest(self.from, table).await?, self.digest(self.to, table).await?);
        if here != there {
            return Err(refusal(&format!(
                "{} is not equal: {} rows here, {} there. The record was served after the move had begun, or somebody else wrote there: empty the database and begin anew",
                table.name, here.rows, there.rows
            )));
        }
        Ok(here)
    }

    async fn digest(&self, db: &Db, table: &'static Table) -> Result<Moved> {
        let (mut sum, mut after, mut many): (_, Option<Vec<Cell>>, u64) = (Sha256::new(), None, 0);
        loop {
            let page = rows::page(&mut db.read().await?, table, Whose::All, after.as_deref()).await?;
            let Some(last) = page.last() else { return Ok(Moved { table: table.name, rows: many, sha256: hex(&sum.finalize()) }) };
            after = Some(rows::key_of(table, last));
            many += page.len() as u64;
            for row in page {
                sum.update(line(table, &at_home(table, row)));
                sum.update(b"\n");
            }
            (self.on_step)(table.name, many);
        }
    }
}

/// The tables that move.
fn moving() -> impl Iterator<Item = &'static Table> {
    tables().filter(|table| !NOW.contains(&table.name))
}

/// The row as it is in a record that has never been served where it is: then it keeps its generation, and nobody has to begin anew.
fn at_home(table: &Table, mut row: Row) -> Row {
    if table.name == LAST
        && let Some(at) = table.columns().position(|column| column.name == "home" && column.kind == Kind::Text)
        && let Some(cell) = row.get_mut(at)
    {
        *cell = Cell::Null;
    }
    row
}

fn refusal(why: &str) -> PortError {
    PortError::Refused(why.to_owned())
}
