//! `demo history`.

use std::path::Path;

use serde_json::json;
use testkit_server::Client;

use crate::{
    program::{Serving, run},
    serving::text,
};

/// Runs `demo history` on a folder; returns whether it succeeded, stdout and stderr.
async fn history(data: &Path, more: &[&str]) -> (bool, String, String) {
    let output = run(&[&["demo", "history", "--data", data.to_str().unwrap()], more].concat()).await;
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

/// Starts the demo once, and stops it; returns the manager's sign-in link.
async fn start_once(data: &Path) -> String {
    let serving = Serving::start(data, &["--demo"]).await;
    let links = std::fs::read_to_string(data.join("first-sign-in.txt")).unwrap();
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
    let link = links.lines().find(|line| line.starts_with("manager")).unwrap();
    link.split_once('#').unwrap().1.trim().to_owned()
}

/// The values of an indicator on the days before today, once everything has been counted.
async fn counted(manager: &Client, key: &str, days: usize) -> Vec<f64> {
    let path = format!("/api/v1/metrics/{key}?days={days}");
    testkit::eventually("the panel has counted the past", async || {
        let metric = manager.get(&path).await.expect(200);
        let points = metric["series"][0]["points"].as_array()?.clone();
        let values = points.iter().map(|point| point["value"].as_f64()).collect::<Option<Vec<_>>>()?;
        // While something that happened on one of these days waits to be counted, the numbers are as of then.
        (metric["as_of"].as_i64()? >= metric["to"].as_i64()? && values.len() == days).then_some(values)
    })
    .await
}

#[tokio::test]
async fn a_demo_gets_a_past_once_and_the_panel_counts_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let link = start_once(data).await;
    let few = ["--days", "20", "--per-day", "20"];
    let (is_written, stdout, stderr) = history(data, &few).await;
    assert!(is_written, "{stderr}");
    // 13 days come before the week that the first start wrote.
    assert!(stdout.contains(" conversations on 13 days, from ") && stderr.contains("100 %  13 of 13 days"), "{stdout} {stderr}");
    let conversations: f64 = stdout.split_whitespace().next().unwrap().parse().unwrap();
    assert!((120.0..500.0).contains(&conversations), "{stdout}");

    for again in [&few[..], &["--days", "400"]] {
        let (is_written, stdout, stderr) = history(data, again).await;
        assert!(!is_written && stdout.is_empty() && stderr.contains("already has a past") && stderr.contains("delete the data folder"), "{stderr}");
    }
    let (is_written, _, stderr) = history(data, &["--days", "3"]).await;
    assert!(!is_written && stderr.contains("already has a past"), "{stderr}");

    let serving = Serving::start(data, &[]).await;
    let (is_written, _, stderr) = history(data, &few).await;
    assert!(!is_written && stderr.contains("stop it, run this command"), "beside a server: {stderr}");
    let redeemed = serving.client.post("/api/v1/auth/links/redeem", json!({"token": link, "password": "long enough"})).await;
    assert_eq!(redeemed.expect(201)["role"], "manager");
    let manager = serving.client.with_cookie(redeemed.header("set-cookie").strip_prefix("__Host-yingda=").unwrap().split(';').next().unwrap());
    // The first start may have been stopped before it had counted its own week, whose facts then come before those of the past.
    let created = testkit::eventually("every day has been counted", async || {
        let created = counted(&manager, "session_created", 20).await;
        created.iter().all(|day| *day > 0.0).then_some(created)
    })
    .await;
    let written: f64 = created[..13].iter().sum();
    // Of the conversations written, every first episode is a session; later ones are sessions if they begin with the bot.
    assert!(written >= conversations && written < 1.2 * conversations, "{written} of {conversations}");
    let asked = counted(&manager, "session_transferred", 20).await;
    assert!(asked.iter().sum::<f64>() < 0.6 * created.iter().sum::<f64>(), "{asked:?}");
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
}

#[tokio::test]
async fn a_past_is_refused_by_name_where_it_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let (is_written, _, stderr) = history(&nowhere, &[]).await;
    assert!(!is_written && stderr.contains("does not exist") && stderr.contains("--data") && !nowhere.exists(), "{stderr}");
    let (is_written, _, stderr) = history(folder.path(), &[]).await;
    assert!(!is_written && stderr.contains("no record") && stderr.contains("serve --demo"), "{stderr}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it left nothing behind");

    let own = folder.path().join("own");
    let serving = Serving::start(&own, &[]).await;
    serving.signal("TERM").await;
    serving.ended().await;
    let (is_written, _, stderr) = history(&own, &[]).await;
    assert!(!is_written && stderr.contains("not the record of a demo") && stderr.contains("--data"), "{stderr}");

    for (flag, value) in [("--days", "0"), ("--days", "1001"), ("--per-day", "0"), ("--per-day", "2001"), ("--days", "many"), ("--seed", "-1")] {
        let (is_written, _, stderr) = history(&own, &[&format!("{flag}={value}")]).await;
        assert!(!is_written && stderr.contains(flag) && stderr.contains(value), "{stderr}");
    }
}
