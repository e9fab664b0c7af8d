//! Pages of lists, and cursors: positions in a list that a response gives as `next` and that clients send back. They are opaque to clients.

use std::str::FromStr;

use domain::{
    id::{Id, Kind},
    refusal::Code,
    time::Ts,
};
use serde::Serialize;
use uuid::Uuid;

use crate::problem::Problem;

/// The most JSON in a page whose rows may be long, in bytes; compressed, no such page has more than 64 KiB. A row that is longer is a page of its own.
pub const PAGE_BYTES: usize = 80 * 1024;

/// A page of a list: its rows, and where the next page begins, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The first `most` of these rows. A caller that looked for one row more than `most` learns whether there is a next page: it begins after the `place` of
    /// the last row shown.
    pub fn of(mut rows: Vec<T>, most: usize, place: impl FnOnce(&T) -> String) -> Self {
        let more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| more).map(place);
        Self { items: rows, next }
    }

    /// The same, but the page ends before its rows have more than [`PAGE_BYTES`].
    pub fn light(rows: Vec<T>, most: usize, place: impl FnOnce(&T) -> String) -> Self
    where
        T: Serialize,
    {
        let mut bytes = 0;
        let too_many = rows.iter().take(most).position(|row| {
            bytes += serde_json::to_vec(row).map_or(0, |json| json.len());
            bytes > PAGE_BYTES
        });
        Self::of(rows, too_many.unwrap_or(most).max(1), place)
    }
}

/// The problem for text that is not a position in one of our lists.
pub fn problem() -> Problem {
    Problem::invalid("cursor", Code::InvalidValue, "use the `next` of the previous answer")
}

/// Parses a cursor of any form.
pub fn parse<T: FromStr>(cursor: &str) -> Result<T, Problem> {
    cursor.parse().map_err(|_| problem())
}

/// A position in a list sorted by time, then id: `time.id`.
pub fn at_id<I: FromStr>(cursor: &str) -> Result<(Ts, I), Problem> {
    let (at, id) = cursor.split_once('.').ok_or_else(problem)?;
    Ok((Ts(parse(at)?), parse(id)?))
}

/// The same for an id that is shown with its kind.
pub fn at_shown_id<K: Kind>(cursor: &str) -> Result<(Ts, Uuid), Problem> {
    at_id::<Id<K>>(cursor).map(|(at, id)| (at, id.uuid()))
}

#[cfg(test)]
mod tests {
    use domain::id::AgentId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_page_is_followed_by_another_only_where_more_was_found() {
        let page = |found: &[i64]| Page::of(found.to_vec(), 2, |last| last.to_string());
        assert_eq!(page(&[]), Page { items: vec![], next: None });
        assert_eq!(page(&[1, 2]), Page { items: vec![1, 2], next: None });
        assert_eq!(page(&[1, 2, 3]), Page { items: vec![1, 2], next: Some("2".to_owned()) });
    }

    #[test]
    fn a_page_of_long_rows_ends_early_and_has_at_least_one() {
        let page = |lengths: &[usize]| Page::light(lengths.iter().map(|length| "x".repeat(length - 2)).collect(), 3, |last| last.len().to_string());
        for (lengths, shown, next) in [
            (&[9, 9, 9][..], 3, None),
            (&[9, 9, 9, 9], 3, Some("7")),
            (&[PAGE_BYTES - 9, 9, 9], 2, Some("7")),
            (&[PAGE_BYTES * 2, 9], 1, Some(&*(PAGE_BYTES * 2 - 2).to_string())),
            (&[PAGE_BYTES * 2], 1, None),
            (&[], 0, None),
        ] {
            let found = page(lengths);
            assert_eq!((found.items.len(), found.next.as_deref()), (shown, next), "{lengths:?}");
        }
    }

    #[test]
    fn a_place_is_a_time_and_an_id_and_nothing_else() {
        let id = AgentId::new(Uuid::from_u128(9));
        assert_eq!(at_id::<AgentId>(&format!("7.{id}")).unwrap(), (Ts(7), id));
        assert_eq!(at_id::<Uuid>("-1.00000000000000000000000000000009").unwrap(), (Ts(-1), Uuid::from_u128(9)));
        for text in ["", "7", "7.", ".9", "x.00000000000000000000000000000009", "7.00000000000000000000000000000009.1"] {
            assert_eq!(at_id::<Uuid>(text).unwrap_err().field.as_deref(), Some("cursor"), "{text}");
        }
    }
}
