//! Measures how many facts per second the panel processes, and how long it takes to read: `cargo run --release -p warehouse --example apply [facts]`.

use std::{collections::HashMap, error::Error, sync::Arc, time::Instant};

use domain::time::{Clock, Ts};
use uuid::Uuid;
use warehouse::{Company, DEFINITIONS, Directory, Panel, Place, TimeZone, Window, parity::traffic};

struct Still;
impl Clock for Still {
    fn now(&self) -> Ts {
        Ts(1)
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(200_000), |n| n.parse())?;
    let (tenants, start) = ([traffic::tenant(1)], Ts(1_795_190_400_000));
    let facts = traffic::facts(1, wanted, start, 86_400_000 / wanted.max(1), &tenants);
    println!("{} facts of one day: {:?}", facts.len(), traffic::kinds(&facts));
    let now = Ts(facts.last().map_or(0, |fact| fact.at));
    let zone = TimeZone::get("Asia/Shanghai")?;
    let companies = HashMap::from([(tenants[0], Company::in_zone(zone.clone()))]);
    let directory = Arc::new(Directory { companies, pseudonym: Arc::new(|_, customer| format!("{:032x}", customer.as_u128())) });
    for batch in [20, 200, 1_000] {
        let folder = tempfile::tempdir()?;
        let panel = Panel::open(&Place::File(folder.path().join("panel.db")), 1, Uuid::nil(), Arc::new(Still)).await?;
        let begun = Instant::now();
        let mut slowest = 0;
        for chunk in facts.chunks(batch) {
            let before = begun.elapsed();
            panel.apply(traffic::copies(chunk), &directory).await?;
            slowest = slowest.max((begun.elapsed() - before).as_millis());
        }
        let took = begun.elapsed();
        println!("batches of {batch}: {:.0} facts/s, slowest batch {slowest} ms", facts.len() as f64 / took.as_secs_f64());
        let begun = Instant::now();
        for _ in 0..20 {
            panel.snapshot(tenants[0], now, &zone).await?;
        }
        println!("  snapshot {:.2} ms", begun.elapsed().as_secs_f64() * 1_000.0 / 20.0);
        if let Some(dialogue) = DEFINITIONS.count("dialogue") {
            let begun = Instant::now();
            let page = panel.list(tenants[0], dialogue, Window::last_60(now), None, None, 50).await?;
            println!("  list of {} of {} in {:.2} ms", page.items.len(), page.count, begun.elapsed().as_secs_f64() * 1_000.0);
        }
        panel.close().await;
    }
    Ok(())
}
