//! Made-up visitors with known tastes: each belongs to a group that prefers some of the items. It is what tests and the measurement learn from.

use recommender::{Interest, Item, ItemKind};

/// Made-up traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planted {
    /// How many items there are.
    pub items: usize,
    /// How many visitors.
    pub visitors: usize,
    /// How many items each takes an interest in.
    pub each: usize,
    /// How many groups of taste there are; the items are divided among them.
    pub tastes: usize,
    /// How many of a hundred interests are of the visitor's own taste; the others are of anything.
    pub own: u32,
    /// The seed.
    pub seed: u64,
}

/// Numbers that look random, the same for a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % n.max(1)
    }
    /// Below `n`, small numbers more often: some items are popular.
    fn small_number(&mut self, n: usize) -> usize {
        if self.below(4) == 0 { self.below(n) } else { self.below(n).min(self.below(n)) }
    }
}

impl Planted {
    /// An item by its number: goods, plans and questions in turn.
    pub fn item(number: usize) -> Item {
        let kind = [ItemKind::Product, ItemKind::Question, ItemKind::Product, ItemKind::Plan][number / 7 % 4];
        Item { kind, id: format!("i-{number:04}") }
    }
    /// The interests of all visitors, in the order of time.
    pub fn interests(self) -> Vec<Interest> {
        let mut chance = Chance(self.seed | 1);
        let of_taste = self.items / self.tastes.max(1);
        let mut all = Vec::with_capacity(self.visitors * self.each);
        for visitor in 0..self.visitors {
            let taste = chance.below(self.tastes);
            for nth in 0..self.each {
                let is_own = chance.below(100) < self.own as usize;
                let number = if is_own { chance.small_number(of_taste) * self.tastes + taste } else { chance.small_number(self.items) };
                all.push(Interest { visitor: visitor as u32, item: Self::item(number), weight: 1.0, at: (visitor * self.each + nth) as i64 });
            }
        }
        all
    }
}
