//! `PATCH /api/v1/company`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    look::Colour,
    opening_hours::{self, OpeningHours},
    policy::Permission,
    refusal::Code,
    revision::Revision,
    site,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::double_option,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::tenants::Tenant;
use utoipa::ToSchema;

use super::view::CompanyView;

/// The longest name of a company, in characters.
const MAX_NAME_CHARS: usize = 80;

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyChange {
    /// A new name, in at least one language.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// A new IANA time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// A new brand colour, `#rrggbb`; `null` removes it. If white text would be unreadable on it, a darker shade is shown.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    pub brand: Option<Option<String>>,
    /// Opening hours of queues without their own; `null` means always open.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<OpeningHours>)]
    pub hours: Option<Option<OpeningHours>>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl CompanyChange {
    fn apply(self, to: Tenant, now: Ts) -> Result<Tenant, Problem> {
        let Self { name, time_zone, brand, hours, seen: _ } = self;
        if let Some(name) = &name {
            site::check_name("name", name, MAX_NAME_CHARS)?;
        }
        if time_zone.as_deref().is_some_and(|name| opening_hours::zone(name).is_none()) {
            return Err(Problem::invalid("time_zone", Code::TimeZoneUnknown, "this is not a time zone: use a name such as Asia/Shanghai"));
        }
        check_brand(brand.as_ref().and_then(Option::as_deref))?;
        if let Some(Some(hours)) = &hours {
            hours.check()?;
        }
        Ok(Tenant {
            name: name.unwrap_or(to.name),
            time_zone: time_zone.unwrap_or(to.time_zone),
            brand: brand.unwrap_or(to.brand),
            hours: hours.unwrap_or(to.hours),
            updated_at: Revision(to.updated_at).next(now),
            id: to.id,
            access_stream: to.access_stream,
            slug: to.slug,
            is_demo: to.is_demo,
            created_at: to.created_at,
        })
    }
}

/// Refuses a brand colour that is not valid.
pub fn check_brand(brand: Option<&str>) -> Result<(), Problem> {
    let wrong = brand.is_some_and(|brand| Colour::parse(brand).is_none());
    if wrong { Err(Problem::invalid("brand", Code::InvalidValue, "write the colour as #rrggbb")) } else { Ok(()) }
}

/// Changes the company's settings, unless somebody else has changed them in the meantime; everybody sees the change at once.
#[utoipa::path(patch, path = "/company", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = CompanyChange,
    responses((status = 200, body = CompanyView), Problems))]
pub async fn update_company(State(app): State<App>, actor: StaffActor, OnceJson(once, change): OnceJson<CompanyChange>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let (tenant, seen) = (actor.tenant(), change.seen);
    let found = store::tenants::get(&mut app.db().read_of(actor.tenant()).await?, tenant).await?;
    if found.updated_at != seen {
        return Err(store::Error::Stale.into());
    }
    let before = CompanyView::from(found.clone());
    let changed = change.apply(found, app.env().now())?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::tenants::update(tx, tenant, &changed, seen).await?;
            tx.announce(Changed::Settings).await?;
            let view = CompanyView::from(changed);
            tx.note_change(&before, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Realtime;

    async fn change(tara: &StaffClient, mut change: Value) -> testkit_server::Answer {
        change["seen"] = tara.get("/api/v1/company").await.expect(200)["updated_at"].clone();
        tara.patch("/api/v1/company", change).await
    }

    #[tokio::test]
    async fn what_is_changed_is_seen_by_everybody_at_once() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let tenant = app.company.tenant.to_string();
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: 0}})).await;
        let changed = change(&tara, json!({"name": {"zh": "临空", "en": "Linkong"}, "time_zone": "Europe/Berlin", "brand": "#ffcc00"})).await.expect(200);
        assert_eq!(changed["brand"], "#ffcc00");
        assert_eq!(desk.until("entries").await["entries"][0]["kind"], "settings_changed");
        let me = ada.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["tenant"]["name"]["en"], &me["time_zone"]), (&json!("Linkong"), &json!("Europe/Berlin")));
        // The site has no colour of its own: it uses the company's, dark enough for white text.
        let site = app.get("/api/v1/sites/alpha").await.expect(200);
        assert_eq!(site["brand"], changed["brand_shown"]);
        assert_ne!(site["brand"], "#ffcc00");
        assert_eq!(change(&tara, json!({"brand": null})).await.expect(200)["brand_shown"], json!(null));
        assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200).get("brand"), None);
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_changes_nothing() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let before = tara.get("/api/v1/company").await.expect(200);
        for (wrong, code, field) in [
            (json!({"name": {"zh": "", "en": " "}}), "invalid_value", "name"),
            (json!({"name": {"zh": "长".repeat(81)}}), "invalid_value", "name.zh"),
            (json!({"time_zone": "Asia/Nowhere"}), "time_zone_unknown", "time_zone"),
            (json!({"time_zone": "+08:00"}), "time_zone_unknown", "time_zone"),
            (json!({"brand": "red"}), "invalid_value", "brand"),
            (json!({"hours": {"week": {"sat": [{"from": "18:00", "to": "09:00"}]}}}), "interval_ends_before_it_begins", "hours.week.sat.0.to"),
            (json!({"hours": {"week": {}, "days": [{"date": "2026-13-01", "intervals": []}]}}), "invalid_value", "hours.days.0.date"),
        ] {
            change(&tara, wrong).await.problem_at(422, code, field);
        }
        assert_eq!(tara.get("/api/v1/company").await.expect(200), before);
    }

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other_and_only_administrators_edit() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let seen = tara.get("/api/v1/company").await.expect(200)["updated_at"].clone();
        tara.patch("/api/v1/company", json!({"time_zone": "UTC", "seen": seen})).await.expect(200);
        tara.patch("/api/v1/company", json!({"time_zone": "Asia/Tokyo", "seen": seen})).await.problem(409, "conflict");
        mira.patch("/api/v1/company", json!({"time_zone": "UTC", "seen": seen})).await.problem(403, "not_permitted");
    }
}
