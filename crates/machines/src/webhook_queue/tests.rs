//! The queue, driven step by step and at random.

use super::*;

const FAR: Ts = Ts(i64::MAX / 2);
const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));

fn endpoint(n: u128) -> WebhookId {
    WebhookId::new(Uuid::from_u128(n))
}
fn id(to: u128, lane: u128, seq: i64) -> DeliveryId {
    DeliveryId::new(Uuid::from_u128(to * 1_000_000 + lane * 1_000 + seq as u128))
}
fn delivery(to: u128, lane: u128, seq: i64) -> Delivery {
    let (id, endpoint, lane) = (id(to, lane, seq), endpoint(to), Uuid::from_u128(lane));
    Delivery { id, endpoint, lane, seq, attempts: 0, since: Ts(0), due: Ts(0), patience: PATIENCE_MS }
}
fn leased(endpoints: &[u128]) -> WebhookQueue {
    let mut queue = WebhookQueue::default();
    for n in endpoints {
        assert_eq!(queue.step(Ts(0), Input::Leased(TENANT, endpoint(*n), FAR)), []);
    }
    queue
}
fn attempt(to: u128, lane: u128, seq: i64) -> Output {
    Output::Attempt(endpoint(to), id(to, lane, seq))
}
fn answer(queue: &mut WebhookQueue, now: Ts, (to, lane, seq): (u128, u128, i64), answer: Answer) -> Vec<Output> {
    queue.step(now, Input::Answered { endpoint: endpoint(to), delivery: id(to, lane, seq), answer, jitter: 0 })
}
fn recorded(queue: &mut WebhookQueue, now: Ts, (to, lane, seq): (u128, u128, i64)) -> Vec<Output> {
    queue.step(now, Input::Recorded(endpoint(to), id(to, lane, seq)))
}
fn verdict(outputs: &[Output]) -> Option<Verdict> {
    outputs.iter().find_map(|output| if let Output::Record { verdict, .. } = output { Some(*verdict) } else { None })
}
const FAILED: Answer = Answer::Failed { retry_after: None };

#[test]
fn nothing_newer_of_a_conversation_leaves_before_the_older_one_is_done_and_that_is_on_disk() {
    let mut queue = leased(&[1]);
    assert_eq!(queue.step(Ts(0), Input::Add(delivery(1, 7, 1))), [attempt(1, 7, 1)]);
    assert_eq!(queue.step(Ts(0), Input::Add(delivery(1, 7, 2))), []);
    assert_eq!(verdict(&answer(&mut queue, Ts(5), (1, 7, 1), FAILED)), Some(Verdict::Retry(Ts(5_005))));
    assert_eq!(recorded(&mut queue, Ts(6), (1, 7, 1)), []);
    assert_eq!(queue.next_at(), Some(Ts(5_005)));
    assert_eq!(queue.step(Ts(5_005), Input::Tick), [attempt(1, 7, 1)]);
    let done = answer(&mut queue, Ts(5_006), (1, 7, 1), Answer::Taken);
    assert_eq!(done, [Output::Record { endpoint: endpoint(1), delivery: id(1, 7, 1), verdict: Verdict::Delivered, attempts: 2 }]);
    assert_eq!(queue.step(Ts(5_007), Input::Tick), []);
    assert_eq!(recorded(&mut queue, Ts(5_008), (1, 7, 1)), [attempt(1, 7, 2)]);
}

#[test]
fn conversations_go_side_by_side_up_to_a_bound() {
    let mut queue = leased(&[1]);
    let started: Vec<Output> = (1..=20).flat_map(|lane| queue.step(Ts(0), Input::Add(delivery(1, lane, 1)))).collect();
    assert_eq!(started, (1..=PARALLEL as u128).map(|lane| attempt(1, lane, 1)).collect::<Vec<_>>());
    answer(&mut queue, Ts(1), (1, 3, 1), Answer::Taken);
    assert_eq!(queue.held_count(endpoint(1)), 20);
    recorded(&mut queue, Ts(1), (1, 3, 1));
    assert_eq!(queue.held_count(endpoint(1)), 19);
}

