//! Deletes uploaded files that nobody sent, and the remains of unfinished uploads.

use domain::time::DAY;
use http_kit::App;

use crate::files::accept;

/// How long an uploaded file may wait to be sent.
const KEEP_UNSENT_MS: i64 = DAY;
/// Files looked for at a time. Each is deleted in a transaction of its own, so that one sent in the meantime stays.
const ROWS: i64 = 100;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    accept::forget_unfinished(&app.settings().files).await;
    let before = app.env().now().plus(-KEEP_UNSENT_MS);
    loop {
        let found = store::entry_points::unsent_files(app.db(), before, ROWS).await?;
        let mut forgotten = 0;
        for (tenant, id) in found {
            let shard = db::Shard::Of(tenant.uuid());
            let gone = app.db().writer().write(shard, move |tx| Box::pin(async move { store_desk::files::forget_unsent(tx, tenant, id, before).await }));
            if gone.await? {
                accept::remove(app, tenant, id).await;
                forgotten += 1;
            }
        }
        if forgotten < ROWS {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::time::DAY;
    use serde_json::json;
    use testkit_app::{TestApp, VisitorClient};

    async fn upload(who: &VisitorClient) -> String {
        let file = who.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"four".to_vec()).await.expect(201);
        file["id"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn what_is_half_done_goes_after_an_hour() {
        let app = TestApp::new().await;
        upload(&app.visitor().await).await;
        let folder = app.data().join("files").join(app.company.tenant.uuid().as_simple().to_string());
        let [old, young] = ["old", "young"].map(|name| folder.join(name).with_extension("part"));
        for (path, minutes) in [(&old, 61), (&young, 59)] {
            let file = std::fs::File::create(path).unwrap();
            let written = file.metadata().unwrap().modified().unwrap();
            file.set_modified(written - std::time::Duration::from_secs(minutes * 60)).unwrap();
        }
        super::step(app.app()).await.unwrap();
        assert_eq!((old.exists(), young.exists(), std::fs::read_dir(folder).unwrap().count()), (false, true, 2));
    }

    #[tokio::test]
    async fn what_nobody_sent_goes_after_a_day_and_what_was_sent_stays() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let (sent, left) = (upload(&visitor).await, upload(&visitor).await);
        let conversation = visitor.open("hello").await;
        assert_eq!(visitor.say(&conversation, false, json!({"type": "file", "file": sent})).await["t"], "ok");
        let there = || {
            let tenant = app.company.tenant.uuid().as_simple().to_string();
            std::fs::read_dir(app.data().join("files").join(tenant)).unwrap().count()
        };
        let counted = async || store_desk::files::bytes(&mut app.app().db().read().await.unwrap(), app.company.tenant).await.unwrap();
        app.clock.advance(DAY);
        super::step(app.app()).await.unwrap();
        assert_eq!((there(), counted().await), (2, 8));
        app.clock.advance(1);
        super::step(app.app()).await.unwrap();
        assert_eq!((there(), counted().await), (1, 4));
        let back = app.post("/api/v1/widget/sessions", json!({"site": "alpha", "device": visitor.session["device"], "lang": "en"})).await.expect(201);
        let visitor = app.widget_with(back);
        visitor.get(&format!("/api/v1/files/{left}")).await.problem(404, "not_found");
        visitor.get(&format!("/api/v1/files/{sent}")).await.expect_bytes(b"four");
        assert_eq!(visitor.say(&conversation, false, json!({"type": "file", "file": left})).await["t"], "no");
    }
}
