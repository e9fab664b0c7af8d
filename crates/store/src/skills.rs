//! Skills: which ones a company has, who has them, and what asks for them.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    id::{AgentId, QuestionKindId, QueueId, SiteId, SkillId, TenantId},
    routing::skill::{Level, Need, NeededFor, Skill},
    text::{Bilingual, Lang},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, table, table::With};

table! {
    Skill in "skills" {
        key { id: SkillId [id] }
        changing { name: Bilingual [name_zh, name_en], updated_at: Ts [updated_at] }
    }
}

row! {
    /// How a skill is used.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Use {
        /// The number of members who have it and can sign in.
        pub members: i64,
        /// The best level that one of them has; 0 if nobody has it.
        pub best: i64,
        /// The highest level that is asked for; 0 if nothing asks for it.
        pub needed: i64,
    }
}

/// Adds a skill.
pub async fn insert(tx: &mut Tx, tenant: TenantId, skill: &Skill) -> Result<()> {
    table::insert(tx, tenant, skill).await
}

/// A skill by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: SkillId) -> Result<Skill> {
    let sql = table::select::<Skill>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// All skills with how they are used, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(Skill, Use)>> {
    let sql = table::select_with::<Skill>(
        "COALESCE(h.members, 0) AS members, COALESCE(h.best, 0) AS best, COALESCE(n.needed, 0) AS needed",
        "LEFT JOIN (SELECT s.skill_id, COUNT(*) AS members, MAX(s.level) AS best FROM agent_skills s
           JOIN agents a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id AND a.disabled_at IS NULL AND a.removed_at IS NULL
           WHERE s.tenant_id = $1 GROUP BY s.skill_id) h ON h.skill_id = t.id
         LEFT JOIN (SELECT skill_id, MAX(level) AS needed FROM needed_skills WHERE tenant_id = $1 GROUP BY skill_id) n ON n.skill_id = t.id",
        "ORDER BY t.id",
    );
    let rows: Vec<With<Skill, Use>> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    rows.into_iter().map(|With(skill, used)| Ok((skill?, used))).collect()
}

/// Whether another skill has this name in one of the languages.
pub async fn is_taken(tx: &mut Tx, tenant: TenantId, name: &Bilingual, own: SkillId) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM skills WHERE tenant_id = $1 AND id <> $2 AND (name_zh <> '' AND name_zh = $3 OR name_en <> '' AND name_en = $4) LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(own.uuid())
    .bind(name.zh.clone())
    .bind(name.en.clone())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Updates a skill; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, skill: &Skill, seen: Ts) -> Result<()> {
    table::update(tx, tenant, skill, seen).await
}

