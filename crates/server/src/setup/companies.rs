//! Commands about companies, beside a running server.

use company::openings::open::{self, NewCompany};
use domain::id::TenantId;
use http_kit::{App, audit::Asked, permitted::Permitted};
use operator::companies::{limits, suspension};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{entry_points::At, limits::Limits};

pub use operator::companies::limits::CompanyLimitsChange;

use super::SetupError;

/// A company to be added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCompany {
    /// The name.
    pub name: String,
    /// The short name, which stands in its address.
    pub slug: String,
    /// A host name of its own.
    pub host: Option<String>,
    /// The address of its administrator.
    pub email: Option<String>,
}

/// A company that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedCompany {
    /// The company.
    pub company: TenantId,
    /// A one-time link that signs its administrator in.
    pub sign_in_link: String,
}

/// Adds a company.
pub async fn add(app: &App, new: AddCompany) -> Result<AddedCompany, SetupError> {
    let asked = Asked::by_command("company add", json!(new));
    let refused = |error: &dyn std::fmt::Display| SetupError::Refused(error.to_string());
    let email = new.email.map(|email| domain::staff::new_email(&email)).transpose().map_err(|error| refused(&error))?;
    let new = NewCompany {
        slug: domain::company::slug(&new.slug).map_err(|error| refused(&error))?,
        name: domain::company::name(&new.name).map_err(|error| refused(&error))?,
        host: new.host.map(|host| domain::company::host(&host)).transpose().map_err(|error| refused(&error))?,
        email: email.map(domain::mail_address::MailAddress::into_text),
        limits: store::limits::Limits::default(),
    };
    let opened = open::open(app, new, asked).await.map_err(|problem| SetupError::Refused(problem.title))?;
    Ok(AddedCompany { company: opened.company, sign_in_link: opened.sign_in_link })
}

/// The company with this short name.
pub async fn find(app: &App, slug: &str) -> Result<TenantId, SetupError> {
    let found = store::entry_points::company_at(app.db(), At::Slug(slug)).await?;
    found.map(|found| found.tenant).ok_or_else(|| SetupError::Refused(format!("there is no company {slug:?}")))
}

/// Suspends a company, or has it served again. Whoever is connected is disconnected within a second.
pub async fn set_suspended(app: &App, slug: &str, is_suspended: bool) -> Result<TenantId, SetupError> {
    let tenant = find(app, slug).await?;
    let asked = Asked::by_command(if is_suspended { "company suspend" } else { "company resume" }, Value::Null).making(&tenant);
    let set = suspension::set(app, Permitted::at_terminal(tenant, asked), tenant, is_suspended);
    set.await.map_err(|problem| SetupError::Refused(problem.title))?;
    Ok(tenant)
}

/// Says what a company may use.
pub async fn limit(app: &App, slug: &str, change: CompanyLimitsChange) -> Result<Limits, SetupError> {
    let tenant = find(app, slug).await?;
    let asked = Asked::by_command("company limit", Value::Null).making(&tenant);
    limits::change(app, Permitted::at_terminal(tenant, asked), tenant, change).await.map_err(|problem| SetupError::Refused(problem.title))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use store::limits::Limits;
    use team::staff::new_member::NewMember;
    use testkit_app::TestApp;

    use super::CompanyLimitsChange;
    use crate::setup::admin::{self, Command, Reply};

    #[tokio::test]
    async fn limits_are_set_at_the_terminal_and_hold_there() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let limit = async |slug: &str, limits| admin::run(app.app(), Command::LimitCompany { slug: slug.to_owned(), limits }).await;
        let seats = |seats| CompanyLimitsChange { seats: Some(seats), ..CompanyLimitsChange::default() };
        assert!(matches!(limit("alpha", seats(Some(1))).await.unwrap(), Reply::Limits(Limits { seats: Some(1), sites: None, .. })));
        let noted = tara.get("/api/v1/audit").await.expect(200)["items"][1].clone();
        assert_eq!((&noted["operation"], &noted["by"]["kind"]), (&json!("yingda company limit"), &json!("terminal")), "{noted}");
        assert_eq!(noted["changes"], json!([{"field": "seats", "before": null, "after": 1}]));
        let new = NewMember { role: Role::Agent, name: "林夏".to_owned(), email: "lin@alpha.example".to_owned(), number: None, capacity: 3 };
        let add = || admin::run(app.app(), Command::AddStaff { new: new.clone(), company: None });
        assert!(add().await.unwrap_err().to_string().contains("as many members as it may"));
        for refused in [limit("alpha", seats(Some(0))).await, limit("gamma", seats(None)).await] {
            assert!(refused.is_err());
        }
        limit("alpha", seats(None)).await.unwrap();
        add().await.unwrap();
    }

    #[tokio::test]
    async fn a_link_for_the_operator_is_made_beside_a_running_server_and_is_in_every_audit() {
        let app = TestApp::new().await;
        let (beta, tara) = (app.other_company("beta").await, app.staff(Role::Administrator, "tara").await);
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        admin::listen(app.app().clone(), app.data()).await.unwrap();
        let Reply::OperatorLink(link) = admin::ask(app.data(), &Command::OperatorLink).await.unwrap() else { panic!("no link") };
        let (page, token) = link.url.split_once('#').unwrap();
        assert_eq!(page, format!("{}/operator", app.base));
        app.post("/api/v1/operator/sessions", json!({"token": token})).await.expect(201);
        for administrator in [&tara, &bob] {
            let noted = administrator.get("/api/v1/audit").await.expect(200);
            let operations: Vec<_> = noted["items"].as_array().unwrap().iter().map(|one| one["operation"].as_str().unwrap()).collect();
            assert!(operations.contains(&"yingda operator sign-in-link"), "{operations:?}");
            assert!(!noted.to_string().contains(token));
        }
    }
}
