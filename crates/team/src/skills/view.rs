//! Skills on the wire.

use domain::{
    id::{AgentId, QuestionKindId, QueueId, SiteId, SkillId, TenantId},
    routing::skill::{NeededFor, Skill},
    text::{Bilingual, Lang},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A member who has a skill.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillHolder {
    /// The member.
    pub agent: AgentId,
    /// How well, from 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub level: i64,
}

/// What asks for a skill: a queue, a site, a language or a kind of question.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillNeed {
    /// Whatever waits in this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub queue: Option<QueueId>,
    /// Whatever comes from this site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub site: Option<SiteId>,
    /// Whoever writes in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub language: Option<Lang>,
    /// Whoever chose this kind of question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub question: Option<QuestionKindId>,
    /// The lowest level that will do, from 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub level: i64,
}

impl SkillNeed {
    /// What it is that asks; `None` unless exactly one is named.
    pub fn of(&self) -> Option<NeededFor> {
        match (self.queue, self.site, self.language, self.question) {
            (Some(queue), None, None, None) => Some(NeededFor::Queue(queue)),
            (None, Some(site), None, None) => Some(NeededFor::Site(site)),
            (None, None, Some(language), None) => Some(NeededFor::Language(language)),
            (None, None, None, Some(question)) => Some(NeededFor::Question(question)),
            _ => None,
        }
    }
    fn new(of: NeededFor, level: i64) -> Self {
        let nothing = Self { queue: None, site: None, language: None, question: None, level };
        match of {
            NeededFor::Queue(queue) => Self { queue: Some(queue), ..nothing },
            NeededFor::Site(site) => Self { site: Some(site), ..nothing },
            NeededFor::Question(question) => Self { question: Some(question), ..nothing },
            NeededFor::Language(language) => Self { language: Some(language), ..nothing },
        }
    }
}

/// A skill.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Skill)]
pub struct SkillView {
    /// The skill's id.
    pub id: SkillId,
    /// The name that the staff see.
    pub name: Bilingual,
    /// Who has it.
    pub members: Vec<SkillHolder>,
    /// What asks for it.
    pub needs: Vec<SkillNeed>,
    /// The best level that a member has who can sign in; 0 if nobody has it.
    pub best: i64,
    /// Whether something asks for more than anybody has: such conversations wait until the skill is relaxed.
    pub is_short: bool,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl SkillView {
    /// Reads all skills of a company, oldest first.
    pub async fn all(tx: &mut db::Tx, tenant: TenantId) -> store::Result<Vec<Self>> {
        let mut holders = store::skills::holders(tx, tenant).await?;
        let needs = store::skills::needs(tx, tenant).await?;
        let view = |(skill, used): (Skill, store::skills::Use)| {
            let members = holders.remove(&skill.id).unwrap_or_default();
            let asked = needs.iter().filter(|need| need.level.skill == skill.id);
            Self {
                id: skill.id,
                name: skill.name,
                members: members.into_iter().map(|(agent, level)| SkillHolder { agent, level }).collect(),
                needs: asked.map(|need| SkillNeed::new(need.of, need.level.level)).collect(),
                best: used.best,
                is_short: used.needed > used.best,
                updated_at: skill.updated_at,
            }
        };
        Ok(store::skills::list(tx, tenant).await?.into_iter().map(view).collect())
    }

    /// Reads a skill.
    pub async fn read(tx: &mut db::Tx, tenant: TenantId, id: SkillId) -> store::Result<Self> {
        Self::all(tx, tenant).await?.into_iter().find(|skill| skill.id == id).ok_or(store::Error::NotFound)
    }
}
