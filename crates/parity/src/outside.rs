//! An engine outside of this program, fed from a world as the server feeds it from the journal: with a relay and a reader that each go on where they, or earlier
//! ones that were killed, have stopped.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use db::{Error, Result};
use uuid::Uuid;
use warehouse::{Event, Panel, Place, outside::Outside};

use super::{World, engines::Before, traffic::copy};

/// The facts that are handed over at a time.
const BATCH: usize = 400;
/// The time after which something that failed is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// The time between two facts that are handed over slowly is kept in stretches of this length.
const STRETCH: Duration = Duration::from_millis(100);
/// The most time that may pass without anything being counted.
const PATIENCE: Duration = Duration::from_secs(900);

/// How an engine is fed.
#[derive(Debug, Clone)]
pub struct Fed {
    /// Where its edition is.
    pub place: Place,
    /// The history, by which the engine knows what belongs together.
    pub generation: Uuid,
    /// The facts that are handed over in a second, at most; 0 for no limit.
    pub rate: u32,
}

/// Hands over the facts of a world, and puts what comes back into an edition until everything is counted.
pub async fn feed(outside: &Arc<dyn Outside>, world: &World, fed: &Fed) -> Result<Panel> {
    let panel = Panel::open_for(&fed.place, 1, fed.generation, outside.name(), Arc::new(Before)).await?;
    let done = tokio::try_join!(hand_over(outside.as_ref(), world, fed), take(outside.as_ref(), &panel, world, fed.generation));
    match done {
        Ok(_) => Ok(panel),
        Err(error) => {
            panel.close().await;
            Err(error)
        }
    }
}

async fn hand_over(outside: &dyn Outside, world: &World, fed: &Fed) -> Result<()> {
    let last = world.facts.last().map_or(0, |fact| fact.pos);
    let size = if fed.rate == 0 { BATCH } else { (fed.rate as usize / 10).clamp(1, BATCH) };
    let mut since = Instant::now();
    loop {
        let done = async {
            let mut cursor = outside.handed_over(fed.generation).await?;
            since = Instant::now();
            while cursor.pos < last {
                let facts: Vec<_> = world.facts.iter().skip_while(|fact| fact.pos <= cursor.pos).take(size).map(copy).collect();
                let events: Vec<Event> = world.events(&facts);
                cursor.pos = facts.last().map_or(last, |fact| fact.pos);
                outside.hand_over(fed.generation, events, cursor).await?;
                since = Instant::now();
                if fed.rate > 0 {
                    tokio::time::sleep(STRETCH).await;
                }
            }
            Ok(())
        };
        let done = done.await;
        if done.is_ok() {
            return Ok(());
        }
        again(done, since).await?;
    }
}

async fn take(outside: &dyn Outside, panel: &Panel, world: &World, generation: Uuid) -> Result<()> {
    let last = world.facts.last().map_or(0, |fact| fact.pos);
    let mut since = Instant::now();
    while panel.cursor().await?.pos < last {
        let done = async {
            let after = panel.positions().await?;
            let results = outside.results(generation, after.clone()).await?;
            if !results.changes.is_empty() {
                since = Instant::now();
            }
            panel.take(after, results, &world.directory).await.map(drop)
        };
        let done = done.await;
        again(done, since).await?;
    }
    Ok(())
}

