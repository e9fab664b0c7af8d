//! What is learned from visitors whose interests are known, and what is computed by hand.

use super::{measure::figures, *};

fn product(id: &str) -> Item {
    Item { kind: ItemKind::Product, id: id.to_owned() }
}

/// Visitors who took an interest in these, in this order.
fn visits(all: &[(usize, &[&str])]) -> Vec<Interest> {
    let mut interests = Vec::new();
    let mut visitor = 0;
    for (visitors, ids) in all {
        for _ in 0..*visitors {
            visitor += 1;
            interests.extend(ids.iter().zip(0..).map(|(id, at)| Interest { visitor, item: product(id), weight: 1.0, at }));
        }
    }
    interests
}

fn ids(ranked: &[Recommended]) -> Vec<&str> {
    ranked.iter().map(|one| one.item.id.as_str()).collect()
}

const ANY: fn(&Item) -> Option<Offer> = |_| Some(Offer::default());

#[test]
fn the_blend_is_what_is_computed_by_hand() {
    // 20 visitors took an interest in both a and b, 40 in a only and 20 in b only; c and d share all of their 20 visitors. The Gram matrix is
    // [60 20; 20 40] beside [20 20; 20 20], and the ridge is the least one, 20, because half the mean of the diagonal is 17.5.
    let (model, pairs) = Model::train(&visits(&[(20, &["a", "b"]), (40, &["a"]), (20, &["b"]), (20, &["c", "d"])]));
    let determinant = 80.0_f32 * 60.0 - 20.0 * 20.0;
    let ease_ab = -(-20.0 / determinant) / (80.0 / determinant);
    let ease_ba = -(-20.0 / determinant) / (60.0 / determinant);
    let cosine = 20.0 / (60.0_f32 * 40.0).sqrt() * 20.0 / 30.0;
    let weight = |from: usize, to: u32| model.near[from].iter().find(|(place, _)| *place == to).unwrap().1;
    assert!((weight(0, 1) - (ease_ab + 0.3 * cosine)).abs() < 1e-4, "{}", weight(0, 1));
    assert!((weight(1, 0) - (ease_ba + 0.3 * cosine)).abs() < 1e-4, "{}", weight(1, 0));
    assert_eq!((pairs[0].one.id.as_str(), pairs[0].other.id.as_str(), pairs[0].together), ("c", "d", 20));
    assert_eq!((pairs.len(), pairs[1].together), (2, 20));
}

#[test]
fn with_few_visitors_only_popularity_counts() {
    let interests = visits(&[(20, &["a", "b"]), (9, &["b", "c"]), (5, &["c"])]);
    let (model, pairs) = Model::train(&interests);
    let found = figures(&interests, &model);
    assert_eq!((model.is_learned(), pairs.len(), found.learned, found.hits), (false, 0, false, None));
    let ranked = model.rank(Viewer::default(), 10, ANY);
    assert_eq!(ids(&ranked), ["b", "a", "c"]);
    assert!(ranked.iter().all(|one| one.reason == Reason::Popular));
}

#[test]
fn nothing_is_made_up_where_nothing_is_known() {
    let (model, _) = Model::train(&[]);
    assert!(model.is_empty());
    assert_eq!(model.rank(Viewer { at: Some(&product("a")), history: &[(product("b"), 1.0)] }, 10, ANY), []);
}

#[test]
fn what_fewer_than_five_share_is_told_to_nobody() {
    let interests = visits(&[(40, &["a", "b"]), (4, &["a", "secret"]), (4, &["b", "rare"]), (8, &["secret"])]);
    let (model, pairs) = Model::train(&interests);
    assert!(model.is_learned());
    let near: Vec<_> = model.rank(Viewer { at: Some(&product("a")), history: &[] }, 10, ANY);
    assert_eq!(ids(&near), ["b", "secret"], "the second is popular, nothing more");
    assert_eq!(near[1].reason, Reason::Popular);
    assert!(pairs.iter().all(|pair| pair.other.id != "secret" && pair.one.id != "rare"));
}

#[test]
fn each_has_its_reason_and_what_was_seen_or_is_not_offered_is_left_out() {
    let interests = visits(&[(40, &["a", "b", "gone"]), (30, &["c", "d"]), (20, &["e"]), (10, &["f"])]);
    let (model, _) = Model::train(&interests);
    let offer = |item: &Item| {
        let category = match item.id.as_str() {
            "gone" => return None,
            "a" | "f" => Some("phone".to_owned()),
            _ => None,
        };
        Some(Offer { category })
    };
    let history = [(product("c"), 1.0)];
    let ranked = model.rank(Viewer { at: Some(&product("a")), history: &history }, 10, offer);
    let reasons: Vec<_> = ranked.iter().map(|one| (one.item.id.as_str(), one.reason.clone())).collect();
    assert_eq!(
        reasons,
        [("b", Reason::AlsoLooked(product("a"))), ("d", Reason::BecauseOf(product("c"))), ("f", Reason::PopularIn("phone".to_owned())), ("e", Reason::Popular),]
    );
    assert_eq!(ids(&model.rank(Viewer { at: Some(&product("a")), history: &history }, 1, offer)), ["b"]);
    assert_eq!(ids(&model.rank(Viewer { at: Some(&product("zzz")), history: &[] }, 2, offer)), ["a", "b"], "what is not known has no neighbours");
}

#[test]
fn only_the_latest_of_one_visitor_count_and_each_once() {
    let many: Vec<String> = (0..80).map(|n| format!("x{n:02}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut interests = visits(&[(5, &many)]);
    interests.extend(interests.clone());
    let (model, _) = Model::train(&interests);
    assert_eq!((model.len(), model.visitors[0], model.items[0].id.as_str()), (MOST_OF_ONE, 5, "x30"));
}

#[test]
fn a_model_is_stored_and_read_as_it_was() {
    let (model, _) = Model::train(&visits(&[(40, &["a", "b", "c"]), (30, &["c", "d"]), (20, &["e"])]));
    assert!(model.is_learned());
    let read: Model = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
    assert_eq!(read, model);
}