/// Has what asks for a skill ask for another as well, at the higher of both levels where it asks for that already.
pub async fn ask_instead(tx: &mut Tx, tenant: TenantId, from: SkillId, to: SkillId) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO needed_skills (tenant_id, of_kind, of_key, skill_id, level)
         SELECT n.tenant_id, n.of_kind, n.of_key, $3, n.level FROM needed_skills n WHERE n.tenant_id = $1 AND n.skill_id = $2
         ON CONFLICT (tenant_id, of_kind, of_key, skill_id) DO UPDATE SET level = excluded.level WHERE needed_skills.level < excluded.level"
    )
    .bind(tenant.uuid())
    .bind(from.uuid())
    .bind(to.uuid())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Deletes a skill: nobody has it any more, and nothing asks for it.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: SkillId) -> Result<()> {
    for sql in ["DELETE FROM agent_skills WHERE tenant_id = $1 AND skill_id = $2", "DELETE FROM needed_skills WHERE tenant_id = $1 AND skill_id = $2"] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(id.uuid()).execute(c).await.map(drop))?;
    }
    let removed = q!(tx, |c| sqlx::query("DELETE FROM skills WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The members who have each skill, with their levels; also those who are disabled.
pub async fn holders(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<SkillId, Vec<(AgentId, i64)>>> {
    let rows: Vec<(Uuid, Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT s.skill_id, s.agent_id, s.level FROM agent_skills s
         JOIN agents a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id AND a.removed_at IS NULL
         WHERE s.tenant_id = $1 ORDER BY s.skill_id, s.agent_id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    let mut of: HashMap<SkillId, Vec<(AgentId, i64)>> = HashMap::new();
    for (skill, agent, level) in rows {
        of.entry(SkillId::new(skill)).or_default().push((AgentId::new(agent), level));
    }
    Ok(of)
}

/// Sets who has a skill; [`Error::NotFound`] if one of them is not on the staff.
pub async fn set_holders(tx: &mut Tx, tenant: TenantId, skill: SkillId, holders: &[(AgentId, i64)]) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM agent_skills WHERE tenant_id = $1 AND skill_id = $2")
        .bind(tenant.uuid())
        .bind(skill.uuid())
        .execute(c)
        .await
        .map(drop))?;
    for (agent, level) in holders {
        let stored = q!(tx, |c| sqlx::query(
            "INSERT INTO agent_skills (tenant_id, agent_id, skill_id, level)
             SELECT tenant_id, id, $3, $4 FROM agents WHERE tenant_id = $1 AND id = $2 AND is_program = 0 AND removed_at IS NULL"
        )
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(skill.uuid())
        .bind(*level)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        if stored == 0 {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}

/// How what asks for skills is stored: its kind and its key.
fn key_of(of: NeededFor) -> (&'static str, String) {
    match of {
        NeededFor::Queue(queue) => ("queue", queue.to_string()),
        NeededFor::Site(site) => ("site", site.to_string()),
        NeededFor::Language(lang) => ("language", lang.tag().to_owned()),
        NeededFor::Question(question) => ("question", question.to_string()),
    }
}

/// Everything that asks for skills. What is kept for a later release is left out.
pub async fn needs(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Need>> {
    let rows: Vec<(String, String, Uuid, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT of_kind, of_key, skill_id, level FROM needed_skills WHERE tenant_id = $1 ORDER BY of_kind, of_key, skill_id")
            .bind(tenant.uuid())
            .fetch_all(c)
            .await)?;
    let need = |(kind, key, skill, level): (String, String, Uuid, i64)| {
        let of = match kind.as_str() {
            "queue" => NeededFor::Queue(key.parse::<QueueId>().ok()?),
            "site" => NeededFor::Site(key.parse::<SiteId>().ok()?),
            "language" => NeededFor::Language(Lang::from_tag(&key)),
            "question" => NeededFor::Question(key.parse::<QuestionKindId>().ok()?),
            _ => return None,
        };
        Some(Need { of, level: Level { skill: SkillId::new(skill), level } })
    };
    Ok(rows.into_iter().filter_map(need).collect())
}

/// Sets what asks for a skill, each with the lowest level that will do; [`Error::NotFound`] if there is no such queue, site or kind of question.
pub async fn set_needs(tx: &mut Tx, tenant: TenantId, skill: SkillId, needs: &[(NeededFor, i64)]) -> Result<()> {
    let gone = "DELETE FROM needed_skills WHERE tenant_id = $1 AND skill_id = $2";
    q!(tx, |c| sqlx::query(gone).bind(tenant.uuid()).bind(skill.uuid()).execute(c).await.map(drop))?;
    for (of, level) in needs {
        match of {
            NeededFor::Queue(queue) => drop(crate::queues::get(tx, tenant, *queue).await?),
            NeededFor::Site(site) => drop(crate::sites::get(tx, tenant, *site).await?),
            NeededFor::Question(question) => drop(crate::question_kinds::find(tx, tenant, *question).await?.ok_or(Error::NotFound)?),
            NeededFor::Language(_) => {}
        }
        let (kind, key) = key_of(*of);
        q!(tx, |c| sqlx::query("INSERT INTO needed_skills (tenant_id, of_kind, of_key, skill_id, level) VALUES ($1, $2, $3, $4, $5)")
            .bind(tenant.uuid())
            .bind(kind)
            .bind(key)
            .bind(skill.uuid())
            .bind(*level)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}
