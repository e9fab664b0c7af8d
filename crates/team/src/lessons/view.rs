//! Lessons as those see them who take them, and as those do who manage them.

use std::collections::{BTreeMap, BTreeSet};

use content::lesson::Lesson;
use db::Tx;
use domain::{
    id::AgentId,
    policy::{Grants, Staff},
    time::Ts,
};
use serde::Serialize;
use store::staff::roster::{self, Person, Wanted};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::staff::list::within;

/// A lesson that somebody has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lesson)]
pub struct LessonView {
    /// Its name: `tour:` or `practice:`, and a key.
    pub lesson: String,
    /// When it was finished for the first time; `null` if it was not.
    #[schema(required)]
    pub finished_at: Option<Ts>,
}

/// A member and their lessons.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberLessons {
    /// The member's id.
    pub id: AgentId,
    /// The member's name.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The lessons that the member has, and those that they have finished besides, in the order of all.
    pub lessons: Vec<LessonView>,
}

/// The lessons that somebody with these permissions has, and those that they have finished besides.
pub fn lessons_of(known: &BTreeSet<Lesson>, grants: Grants, finished: &BTreeMap<String, Ts>) -> Vec<LessonView> {
    let named = known.iter().map(|lesson| (lesson, lesson.to_string()));
    let theirs = named.filter(|(lesson, name)| lesson.is_for(grants) || finished.contains_key(name));
    theirs.map(|(_, lesson)| LessonView { finished_at: finished.get(&lesson).copied(), lesson }).collect()
}

/// The lessons that everybody has, and those that somebody has finished.
pub fn all_lessons<'a>(finished: impl IntoIterator<Item = &'a BTreeMap<String, Ts>>) -> BTreeSet<Lesson> {
    Lesson::each().chain(finished.into_iter().flat_map(BTreeMap::keys).filter_map(|name| Lesson::parse(name))).collect()
}

/// Those whom a member manages and who are not disabled, in the order in which they joined.
pub async fn team(tx: &mut Tx, who: &Staff) -> store::Result<Vec<Person>> {
    let wanted = Wanted { within: within(who), ..Wanted::default() };
    let everybody = roster::page(tx, who.tenant, &wanted, (Ts(i64::MIN), Uuid::nil()), i64::MAX).await?;
    Ok(everybody.into_iter().filter(|person| person.disabled_at.is_none()).collect())
}
