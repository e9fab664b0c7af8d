//! `GET /api/v1/lessons/team/export.csv`

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use domain::{policy::OverPeople, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use tables::write::{BYTE_ORDER_MARK, row};

use super::team::TeamLessons;

/// Exports which lessons those whom the caller manages have as a CSV file: UTF-8 with a byte order mark, one row per member and lesson, with times in UTC.
///
/// The export is noted in the audit.
#[utoipa::path(get, path = "/lessons/team/export.csv", tag = "staff", security(("staff" = [])),
    responses((status = 200, description = "The lessons, a row for each member and lesson", body = String, content_type = "text/csv"), Problems))]
pub async fn export_team_lessons(State(app): State<App>, actor: StaffActor) -> Result<Response, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.anywhere();
    let team = TeamLessons::read(&app, &actor).await?;
    permitted.note(&app).await?;
    let head = row(["name", "number", "lesson", "finished"].map(str::to_owned));
    let rows = team.items.into_iter().flat_map(|member| {
        let (name, number) = (member.name, member.number);
        member.lessons.into_iter().map(move |one| row([name.clone(), number.clone(), one.lesson, one.finished_at.map_or_else(String::new, time)]))
    });
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"lessons.csv\"")];
    let text: String = std::iter::once(format!("{BYTE_ORDER_MARK}{head}")).chain(rows).collect();
    Ok((headers, text).into_response())
}

fn time(at: Ts) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use super::*;

    #[tokio::test]
    async fn the_file_has_a_row_for_each_member_and_lesson_and_is_noted() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("=ada").await);
        ada.post("/api/v1/lessons/tour:agent/finish", json!({})).await.expect(204);
        let file = tara.get("/api/v1/lessons/team/export.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        let text = String::from_utf8(file.body).unwrap();
        let rows: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        assert_eq!((rows[0], rows.len()), ("\u{feff}\"name\",\"number\",\"lesson\",\"finished\"", 5));
        let now = time(app.env().now());
        assert!(rows[4].contains("ada\"") && !rows[4].starts_with("\"=") && rows[4].ends_with(&format!("\"tour:agent\",\"{now}\"")), "{rows:?}");
        let noted = tara.get("/api/v1/audit?operation=GET%20%2Fapi%2Fv1%2Flessons%2Fteam%2Fexport.csv").await.expect(200);
        assert_eq!(noted["items"].as_array().unwrap().len(), 1);
        ada.get("/api/v1/lessons/team/export.csv").await.problem(403, "not_permitted");
    }
}
