//! What an idle server costs: as much with many companies as with few.

use desk::jobs::{forget_uploads, keep_leases, route_waiting, sweep_conversations, tell_places};
use domain::time::{DAY, MINUTE};
use hall::jobs::{forget_goods, join_visitors};
use insight::jobs::verify_days;
use knowledge::jobs::{fit_gates, learn_recommendations};
use testkit_app::TestApp;

/// The statements that the jobs of a minute take when nothing happens, with so many companies besides the first one.
async fn statements(others: usize) -> u64 {
    let app = TestApp::new().await;
    for n in 0..others {
        app.other_company(&format!("idle-{n}")).await;
    }
    app.clock.advance(DAY);
    // What is due every night is done.
    verify_days::step(app.app()).await.unwrap();
    app.clock.advance(MINUTE);
    let mut least = u64::MAX;
    // The server's own jobs run beside, now and then.
    for _ in 0..3 {
        least = least.min(round(&app).await);
    }
    least
}

/// The statements of one round of jobs.
async fn round(app: &TestApp) -> u64 {
    let before = app.app().db().statements();
    verify_days::step(app.app()).await.unwrap();
    keep_leases::step(app.app()).await.unwrap();
    route_waiting::step(app.app()).await.unwrap();
    tell_places::step(app.app()).await.unwrap();
    sweep_conversations::step(app.app()).await.unwrap();
    join_visitors::step(app.app()).await.unwrap();
    service::work::note(app.app().db(), app.env().now()).await.unwrap();
    fit_gates::step(app.app()).await.unwrap();
    learn_recommendations::step(app.app()).await.unwrap();
    forget_goods::step(app.app()).await.unwrap();
    forget_uploads::step(app.app()).await.unwrap();
    app.app().db().statements() - before
}

#[tokio::test]
async fn an_idle_server_asks_as_much_with_many_companies_as_with_one() {
    let (one, many) = (statements(0).await, statements(30).await);
    assert!(one > 0 && many <= one + one / 20, "{one} {many}");
}
