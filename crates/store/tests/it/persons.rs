//! People are told apart by their networks and accounts.

use domain::id::{CustomerId, VisitorId};
use store::people::{People, Seen};
use uuid::Uuid;

fn seen(visitor: u128, account: Option<u128>, network: Option<&str>) -> Seen {
    let id = Uuid::from_u128;
    Seen {
        visitor: VisitorId::new(id(visitor)),
        account: account.map(|account| CustomerId::new(id(account))),
        network: network.map(|network| network.as_bytes().to_vec()),
    }
}

#[test]
fn a_network_is_one_person_and_so_is_an_account() {
    for (name, all, expected) in [
        ("visitors of whom nothing is known", vec![seen(1, None, None), seen(2, None, None), seen(1, None, None)], vec![0, 1, 0]),
        ("one network", vec![seen(1, None, Some("a")), seen(2, None, Some("a")), seen(3, None, Some("b"))], vec![0, 0, 1]),
        ("accounts made on one network", vec![seen(1, Some(7), Some("a")), seen(2, Some(8), Some("a")), seen(3, None, Some("a"))], vec![0, 0, 0]),
        ("an account on two sites and networks", vec![seen(1, Some(7), Some("a")), seen(2, Some(7), Some("b"))], vec![0, 0]),
        ("others on its second network", vec![seen(1, Some(7), Some("a")), seen(2, Some(7), Some("b")), seen(3, None, Some("b"))], vec![0, 0, 1]),
        ("accounts without networks", vec![seen(1, Some(7), None), seen(2, Some(7), None), seen(3, Some(8), None)], vec![0, 0, 1]),
    ] {
        let mut people = People::default();
        assert_eq!(all.iter().map(|one| people.number(one)).collect::<Vec<_>>(), expected, "{name}");
    }
}
