//! Roles: the built-in ones, and those that a company composes of the same permissions.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod view;

use domain::{
    policy::{Contact, Grant, GrantList, Grants, Staff},
    refusal::Code,
    staff::{self, Role},
};
use http_kit::{App, auth::StaffActor, problem::Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The most roles that a company composes.
pub const MOST: usize = 50;
/// The longest description, in characters.
const MOST_ABOUT: usize = 200;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_roles, create::create_role)).routes(routes!(update::update_role, delete::delete_role))
}

/// What a composed role is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// The name staff see, 1 to 40 characters, unique among the company's roles.
    pub name: String,
    /// What it is for; at most 200 characters.
    #[serde(default)]
    pub about: String,
    /// What its members may do: nothing that the maker may not.
    pub grants: Vec<Grant>,
    /// The contacts of customers that are masked for its members.
    #[serde(default)]
    pub hides: Vec<Contact>,
}

/// Checks a role that somebody composes: its name, its description, and what it holds, which must not go beyond what they hold themselves.
fn checked(actor: &StaffActor, new: NewRole) -> Result<(String, String, Grants), Problem> {
    let name = staff::name(&new.name)?;
    if Role::parse(&name).is_some() {
        return Err(name_taken());
    }
    let about = new.about.trim().to_owned();
    if about.chars().count() > MOST_ABOUT || about.contains(char::is_control) {
        return Err(Problem::invalid("about", Code::InvalidValue, "a description is one line of at most 200 characters"));
    }
    let grants = Grants::parse(&GrantList { grants: new.grants, hides: new.hides })
        .map_err(|error| Problem::invalid("grants", Code::InvalidValue, error.to_string()))?;
    if grants.names().is_empty() {
        return Err(Problem::invalid("grants", Code::InvalidValue, "a role holds at least one permission"));
    }
    require_covered(&actor.staff, grants)?;
    Ok((name, about, grants))
}

/// Refuses to give, change or take away what goes beyond what the actor holds.
fn require_covered(staff: &Staff, grants: Grants) -> Result<(), Problem> {
    if staff.grants.cover(grants) { Ok(()) } else { Err(Problem { field: Some("grants".to_owned()), ..Problem::not_permitted() }) }
}

fn name_taken() -> Problem {
    Problem { field: Some("name".to_owned()), ..Problem::conflict(Code::RoleNameTaken, "another role already has this name") }
}

#[cfg(test)]
mod tests;
