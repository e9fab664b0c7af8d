//! Lessons about the program itself: guided tours over its pages, and exercises. This is the list of them; what is finished is kept by their names.

use std::fmt;

use domain::policy::{Grants, OverConversations, OverPeople, Permission};

/// The longest key of an exercise, in bytes.
const MAX_KEY_BYTES: usize = 40;

/// A guided tour, for those who may do what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tour {
    /// What everybody works with: the pages of the console, and the desk for those who serve.
    Agent,
    /// What is followed and counted: the floor and the numbers.
    Manager,
    /// What is set up.
    Administrator,
}

impl Tour {
    /// All tours, in the order in which they are taken.
    pub const EACH: [Self; 3] = [Self::Agent, Self::Manager, Self::Administrator];

    /// Its key, which pages translate.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }
    /// Whether it shows somebody with these permissions what they may do.
    pub fn is_for(self, grants: Grants) -> bool {
        match self {
            Self::Agent => true,
            Self::Manager => grants.holds(OverPeople::Follow) || grants.holds(Permission::Panel),
            Self::Administrator => grants.holds(Permission::Settings),
        }
    }
}

/// A lesson.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lesson {
    /// A guided tour.
    Tour(Tour),
    /// An exercise, by its key.
    Practice(String),
}

impl Lesson {
    /// The lesson with a name, as `tour:agent` or `practice:refund`; `None` if no lesson has such a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name.split_once(':')? {
            ("tour", key) => Tour::EACH.into_iter().find(|tour| tour.key() == key).map(Self::Tour),
            ("practice", key) => is_key(key).then(|| Self::Practice(key.to_owned())),
            _ => None,
        }
    }
    /// Whether somebody with these permissions is expected to take it: exercises are for those who serve.
    pub fn is_for(&self, grants: Grants) -> bool {
        match self {
            Self::Tour(tour) => tour.is_for(grants),
            Self::Practice(_) => grants.holds(OverConversations::Desk),
        }
    }
    /// The lessons that everybody has who may do what they show.
    pub fn each() -> impl Iterator<Item = Self> {
        Tour::EACH.into_iter().map(Self::Tour)
    }
}

impl fmt::Display for Lesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tour(tour) => write!(f, "tour:{}", tour.key()),
            Self::Practice(key) => write!(f, "practice:{key}"),
        }
    }
}

fn is_key(key: &str) -> bool {
    (1..=MAX_KEY_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;

    use super::*;

    #[test]
    fn a_lesson_is_read_as_it_is_written() {
        let practice = Lesson::Practice("refund-2".to_owned());
        for lesson in Lesson::each().chain([practice]) {
            assert_eq!(Lesson::parse(&lesson.to_string()), Some(lesson));
        }
        for name in
            ["", "agent", "tour", "tour:", "tour:nobody", "practice:", "practice:A", "practice:a b", "lesson:agent", &format!("practice:{}", "a".repeat(41))]
        {
            assert_eq!(Lesson::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn everybody_has_the_tours_of_what_they_may_do() {
        let of = |role: Role| Tour::EACH.into_iter().filter(|tour| tour.is_for(Grants::of(role))).map(Tour::key).collect::<Vec<_>>();
        assert_eq!(of(Role::Agent), ["agent"]);
        assert_eq!(of(Role::KnowledgeEditor), ["agent"]);
        for role in [Role::Supervisor, Role::Manager, Role::Auditor] {
            assert_eq!(of(role), ["agent", "manager"], "{role:?}");
        }
        assert_eq!(of(Role::Administrator), ["agent", "manager", "administrator"]);
        let practice = Lesson::Practice("refund".to_owned());
        assert!(practice.is_for(Grants::of(Role::Agent)) && !practice.is_for(Grants::of(Role::Auditor)), "those who serve");
    }
}
