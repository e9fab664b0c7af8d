//! The list of what was erased, outside the record: a backup from before still contains it, and after a restore it is erased again.
//!
//! It is a file of JSON lines in the data folder, to which lines are only ever added. It names ids, never what was erased.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use domain::{id::TenantId, time::Ts};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::durable::sync_folder;

/// The file's name in the data folder.
pub const ERASURES: &str = "erasures.jsonl";

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A company with everything in it.
    Company,
    /// A customer with an account.
    Customer,
    /// A visitor.
    Visitor,
    /// A conversation.
    Conversation,
    /// A message.
    Message,
    /// Nothing: a company that was erased came back with an import, and is not to be erased again.
    CameBack,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// When it was erased, in milliseconds since 1970.
    pub at: i64,
    /// What was erased.
    pub kind: Kind,
    /// The company.
    pub company: Uuid,
    /// The id of what was erased; that of the company for a company.
    pub id: String,
}

impl Erasure {
    /// A line about something of a company.
    pub fn new(at: Ts, kind: Kind, company: TenantId, id: &impl ToString) -> Self {
        Self { at: at.0, kind, company: company.uuid(), id: id.to_string() }
    }
    /// The company.
    pub const fn tenant(&self) -> TenantId {
        TenantId::new(self.company)
    }
}

/// Adds lines to the list, durably. This is done before anything is erased: what is on the list and still in the record is erased at the next start.
pub fn note(data: &Path, erasures: &[Erasure]) -> io::Result<()> {
    let path = data.join(ERASURES);
    let is_new = !path.exists();
    let mut file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(&path)?;
    let mut lines = String::new();
    // A line that a power cut tore stays on a line of its own.
    if !ends_a_line(&mut file)? {
        lines.push('\n');
    }
    for erasure in erasures {
        lines.push_str(&serde_json::to_string(erasure)?);
        lines.push('\n');
    }
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    if is_new { sync_folder(data) } else { Ok(()) }
}

fn ends_a_line(file: &mut fs::File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The list, as it lies there; empty if nothing was ever erased. A line that was torn before it was on disk is passed over: what it was to name was not erased.
pub fn read(data: &Path) -> io::Result<Vec<Erasure>> {
    let text = match fs::read_to_string(data.join(ERASURES)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// What has to be erased again if it is in the record, read where waiting for the disk holds up nobody.
pub async fn load(data: &Path) -> io::Result<Vec<Erasure>> {
    let data = data.to_owned();
    tokio::task::spawn_blocking(move || read(&data).map(in_force)).await.map_err(io::Error::other)?
}

/// The list, oldest first, without companies that came back after they were erased. The lists of several nodes may have been put together in any order.
pub fn in_force(mut list: Vec<Erasure>) -> Vec<Erasure> {
    list.sort_by_key(|erasure| erasure.at);
    let mut kept: Vec<Erasure> = Vec::with_capacity(list.len());
    for erasure in list {
        match erasure.kind {
            Kind::CameBack => kept.retain(|earlier| earlier.kind != Kind::Company || earlier.company != erasure.company),
            _ => kept.push(erasure),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erasure(at: i64, kind: Kind, company: u128, id: &str) -> Erasure {
        Erasure { at, kind, company: Uuid::from_u128(company), id: id.to_owned() }
    }

    #[test]
    fn what_was_noted_is_read_after_a_torn_line_as_well() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(read(data.path()).unwrap(), []);
        let (first, second) = (erasure(1, Kind::Customer, 1, "cus_1"), erasure(2, Kind::Company, 1, "org_1"));
        note(data.path(), std::slice::from_ref(&first)).unwrap();
        OpenOptions::new().append(true).open(data.path().join(ERASURES)).unwrap().write_all(b"{\"at\":1").unwrap();
        note(data.path(), std::slice::from_ref(&second)).unwrap();
        assert_eq!(read(data.path()).unwrap(), [first, second]);
    }

    #[test]
    fn a_company_that_came_back_stays_and_its_erased_people_do_not() {
        let person = erasure(1, Kind::Visitor, 1, "vis_1");
        let (erased, back, other) = (erasure(2, Kind::Company, 1, "a"), erasure(3, Kind::CameBack, 1, "a"), erasure(2, Kind::Company, 2, "b"));
        let again = erasure(4, Kind::Company, 1, "a");
        assert_eq!(in_force(vec![person.clone(), erased.clone(), other.clone(), back.clone()]), [person.clone(), other.clone()]);
        assert_eq!(in_force(vec![person.clone(), erased.clone(), back.clone(), other.clone(), again.clone()]), [person.clone(), other.clone(), again.clone()]);
        // The lists of several nodes, put together in any order.
        assert_eq!(in_force(vec![back.clone(), other.clone(), person.clone(), erased.clone()]), [person.clone(), other.clone()]);
        assert_eq!(in_force(vec![again.clone(), back, other.clone(), erased, person.clone()]), [person, other, again]);
    }

    #[tokio::test]
    async fn what_is_in_force_is_loaded_from_the_folder() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(load(data.path()).await.unwrap(), []);
        let (erased, back, other) = (erasure(2, Kind::Company, 1, "a"), erasure(3, Kind::CameBack, 1, "a"), erasure(1, Kind::Company, 2, "b"));
        note(data.path(), &[back, other.clone(), erased]).unwrap();
        assert_eq!(load(data.path()).await.unwrap(), [other]);
    }
}
