//! `POST /api/v1/staff-invitations/preview`

use std::collections::HashSet;

use axum::{Json, extract::State};
use db::Tx;
use domain::{
    department::{Department, Tree},
    id::{DepartmentId, GroupId, TenantId},
    mail_address::MailAddress,
    policy::{Grants, OverPeople, Staff, may_give},
    refusal::Code,
    staff::{self, Role},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::WholeBody,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use normal::text;
use serde::Serialize;
use store::groups::Group;
use utoipa::ToSchema;

use super::sheet::{self, Given};
use crate::staff::letter;

/// What will happen with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    /// The person can be invited.
    New,
    /// Somebody in this company already has the address.
    Member,
    /// A line before it has the same address.
    Twice,
    /// Something in it is wrong: see `faults`.
    Bad,
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineFault {
    /// The field.
    pub field: String,
    /// Why it is refused.
    #[schema(inline = false)]
    pub code: Code,
    /// What the line says.
    pub value: String,
}

/// Somebody to invite, as the line says; what it does not say is left to who invites.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewLine {
    /// The line of the file or the list, counting from 1.
    pub line: u64,
    /// The address.
    pub email: String,
    /// The name; the part of the address before the @ if the line has none.
    pub name: String,
    /// The number customers see.
    #[schema(required)]
    pub number: Option<String>,
    /// The role.
    #[schema(required)]
    pub role: Option<Role>,
    /// The group.
    #[schema(required)]
    pub group: Option<GroupId>,
    /// The department.
    #[schema(required)]
    pub department: Option<DepartmentId>,
    /// What will happen with it.
    pub outcome: LineOutcome,
    /// What is wrong with it.
    pub faults: Vec<LineFault>,
}

/// What a file or a list would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationPreview {
    /// In the order of the lines.
    pub lines: Vec<PreviewLine>,
    /// The columns that are not used.
    pub ignored_columns: Vec<String>,
    /// Whether invitations can be sent by mail; otherwise the links have to be handed over.
    pub can_mail: bool,
}

/// Reads whom a file or a pasted list would invite, and says for each line what will happen. Nothing is changed.
///
/// The file is CSV, or an .xlsx workbook, of at most 500 people. Columns: email, name, number, role, group, department, in either language and in any order.
/// Without a header it is read as a list of addresses, with names beside them if there are any.
#[utoipa::path(post, path = "/staff-invitations/preview", tag = "staff", security(("staff" = [])),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 200, body = InvitationPreview), Problems))]
pub async fn preview_invitations(State(app): State<App>, actor: StaffActor, WholeBody(body): WholeBody) -> Result<Json<InvitationPreview>, Problem> {
    actor.may(OverPeople::Manage)?.anywhere();
    let tenant = actor.tenant();
    let sheet = sheet::read(&app, tenant, body).await?;
    let mut tx = app.db().read_of(tenant).await?;
    let known = Known::read(&mut tx, tenant).await?;
    let (mut lines, mut seen) = (Vec::new(), HashSet::new());
    for given in sheet.given {
        let mut line = known.line(&actor.staff, given);
        let address = MailAddress::parse(&line.email);
        if line.outcome == LineOutcome::New
            && let Some(address) = address
        {
            if store::staff::holder_of(&mut tx, tenant, &address).await?.is_some() {
                line.outcome = LineOutcome::Member;
            } else if !seen.insert(address.into_text()) {
                line.outcome = LineOutcome::Twice;
            }
        }
        lines.push(line);
    }
    Ok(Json(InvitationPreview { lines, ignored_columns: sheet.ignored, can_mail: letter::is_mail_set_up(&app) }))
}

/// What a line may name.
struct Known {
    groups: Vec<Group>,
    departments: Vec<Department>,
}

impl Known {
    async fn read(tx: &mut Tx, tenant: TenantId) -> store::Result<Self> {
        let groups = store::groups::list(tx, tenant).await?.into_iter().map(|(group, _)| group).collect();
        Ok(Self { groups, departments: store::departments::list(tx, tenant).await? })
    }

    /// What a line says of somebody, and what is wrong with it.
    fn line(&self, by: &Staff, given: Given) -> PreviewLine {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, code: Code, value: &str| faults.push(LineFault { field: field.to_owned(), code, value: value.to_owned() });
        let email = staff::new_email(&given.email).map_or_else(
            |error| {
                wrong("email", error.code(), &given.email);
                given.email.clone()
            },
            MailAddress::into_text,
        );
        let name = if given.name.is_empty() { email.split('@').next().unwrap_or_default() } else { &given.name };
        let name = staff::name(name).unwrap_or_else(|error| {
            wrong("name", error.code(), name);
            name.to_owned()
        });
        let number = text_of(&given.number).and_then(|number| staff::number(number).map_err(|error| wrong("number", error.code(), number)).ok());
        let role = text_of(&given.role).and_then(|role| {
            let found = role_of(role);
            match found {
                None => wrong("role", Code::InvalidValue, role),
                Some(found) if !may_give(by, Grants::of(found)) => wrong("role", Code::NotPermitted, role),
                Some(_) => {}
            }
            found
        });
        let group = text_of(&given.group).and_then(|name| {
            let found = self.groups.iter().find(|group| text::name(&group.name) == text::name(name));
            if found.is_none() {
                wrong("group", Code::InvalidValue, name);
            }
            found
        });
        let department = text_of(&given.department).and_then(|name| {
            let found = self.department(name);
            if found.is_none() || group.and_then(|group| group.department).is_some_and(|of_group| Some(of_group) != found) {
                wrong("department", Code::InvalidValue, name);
            }
            found
        });
        for field in &given.bad {
            wrong(field, Code::InvalidValue, "");
        }
        let outcome = if faults.is_empty() { LineOutcome::New } else { LineOutcome::Bad };
        PreviewLine { line: given.line, email, name, number, role, group: group.map(|group| group.id), department, outcome, faults }
    }

