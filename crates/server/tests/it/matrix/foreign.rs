//! Resources of another company are answered as if they did not exist, to the byte.

use serde_json::{Value, json};
use testkit_server::Answer;

use super::{document::operations, house::House};

/// The answer without what differs between any two requests.
fn comparable(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    body["request_id"] = json!(null);
    (answer.status.as_u16(), body)
}

/// The same path with an id that does not exist: 32 different digits, or a different name where companies choose names.
fn missing(real: &str) -> String {
    let Some(at) = real.find('_') else { return real.replace("/g-00", "/g-99").replace("/spare", "/none") };
    let (start, rest) = real.split_at(at + 1);
    format!("{start}{}{}", "0123456789abcdef".repeat(2), rest.split_at(32).1)
}

#[tokio::test]
async fn another_companys_ids_are_answered_like_missing_ones() {
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| operation.path.contains("{id}") && !operation.path.contains("{key}")) {
        let house = House::new().await;
        let real = house.path(&operation);
        let missing = missing(&real);
        let strangers = [&house.foreign, &house.foreign_visitor];
        for stranger in strangers {
            let (foreign, none) = (house.ask(stranger, &operation, &real).await, house.ask(stranger, &operation, &missing).await);
            assert_eq!(comparable(&foreign), comparable(&none), "{}", operation.name());
            assert!(matches!(foreign.status.as_u16(), 401 | 404), "{}: {foreign:?}", operation.name());
            tried += 1;
        }
        let still_there = house.ask(house.welcome(&operation), &operation, &real).await;
        if operation.method.is_safe() {
            assert_eq!(still_there.status.as_u16(), 200, "{}: it can be read by who may", operation.name());
        }
    }
    assert!(tried >= 10, "only {tried} operations were tried");
}

#[tokio::test]
async fn what_is_no_id_names_nothing() {
    let house = House::new().await;
    for operation in operations().into_iter().filter(|operation| operation.path.contains("{id}")) {
        for nonsense in ["x", "cnv_", "%00", "..%2F..", "'%20OR%201=1", "cnv_0123456789abcdef0123456789abcdef", &"9".repeat(2000)] {
            let path = operation.path.replace("{id}", nonsense).replace("{key}", "alpha").replace("{delivery}", nonsense);
            house.ask(house.welcome(&operation), &operation, &path).await.problem(404, "not_found");
        }
    }
}
