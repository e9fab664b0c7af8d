//! Reading changes nothing: whatever is read, and whatever a URL says, the record stays as it was; but the audit notes what is exported and what is refused.

use std::collections::BTreeMap;

use reqwest::Method;
use testkit::eventually;

use super::{document::operations, house::House, once::record};

/// A puzzle that is handed out is recorded, so that it can be solved only once.
const NOTED: &str = "GET /api/v1/customer/puzzle";

/// The record without the audit.
pub async fn beside_the_audit(house: &House) -> BTreeMap<String, Vec<String>> {
    let mut all = record(house).await;
    all.retain(|table, _| !table.starts_with("audit_"));
    for of in ["journal_heads", "journal_entries"] {
        all.get_mut(of).unwrap().retain(|row| !row.contains(",'audit',") && !row.contains(",'audited',"));
    }
    all
}

#[tokio::test]
async fn nothing_is_changed_by_asking_whatever_the_address_says() {
    let house = House::new().await;
    eventually("the bot has answered", async || record(&house).await["journal_entries"].iter().any(|row| row.contains("'bot'")).then_some(())).await;
    let before = beside_the_audit(&house).await;
    let readable: Vec<String> = operations().into_iter().filter(|operation| operation.method.is_safe()).map(|operation| operation.path).collect();
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| operation.name() != NOTED) {
        let path = house.path(&operation);
        // The fields of the body as a query, as a form sends them with GET.
        let body = operation.body.as_ref().map(|_| house.body(&operation)).unwrap_or_default();
        let words = body.as_object().cloned().unwrap_or_default().into_iter().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", value.replace(|c: char| !c.is_ascii_alphanumeric(), ""))
        });
        let with_words = format!("{path}{}{}", if path.contains('?') { "&" } else { "?" }, words.collect::<Vec<_>>().join("&"));
        for path in [path, with_words] {
            for who in [house.welcome(&operation), &house.administrator] {
                let answer = who.send(who.request(Method::GET, &path)).await;
                assert!(readable.contains(&operation.path) || !answer.status.is_success(), "GET {path}: {answer:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "only {tried} questions were asked");
    let after = beside_the_audit(&house).await;
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table}");
    }
}
