//! Amounts of cells in little space: only cells that have an amount, ascending by position, and as bytes in the store.

use db::{Error, Result};
use integer_encoding::VarInt;

use crate::{definition::Merge, numbers::merge_of};

/// Amounts of some cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(Vec<(usize, i64)>);

impl Tally {
    /// Merges an amount into a cell.
    pub fn put(&mut self, cell: usize, amount: i64, merge: Merge) {
        match self.0.binary_search_by_key(&cell, |(cell, _)| *cell) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place) {
                    *known = merge.of(*known, amount);
                }
            }
            Err(place) => self.0.insert(place, (cell, amount)),
        }
    }

    /// Replaces the amount of a cell.
    pub fn set(&mut self, cell: usize, amount: Option<i64>) {
        self.0.retain(|(known, _)| *known != cell);
        if let Some(amount) = amount {
            self.put(cell, amount, Merge::Add);
        }
    }

    /// Merges other amounts into these; sums of nothing go.
    pub fn merge(&mut self, other: &Self) {
        for (cell, amount) in &other.0 {
            self.put(*cell, *amount, merge_of(*cell));
        }
        self.0.retain(|(cell, amount)| *amount != 0 || merge_of(*cell) != Merge::Add);
    }

    /// What a cell amounts to.
    pub fn get(&self, cell: usize) -> Option<i64> {
        let place = self.0.binary_search_by_key(&cell, |(cell, _)| *cell).ok()?;
        self.0.get(place).map(|(_, amount)| *amount)
    }

    /// The cells and their amounts, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (usize, i64)> {
        self.0.iter().copied()
    }

    /// Whether there are no amounts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether merging these amounts changes nothing: all are sums of zero.
    pub fn is_nothing(&self) -> bool {
        self.iter().all(|(cell, amount)| amount == 0 && merge_of(cell) == Merge::Add)
    }

    /// As bytes: of each cell the distance of its position from the one before, and its amount, both as variable-length integers.
    /// Stores that exist are read by these rules: whoever changes them raises [`crate::rows::VERSION`].
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * 3);
        let mut buffer = [0; 10];
        let mut before = 0;
        for (cell, amount) in &self.0 {
            let distance = (cell - before).encode_var(&mut buffer);
            bytes.extend(buffer.iter().take(distance));
            let amount = amount.encode_var(&mut buffer);
            bytes.extend(buffer.iter().take(amount));
            before = *cell;
        }
        bytes
    }

    /// Amounts from bytes.
    pub fn unpack(bytes: &[u8]) -> Result<Self> {
        amounts(bytes).collect::<Result<_>>().map(Self)
    }
}

impl FromIterator<(usize, i64)> for Tally {
    fn from_iter<I: IntoIterator<Item = (usize, i64)>>(amounts: I) -> Self {
        let mut all: Vec<_> = amounts.into_iter().collect();
        all.sort_unstable_by_key(|(cell, _)| *cell);
        Self(all)
    }
}

/// The cells and their amounts from bytes, ascending.
pub fn amounts(mut bytes: &[u8]) -> impl Iterator<Item = Result<(usize, i64)>> {
    let mut cell = 0_usize;
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let next = take::<usize>(&mut bytes).and_then(|distance| cell.checked_add(distance)).zip(take::<i64>(&mut bytes));
        if next.is_none() {
            bytes = &[];
        }
        Some(next.inspect(|(next, _)| cell = *next).ok_or_else(|| Error::Corrupt("amounts".to_owned())))
    })
}

fn take<N: VarInt>(bytes: &mut &[u8]) -> Option<N> {
    let (number, length) = N::decode_var(bytes)?;
    *bytes = bytes.get(length..)?;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::DEFINITIONS;

    fn cell(key: &str) -> usize {
        DEFINITIONS.cells_at(key).next().unwrap()
    }

    #[test]
    fn what_is_packed_is_amounts() {
        let all = [(0, 1), (1, -1), (130, i64::MAX), (131, i64::MIN), (9_000, 0)];
        let tally = Tally::from_iter(all.into_iter().rev());
        assert_eq!(tally.iter().collect::<Vec<_>>(), all);
        assert_eq!(Tally::unpack(&tally.pack()).unwrap(), tally);
        assert_eq!(Tally::unpack(&[]).unwrap(), Tally::default());
        assert_eq!(Tally::from_iter([(3, 5), (4, 70)]).pack().len(), 5);
        for bytes in [&[1][..], &[0x80], &[1, 2, 3], &[255; 40]] {
            assert!(matches!(Tally::unpack(bytes), Err(Error::Corrupt(_))), "{bytes:?}");
        }
    }

    #[test]
    fn amounts_are_merged_as_their_measure_says_and_sums_of_nothing_go() {
        let (reply, longest) = (cell("reply"), cell("longest_wait"));
        let mut tally = Tally::from_iter([(reply, 2), (longest, 70)]);
        tally.merge(&Tally::from_iter([(reply, 3), (longest, 50)]));
        assert_eq!((tally.get(reply), tally.get(longest), tally.get(cell("dialogue"))), (Some(5), Some(70), None));
        tally.merge(&Tally::from_iter([(reply, -5)]));
        assert_eq!(tally, Tally::from_iter([(longest, 70)]));
        tally.set(longest, Some(0));
        tally.merge(&Tally::default());
        assert_eq!((tally.get(longest), tally.is_nothing()), (Some(0), false), "an extreme may be zero");
        tally.set(longest, None);
        assert!(tally.is_empty() && Tally::from_iter([(reply, 0)]).is_nothing());
    }
}
