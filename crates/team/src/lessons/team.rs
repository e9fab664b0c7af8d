//! `GET /api/v1/lessons/team`

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use domain::{policy::OverPeople, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store::staff::roster::Person;
use utoipa::ToSchema;

use super::view::{MemberLessons, all_lessons, lessons_of, team};

/// A lesson, and how many have finished it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonProgress {
    /// Its name.
    pub lesson: String,
    /// Those who have finished it.
    pub finished: usize,
    /// Those who have it.
    pub of: usize,
}

/// The lessons of a team.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamLessons {
    /// The lessons that somebody of them has.
    pub lessons: Vec<LessonProgress>,
    /// Those whom the caller manages and who are not disabled, in the order in which they joined.
    pub items: Vec<MemberLessons>,
}

impl TeamLessons {
    /// Reads them for a member who manages others.
    pub async fn read(app: &App, actor: &StaffActor) -> Result<Self, Problem> {
        let mut tx = app.db().snapshot_of(actor.tenant()).await?;
        let mut finished = store_desk::lessons::of_all(&mut tx, actor.tenant()).await?;
        let people: Vec<_> = team(&mut tx, &actor.staff).await?.into_iter().map(|person| (finished.remove(&person.id).unwrap_or_default(), person)).collect();
        let known = all_lessons(people.iter().map(|(finished, _)| finished));
        let member = |(finished, person): (BTreeMap<String, Ts>, Person)| {
            let lessons = lessons_of(&known, person.grants(), &finished);
            MemberLessons { id: person.id, name: person.name, number: person.number, lessons }
        };
        let items: Vec<MemberLessons> = people.into_iter().map(member).collect();
        let progress = |lesson: String| {
            let theirs = || items.iter().flat_map(|member| &member.lessons).filter(|one| one.lesson == lesson);
            let (finished, of) = (theirs().filter(|one| one.finished_at.is_some()).count(), theirs().count());
            LessonProgress { lesson, finished, of }
        };
        let lessons = known.iter().map(|lesson| progress(lesson.to_string())).filter(|one| one.of > 0).collect();
        Ok(Self { lessons, items })
    }
}

/// Lists which lessons about the program those whom the caller manages have, and when they finished each.
#[utoipa::path(get, path = "/lessons/team", tag = "staff", security(("staff" = [])), responses((status = 200, body = TeamLessons), Problems))]
pub async fn list_team_lessons(State(app): State<App>, actor: StaffActor) -> Result<Json<TeamLessons>, Problem> {
    actor.may(OverPeople::Manage)?.anywhere();
    Ok(Json(TeamLessons::read(&app, &actor).await?))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn names(team: &Value) -> Vec<&str> {
        team["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_team_is_seen_by_who_manages_it_and_counted_by_lesson() {
        let app = TestApp::new().await;
        let (tara, ada, eve) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await, app.agent("eve").await);
        ada.post("/api/v1/lessons/tour:agent/finish", json!({})).await.expect(204);
        let team = tara.get("/api/v1/lessons/team").await.expect(200);
        assert_eq!(names(&team), ["tara", "ada", "eve"]);
        assert_eq!(
            team["lessons"],
            json!([
                {"lesson": "tour:agent", "finished": 1, "of": 3},
                {"lesson": "tour:manager", "finished": 0, "of": 1},
                {"lesson": "tour:administrator", "finished": 0, "of": 1},
            ])
        );
        assert!(team["items"][1]["lessons"][0]["finished_at"].is_number(), "{team}");
        assert_eq!(team["items"][2]["lessons"], json!([{"lesson": "tour:agent", "finished_at": null}]));
        let seen = tara.get(&format!("/api/v1/staff/{}", eve.member.id)).await.expect(200)["updated_at"].clone();
        tara.patch(&format!("/api/v1/staff/{}", eve.member.id), json!({"disabled": true, "seen": seen})).await.expect(200);
        assert_eq!(names(&tara.get("/api/v1/lessons/team").await.expect(200)), ["tara", "ada"]);
        let beta = app.other_company("beta").await;
        assert_eq!(names(&app.staff_of(&beta, Role::Manager, "bob").await.get("/api/v1/lessons/team").await.expect(200)), ["bob"]);
        ada.get("/api/v1/lessons/team").await.problem(403, "not_permitted");
        app.get("/api/v1/lessons/team").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn a_supervisor_sees_the_own_group_and_exercises_that_somebody_finished_are_lessons_of_who_serves() {
        let app = TestApp::new().await;
        let (tara, sue, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Supervisor, "sue").await, app.agent("ada").await);
        app.agent("eve").await;
        let group = tara.post("/api/v1/groups", json!({"name": "Night"})).await.expect(201)["id"].clone();
        for one in [&sue, &ada] {
            let path = format!("/api/v1/staff/{}", one.member.id);
            let seen = tara.get(&path).await.expect(200)["updated_at"].clone();
            tara.patch(&path, json!({"group": group, "seen": seen})).await.expect(200);
        }
        let (tenant, agent) = (app.company.tenant, ada.member.id);
        let done = app.app().db().writer().write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let now = tx.now();
                store_desk::lessons::finish(tx, tenant, agent, "practice:refund", now).await
            })
        });
        done.await.unwrap();
        let team = sue.get("/api/v1/lessons/team").await.expect(200);
        assert_eq!(names(&team), ["sue", "ada"]);
        assert_eq!(team["lessons"][2], json!({"lesson": "practice:refund", "finished": 1, "of": 2}));
    }
}
