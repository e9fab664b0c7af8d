//! Runs every command at a tiny size against the debug server: checks what it prints, and that nothing is lost.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let bench = Path::new(env!("CARGO_BIN_EXE_yingda-bench"));
    assert!(bench.with_file_name("yingda").is_file(), "the server is not there: run `cargo build -p yingda` before these tests");
    Command::new(bench).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The JSON that a successful command prints.
#[track_caller]
fn measured(arguments: &str) -> Value {
    let arguments: Vec<&str> = arguments.split(' ').chain(["--json"]).collect();
    let Output { status, stdout, stderr } = run(&arguments);
    let (said, told) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{arguments:?}: {said}\n{told}");
    serde_json::from_str(said.lines().next_back().unwrap()).unwrap()
}

/// The message with which an impossible command is refused before anything is started.
#[track_caller]
fn refused(arguments: &str) -> String {
    let Output { status, stdout, stderr } = run(&arguments.split(' ').collect::<Vec<_>>());
    assert!(!status.success() && stdout.is_empty(), "{arguments}");
    String::from_utf8(stderr).unwrap()
}

#[track_caller]
fn numbers(result: &Value, names: &[&str]) {
    for name in names {
        assert!(result[name].is_number(), "{name} in {result}");
    }
}

#[track_caller]
fn zeros(result: &Value, names: &[&str]) {
    for name in names {
        assert_eq!(result[name], 0, "{name} in {result}");
    }
}

#[test]
fn idle_tells_the_memory_of_a_connection_on_every_transport() {
    for transport in ["ws", "sse", "poll"] {
        let result = measured(&format!("idle --connections 20 --transport {transport}"));
        assert_eq!((&result["transport"], &result["connections"]), (&transport.into(), &20.into()));
        numbers(&result, &["bytes_per_connection", "bytes_per_connection_after_message", "server_rss_bytes_per_connection", "load_before"]);
    }
}

#[test]
fn companies_are_measured_while_they_are_quiet_busy_and_loud() {
    let result = measured("companies --count 5 --busy 2 --loud 40 --seconds 1 --watch 1");
    assert_eq!((&result["companies"], &result["busy"]), (&5.into(), &2.into()));
    numbers(&result, &["rss_bytes_per_company", "idle_cpu_ms_per_s", "busy_ack_p99_ratio", "noisy_ack_p99_ratio", "loud_per_s"]);
}

#[test]
fn messages_are_counted_beside_a_store_that_was_in_use() {
    let result = measured("messages --pairs 2 --in-flight 4 --seconds 1 --conversations 5 --stored 20");
    zeros(&result, &["lost", "duplicates", "out_of_order", "refused"]);
    assert_eq!((&result["conversations"], &result["stored_before"]), (&5.into(), &20.into()));
    assert!(result["acked"].as_u64().unwrap() > 0 && result["acked"] == result["delivered"], "{result}");
    assert!(result["wal_bytes_per_message"].as_f64().unwrap() > 110.0, "{result}");
    numbers(&result, &["throughput_per_s", "ack_p50_ms", "ack_p99_ms", "delivery_p50_ms", "delivery_p99_ms"]);
    numbers(&result, &["fsync_p99_ms", "load_before", "server_cpu_us_per_message", "server_cpu_cores"]);
    assert!(result["durability"].as_str().unwrap().starts_with("fsync:"), "{result}");
}

#[test]
fn a_training_that_nobody_waits_for_ends_and_so_does_a_server_that_trains() {
    let result = measured("training --entries 500 --kind words --most 0.1");
    numbers(&result, &["honest_5000_cpu_s", "worst_legal_cpu_s", "worst_legal_rss_mb", "cancelled_ms", "load_before"]);
    assert!(result["worst_legal_cpu_s"].as_f64().unwrap() > 0.0, "{result}");
    // Seconds for a machine that many others use; it takes milliseconds.
    assert!(result["cancelled_ms"].as_u64().unwrap() < 5_000 && result["stopped_ms"].as_u64().unwrap() < 10_000, "{result}");
}

