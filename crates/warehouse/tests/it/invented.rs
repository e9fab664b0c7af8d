//! The indicators that docs/adding-an-indicator.md invents: data alone is enough to compute them, in both ways.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::{aside, q};
use domain::time::{Clock as _, MINUTE};
use parity::{World, traffic::copies};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;
use warehouse::{
    DEFINITIONS, Definitions, Event, Place,
    event::kind,
    portable::{self, Bucket},
    render,
};

use crate::common::{Still, open};

const PAGE: &str = include_str!("../../../../docs/adding-an-indicator.md");

/// The definitions of this release, and those of the page.
fn definitions() -> Definitions {
    let mut all: serde_json::Value = serde_json::from_str(include_str!("../../indicators.json")).unwrap();
    let invented: serde_json::Value = serde_json::from_str(PAGE.split("```json\n").nth(1).unwrap().split("```").next().unwrap()).unwrap();
    for list in ["measures", "derived"] {
        let more = invented[list].as_array().unwrap().clone();
        all[list].as_array_mut().unwrap().extend(more);
    }
    Definitions::parse(&all.to_string()).unwrap()
}

/// By company and minute: how many sessions asked for a person more than once, and how often all of them asked.
type Asked = BTreeMap<(Uuid, i64), (i64, i64)>;

/// Counts from the events themselves.
fn oracle(world: &World) -> Asked {
    let mut seen = HashSet::new();
    let (mut sessions, mut requests) = (HashSet::new(), HashMap::<_, Vec<Event>>::new());
    for event in world.facts.iter().flat_map(|fact| Event::read(fact, &world.directory).unwrap()) {
        if !seen.insert((event.tenant_id, event.conversation_id, event.seq)) {
            continue;
        }
        let episode = (event.tenant_id, event.conversation_id, event.episode);
        match event.kind.as_str() {
            kind::BEGAN if event.how.as_deref() == Some("bot") => drop(sessions.insert(episode)),
            kind::REQUESTED => requests.entry(episode).or_default().push(event),
            _ => {}
        }
    }
    let mut asked = Asked::new();
    for (episode, requests) in requests.iter().filter(|(episode, _)| sessions.contains(episode)) {
        let first = requests.iter().min_by_key(|event| event.seq).unwrap().happened_at;
        let minute = asked.entry((episode.0, first - first % MINUTE)).or_default();
        minute.0 += i64::from(requests.len() > 1);
        minute.1 += requests.len() as i64;
    }
    asked
}

#[tokio::test]
async fn an_indicator_that_is_only_data_is_computed_from_the_rows_and_by_the_portable_sql() {
    let (folder, world, definitions) = (tempfile::tempdir().unwrap(), World::new(20_261_123, 6_000).unwrap(), definitions());
    let expected = oracle(&world);
    assert!(expected.len() > 20 && expected.values().any(|(twice, _)| *twice > 0), "the traffic has something of each");
    let panel = open(&Place::File(folder.path().join("panel.db"))).await;
    panel.apply(copies(&world.facts), &world.directory).await.unwrap();
    panel.close().await;
    let mut tx = aside::open(&folder.path().join("panel-1.db"), Still.now()).await.unwrap();
    let [twice, sum] = ["asked_twice", "asked_sum"].map(|key| definitions.measure(key).unwrap());

    // The tables of the reducer have the names and columns of the layers of the portable SQL.
    for (measure, value) in [(twice, (|of| of.0) as fn(&(i64, i64)) -> i64), (sum, |of| of.1)] {
        let amounts = portable::amounts(&definitions, measure, Bucket::Minute);
        let sql = format!("SELECT tenant_id, starts_at, SUM(amount) FROM ({amounts}) GROUP BY tenant_id, starts_at");
        let found: Vec<(Uuid, i64, i64)> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap();
        let found: BTreeMap<(Uuid, i64), i64> = found.into_iter().map(|(tenant, at, amount)| ((tenant, at), amount)).collect();
        let expected: BTreeMap<_, _> = expected.iter().map(|(at, of)| (*at, value(of))).filter(|(_, amount)| *amount != 0).collect();
        assert_eq!(found, expected, "{}", measure.key);
    }

    // What the panel reads at the edges of a window, and the list behind the number.
    let cells: Vec<usize> = definitions.cells_behind("asked_twice").into_iter().chain(definitions.cells_behind("asked_sum")).collect();
    let (_, in_window) = render::cells_in_window(&definitions, &cells);
    let list = render::statements(twice, None).count;
    for tenant in expected.keys().map(|(tenant, _)| *tenant).collect::<HashSet<_>>() {
        let all = expected.iter().filter(|((of, _), _)| *of == tenant).fold((0, 0), |sum, (_, of)| (sum.0 + of.0, sum.1 + of.1));
        let sql = AssertSqlSafe(in_window.as_str());
        let (_, twice, sum): (i64, i64, i64) =
            q!(tx, |c| sqlx::query_as(sql.into_sql_str()).bind(tenant).bind(0_i64).bind(i64::MAX).fetch_one(c).await).unwrap();
        let sql = AssertSqlSafe(list.as_str());
        let (listed,): (i64,) = q!(tx, |c| sqlx::query_as(sql.into_sql_str()).bind(tenant).bind(0_i64).bind(i64::MAX).fetch_one(c).await).unwrap();
        assert_eq!(((twice, sum), listed), (all, all.0));
    }
    tx.close().await;
}

#[test]
fn what_is_invented_is_told_like_every_other_indicator() {
    let definitions = definitions();
    let more: Vec<_> =
        definitions.reference().into_iter().map(|one| one.key).filter(|key| !DEFINITIONS.reference().iter().any(|one| one.key == *key)).collect();
    assert_eq!(more, ["asked_twice", "asked_sum", "asked_twice_ratio"]);
    assert_ne!(definitions.fingerprint(), DEFINITIONS.fingerprint(), "so the numbers are counted again");
    assert_eq!((definitions.unit("asked_sum"), definitions.unit("asked_twice_ratio")), (Some("request"), Some("ratio")));
}
