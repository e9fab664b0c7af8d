//! The installation's operator is nobody in a company.

use super::{document::operations, house::House};

#[tokio::test]
async fn the_operator_is_let_in_nowhere_but_where_anybody_is() {
    let house = House::new().await;
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| operation.is_signed_in) {
        let answer = house.ask(&house.operator, &operation, &house.path(&operation)).await;
        assert_eq!(answer.status.as_u16(), 401, "{}: {answer:?}", operation.name());
        tried += 1;
    }
    assert!(tried > 100, "only {tried} operations were tried");
    // What is below `/operator` is for nobody else.
    for operation in operations().into_iter().filter(|operation| operation.path.starts_with("/api/v1/operator/") && !operation.path.ends_with("/sessions")) {
        for who in [&house.agent, &house.manager, &house.administrator, &house.visitor, &house.customer] {
            house.ask(who, &operation, &house.path(&operation)).await.problem(401, "not_signed_in");
        }
        house.ask(&house.foreign, &operation, &house.path(&operation)).await.problem(404, "not_found");
    }
}
