//! Skills: what some of the staff can do and others cannot, and what asks for it.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod uses;
pub mod view;

use db::Tx;
use domain::{
    id::{AgentId, SkillId, TenantId},
    refusal::Code,
    routing::skill::{MAX_LEVEL, NeededFor},
    site,
    text::Bilingual,
};
use http_kit::{App, fault::Fault, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use view::{SkillHolder, SkillNeed};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_skills, create::create_skill))
        .routes(routes!(update::update_skill, delete::delete_skill))
        .routes(routes!(uses::get_skill_uses))
}

/// The longest name of a skill, in characters.
const MAX_NAME_CHARS: usize = 40;

fn check_name(name: &Bilingual) -> Result<(), Problem> {
    site::check_name("name", name, MAX_NAME_CHARS).map_err(Problem::from)
}

async fn refuse_taken(tx: &mut Tx, tenant: TenantId, name: &Bilingual, own: SkillId) -> Result<(), Fault> {
    if store::skills::is_taken(tx, tenant, name, own).await? {
        let problem = Problem::conflict(Code::SkillNameTaken, "another skill already has this name");
        return Err(Problem { field: Some("name".to_owned()), ..problem }.into());
    }
    Ok(())
}

fn check_level(field: &str, level: i64) -> Result<i64, Problem> {
    if (1..=MAX_LEVEL).contains(&level) { Ok(level) } else { Err(Problem::invalid(field, Code::InvalidValue, "a level from 1 to 5")) }
}

/// Who is to have a skill, each named once.
fn holders(members: &[SkillHolder]) -> Result<Vec<(AgentId, i64)>, Problem> {
    let mut holders: Vec<(AgentId, i64)> = Vec::with_capacity(members.len());
    for (n, SkillHolder { agent, level }) in members.iter().enumerate() {
        if holders.iter().any(|(known, _)| known == agent) {
            return Err(Problem::invalid(format!("members.{n}.agent"), Code::InvalidValue, "name each member once"));
        }
        holders.push((*agent, check_level(&format!("members.{n}.level"), *level)?));
    }
    Ok(holders)
}

/// What is to ask for a skill, each named once.
fn needs(asked: &[SkillNeed]) -> Result<Vec<(NeededFor, i64)>, Problem> {
    let mut needs: Vec<(NeededFor, i64)> = Vec::with_capacity(asked.len());
    for (n, need) in asked.iter().enumerate() {
        let of = need.of().ok_or_else(|| Problem::invalid(format!("needs.{n}"), Code::InvalidValue, "name one of queue, site, language and question"))?;
        if needs.iter().any(|(known, _)| *known == of) {
            return Err(Problem::invalid(format!("needs.{n}"), Code::InvalidValue, "name each queue, site, language and question once"));
        }
        needs.push((of, check_level(&format!("needs.{n}.level"), need.level)?));
    }
    Ok(needs)
}

async fn set(tx: &mut Tx, tenant: TenantId, skill: SkillId, holders: Option<&[(AgentId, i64)]>, needs: Option<&[(NeededFor, i64)]>) -> Result<(), Fault> {
    if let Some(holders) = holders {
        let nobody = || Problem::invalid("members", Code::InvalidValue, "one of the members is not a member of staff");
        store::skills::set_holders(tx, tenant, skill, holders).await.map_err(Fault::if_not_found(nobody))?;
    }
    if let Some(needs) = needs {
        let nothing = || Problem::invalid("needs", Code::InvalidValue, "one of the queues, sites or kinds of question does not exist");
        store::skills::set_needs(tx, tenant, skill, needs).await.map_err(Fault::if_not_found(nothing))?;
    }
    Ok(())
}
