//! `GET /api/v1/widget/consents` and `PUT /api/v1/widget/consents`

use axum::{Json, extract::State};
use domain::{
    consent::{AnsweredIn, Purpose},
    time::MINUTE,
};
use http_kit::{
    App,
    audit::Asked,
    auth::{VisitorActor, attempts::Limit, tally::Tally},
    consents::Consents,
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde_json::json;
use service::consents::{self, Person};

use super::ConsentAnswers;
use crate::customers::act::Act;

/// Answers of a visitor.
const PER_VISITOR: Limit = Limit { tries: 20, within_ms: MINUTE };
/// Answers of the visitors of one network.
const PER_ADDRESS: Limit = Limit { tries: 200, within_ms: MINUTE };

async fn read(app: &App, actor: VisitorActor) -> Result<Json<Consents>, Problem> {
    let standing = consents::standing(&mut app.db().read_of(actor.tenant).await?, actor.tenant, Person::Visitor(actor.visitor), Some(actor.site)).await?;
    Ok(Json(standing.into()))
}

/// Returns what the visitor, or the visitor's account, allows to be stored.
#[utoipa::path(get, path = "/widget/consents", tag = "widget", security(("visitor" = [])), responses((status = 200, body = Consents), Problems))]
pub async fn get_visitor_consents(State(app): State<App>, actor: VisitorActor) -> Result<Json<Consents>, Problem> {
    read(&app, actor).await
}

/// Stores what the visitor allows to be stored, for the visitor's account too.
///
/// A no takes effect at once, and deletes what was stored for that purpose. Every answer is kept with its time, its place and the version of the sentence.
#[utoipa::path(put, path = "/widget/consents", tag = "widget", security(("visitor" = [])), request_body = ConsentAnswers,
    responses((status = 200, body = Consents), Problems))]
pub async fn answer_as_visitor(
    State(app): State<App>,
    actor: VisitorActor,
    address: ClientAddress,
    asked: Asked,
    ValidJson(given): ValidJson<ConsentAnswers>,
) -> Result<Json<Consents>, Problem> {
    may_answer(&app, &actor, address).await?;
    let answers = given.checked()?;
    answer(&app, &actor, asked.saying(json!(given)), (answers, given.place, given.wording)).await?;
    read(&app, actor).await
}

/// Counts an answer of a visitor; too many are refused.
pub(crate) async fn may_answer(app: &App, actor: &VisitorActor, address: ClientAddress) -> Result<(), Problem> {
    let choices = Tally::new("choices", &app.in_memory().choices, app.cluster().redis());
    choices.take_of(&actor.visitor.to_string(), PER_VISITOR, address, PER_ADDRESS, app.env().now()).await.map_err(Problem::too_many)
}

/// Stores what a visitor answered, where, and to which version of the sentences; if there is an account, its audit notes it.
pub(crate) async fn answer(
    app: &App,
    actor: &VisitorActor,
    asked: Asked,
    (answers, place, wording): (Vec<(Purpose, bool)>, AnsweredIn, i64),
) -> Result<(), Problem> {
    let (tenant, visitor, act) = (actor.tenant, actor.visitor, Act::new(app, asked));
    let done = Permitted::as_system(tenant).write(app, move |tx| {
        Box::pin(async move {
            consents::answer(tx, Person::Visitor(visitor), &answers, (place, wording)).await?;
            match store_hall::customer_visitors::customer_of(tx, tenant, visitor).await? {
                Some(customer) => Ok(act.note(tx, tenant, customer).await?),
                None => Ok(()),
            }
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/widget/consents";

    fn answer(purpose: &str, granted: bool) -> Value {
        json!({"answers": [{"purpose": purpose, "granted": granted}], "wording": 1, "place": "widget"})
    }
    fn of<'a>(consents: &'a Value, purpose: &str) -> &'a Value {
        consents["purposes"].as_array().unwrap().iter().find(|one| one["purpose"] == purpose).unwrap()
    }

    #[tokio::test]
    async fn whoever_was_not_asked_has_not_agreed_and_what_was_answered_is_read_again() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let first = visitor.get(PATH).await.expect(200);
        assert_eq!(first["wording"], 1);
        for purpose in ["pages", "profile", "recommendations"] {
            assert_eq!(of(&first, purpose), &json!({"purpose": purpose, "used": true, "granted": null, "since": null, "place": null}));
        }
        let yes = visitor.put(PATH, answer("pages", true)).await.expect(200);
        assert_eq!((&of(&yes, "pages")["granted"], &of(&yes, "pages")["place"]), (&json!(true), &json!("widget")));
        assert!(of(&yes, "pages")["since"].is_i64() && of(&yes, "profile")["granted"].is_null());
        app.clock.advance(5);
        let no = visitor.put(PATH, answer("pages", false)).await.expect(200);
        assert_eq!(of(&no, "pages")["granted"], json!(false));
        assert!(of(&no, "pages")["since"].as_i64() > of(&yes, "pages")["since"].as_i64());
    }

    #[tokio::test]
    async fn an_answer_says_which_sentence_was_read_and_where() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let with = |field: &str, value: Value| {
            let mut body = answer("pages", true);
            body[field] = value;
            body
        };
        visitor.put(PATH, with("wording", json!(9))).await.problem_at(422, "invalid_value", "wording");
        visitor.put(PATH, with("place", json!("before"))).await.problem_at(422, "invalid_value", "place");
        visitor.put(PATH, with("answers", json!([]))).await.problem_at(422, "invalid_value", "answers");
        let twice = json!([{"purpose": "pages", "granted": true}, {"purpose": "pages", "granted": false}]);
        visitor.put(PATH, with("answers", twice)).await.problem_at(422, "invalid_value", "answers");
        app.get(PATH).await.problem(401, "not_signed_in");
        app.put(PATH, answer("pages", true)).await.problem(401, "not_signed_in");
    }
}
