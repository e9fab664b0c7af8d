//! Skills: what agents can do and how well, and what a conversation asks of whoever gets it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{QuestionKindId, QueueId, SiteId, SkillId},
    text::{Bilingual, Lang},
    time::Ts,
};

/// The best level of a skill; the lowest is 1.
pub const MAX_LEVEL: i64 = 5;
/// The most skills of a company.
pub const MAX_SKILLS: usize = 200;

/// Something that some agents can do and others cannot, such as a language or a line of products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// The id.
    pub id: SkillId,
    /// The name that the staff see.
    pub name: Bilingual,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

/// A skill with a level: that an agent has, or that is asked for at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The skill.
    pub skill: SkillId,
    /// The level, from 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub level: i64,
}

/// What asks for a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NeededFor {
    /// Whatever waits in this queue.
    Queue(QueueId),
    /// Whatever comes from this site.
    Site(SiteId),
    /// Whoever writes in this language.
    Language(Lang),
    /// Whoever chose this kind of question.
    Question(QuestionKindId),
}

/// A skill that something asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// What asks for it.
    pub of: NeededFor,
    /// The skill, and its lowest level.
    pub level: Level,
}

/// What a conversation is, as far as that asks for skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// The queue in which it waits.
    pub queue: QueueId,
    /// The site from which it comes.
    pub site: SiteId,
    /// The customer's language.
    pub lang: Lang,
    /// The kind of question that the customer chose, if any.
    pub question: Option<QuestionKindId>,
}

/// What a conversation asks for: each skill once, with the highest level that its queue, its site, its language or its kind of question asks for.
pub fn needs_of(all: &[Need], Asking { queue, site, lang, question }: Asking) -> Vec<Level> {
    let applies = |need: &&Need| match need.of {
        NeededFor::Queue(of) => of == queue,
        NeededFor::Site(of) => of == site,
        NeededFor::Language(of) => of == lang,
        NeededFor::Question(of) => question == Some(of),
    };
    let mut needs: Vec<Level> = Vec::new();
    for Need { level, .. } in all.iter().filter(applies) {
        match needs.iter_mut().find(|known| known.skill == level.skill) {
            Some(known) => known.level = known.level.max(level.level),
            None => needs.push(*level),
        }
    }
    needs.sort_by_key(|need| need.skill);
    needs
}

/// What is still asked for after so many steps of relaxation: each step asks for one level less, and a skill of which no level is left is asked for no longer.
pub fn relax(needs: &[Level], steps: i64) -> Vec<Level> {
    needs.iter().map(|need| Level { level: need.level - steps, ..*need }).filter(|need| need.level > 0).collect()
}

/// Whether an agent with these skills has what is asked for.
pub fn has_all(skills: &[Level], needs: &[Level]) -> bool {
    needs.iter().all(|need| skills.iter().any(|skill| skill.skill == need.skill && skill.level >= need.level))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn level(skill: u128, level: i64) -> Level {
        Level { skill: SkillId::new(Uuid::from_u128(skill)), level }
    }

    #[test]
    fn a_conversation_asks_for_the_most_of_what_its_queue_site_and_language_ask_for() {
        let (queue, site) = (QueueId::new(Uuid::from_u128(1)), SiteId::new(Uuid::from_u128(2)));
        let (elsewhere, question) = (QueueId::new(Uuid::from_u128(3)), QuestionKindId::new(Uuid::from_u128(5)));
        let need = |of, level| Need { of, level };
        let all = [
            need(NeededFor::Queue(queue), level(7, 2)),
            need(NeededFor::Site(site), level(7, 3)),
            need(NeededFor::Language(Lang::En), level(5, 4)),
            need(NeededFor::Queue(elsewhere), level(9, 5)),
            need(NeededFor::Question(question), level(7, 4)),
        ];
        let asking = Asking { queue, site, lang: Lang::En, question: None };
        assert_eq!(needs_of(&all, asking), [level(5, 4), level(7, 3)]);
        assert_eq!(needs_of(&all, Asking { lang: Lang::Zh, ..asking }), [level(7, 3)]);
        assert_eq!(needs_of(&all, Asking { lang: Lang::Zh, question: Some(question), ..asking }), [level(7, 4)]);
        let far = Asking { queue: elsewhere, site: SiteId::new(Uuid::from_u128(4)), lang: Lang::Zh, question: None };
        assert_eq!(needs_of(&all, far), [level(9, 5)]);
    }

    #[test]
    fn each_step_asks_for_one_level_less_until_anybody_will_do() {
        let needs = [level(5, 1), level(7, 3)];
        assert_eq!(relax(&needs, 0), needs);
        assert_eq!(relax(&needs, 1), [level(7, 2)]);
        assert_eq!(relax(&needs, 3), []);
        assert!(has_all(&[level(7, 2)], &relax(&needs, 1)));
        assert!(!has_all(&[level(7, 2)], &needs));
        assert!(has_all(&[], &relax(&needs, 3)));
    }
}
