//! Departments of the staff: a tree above its groups, and what may be changed in it.

use std::collections::HashMap;

use normal::text;

use crate::{id::DepartmentId, refusal::Code, time::Ts};

/// The most levels of departments, counting from the top.
pub const MAX_LEVELS: usize = 6;
/// The most departments of a company.
pub const MAX_DEPARTMENTS: usize = 500;

/// A department of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// The id.
    pub id: DepartmentId,
    /// The department it is part of, if any.
    pub parent: Option<DepartmentId>,
    /// The name staff see, unique beside its siblings.
    pub name: String,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

/// Why a change in the tree was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DepartmentError {
    /// There is no such department.
    #[error("there is no such department")]
    Unknown,
    /// It would be part of itself.
    #[error("a department cannot be moved into itself or into one of its own: choose a different one")]
    Circle,
    /// The tree would have too many levels.
    #[error("departments can have at most {MAX_LEVELS} levels: choose one further up")]
    TooDeep,
    /// There would be too many.
    #[error("a company can have at most {MAX_DEPARTMENTS} departments: delete one first")]
    TooMany,
    /// A sibling has this name.
    #[error("another department in the same place already has this name")]
    NameTaken,
}

impl DepartmentError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Unknown | Self::Circle | Self::TooDeep => "parent",
            Self::TooMany | Self::NameTaken => "name",
        }
    }
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::Unknown => Code::InvalidValue,
            Self::Circle => Code::DepartmentCircle,
            Self::TooDeep => Code::DepartmentsTooDeep,
            Self::TooMany => Code::TooManyDepartments,
            Self::NameTaken => Code::DepartmentNameTaken,
        }
    }
}

/// All departments of a company.
#[derive(Debug, Clone)]
pub struct Tree<'d> {
    by_id: HashMap<DepartmentId, &'d Department>,
}

impl<'d> Tree<'d> {
    /// The tree of these departments.
    pub fn of(all: &'d [Department]) -> Self {
        Self { by_id: all.iter().map(|one| (one.id, one)).collect() }
    }