#[test]
fn paced_messages_keep_their_pace() {
    let result = measured("messages --pairs 2 --seconds 2 --paced 20");
    zeros(&result, &["lost", "duplicates", "out_of_order"]);
    // On a machine that is held up, the last of them may become due too late.
    assert!((30..=40).contains(&result["sent"].as_u64().unwrap()), "{result}");
}

#[test]
fn a_hub_that_keeps_nothing_stands_beside_ours() {
    let result = measured("messages --pairs 2 --seconds 1 --peer ws");
    zeros(&result, &["lost", "duplicates", "out_of_order", "peer_lost", "peer_duplicates", "peer_out_of_order"]);
    numbers(&result, &["peer_throughput_per_s", "ratio", "peer_server_cpu_us_per_message"]);
    assert!(result["peer_acked"].as_u64().unwrap() > 0, "{result}");
    assert!(result["peer_durability"].as_str().unwrap().starts_with("none"), "{result}");
    assert!(result["database_cpu_us_per_message"].is_null() && result["peer_database_cpu_us_per_message"].is_null(), "{result}");
}

#[test]
fn socket_io_with_its_rows_stands_beside_ours_on_the_same_postgresql() {
    let result = measured("messages --engine postgres --pairs 2 --in-flight 4 --seconds 1 --peer socketio");
    zeros(&result, &["lost", "duplicates", "out_of_order", "peer_lost", "peer_duplicates"]);
    assert!(result["peer_acked"].as_u64().unwrap() > 0 && result["peer_acked"] == result["peer_delivered"], "{result}");
    for side in ["durability", "peer_durability"] {
        let told = result[side].as_str().unwrap();
        assert!(told.starts_with("fsync: postgres (PostgreSQL)") && told.contains("synchronous_commit on"), "{told}");
    }
    assert!(result["compared"].as_str().unwrap().contains("2 pairs, 4 in flight"), "{result}");
    numbers(&result, &["ratio", "wal_bytes_per_message", "database_cpu_us_per_message", "peer_database_cpu_us_per_message"]);
}

#[test]
fn idle_connections_stand_beside_those_of_a_peer() {
    for peer in ["ws", "socketio"] {
        let result = measured(&format!("idle --connections 20 --peer {peer}"));
        assert_eq!(result["peer"], peer);
        numbers(&result, &["bytes_per_connection", "peer_bytes_per_connection", "peer_bytes_per_connection_after_message", "ratio"]);
    }
}

#[test]
fn a_broadcast_reaches_everybody_once() {
    for stream in ["tenant", "conversation"] {
        let result = measured(&format!("broadcast --connections 20 --rounds 3 --stream {stream}"));
        zeros(&result, &["lost", "duplicates"]);
        assert_eq!((&result["connections"], &result["rounds"]), (&20.into(), &3.into()));
        let ms = |name: &str| result[name].as_f64().unwrap();
        assert!(ms("best_ms") > 0.0 && ms("best_ms") <= ms("median_ms") && ms("median_ms") <= ms("p99_ms"), "{result}");
        numbers(&result, &["server_cpu_us_per_delivery"]);
    }
}

#[test]
fn everybody_is_current_after_a_restart_and_nothing_is_lost() {
    for notices in ["100", "0"] {
        let result = measured(&format!("reconnect --connections 20 --notices {notices}"));
        zeros(&result, &["lost"]);
        assert_eq!(result["acked_before"], 6);
        assert!(result["current_ms"].as_f64().unwrap() > 0.0 && result["attempts"].as_u64().unwrap() >= 20, "{result}");
        numbers(&result, &["ready_ms", "current_p50_ms", "current_p99_ms"]);
    }
}

#[test]
fn who_comes_back_gets_exactly_what_was_missed() {
    for missed in ["3", "70"] {
        let result = measured(&format!("resume --connections 20 --missed {missed}"));
        zeros(&result, &["wrong", "ended"]);
        assert_eq!(result["exact"], 20);
        numbers(&result, &["retried"]);
        numbers(&result, &["resume_ms", "server_cpu_us_per_entry"]);
    }
}

