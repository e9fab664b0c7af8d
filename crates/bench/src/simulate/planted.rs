//! Proves what the simulation is worth: each rule broken on purpose is noticed within a number of seeds, and the unbroken rules hold in two thousand.

use std::thread;

use super::{PLAYS, Play, Variant, chat, claims, deliveries, random};

/// The number of seeds that every test run plays.
const SEEDS: u64 = 2_000;

/// Plays seeds with a broken rule until the breach is noticed.
fn assert_caught(play: Play, variant: Variant, within: u64, as_what: &str) {
    let found = (0..within).find_map(|seed| {
        let violations = play(random(seed), Some(variant), false).violations;
        violations.iter().any(|what| what.contains(as_what)).then_some((seed, violations))
    });
    assert!(found.is_some(), "{variant:?} was not noticed as {as_what:?} within {within} seeds");
}

#[test]
fn two_thousand_worlds_hold() {
    let threads = thread::available_parallelism().map_or(2, usize::from) as u64;
    let failed: Vec<(u64, &str, Vec<String>)> = thread::scope(|scope| {
        let each = |first: u64| {
            move || {
                let seeds = (first..SEEDS).step_by(threads as usize);
                let played = seeds.flat_map(|seed| PLAYS.map(|(name, play)| (seed, name, play(random(seed), None, false).violations)));
                played.filter(|(_, _, violations)| !violations.is_empty()).collect::<Vec<_>>()
            }
        };
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(each(first))).collect();
        running.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "replay with yingda-bench simulate --first SEED --seeds 1 --trace: {failed:#?}");
}

#[test]
fn a_seed_is_the_same_world_every_time() {
    for (name, play) in PLAYS {
        let (once, again) = (play(random(7), None, true), play(random(7), None, true));
        assert!(!once.trace.is_empty(), "{name}");
        let first = once.trace.iter().zip(&again.trace).find(|(one, other)| one != other);
        assert_eq!((first, once.trace.len(), once.events), (None, again.trace.len(), again.events), "{name}");
    }
}

#[test]
fn an_answer_before_the_commit_is_noticed() {
    assert_caught(chat::play, Variant::AckBeforeCommit, 100, "was acknowledged as");
}

#[test]
fn catching_up_before_subscribing_is_noticed() {
    assert_caught(chat::play, Variant::CatchUpBeforeSubscribe, 300, "got to");
}

#[test]
fn a_cursor_that_is_kept_before_its_state_is_noticed() {
    assert_caught(chat::play, Variant::CursorBeforeApply, 50, "applied");
}

#[test]
fn numbers_from_memory_are_noticed() {
    assert_caught(chat::play, Variant::NumberFromMemory, 50, "the record");
}

#[test]
fn a_sweep_that_skips_late_commits_is_noticed() {
    assert_caught(chat::play, Variant::SweepSkipsLateCommits, 500, "got to");
}

#[test]
fn a_refusal_that_is_forgotten_is_noticed() {
    assert_caught(chat::play, Variant::ForgetsRefusals, 500, "something sent before it");
}

#[test]
fn a_bot_that_speaks_after_a_person_was_asked_for_is_noticed() {
    assert_caught(chat::play, Variant::BotWithoutEpoch, 200, "the bot spoke");
}

#[test]
fn a_customer_who_hears_of_the_staffs_entries_is_noticed() {
    assert_caught(chat::play, Variant::CustomersHearOfStaffEntries, 50, "is gone");
}

#[test]
fn a_client_that_repeats_only_its_newest_send_is_noticed() {
    assert_caught(chat::play, Variant::ResendsTheNewestOnly, 50, "something sent before it");
}

#[test]
fn memory_that_grows_with_a_slow_reader_is_noticed() {
    assert_caught(chat::play, Variant::WritesWithoutRoom, 100, "holds more than it can");
}

#[test]
fn a_claim_without_a_second_look_is_noticed() {
    assert_caught(claims::play, Variant::ClaimWithoutSecondLook, 50, "decided before");
}

#[test]
fn an_agent_who_takes_without_a_lock_is_noticed() {
    assert_caught(claims::play, Variant::TakeWithoutLock, 500, "was given conversation");
}

#[test]
fn two_offers_to_one_agent_are_noticed() {
    assert_caught(claims::play, Variant::ForgetsOffers, 100, "offers");
}

#[test]
fn a_delivery_that_leaves_before_the_last_one_is_recorded_is_noticed() {
    assert_caught(deliveries::play, Variant::GoesOnBeforeItIsRecorded, 100, "after a newer one");
}

#[test]
fn a_delivery_that_passes_one_that_backs_off_is_noticed() {
    assert_caught(deliveries::play, Variant::ReadsOnlyWhatIsDue, 100, "after a newer one");
}

#[test]
fn two_nodes_that_serve_one_receiver_are_noticed() {
    assert_caught(deliveries::play, Variant::ServesWithoutLease, 100, "after a newer one");
}

#[test]
fn a_lease_that_outlives_its_process_is_noticed() {
    assert_caught(deliveries::play, Variant::KeepsLeasesOverRestarts, 1_500, "after a newer one");
}