    /// A department and what it is part of, the nearest first. Ends at a circle, which no change makes.
    pub fn up_from(&self, id: DepartmentId) -> impl Iterator<Item = &'d Department> {
        let step = |at: &&'d Department| at.parent.and_then(|parent| self.by_id.get(&parent).copied());
        std::iter::successors(self.by_id.get(&id).copied(), step).take(self.by_id.len())
    }

    /// The names of a department and of what it is part of, from the top.
    pub fn path(&self, id: DepartmentId) -> Vec<&'d str> {
        let mut names: Vec<&str> = self.up_from(id).map(|one| one.name.as_str()).collect();
        names.reverse();
        names
    }

    /// The levels from a department down to the lowest of its own.
    fn levels_of(&self, id: DepartmentId) -> usize {
        let levels = |one: &DepartmentId| self.up_from(*one).position(|up| up.id == id).map(|place| place + 1);
        self.by_id.keys().filter_map(levels).max().unwrap_or(1)
    }

    /// Checks the place and the name that a department is to have; it may be new.
    ///
    /// # Errors
    /// The first rule that the change breaks.
    pub fn check(&self, changed: &Department) -> Result<(), DepartmentError> {
        if !self.by_id.contains_key(&changed.id) && self.by_id.len() >= MAX_DEPARTMENTS {
            return Err(DepartmentError::TooMany);
        }
        if let Some(parent) = changed.parent {
            if !self.by_id.contains_key(&parent) && parent != changed.id {
                return Err(DepartmentError::Unknown);
            }
            if parent == changed.id || self.up_from(parent).any(|up| up.id == changed.id) {
                return Err(DepartmentError::Circle);
            }
            if self.up_from(parent).count() + self.levels_of(changed.id) > MAX_LEVELS {
                return Err(DepartmentError::TooDeep);
            }
        }
        self.check_name(changed.id, changed.parent, &changed.name)
    }

    /// Checks that no sibling has the name.
    fn check_name(&self, id: DepartmentId, parent: Option<DepartmentId>, name: &str) -> Result<(), DepartmentError> {
        let same = text::name(name);
        let taken = self.by_id.values().any(|one| one.id != id && one.parent == parent && text::name(&one.name) == same);
        if taken { Err(DepartmentError::NameTaken) } else { Ok(()) }
    }

    /// Checks that what is part of a department can move up into its place when it is deleted.
    ///
    /// # Errors
    /// [`DepartmentError::NameTaken`]
    pub fn check_dissolving(&self, gone: &Department) -> Result<(), DepartmentError> {
        let mut moved = self.by_id.values().filter(|one| one.parent == Some(gone.id));
        let same = |a: &str, b: &str| text::name(a) == text::name(b);
        let taken = |name: &str| self.by_id.values().any(|one| one.parent == gone.parent && one.id != gone.id && same(&one.name, name));
        if moved.any(|one| taken(&one.name)) { Err(DepartmentError::NameTaken) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> DepartmentId {
        DepartmentId::new(Uuid::from_u128(n))
    }
    fn department(n: u128, parent: Option<u128>, name: &str) -> Department {
        Department { id: id(n), parent: parent.map(id), name: name.to_owned(), updated_at: Ts(1) }
    }

    #[test]
    fn a_department_is_part_of_neither_itself_nor_one_of_its_own() {
        let all = [department(1, None, "care"), department(2, Some(1), "north"), department(3, Some(2), "night")];
        let tree = Tree::of(&all);
        for (moved, expected) in [
            (department(1, Some(1), "care"), Err(DepartmentError::Circle)),
            (department(1, Some(3), "care"), Err(DepartmentError::Circle)),
            (department(1, Some(9), "care"), Err(DepartmentError::Unknown)),
            (department(4, Some(4), "new"), Err(DepartmentError::Circle)),
            (department(3, Some(1), "night"), Ok(())),
            (department(3, None, "night"), Ok(())),
            (department(4, Some(3), "night"), Ok(())),
        ] {
            assert_eq!(tree.check(&moved), expected, "{moved:?}");
        }
        assert_eq!(tree.path(id(3)), ["care", "north", "night"]);
    }

    #[test]
    fn a_circle_that_is_stored_already_is_walked_once() {
        let all = [department(1, Some(2), "a"), department(2, Some(1), "b")];
        assert_eq!(Tree::of(&all).up_from(id(1)).count(), 2);
    }

    #[test]
    fn the_tree_has_a_lowest_level_also_for_what_is_moved_with_its_own() {
        let deep: Vec<_> = (1..=6).map(|n| department(n, (n > 1).then(|| n - 1), &format!("d{n}"))).collect();
        let all = [deep, vec![department(10, None, "x"), department(11, Some(10), "y")]].concat();
        let tree = Tree::of(&all);
        assert_eq!(tree.check(&department(12, Some(6), "new")), Err(DepartmentError::TooDeep));
        assert_eq!(tree.check(&department(12, Some(5), "new")), Ok(()));
        assert_eq!(tree.check(&department(10, Some(5), "x")), Err(DepartmentError::TooDeep));
        assert_eq!(tree.check(&department(10, Some(4), "x")), Ok(()));
    }

    #[test]
    fn names_differ_beside_each_other_and_may_repeat_elsewhere() {
        let all = [department(1, None, "Sales"), department(2, None, "North"), department(3, Some(2), "Sales"), department(4, Some(3), "North")];
        let tree = Tree::of(&all);
        assert_eq!(tree.check(&department(5, None, " sales ")), Err(DepartmentError::NameTaken));
        assert_eq!(tree.check(&department(1, None, "sales")), Ok(()), "its own name in another spelling");
        assert_eq!(tree.check(&department(5, Some(1), "Sales")), Ok(()));
        assert_eq!(tree.check_dissolving(&all[1]), Err(DepartmentError::NameTaken), "there is a Sales at the top");
        assert_eq!(tree.check_dissolving(&all[2]), Ok(()));
        assert_eq!(tree.check_dissolving(&all[0]), Ok(()));
    }

    #[test]
    fn a_company_has_so_many_departments_at_most() {
        let all: Vec<_> = (0..MAX_DEPARTMENTS as u128).map(|n| department(n + 1, None, &n.to_string())).collect();
        let tree = Tree::of(&all);
        assert_eq!(tree.check(&department(1000, None, "new")), Err(DepartmentError::TooMany));
        assert_eq!(tree.check(&department(1, None, "renamed")), Ok(()));
    }
}