    /// The department with this name, or with this path from the top; `None` if there is none, or more than one.
    fn department(&self, named: &str) -> Option<DepartmentId> {
        let tree = Tree::of(&self.departments);
        let wanted: Vec<String> = named.split(['/', '／', '>']).map(text::name).filter(|part| !part.is_empty()).collect();
        let fits = |one: &&Department| tree.path(one.id).iter().map(|name| text::name(name)).collect::<Vec<_>>().ends_with(&wanted);
        let mut found = self.departments.iter().filter(fits).map(|one| one.id);
        let only = found.next().filter(|_| !wanted.is_empty());
        // A whole path is exact, even if it is also the end of a longer one.
        let whole = |one: &&Department| tree.path(one.id).iter().map(|name| text::name(name)).eq(wanted.iter().cloned());
        if found.next().is_none() { only } else { self.departments.iter().find(whole).map(|one| one.id) }
    }
}

/// What a cell says, if it says anything.
fn text_of(cell: &str) -> Option<&str> {
    Some(cell).filter(|cell| !cell.is_empty())
}

/// The role that a cell names: as programs write it, or in Chinese.
fn role_of(cell: &str) -> Option<Role> {
    let named = text::name(cell);
    Role::parse(&named).or_else(|| Role::by_chinese_word(&named))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/staff-invitations/preview";

    #[tokio::test]
    async fn each_line_says_what_will_happen() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let care = tara.post("/api/v1/departments", json!({"name": "客服"})).await.expect(201)["id"].clone();
        let north = tara.post("/api/v1/departments", json!({"name": "北区", "parent": care})).await.expect(201)["id"].clone();
        let group = tara.post("/api/v1/groups", json!({"name": "账单组", "department": north})).await.expect(201)["id"].clone();
        let file = "姓名,邮箱,角色,分组,部门\n林夏,Lin@alpha.example,客服,账单组,客服/北区\n,min@alpha.example,,,北区\nAda,ADA@alpha.example,,,\n\
                    again,ｌｉｎ@alpha.example,,,\nbad,nobody,boss,nowhere,\nmoved,moved@alpha.example,manager,账单组,客服\n";
        let read = tara.upload(PATH, "text/csv", file.as_bytes().to_vec()).await.expect(200);
        let lines = read["lines"].as_array().unwrap();
        let outcomes: Vec<_> = lines.iter().map(|line| (line["line"].as_u64().unwrap(), line["outcome"].as_str().unwrap())).collect();
        assert_eq!(outcomes, [(2, "new"), (3, "new"), (4, "member"), (5, "twice"), (6, "bad"), (7, "bad")]);
        assert_eq!((&lines[0]["role"], &lines[0]["group"], &lines[0]["department"]), (&json!("agent"), &group, &north));
        assert_eq!((&lines[1]["name"], &lines[1]["role"], &lines[1]["department"]), (&json!("min"), &Value::Null, &north));
        let faults = |at: usize| lines[at]["faults"].as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!((faults(4), faults(5)), (vec!["email", "role", "group"], vec!["department"]));
        assert_eq!(read["can_mail"], false);
        assert_eq!(tara.get("/api/v1/staff").await.expect(200)["items"].as_array().unwrap().len(), 2, "nothing has changed");
        ada.upload(PATH, "text/csv", b"a@b".to_vec()).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_manager_may_not_invite_into_every_role_and_a_company_knows_only_its_own() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        bob.post("/api/v1/groups", json!({"name": "theirs"})).await.expect(201);
        let read = mira.upload(PATH, "text/csv", b"email,role,group\na@b.example,administrator,\nbob@beta.example,agent,theirs\n".to_vec()).await.expect(200);
        let faults: Vec<_> = read["lines"].as_array().unwrap().iter().map(|line| (&line["faults"][0]["field"], &line["faults"][0]["code"])).collect();
        assert_eq!(faults, [(&json!("role"), &json!("not_permitted")), (&json!("group"), &json!("invalid_value"))]);
    }

    #[tokio::test]
    async fn what_cannot_be_read_says_why() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let many = "a@b.example\n".repeat(502);
        for (file, code) in [
            ("", "import_no_rows"),
            ("email,name\n", "import_no_rows"),
            ("a\0b", "import_unreadable"),
            ("email\n\"a@b", "import_unreadable"),
            (many.as_str(), "import_too_many"),
        ] {
            mira.upload(PATH, "text/csv", file.as_bytes().to_vec()).await.problem_at(422, code, "file");
        }
    }
}
