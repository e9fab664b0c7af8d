//! What a network does to bytes on their way.

use std::time::Duration;

/// What happens to the bytes of one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Passes {
    /// They arrive.
    #[default]
    All,
    /// They are held back, as by a cable that is out: they arrive when it is in again. Nobody is told.
    Nothing,
    /// They are taken and thrown away; the connection is reset once bytes pass again, because it has a hole.
    Lost,
}

/// One direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Way {
    /// Whether bytes arrive.
    pub passes: Passes,
    /// How much later they do.
    pub latency: Duration,
    /// Up to so much later still, by chance; order is kept.
    pub jitter: Duration,
    /// How many arrive in a second; `None` = as many as there are.
    pub bytes_per_second: Option<u32>,
}

/// Both directions, and what happens to new connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weather {
    /// From who connected to who was connected to.
    pub up: Way,
    /// Back.
    pub down: Way,
    /// New connections are reset at once.
    pub refuses: bool,
}

/// A direction, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// From who connected.
    Up,
    /// Back.
    Down,
}

impl Weather {
    /// Everything passes.
    pub fn fair() -> Self {
        Self::default()
    }
    /// One direction.
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
