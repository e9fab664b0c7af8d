//! What inverted indexes consist of. A large knowledge has many millions of these, which take most of a bot's memory.

/// The most entries that a bot learns, in their order.
pub(crate) const MOST_ENTRIES: usize = u16::MAX as usize;

/// An entry, or a topic, with the value of the feature in whose list this stands. It takes six bytes.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, packed(2))]
pub(crate) struct Posting {
    /// The value.
    pub value: f32,
    of: u16,
}

impl Posting {
    /// Of the entry at this position, of [`MOST_ENTRIES`].
    pub(crate) fn new(of: usize, value: f32) -> Self {
        Posting { value, of: of as u16 }
    }

    /// The position of the entry.
    pub(crate) fn of(self) -> usize {
        usize::from(self.of)
    }
}
