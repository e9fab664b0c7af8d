//! A few rounds of the fault campaign against the debug server: nothing is lost, duplicated, out of order, falsely acknowledged or owned twice.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

/// What a campaign must not find.
const NOTHING: [&str; 6] = ["lost", "duplicates", "gaps", "inversions", "false_acks", "double_owner"];

/// One campaign at a time: each has a machine's worth of clients and servers.
static TURN: Mutex<()> = Mutex::new(());

fn faults(arguments: &str) -> (bool, String, String) {
    let bench = Path::new(env!("CARGO_BIN_EXE_yingda-bench"));
    assert!(bench.with_file_name("yingda").is_file(), "the server is not there: run `cargo build -p yingda` before these tests");
    let output = Command::new(bench).arg("faults").args(arguments.split(' ')).arg("--json").stdin(Stdio::null()).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Runs a campaign that has to be clean; returns the JSON that it prints.
#[track_caller]
fn clean(arguments: &str) -> Value {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (succeeded, said, told) = faults(arguments);
    assert!(succeeded, "{arguments}: {said}\n{told}");
    let result: Value = serde_json::from_str(said.lines().next_back().unwrap()).unwrap();
    for name in NOTHING {
        assert_eq!(result[name], 0, "{name} in {result}");
    }
    assert!(result["acked"].as_u64().unwrap() > 100 && result["assignments"].as_u64().unwrap() > 3, "{result}");
    for name in ["ready_p99_ms", "recover_p99_ms", "delay_max_ms"] {
        assert!(result[name].is_number(), "{name} in {result}");
    }
    result
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

#[test]
fn a_killed_server_has_kept_what_it_acknowledged() {
    let result = clean("--fault kill --rounds 30 --conversations 4");
    assert!(result["ready_p99_ms"].as_f64().unwrap() > 0.0, "{result}");
}

#[test]
fn cut_connections_and_lost_answers_double_nothing() {
    let result = clean("--fault drop --rounds 1 --hold 3 --conversations 4");
    assert!(result["connections"].as_u64().unwrap() > result["clients"].as_u64().unwrap(), "{result}");
}

#[test]
fn slow_readers_miss_nothing() {
    clean("--fault slow --rounds 1 --hold 2 --conversations 4");
}

#[test]
fn half_open_links_lose_nothing() {
    clean("--fault partition --rounds 2 --hold 2 --conversations 4");
}

#[test]
fn a_full_disk_acknowledges_nothing_falsely_and_the_server_goes_on() {
    if is_root() {
        clean("--fault disk-full --rounds 1 --hold 2 --conversations 4");
        return;
    }
    let (succeeded, said, told) = faults("--fault disk-full --rounds 1");
    assert!(!succeeded && said.contains("root"), "{said}\n{told}");
}

#[test]
fn a_server_whose_flushes_fail_ends_and_has_acknowledged_nothing_falsely() {
    if Command::new("fiu-run").arg("-h").output().is_ok() {
        clean("--fault fsync --rounds 2 --conversations 4");
        return;
    }
    let (succeeded, said, told) = faults("--fault fsync --rounds 1");
    assert!(!succeeded && said.contains("fiu-utils"), "{said}\n{told}");
}

#[test]
fn a_killed_postgres_has_kept_what_was_acknowledged() {
    clean("--engine postgres --fault postgres --rounds 3 --hold 1 --conversations 4");
}

#[test]
fn one_node_of_three_can_die() {
    clean("--engine postgres --nodes 3 --fault kill --rounds 2 --conversations 4");
}

#[test]
fn without_redis_three_nodes_go_on() {
    let result = clean("--engine postgres --nodes 3 --fault redis --rounds 1 --hold 2 --conversations 4");
    assert!(result["acked_while_broken"].as_u64().unwrap() > 0, "{result}");
}

/// The clients that talk in a run with four conversations: four visitors, four agents, another device, and a visitor with the bot. An agent's console may know
/// nothing yet.
const TALKERS: u64 = 10;

/// Runs a campaign in which an older copy is restored this many times; each time every client that knows something starts over, and something is gone.
#[track_caller]
fn rewound(arguments: &str, rounds: u64) {
    let result = clean(&format!("--fault restore --rounds {rounds} --conversations 4 {arguments}"));
    assert!(result["reset_clients"].as_u64().unwrap() >= TALKERS * rounds, "{result}");
    assert!(result["rewound"].as_u64().unwrap() > 0, "{result}");
}

#[test]
fn an_older_copy_that_is_put_back_however_it_is_done_leaves_nobody_with_what_it_lacks() {
    rewound("--engine sqlite", 4);
}

#[test]
fn an_older_dump_that_is_put_back_leaves_nobody_with_what_it_lacks() {
    rewound("--engine postgres", 2);
}

#[test]
fn what_cannot_break_is_refused_with_the_way_out() {
    for (arguments, way_out) in [
        ("--nodes 3", "--engine postgres"),
        ("--nodes 2", "1 or 3 nodes"),
        ("--fault redis", "--engine postgres"),
        ("--fault postgres", "--engine postgres"),
        ("--engine postgres --fault fsync", "--engine sqlite"),
        ("--database-url postgres://nowhere", "--engine postgres"),
        ("--engine postgres --fault postgres --database-url postgres://nowhere", "leave --database-url out"),
        ("--engine postgres --fault restore --database-url postgres://nowhere", "leave --database-url out"),
        ("--hold=-1", "from 0 to 3600"),
    ] {
        let (succeeded, said, told) = faults(arguments);
        assert!(!succeeded && said.is_empty() && told.contains(way_out), "{arguments}: {told}");
    }
}