#[test]
fn what_is_revoked_on_one_node_ends_on_the_other_with_redis_and_without() {
    let result = measured("revoke --rounds 1");
    let names = ["websocket_ms", "sse_ms", "poll_ms", "api_ms"];
    for part in [&result["with_redis"], &result["without_redis"]].into_iter().chain(["session", "token", "role", "member"].map(|kind| &result["by_kind"][kind]))
    {
        for name in names {
            let (one, all) = (part[name].as_f64().unwrap(), result[name].as_f64().unwrap());
            // Seconds for a machine that many others use; it takes a tenth of one.
            assert!(one > 0.0 && one <= all && all < 10_000.0, "{name} in {result}");
        }
    }
}

#[test]
fn abusers_are_told_why_and_nobody_else_is_closed() {
    let result = measured("abuse --rounds 1 --seconds 2 --pairs 4 --rate 10 --slow 10");
    zeros(&result, &["victims", "lost", "duplicates", "out_of_order", "refused"]);
    numbers(&result, &["p99_ratio", "rss_growth_bytes"]);
    let count = |kind: &str, code: &str| result["closed_by_kind"][kind][code].as_u64().unwrap_or(0);
    for (kind, code) in [("malformed", "bad_frame"), ("unknown", "bad_frame"), ("binary", "binary_frame"), ("headers", "http_431"), ("markup_post", "http_413")]
    {
        assert!(count(kind, code) > 0, "{kind} {code} in {result}");
    }
    assert!(result["closed_by_code"]["bad_frame"].as_u64().unwrap() >= count("malformed", "bad_frame"));
}

#[test]
fn the_server_keeps_to_the_rfc() {
    let result = measured("conformance --round-trips 40");
    assert_eq!(result, serde_json::json!({"cases": 253, "failed": 0}));
    let few = run(&["conformance", "--only", "7.9"]);
    assert_eq!((few.status.success(), String::from_utf8(few.stdout).unwrap().as_str()), (true, "9 cases, 0 failed\n"));
}

#[test]
fn strangers_who_guess_passwords_keep_nobody_out_and_leave_no_memory_behind() {
    let result = measured("signins --tries 120");
    zeros(&result, &["others_refused", "busy", "told_to_wait"]);
    assert_eq!((&result["tries"], &result["wrong"], &result["networks"]), (&120.into(), &120.into(), &30.into()));
    // Of the 60 wrong passwords for the member's own address, ten exceed those that cost no puzzle.
    assert!(result["others_tried"].as_u64().unwrap() > 0 && result["puzzles"].as_u64().unwrap() >= 10, "{result}");
    assert!(result["rss_growth_bytes"].as_u64().unwrap() <= 64_000_000, "{result}");
    numbers(&result, &["others_p50_ms", "others_p99_ms", "server_rss_bytes_before", "server_rss_bytes_peak"]);
}

#[test]
fn what_cannot_be_done_is_refused_with_the_way_out() {
    for (arguments, told) in [
        ("companies --count 2 --busy 2", "more are quiet"),
        ("idle --connections 100000000", "ulimit -Hn"),
        ("idle --connections 20 --transport sse --peer ws", "--transport ws"),
        ("idle --connections 21 --peer ws", "--connections is even"),
        ("messages --pairs 4 --stored 10", "--stored goes with more --conversations"),
        ("messages --pairs 4 --peer ws --conversations 10", "--peer goes without"),
        ("messages --paced 0", "a rate is above 0"),
        ("messages --peer tinode", "github.com/tinode/chat"),
        ("messages --peer ws --peers /nowhere", "--peers DIR"),
        ("broadcast --connections 0", "--connections is at least 1"),
        ("revoke --nodes 1", "2..=5"),
        ("broadcast --rounds 0", "--rounds is at least 1"),
        ("resume --missed 501", "3..=500"),
        ("reconnect --notices 101", "0..=100"),
        ("abuse --pairs 4 --rate 1000", "the server's limits"),
        ("conformance --only 8", "no case has such a number"),
        ("signins --tries 0", "1..=100000"),
    ] {
        let said = refused(arguments);
        assert!(said.contains(told), "{arguments}: {said}");
    }
}
