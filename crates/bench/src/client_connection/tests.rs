//! The client connection, driven step by step.

use domain::stream::StreamKind;

use super::*;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry(i64);
impl Numbered for Entry {
    fn seq(&self) -> i64 {
        self.0
    }
}
type Out = Output<Entry, &'static str>;

const S: StreamName = StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(7) };
const OTHER: StreamName = StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(8) };
const G: Uuid = Uuid::from_u128(99);
const SOCKET: [Transport; 3] = [Transport::Socket, Transport::Stream, Transport::Poll];

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}
fn send(n: u128) -> Sent<&'static str> {
    Sent { client_id: id(n), conversation: S, body: "x" }
}
fn client(order: &[Transport], cursor: Option<i64>) -> ClientConnection<&'static str> {
    let memory = Memory { generation: Some(G), cursors: vec![(S, cursor)], unsent: Vec::new() };
    ClientConnection::new(memory, order.to_vec(), true, Ts(0))
}
/// A client that was greeted at the beginning.
fn live(order: &[Transport], cursor: Option<i64>) -> ClientConnection<&'static str> {
    let mut c = client(order, cursor);
    let first = step(&mut c, 0, Input::Tick);
    assert_eq!(first[0], Output::Connect(order[0], c.hello()));
    step(&mut c, 0, Input::Opened);
    step(&mut c, 0, Input::Frame(Frame::Welcome { generation: G, beat_ms: 25_000 }));
    assert!(c.is_live());
    c
}
fn step(c: &mut ClientConnection<&'static str>, at: i64, input: Input<Entry, &'static str>) -> Vec<Out> {
    c.step(Ts(at), 0, input)
}
fn entries(seqs: &[i64]) -> Input<Entry, &'static str> {
    Input::Frame(Frame::Entries(S, seqs.iter().copied().map(Entry).collect()))
}
fn applied(out: &[Out]) -> Vec<i64> {
    out.iter().filter_map(|o| if let Output::Apply(_, Entry(n)) = o { Some(*n) } else { None }).collect()
}
fn sent(out: &[Out]) -> Vec<u128> {
    let of = |all: &[Sent<&str>]| all.iter().map(|s| s.client_id.as_u128()).collect::<Vec<_>>();
    out.iter()
        .flat_map(|o| match o {
            Output::Send(s) => of(std::slice::from_ref(s)),
            Output::Post(all) => of(all),
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn only_the_next_number_is_applied_and_a_hole_is_asked_for_once() {
    let mut c = live(&SOCKET, Some(3));
    assert_eq!(applied(&step(&mut c, 1, entries(&[3, 4]))), [4]);
    assert_eq!(step(&mut c, 2, entries(&[6])), [Output::Get(S, 5, 6)]);
    assert_eq!(step(&mut c, 3, entries(&[7])), []);
    let page = step(&mut c, 4, Input::Frame(Frame::Page(S, vec![Entry(5), Entry(6)])));
    assert_eq!((applied(&page), page.last()), (vec![5, 6], Some(&Output::Get(S, 7, 7))));
    assert_eq!(c.cursor(S), Some(6));
}

#[test]
fn a_transport_that_only_reads_asks_for_a_hole_by_a_new_hello() {
    let mut c = live(&[Transport::Stream], Some(3));
    assert_eq!(step(&mut c, 1, entries(&[5])), [Output::Drop, Output::Connect(Transport::Stream, Hello { generation: Some(G), cursors: vec![(S, Some(3))] })]);
}

#[test]
fn an_answer_moves_no_cursor_and_entries_without_a_state_end_the_link() {
    let mut c = live(&SOCKET, None);
    step(&mut c, 1, Input::Say(send(1)));
    assert_eq!(step(&mut c, 2, Input::Frame(Frame::Ok(id(1), 9))), [Output::Answered(id(1), Ok(9))]);
    assert_eq!((c.cursor(S), c.unanswered_count()), (None, 0));
    assert_eq!(step(&mut c, 3, entries(&[1]))[0], Output::Drop);
    step(&mut c, 4, Input::Frame(Frame::Reset(S, G, 9, vec![Entry(9)])));
    assert_eq!(c.cursor(S), Some(9));
}

#[test]
fn a_new_link_repeats_everything_unanswered_oldest_first_and_before_anything_newer() {
    let mut c = live(&SOCKET, Some(0));
    for n in 1..=3 {
        assert_eq!(sent(&step(&mut c, 1, Input::Say(send(n)))), [n]);
    }
    step(&mut c, 2, Input::Frame(Frame::Ok(id(2), 1)));
    assert_eq!(step(&mut c, 3, Input::Lost), [Output::Drop, Output::Connect(Transport::Socket, c.hello())]);
    step(&mut c, 4, Input::Say(send(4)));
    assert_eq!(sent(&step(&mut c, 5, Input::Opened)), [1, 3, 4]);
}

#[test]
fn after_busy_the_whole_conversation_waits_and_is_repeated_in_order_and_others_are_not_held_up() {
    let mut c = live(&SOCKET, Some(0));
    step(&mut c, 1, Input::Say(send(1)));
    step(&mut c, 1, Input::Say(send(2)));
    step(&mut c, 2, Input::Frame(Frame::Busy(id(1), 500)));
    assert_eq!(sent(&step(&mut c, 3, Input::Say(send(3)))), [0_u128; 0]);
    assert_eq!(sent(&step(&mut c, 3, Input::Say(Sent { conversation: OTHER, ..send(9) }))), [9]);
    assert_eq!(c.due(), Ts(502));
    assert_eq!(sent(&step(&mut c, 502, Input::Tick)), [1, 2, 3]);
}

#[test]
fn posts_go_one_at_a_time_and_each_holds_all_that_waits() {
    let mut c = live(&[Transport::Stream], Some(0));
    assert_eq!(sent(&step(&mut c, 1, Input::Say(send(1)))), [1]);
    assert_eq!(step(&mut c, 2, Input::Say(send(2))), []);
    step(&mut c, 2, Input::Say(send(3)));
    let next = step(&mut c, 3, Input::Posted(vec![Frame::Ok(id(1), 1)]));
    assert_eq!(sent(&next), [2, 3]);
}

#[test]
fn a_poll_is_live_once_a_post_was_answered_and_goes_on_after_each_batch() {
    let mut c = client(&[Transport::Poll], Some(0));
    assert_eq!(step(&mut c, 0, Input::Tick)[1], Output::Post(Vec::new()));
    step(&mut c, 1, Input::Posted(Vec::new()));
    assert!(c.is_live());
    step(&mut c, 2, entries(&[1]));
    assert_eq!(step(&mut c, 2, Input::Polled), [Output::Connect(Transport::Poll, Hello { generation: Some(G), cursors: vec![(S, Some(1))] })]);
}

#[test]
fn a_send_without_an_answer_is_waited_for_longer_while_the_server_is_heard() {
    let mut silent = live(&SOCKET, Some(0));
    step(&mut silent, 100, Input::Say(send(1)));
    assert_eq!(silent.due(), Ts(2_100));
    assert_eq!(step(&mut silent, 2_100, Input::Tick)[0], Output::Drop);
    let mut heard = live(&SOCKET, Some(0));
    step(&mut heard, 100, Input::Say(send(1)));
    step(&mut heard, 1_500, Input::Frame(Frame::Life));
    assert_eq!(step(&mut heard, 2_100, Input::Tick), []);
    step(&mut heard, 8_000, Input::Frame(Frame::Life));
    assert_eq!(step(&mut heard, 8_100, Input::Tick)[0], Output::Drop);
}

#[test]
fn an_attentive_client_pings_and_says_after_nine_silent_seconds_that_the_network_is_down() {
    let mut c = live(&SOCKET, Some(0));
    assert_eq!(step(&mut c, 5_000, Input::Tick), [Output::Ping]);
    assert_eq!(c.due(), Ts(9_000));
    assert_eq!(step(&mut c, 9_000, Input::Tick)[0], Output::Drop);
    assert!(c.down);
}

#[test]
fn a_ping_without_an_answer_means_a_dead_direction_however_much_is_heard() {
    let mut c = live(&SOCKET, Some(0));
    assert_eq!(step(&mut c, 5_000, Input::Tick), [Output::Ping]);
    step(&mut c, 6_000, Input::Frame(Frame::Pong));
    assert_eq!(step(&mut c, 10_000, Input::Tick), [Output::Ping]);
    for at in 11..14 {
        assert_eq!(applied(&step(&mut c, at * 1_000, entries(&[at - 10]))).len(), 1);
    }
    assert_eq!(c.due(), Ts(14_000));
    assert_eq!(step(&mut c, 14_000, Input::Tick)[0], Output::Drop);
    assert!(c.down);
}

#[test]
fn a_silent_stream_is_given_up_though_posts_are_answered() {
    let mut c = live(&[Transport::Stream], Some(0));
    for at in 1..12 {
        step(&mut c, at * 5_000, Input::Tick);
        step(&mut c, at * 5_000 + 1, Input::Posted(Vec::new()));
    }
    assert!(c.is_live());
    assert_eq!(step(&mut c, 60_000, Input::Tick)[0], Output::Drop);
}

#[test]
fn attempts_come_later_and_later_and_go_through_the_transports() {
    let mut c = client(&SOCKET, Some(0));
    let (mut now, mut waits, mut tried) = (0, Vec::new(), Vec::new());
    for _ in 0..7 {
        tried.push(c.transport());
        step(&mut c, now, Input::Tick);
        c.step::<Entry>(Ts(now), u64::MAX, Input::Lost);
        waits.push((c.due().0 - now) / 1_000);
        now = c.due().0;
    }
    use Transport::{Poll, Socket, Stream};
    assert_eq!(tried, [Socket, Socket, Stream, Stream, Poll, Poll, Socket]);
    assert!(waits.iter().all(|wait| *wait < 30), "{waits:?}");
    assert!(c.down);
    step(&mut c, now - 1, Input::Online);
    assert_eq!((c.due(), c.transport()), (Ts(now - 1).plus(WELCOME_WITHIN_MS), Socket));
    assert_eq!(step(&mut live(&SOCKET, Some(0)), 100, Input::Online), [Output::Ping]);
}

#[test]
fn what_was_not_answered_survives_a_reload() {
    let mut c = live(&SOCKET, Some(4));
    step(&mut c, 1, Input::Say(send(1)));
    step(&mut c, 1, Input::Say(send(2)));
    let mut again = ClientConnection::new(c.memory(), SOCKET.to_vec(), true, Ts(50));
    assert_eq!(again.hello(), c.hello());
    step(&mut again, 50, Input::Tick);
    assert_eq!(sent(&step(&mut again, 51, Input::Opened)), [1, 2]);
}

#[test]
fn who_is_told_when_to_come_comes_then_and_on_the_same_transport() {
    let mut c = client(&SOCKET, Some(4));
    for attempt in 0..4 {
        let at = attempt * 10_000;
        assert_eq!(step(&mut c, at, Input::Tick).last(), Some(&Output::Connect(Transport::Socket, c.hello())));
        step(&mut c, at, Input::Opened);
        step(&mut c, at, Input::Frame(Frame::Later(6_000)));
        assert_eq!(c.due(), Ts(at + 6_000));
    }
    step(&mut c, 40_000, Input::Tick);
    c.step::<Entry>(Ts(40_000), u64::MAX, Input::Frame(Frame::Later(6_000)));
    assert!((Ts(46_000)..=Ts(46_600)).contains(&c.due()), "a little later, by chance: {:?}", c.due());
}
