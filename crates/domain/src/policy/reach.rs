//! Reaches: how a permission over objects relates the member who holds it to the objects it covers.

use std::ops::BitOr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text_enum::text_enum;

/// A relation between a member of staff and an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// What the member serves, or served last.
    Own,
    /// What belongs to customers whom the member looks after.
    OwnCustomers,
    /// What waits in queues that the member serves, or in none.
    Queue,
    /// What belongs to members of the same group.
    Group,
    /// What belongs to members of the same department, or of one below it.
    Department,
    /// Everything of the company.
    Company,
}

text_enum!(Reach { Own = "own", OwnCustomers = "own_customers", Queue = "queue", Group = "group", Department = "department", Company = "company" });

/// A set of reaches; empty means that the permission is not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reaches(u8);

impl Reaches {
    /// No reach: the permission is not held.
    pub const NONE: Self = Self(0);
    /// Everything of the company.
    pub const COMPANY: Self = Self::one(Reach::Company);

    /// One reach.
    pub const fn one(reach: Reach) -> Self {
        Self(1 << reach as u8)
    }
    /// The reaches of both sets.
    pub const fn with(self, reach: Reach) -> Self {
        Self(self.0 | 1 << reach as u8)
    }
    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Whether the set contains a reach by itself.
    pub const fn contains(self, reach: Reach) -> bool {
        self.0 & 1 << reach as u8 != 0
    }
    /// Whether everything that `other` covers is covered: the company covers every reach.
    pub const fn covers(self, other: Self) -> bool {
        self.contains(Reach::Company) || other.0 & !self.0 == 0
    }
    /// The reaches in the set, in the order of [`Reach::EACH`].
    pub fn each(self) -> impl Iterator<Item = Reach> {
        Reach::EACH.iter().copied().filter(move |reach| self.contains(*reach))
    }
}

impl BitOr for Reaches {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Reach> for Reaches {
    fn from_iter<I: IntoIterator<Item = Reach>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}
