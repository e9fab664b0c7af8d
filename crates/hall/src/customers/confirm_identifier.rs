//! `POST /api/v1/customer/identifiers/confirm`: proves the new address or number.

use axum::{Json, extract::State};
use domain::customer::Identifier;
use http_kit::{
    App,
    audit::Asked,
    auth::CustomerActor,
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use service::customers;
use store::jobs::NewJob;
use store_hall::customer_codes::{Purpose, Tried};

use super::{
    act::Act,
    code_problem,
    confirm_registration::HandedIn,
    digits_of, identifiers_of,
    letters::{self, Letter},
    limits, stored_identifier,
    view::CustomerView,
};

/// Submits the code, which activates the new address or number.
///
/// The customer signs in with it from now on. The previous one of the same kind no longer works, and a letter to it says so.
#[utoipa::path(post, path = "/customer/identifiers/confirm", tag = "customers", security(("customer" = [])), request_body = HandedIn,
    responses((status = 200, body = CustomerView), Problems))]
pub async fn confirm_identifier(
    State(app): State<App>,
    actor: CustomerActor,
    address: ClientAddress,
    asked: Asked,
    ValidJson(HandedIn { handle, code }): ValidJson<HandedIn>,
) -> Result<Json<CustomerView>, Problem> {
    let CustomerActor { tenant, customer, .. } = actor;
    limits::may_try_code(&app, address).await?;
    // One of these is stored with the change: which, is known only then.
    let letters = letters_to_previous(&app, actor).await?;
    let (handle_hash, code_hashes, with) = (env::hash(&handle), app.vault().codes(&handle, &digits_of(&code)), app.clone());
    let act = Act::new(&app, asked);
    let put = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            let tried = store_hall::customer_codes::attempt(tx, tenant, Purpose::Change, &handle_hash, &code_hashes).await?;
            let sealed = match tried {
                Tried::Right { customer: Some(of), payload: Some(sealed) } if of == customer => sealed,
                tried => return Ok(Err(tried)),
            };
            let identifier = open_identifier(&with, &handle_hash, &sealed).ok_or_else(corrupt)?;
            let new = stored_identifier(&with, tenant, customer, &identifier).map_err(|_| corrupt())?;
            // Somebody else proved it in the meantime, or it belongs to somebody else.
            let lookups = with.vault().lookups(tenant, &identifier);
            if store_hall::customers::find_any(tx, tenant, &lookups).await?.is_some_and(|holder| holder.id != customer) {
                return Err(code_problem(&Tried::Spent).into());
            }
            store_hall::customers::put_identifier(tx, tenant, customer, &new).await.map_err(Fault::if_taken(|| code_problem(&Tried::Spent)))?;
            customers::derive(tx, &with.vault(), tenant, customer).await?;
            // Anything that was sent to the previous one becomes invalid.
            store_hall::customer_codes::spend_all(tx, tenant, customer).await?;
            if let Some((_, letter)) = letters.iter().find(|(old, _)| old.kind() == identifier.kind() && *old != identifier) {
                store::jobs::add(tx, tenant, letter).await?;
            }
            act.note(tx, tenant, customer).await?;
            Ok(Ok(()))
        })
    });
    put.await?.map_err(|tried| code_problem(&tried))?;
    Ok(Json(CustomerView::read(&app, tenant, customer).await?))
}

fn corrupt() -> store::Error {
    store::Error::Db(db::Error::Corrupt("a change does not open".to_owned()))
}

/// The identifier that the change brings, as it was sealed with the code.
fn open_identifier(app: &App, handle_hash: &[u8], sealed: &[u8]) -> Option<Identifier> {
    let text = String::from_utf8(app.vault().open_payload(handle_hash, sealed)?).ok()?;
    Identifier::parse(&text).ok()
}

/// The addresses and numbers that the customer has, each with the letter that it is sent if it is replaced.
async fn letters_to_previous(app: &App, actor: CustomerActor) -> Result<Vec<(Identifier, NewJob)>, Problem> {
    let CustomerActor { tenant, customer, .. } = actor;
    let (identifiers, lang) = {
        let mut tx = app.db().read_of(actor.tenant).await?;
        (identifiers_of(app, &mut tx, tenant, customer).await?, store_hall::customers::get(&mut tx, tenant, customer).await?.lang)
    };
    let mut letters = Vec::new();
    for old in identifiers {
        let letter = letters::job(app, tenant, &old, lang, Letter::Replaced, true).await?;
        letters.push((old, letter));
    }
    Ok(letters)
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Answer;

    #[tokio::test]
    async fn a_number_is_added_beside_an_address_and_both_sign_in() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let sent = ada.post("/api/v1/customer/step-up", json!({"via": "email"})).await.expect(202);
        let code = app.message_to("ada@example.com").await.code();
        let change = json!({"identifier": "13800138000", "handle": sent["handle"], "code": code});
        let sent = ada.post("/api/v1/customer/identifiers", change).await.expect(202);
        let code = app.message_to("+8613800138000").await.code();
        let view = ada.post("/api/v1/customer/identifiers/confirm", json!({"handle": sent["handle"], "code": code})).await.expect(200);
        assert_eq!((&view["email"], &view["mobile"]), (&json!("ada@example.com"), &json!("+8613800138000")));
        for identifier in ["ada@example.com", "13800138000"] {
            let sign_in = json!({"site": "alpha", "identifier": identifier, "password": testkit_app::CUSTOMER_PASSWORD});
            app.post("/api/v1/customer/sessions", sign_in).await.expect(201);
        }
        ada.post("/api/v1/customer/identifiers/confirm", json!({"handle": sent["handle"], "code": code})).await.problem(410, "code_spent");
    }

    /// The only one of fifty answers with this status; all others say that the code is spent, or to try again.
    fn the_one(answers: Vec<Answer>, status: u16) -> Value {
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|one| **one == status).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|one| *one == status || matches!(one, 410 | 503)), "{statuses:?}");
        answers.into_iter().find(|answer| answer.status.as_u16() == status).map(|answer| answer.expect(status)).unwrap()
    }

    #[tokio::test]
    async fn of_fifty_uses_of_each_code_at_once_exactly_one_succeeds() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let sent = ada.post("/api/v1/customer/step-up", json!({"via": "email"})).await.expect(202);
        let code = app.message_to("ada@example.com").await.code();
        let change = json!({"identifier": "13800138000", "handle": sent["handle"], "code": code});
        let sent = the_one(join_all((0..50).map(|_| ada.post("/api/v1/customer/identifiers", change.clone()))).await, 202);
        let code = app.message_to("+8613800138000").await.code();
        let confirm = json!({"handle": sent["handle"], "code": code});
        let view = the_one(join_all((0..50).map(|_| ada.post("/api/v1/customer/identifiers/confirm", confirm.clone()))).await, 200);
        assert_eq!(view["mobile"], "+8613800138000");
    }
}
