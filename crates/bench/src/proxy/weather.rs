//! What a network does to bytes in transit.

use std::time::Duration;

/// What happens to the bytes of one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Passes {
    /// They arrive.
    #[default]
    All,
    /// They are held back, as by an unplugged cable, and arrive when it is plugged in again. Neither end is notified.
    Nothing,
    /// They are read and discarded; the connection is reset once bytes pass again, because it has a hole.
    Lost,
}

/// The conditions in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Way {
    /// Whether bytes arrive.
    pub passes: Passes,
    /// How much later they arrive.
    pub latency: Duration,
    /// The most that a random delay adds to that; the order is kept.
    pub jitter: Duration,
    /// How many bytes arrive in a second; `None` means as many as there are.
    pub bytes_per_second: Option<u32>,
}

/// Both directions, and what happens to new connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weather {
    /// From the client to the target.
    pub up: Way,
    /// From the target to the client.
    pub down: Way,
    /// New connections are reset at once.
    pub refuses: bool,
}

/// The name of a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// From the client to the target.
    Up,
    /// From the target to the client.
    Down,
}

impl Weather {
    /// Everything passes.
    pub fn fair() -> Self {
        Self::default()
    }
    /// The conditions in one direction.
    pub const fn way(&self, side: Side) -> Way {
        match side {
            Side::Up => self.up,
            Side::Down => self.down,
        }
    }
    /// Half open: the bytes of these directions are held back.
    pub fn silent(up: bool, down: bool) -> Self {
        let way = |silent| Way { passes: if silent { Passes::Nothing } else { Passes::All }, ..Way::default() };
        Self { up: way(up), down: way(down), refuses: false }
    }
    /// Requests arrive, answers are lost.
    pub fn without_answers() -> Self {
        Self { down: Way { passes: Passes::Lost, ..Way::default() }, ..Self::default() }
    }
}