#[test]
fn a_delivery_is_tried_for_seventy_two_hours_and_is_then_a_dead_letter_that_lets_the_next_one_pass() {
    let mut queue = leased(&[1]);
    let (mut now, mut tries) = (Ts(0), 1);
    queue.step(now, Input::Add(delivery(1, 7, 1)));
    // This delivery was created an hour later.
    queue.step(now, Input::Add(Delivery { since: Ts(HOUR), ..delivery(1, 7, 2) }));
    loop {
        match verdict(&answer(&mut queue, now, (1, 7, 1), FAILED)) {
            Some(Verdict::Retry(at)) => {
                assert!(at > now && at <= Ts(PATIENCE_MS), "{at:?}");
                assert_eq!(recorded(&mut queue, now, (1, 7, 1)), []);
                now = at;
                tries += 1;
                assert_eq!(queue.step(now, Input::Tick), [attempt(1, 7, 1)]);
            }
            Some(Verdict::Dead) => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((now, tries), (Ts(PATIENCE_MS), 18));
    assert_eq!(recorded(&mut queue, now, (1, 7, 1)), [attempt(1, 7, 2)]);
    // When replayed, it goes ahead of what waits, but behind what is in flight.
    queue.step(now, Input::Add(delivery(1, 7, 3)));
    assert_eq!(queue.step(now, Input::Add(Delivery { since: now, ..delivery(1, 7, 1) })), []);
    answer(&mut queue, now, (1, 7, 2), Answer::Taken);
    assert_eq!(recorded(&mut queue, now, (1, 7, 2)), [attempt(1, 7, 1)]);
}

#[test]
fn what_waited_for_seventy_two_hours_behind_another_ends_with_it() {
    let mut queue = leased(&[1]);
    let end = Ts(PATIENCE_MS);
    for seq in 1..=4 {
        queue.step(Ts(0), Input::Add(Delivery { since: if seq == 4 { Ts(1) } else { Ts(0) }, ..delivery(1, 7, seq) }));
    }
    for _ in 1..FAILING_AFTER {
        answer(&mut queue, Ts(0), (1, 7, 1), FAILED);
        recorded(&mut queue, Ts(0), (1, 7, 1));
        assert_eq!(queue.step(Ts(PATIENCE_MS - 1), Input::Tick), [attempt(1, 7, 1)]);
    }
    assert_eq!(verdict(&answer(&mut queue, end, (1, 7, 1), FAILED)), Some(Verdict::Dead));
    let given_up = |seq| Output::Record { endpoint: endpoint(1), delivery: id(1, 7, seq), verdict: Verdict::Dead, attempts: 0 };
    assert_eq!(recorded(&mut queue, end, (1, 7, 1)), [given_up(2)], "nobody is asked for it");
    assert_eq!(queue.step(end, Input::Tick), [], "once");
    assert_eq!(recorded(&mut queue, end, (1, 7, 2)), [given_up(3)]);
    assert_eq!(recorded(&mut queue, end, (1, 7, 3)), [attempt(1, 7, 4)], "what is younger goes on");
    // A test delivery says nothing about an endpoint that failed before it.
    let test = Delivery { patience: 0, ..delivery(1, 8, 1) };
    assert_eq!(answer(&mut queue, end, (1, 7, 4), Answer::Taken).len(), 1);
    assert_eq!(queue.step(end, Input::Add(test)), [attempt(1, 8, 1)]);
}

#[test]
fn what_was_down_for_days_ourselves_is_tried_before_it_is_given_up() {
    let mut queue = leased(&[1]);
    assert_eq!(queue.step(Ts(PATIENCE_MS * 2), Input::Add(delivery(1, 7, 1))), [attempt(1, 7, 1)]);
    assert_eq!(verdict(&answer(&mut queue, Ts(PATIENCE_MS * 2), (1, 7, 1), Answer::Taken)), Some(Verdict::Delivered));
}

#[test]
fn a_company_has_its_share_of_the_requests_and_every_endpoint_its_turn() {
    let mut queue = WebhookQueue::default();
    let tenant = |to: u128| TenantId::new(Uuid::from_u128(1 + (to - 1) / 20));
    let mut asked = HashMap::<TenantId, usize>::new();
    // Twenty endpoints of each of ten companies, and for each endpoint more deliveries than it may be sent at once.
    for to in 1..=200_u128 {
        queue.step(Ts(0), Input::Leased(tenant(to), endpoint(to), FAR));
        for lane in 1..=10 {
            for output in queue.step(Ts(0), Input::Add(delivery(to, lane, 1))) {
                assert_eq!(output, attempt(to, lane, 1));
                *asked.entry(tenant(to)).or_default() += 1;
            }
        }
    }
    assert!(asked.values().all(|n| *n == AT_ONCE_OF_ONE) && asked.values().sum::<usize>() == AT_ONCE, "{asked:?}");
    // Freed room goes around: first to the endpoints after the one that was asked last, and then to those before it.
    let outputs = answer(&mut queue, Ts(1), (1, 1, 1), Answer::Taken);
    let next = outputs.iter().find_map(|output| if let Output::Attempt(to, _) = output { Some(*to) } else { None });
    assert_eq!(next, Some(endpoint(161)), "the ninth company had nothing yet");
    let outputs = answer(&mut queue, Ts(1), (1, 2, 1), Answer::Taken);
    assert!(outputs.contains(&attempt(162, 1, 1)), "{outputs:?}");
}

#[test]
fn what_is_put_back_makes_room_and_takes_what_waits_behind_it_along() {
    let mut queue = leased(&[1]);
    for seq in 1..=3 {
        queue.step(Ts(0), Input::Add(delivery(1, 7, seq)));
    }
    assert_eq!(queue.step(Ts(0), Input::PutBack(endpoint(1), id(1, 7, 2))), []);
    assert_eq!(queue.held_count(endpoint(1)), 3, "not while it is asked about");
    answer(&mut queue, Ts(0), (1, 7, 1), FAILED);
    recorded(&mut queue, Ts(0), (1, 7, 1));
    assert_eq!(queue.step(Ts(0), Input::PutBack(endpoint(1), id(1, 7, 1))), []);
    assert_eq!(queue.held_count(endpoint(1)), 0);
}

#[test]
fn what_has_no_patience_is_tried_once() {
    let mut queue = leased(&[1]);
    queue.step(Ts(0), Input::Add(Delivery { patience: 0, ..delivery(1, 7, 1) }));
    assert_eq!(verdict(&answer(&mut queue, Ts(9), (1, 7, 1), FAILED)), Some(Verdict::Dead));
}

#[test]
fn a_dead_endpoint_is_asked_one_at_a_time_and_delays_no_other() {
    let mut queue = leased(&[1, 2]);
    let mut asked: std::collections::VecDeque<Output> = (1..=40).flat_map(|lane| queue.step(Ts(0), Input::Add(delivery(1, lane, 1)))).collect();
    let mut most = Vec::new();
    for _ in 0..20 {
        let Some(Output::Attempt(to, one)) = asked.pop_front() else { panic!("it is asked again and again") };
        let outputs = queue.step(Ts(10_000), Input::Answered { endpoint: to, delivery: one, answer: FAILED, jitter: 0 });
        asked.extend(outputs.into_iter().filter(|output| matches!(output, Output::Attempt(..))));
        most.push(asked.len());
    }
    assert_eq!((most[0], most[19]), (PARALLEL, 1), "{most:?}");
    for lane in 1..=4 {
        assert_eq!(queue.step(Ts(10_000), Input::Add(delivery(2, lane, 1))), [attempt(2, lane, 1)]);
    }
}

#[test]
fn a_receiver_that_asks_for_time_gets_it_within_bounds() {
    for (asked, waits) in [(60_000, 60_000), (10 * HOUR, RETRY_AFTER_MAX_MS), (-1, 5_000), (0, 5_000)] {
        let mut queue = leased(&[1]);
        queue.step(Ts(0), Input::Add(delivery(1, 1, 1)));
        let outputs = answer(&mut queue, Ts(0), (1, 1, 1), Answer::Failed { retry_after: Some(asked) });
        assert_eq!(verdict(&outputs), Some(Verdict::Retry(Ts(waits))), "{asked}");
        let other = queue.step(Ts(waits - 1), Input::Add(delivery(1, 2, 1)));
        assert_eq!(other.is_empty(), asked > 0, "the endpoint as a whole is left alone");
    }
}

#[test]
fn a_receiver_that_wants_no_more_is_disabled_and_asked_again_only_when_enabled() {
    let mut queue = leased(&[1]);
    queue.step(Ts(0), Input::Add(delivery(1, 1, 1)));
    queue.step(Ts(0), Input::Add(delivery(1, 1, 2)));
    let outputs = answer(&mut queue, Ts(1), (1, 1, 1), Answer::Gone);
    assert_eq!((outputs[0], verdict(&outputs)), (Output::Disable(endpoint(1)), Some(Verdict::Dead)));
    assert_eq!(recorded(&mut queue, Ts(1), (1, 1, 1)), []);
    assert_eq!(queue.next_at(), None);
    assert_eq!(queue.step(Ts(2), Input::Enabled(endpoint(1))), [attempt(1, 1, 2)]);
}

#[test]
fn no_attempt_begins_that_could_outlive_the_lease() {
    let mut queue = WebhookQueue::default();
    queue.step(Ts(0), Input::Leased(TENANT, endpoint(1), Ts(30_000)));
    assert_eq!(queue.step(Ts(20_001), Input::Add(delivery(1, 1, 1))), []);
    assert_eq!(queue.step(Ts(20_002), Input::Leased(TENANT, endpoint(1), Ts(50_000))), [attempt(1, 1, 1)]);
    queue.step(Ts(20_003), Input::Lost(endpoint(1)));
    assert_eq!(answer(&mut queue, Ts(20_004), (1, 1, 1), Answer::Taken), [], "what was lost is not recorded");
    assert_eq!(queue.step(Ts(20_005), Input::Add(delivery(1, 1, 1))), [], "nothing is served without a lease");
}

#[test]
fn ids_are_the_same_whenever_they_are_made_and_differ_by_endpoint_event_and_time() {
    let stream = StreamName { kind: domain::stream::StreamKind::Conversation, id: Uuid::from_u128(9) };
    let event = event_id(stream, 3, Ts(77));
    assert_eq!(event, event_id(stream, 3, Ts(77)));
    assert!(event != event_id(stream, 4, Ts(77)) && event != event_id(stream, 3, Ts(78)));
    assert_eq!(delivery_id(endpoint(1), event), delivery_id(endpoint(1), event));
    assert_ne!(delivery_id(endpoint(1), event), delivery_id(endpoint(2), event));
}

/// Whatever fails, crashes and restarts, all of a conversation's events reach the receiver, in order except for repeats.
#[test]
fn whatever_fails_and_crashes_everything_arrives_in_order() {
    for seed in 0_u64..300 {
        let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut random = |n: u64| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x % n
        };
        let mut rows: Vec<Delivery> = (1..=3).flat_map(|lane| (1..=4).map(move |seq| delivery(1, lane, seq))).collect();
        let (mut queue, mut now) = (leased(&[1]), Ts(0));
        let (mut asked, mut to_record) = (Vec::new(), Vec::new());
        let mut received: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for _ in 0..20_000 {
            if rows.is_empty() {
                break;
            }
            let outputs = match random(12) {
                0 => {
                    // The process dies: whatever was in flight or not yet written is forgotten.
                    (asked, to_record) = (Vec::new(), Vec::new());
                    queue = leased(&[1]);
                    Vec::new()
                }
                1..=4 => {
                    // Rows are read from the start of a conversation, as many as fit.
                    let last = rows[random(rows.len() as u64) as usize];
                    let window = rows.iter().filter(|row| row.lane == last.lane && row.seq <= last.seq);
                    window.flat_map(|row| queue.step(now, Input::Add(*row))).collect()
                }
                5..=7 if !asked.is_empty() => {
                    let one = asked.swap_remove(random(asked.len() as u64) as usize);
                    let taken = random(3) > 0;
                    let delivery: Delivery = *rows.iter().find(|row| row.id == one).unwrap();
                    if taken {
                        received.entry(delivery.lane).or_default().push(delivery.seq);
                    }
                    let answer = if taken { Answer::Taken } else { FAILED };
                    queue.step(now, Input::Answered { endpoint: endpoint(1), delivery: one, answer, jitter: random(1000) as u32 })
                }
                8..=9 if !to_record.is_empty() => {
                    let (one, verdict) = to_record.remove(0);
                    match verdict {
                        Verdict::Retry(at) => rows.iter_mut().filter(|row| row.id == one).for_each(|row| row.due = at),
                        Verdict::Delivered | Verdict::Dead => rows.retain(|row| row.id != one),
                    }
                    queue.step(now, Input::Recorded(endpoint(1), one))
                }
                _ => {
                    now = now.plus(random(60_000) as i64);
                    queue.step(now, Input::Tick)
                }
            };
            for output in outputs {
                match output {
                    Output::Attempt(_, one) => asked.push(one),
                    Output::Record { delivery, verdict, .. } => to_record.push((delivery, verdict)),
                    Output::Disable(_) => panic!("nobody was gone"),
                }
            }
        }
        assert!(rows.is_empty(), "seed {seed}: {} are left", rows.len());
        for seen in received.values_mut() {
            assert!(seen.is_sorted(), "seed {seed}: {seen:?}");
            seen.dedup();
            assert_eq!(*seen, [1, 2, 3, 4], "seed {seed}");
        }
        assert_eq!(received.len(), 3, "seed {seed}");
    }
}
