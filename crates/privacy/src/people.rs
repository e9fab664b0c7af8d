//! `GET /api/v1/people/{id}/copy`: everything that is kept about one person, as one download.

use axum::{extract::State, response::Response};
use domain::{
    id::{CustomerId, TenantId, VisitorId},
    journal::StoredEntry,
    policy::{HiddenContacts, OverConversations, Permission},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    person_copy::{self, For, Person},
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::encode::{self, Reader};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(copy_person))
}

async fn find(app: &App, tenant: TenantId, id: &str) -> Result<Person, Problem> {
    let mut tx = app.db().read_of(tenant).await?;
    let found = match (id.parse::<CustomerId>(), id.parse::<VisitorId>()) {
        (Ok(customer), _) => Person::customer(&mut tx, tenant, customer).await,
        (_, Ok(visitor)) => Person::visitor(&mut tx, tenant, visitor).await,
        _ => Err(store::Error::NotFound),
    };
    Ok(found?)
}

/// An entry as whoever may read everything sees it.
fn entry(stored: &StoredEntry) -> Option<String> {
    encode::entry(stored, Reader::Staff(HiddenContacts::NONE))
}

/// Downloads everything that is kept about a customer or a visitor: a ZIP of JSON and of the files themselves.
///
/// It has the profile with its contacts, what the person agreed to, interests, pages, and every conversation with its files and with what only the staff saw. It is
/// written while it is sent. The audit notes who downloaded it. It takes the permissions to erase people, to reveal contacts, and to read every conversation.
#[utoipa::path(get, path = "/people/{id}/copy", tag = "privacy", security(("staff" = [])), params(("id" = String, Path, description = "`cst_…` or `vst_…`")),
    responses((status = 200, description = "The copy", content((inline(RawBytes) = "application/zip"))), Problems))]
pub async fn copy_person(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Response, Problem> {
    let (permitted, tenant) = (actor.require(Permission::ErasePeople)?, actor.tenant());
    actor.require(Permission::RevealContacts)?;
    actor.may(OverConversations::Read)?.everywhere()?;
    let person = find(&app, tenant, &id).await?;
    let company = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?;
    permitted.making(&id).note(&app).await?;
    person_copy::answer(&app, tenant, company.name, person, For::Staff, entry)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use domain::staff::Role;
    use portability::holdings::{persons, tables};
    use serde_json::{Value, json};
    use store_privacy::copies::{self, Copied};
    use testkit_app::TestApp;
    use zip::ZipArchive;

    type Packed = ZipArchive<Cursor<Vec<u8>>>;

    fn json_of(packed: &mut Packed, name: &str) -> Value {
        let mut text = String::new();
        packed.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// A table that a person's rows are erased from is one that they are copied from, or it says why not.
    #[test]
    fn of_each_table_with_a_person_it_is_said_what_the_copy_has_of_it() {
        let named = |table: &str| copies::TABLES.iter().find(|(name, _)| *name == table).map(|(_, copied)| *copied);
        for table in tables() {
            match table.person() {
                Some(persons::Person::Erased(_)) => {
                    assert!(named(table.name).is_some(), "{}: say in store_privacy::copies what a copy has of it, or why nothing", table.name)
                }
                _ => assert!(named(table.name).is_none(), "{} has nothing of one person", table.name),
            }
        }
        for (name, copied) in copies::TABLES {
            let table = tables().find(|table| table.name == *name).unwrap_or_else(|| panic!("there is no table {name}"));
            match copied {
                Copied::Rows(_, listed) | Copied::ForStaff(_, listed) => {
                    for (column, kind) in copies::columns(listed) {
                        let known = table.columns().find(|known| known.name == column);
                        assert_eq!(known.map(|known| known.kind), Some(kind), "{name}.{column}");
                    }
                }
                Copied::Apart(why) | Copied::None(why) => assert!(why.len() > 10, "{name}"),
            }
        }
    }

    #[tokio::test]
    async fn a_customers_copy_has_contacts_consents_conversations_and_files() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.customer("ada@example.com").await);
        let chat = app.widget_of(&ada, None).await;
        let conversation = chat.open("my number is 13912345678").await;
        chat.put("/api/v1/widget/consents", json!({"answers": [{"purpose": "pages", "granted": true}], "wording": 1, "place": "widget"})).await.expect(200);
        assert_eq!(chat.put("/api/v1/widget/page", json!({"title": "Shop", "url": "https://shop.example/a"})).await.status.as_u16(), 204);
        chat.say(&conversation, false, json!({"type": "leave_message", "text": "call me, not 4111111111111111", "contact": "li@secret.example"})).await;
        let id = ada.get("/api/v1/customer").await.expect(200)["id"].as_str().unwrap().to_owned();
        let other = app.visitor().await.open("somebody else's words").await;
        let path = format!("/api/v1/people/{id}/copy");
        let file = mira.get(&path).await;
        assert_eq!((file.status.as_u16(), file.header("content-type"), file.header("cache-control")), (200, "application/zip", "no-store"));
        let mut packed = ZipArchive::new(Cursor::new(file.body.to_vec())).unwrap();
        let person = json_of(&mut packed, "person.json");
        assert_eq!((&person["person"], &person["about"]["customer_identifiers"][0]["identifier"]), (&json!(id), &json!("ada@example.com")));
        let consents = person["about"]["consents"].as_array().unwrap();
        assert!(consents.iter().any(|one| one["purpose"] == "pages" && one["granted"] == true && one["place"] == "widget" && one["wording"] == 1));
        let talk = json_of(&mut packed, &format!("conversations/{conversation}.json"));
        assert_eq!(talk["about"]["conversations"][0]["page"]["url"], "https://shop.example/a");
        assert_eq!(talk["about"]["left_messages"][0]["contact"], "li@secret.example");
        let entries = talk["entries"].to_string();
        assert!(entries.contains("13912345678") && entries.contains("l***@secret.example") && !entries.contains("li@secret.example"), "{entries}");
        assert!(entries.contains("not •••• 1111") && !talk.to_string().contains("4111111111111111"), "hidden numbers stay hidden: {talk}");
        assert!(packed.by_name(&format!("conversations/{other}.json")).is_err(), "and nobody else's");
        let names: Vec<String> = app.audit().await.into_iter().map(|line| format!("{} {:?}", line.entry.operation, line.entry.object())).collect();
        assert!(names.iter().any(|line| line.starts_with("GET /api/v1/people/{id}/copy") && line.contains(&id)), "{names:?}");
        app.agent("bea").await.get(&path).await.problem(403, "not_permitted");
        app.get(&path).await.problem(401, "not_signed_in");
        mira.get("/api/v1/people/nobody/copy").await.problem(404, "not_found");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn a_visitors_copy_has_each_of_many_entries_once() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("line 0").await;
        for n in 1..230 {
            visitor.say(&conversation, false, json!({"type": "text", "text": format!("line {n}")})).await;
        }
        let id = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["visitor"]["id"].as_str().unwrap().to_owned();
        let file = mira.get(&format!("/api/v1/people/{id}/copy")).await;
        let mut packed = ZipArchive::new(Cursor::new(file.body.to_vec())).unwrap();
        let talk = json_of(&mut packed, &format!("conversations/{conversation}.json"));
        let seqs: Vec<i64> = talk["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
        let said =
            talk["entries"].as_array().unwrap().iter().filter(|entry| entry["body"]["text"].as_str().is_some_and(|text| text.starts_with("line "))).count();
        assert_eq!(said, 230);
    }
}