/// Waits a moment after a failure; fails if nothing has succeeded for a long time.
async fn again(done: Result<()>, since: Instant) -> Result<()> {
    match done {
        Ok(()) if since.elapsed() < PATIENCE => Ok(()),
        Err(Error::Io(_)) if since.elapsed() < PATIENCE => {
            tokio::time::sleep(AGAIN).await;
            Ok(())
        }
        Ok(()) => Err(Error::Corrupt("nothing has come back for too long".to_owned())),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, VecDeque},
        path::Path,
        sync::Mutex,
    };

    use db::{SqliteFiles, Tx, aside, bulk, feed::Cursor, q};
    use domain::dimension::Dimension;
    use serde_json::{Map, Value as Json, json};
    use sqlx::{AssertSqlSafe, SqlSafeStr as _};
    use warehouse::{
        DEFINITIONS,
        outside::{Change, Doing, Layer, Position, Results},
        portable::{Dialect, run},
        rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, WorkRow},
    };

    use super::*;
    use crate::{Comparison, Engine, engines};

    /// Rows of a layer, each by its key as it would be in a message.
    type Rows = BTreeMap<(Layer, String), String>;

    fn object(layer: Layer, row: &[bulk::Value<'_>]) -> (String, String) {
        let value = |value: &bulk::Value<'_>| match value {
            bulk::Value::Uuid(id) => json!(id),
            bulk::Value::Int(number) => json!(number),
            bulk::Value::Text(text) => json!(text),
            _ => Json::Null,
        };
        let all: Map<String, Json> = layer.columns().iter().zip(row).map(|((name, _), cell)| ((*name).to_owned(), value(cell))).collect();
        let key: Map<String, Json> =
            all.iter().filter(|(name, _)| layer.key().contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())).collect();
        (Json::Object(key).to_string(), Json::Object(all).to_string())
    }

    /// What the portable SQL makes of events.
    async fn compute(path: &Path, world: &World, facts: usize) -> Rows {
        let now = domain::time::Ts(0);
        engines::open(db::Engine::Sqlite(SqliteFiles { path: path.to_owned(), durable: false }), Arc::new(Before)).await.unwrap().close().await;
        let mut tx = aside::open(path, now).await.unwrap();
        engines::execute(&mut tx, "BEGIN").await.unwrap();
        run::begin(&mut tx, Dialect::Sqlite).await.unwrap();
        run::add(&mut tx, &world.events(&world.facts[..facts])).await.unwrap();
        run::compute(&mut tx, Dialect::Sqlite).await.unwrap();
        let mut rows = Rows::new();
        let mut put = |layer: Layer, row: &[bulk::Value<'_>]| {
            let (key, text) = object(layer, row);
            rows.insert((layer, key), text);
        };
        macro_rules! details {
            ($($layer:ident $row:ty),*) => {$(
                for row in read::<$row>(&mut tx, <$row>::TABLE, <$row>::COLUMNS).await {
                    put(Layer::$layer, &row.values());
                }
            )*};
        }
        details!(Sessions SessionRow, Dialogues DialogueRow, Replies ReplyRow, Services ServiceRow, Work WorkRow);
        for measure in &DEFINITIONS.measures {
            for row in run::amounts(&mut tx, measure, None).await.unwrap() {
                let head = [bulk::Value::Uuid(row.tenant_id), bulk::Value::Text(Some(&row.cell)), bulk::Value::Int(Some(row.starts_at))];
                let parts: [&str; Dimension::EACH.len()] = row.parts();
                let all: Vec<_> = head.into_iter().chain(parts.map(|part| bulk::Value::Text(Some(part)))).chain([bulk::Value::Int(Some(row.amount))]).collect();
                put(Layer::Amounts, &all);
            }
        }
        tx.close().await;
        rows
    }

    async fn read<T>(tx: &mut Tx, table: &str, columns: &[&str]) -> Vec<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
    {
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap()
    }

    fn message(layer: Layer, key: &str, value: Option<&String>) -> Change {
        layer.read(Some(key.as_bytes()), value.map(String::as_bytes)).unwrap()
    }

    /// An engine that gives back what was prepared, one piece after the other.
    struct Prepared {
        pieces: Mutex<VecDeque<(Vec<Change>, Cursor)>>,
        handed_over: Mutex<(Cursor, usize)>,
    }

    impl Outside for Prepared {
        fn name(&self) -> &str {
            "prepared"
        }
        fn handed_over(&self, _: Uuid) -> Doing<'_, Cursor> {
            Box::pin(async { Ok(self.handed_over.lock().unwrap().0) })
        }
        fn hand_over(&self, _: Uuid, events: Vec<Event>, to: Cursor) -> Doing<'_, ()> {
            Box::pin(async move {
                let mut state = self.handed_over.lock().unwrap();
                *state = (to, state.1 + events.len());
                Ok(())
            })
        }
        fn results(&self, _: Uuid, after: Vec<Position>) -> Doing<'_, Results> {
            Box::pin(async move {
                let next = after.first().map_or(0, |at| at.next) + 1;
                let piece = self.pieces.lock().unwrap().pop_front();
                let (changes, counted) = piece.map_or((Vec::new(), None), |(changes, counted)| (changes, Some(counted)));
                Ok(Results { changes, positions: vec![Position { layer: "all".to_owned(), part: 0, next }], counted, has_more: false })
            })
        }
    }

    #[tokio::test]
    async fn what_comes_back_piece_by_piece_adds_up_to_what_the_reducer_stores() {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(6, 500).unwrap();
        let (mut pieces, mut before) = (VecDeque::new(), Rows::new());
        for (n, cut) in [170, 340, world.facts.len()].into_iter().enumerate() {
            let now = compute(&folder.path().join(format!("{n}.db")), &world, cut).await;
            let gone = before.keys().filter(|key| !now.contains_key(*key)).map(|(layer, key)| message(*layer, key, None));
            let came = now.iter().filter(|(key, text)| before.get(*key) != Some(*text)).map(|((layer, key), text)| message(*layer, key, Some(text)));
            pieces.push_back((gone.chain(came).collect::<Vec<Change>>(), Cursor { xid: 0, pos: world.facts[cut - 1].pos }));
            before = now;
        }
        assert!(
            pieces.iter().skip(1).any(|(changes, _)| changes.iter().any(|change| matches!(change, Change::Amount(_, None)))),
            "amounts are taken back, too"
        );
        let outside = Arc::new(Prepared { pieces: Mutex::new(pieces), handed_over: Mutex::default() });
        let fed = Fed { place: Place::File(folder.path().join("outside.db")), generation: Uuid::from_u128(3), rate: 0 };
        let panel = feed(&(outside.clone() as Arc<dyn Outside>), &world, &fed).await.unwrap();
        assert_eq!(outside.handed_over.lock().unwrap().1, world.events(&world.facts).len(), "every event is handed over once");
        let mut comparison = Comparison::default();
        comparison.add(&Engine::Reducer(Place::File(folder.path().join("panel.db"))), &world, Arc::new(Before)).await.unwrap();
        comparison.add_edition(&panel, &world).await.unwrap();
        let report = comparison.report();
        assert!(report.mismatches == 0 && report.rows > 1_000, "{report:?}");
        panel.close().await;
        let mut tx = aside::open(&folder.path().join("outside-1.db"), domain::time::Ts(0)).await.unwrap();
        macro_rules! compare {
            ($($layer:ident $row:ty),*) => {$(
                let rows = read::<$row>(&mut tx, <$row>::TABLE, <$row>::COLUMNS).await;
                let found: BTreeMap<_, _> = rows.iter().map(|row| object(Layer::$layer, &row.values())).collect();
                let expected: BTreeMap<_, _> =
                    before.iter().filter(|((layer, _), _)| *layer == Layer::$layer).map(|((_, key), text)| (key.clone(), text.clone())).collect();
                assert!(found == expected && !found.is_empty(), "the rows of {} are the same", <$row>::TABLE);
            )*};
        }
        compare!(Sessions SessionRow, Dialogues DialogueRow, Replies ReplyRow, Services ServiceRow, Work WorkRow);
        tx.close().await;
    }

    #[tokio::test]
    async fn what_somebody_else_has_put_already_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(6, 60).unwrap();
        let rows = compute(&folder.path().join("sql.db"), &world, world.facts.len()).await;
        let changes: Vec<Change> = rows.iter().map(|((layer, key), text)| message(*layer, key, Some(text))).collect();
        let panel = Panel::open_for(&Place::File(folder.path().join("outside.db")), 1, Uuid::from_u128(3), "prepared", Arc::new(Before)).await.unwrap();
        let positions = vec![Position { layer: "all".to_owned(), part: 0, next: 7 }];
        let results = Results { changes, positions: positions.clone(), counted: Some(Cursor { xid: 0, pos: 9 }), has_more: false };
        assert!(!panel.take(Vec::new(), results.clone(), &world.directory).await.unwrap().is_empty());
        assert!(panel.take(Vec::new(), results.clone(), &world.directory).await.unwrap().is_empty(), "the positions are no longer those");
        assert_eq!((panel.positions().await.unwrap(), panel.cursor().await.unwrap().pos), (positions.clone(), 9));
        assert!(panel.take(positions, results, &world.directory).await.unwrap().is_empty(), "the same rows once more change nothing");
        panel.close().await;
        assert!(
            Panel::open(&Place::File(folder.path().join("outside.db")), 1, Uuid::from_u128(3), Arc::new(Before)).await.is_err(),
            "the reducer leaves it alone"
        );
    }
}
