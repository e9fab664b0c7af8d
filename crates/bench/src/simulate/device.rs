//! The devices: each drives the client machine over links of the world, keeps what it applied, and forgets what a reload forgets.

use domain::{journal::View, time::Ts};

use super::{
    Variant, chat,
    world::{Carries, Down, Happening, Item, Link, Pipe, Say, Up, World},
};
use crate::{
    client_connection::{ClientConnection, Input, Memory, Output, Sent, Transport},
    faults::history::{Answer, ClientLog, Seen, Step},
};

/// The time within which a device that hears nothing must report it.
const HONEST_WITHIN_MS: i64 = 10_000;

/// The time within which a device must notice that its writes are lost: a ping, its timeout, and once more if a beat was taken for the answer.
const DEAF_WITHIN_MS: i64 = 15_000;

/// A device and the person who uses it.
pub struct Device {
    /// The client machine.
    pub machine: ClientConnection<Say>,
    /// The numbering that it sees.
    pub view: View,
    /// The agent who uses it; `None` for a customer's device.
    pub agent: Option<u128>,
    /// What it did, one log per conversation.
    pub logs: Vec<ClientLog>,
    /// How many more messages it will send.
    pub to_say: u32,
    /// The time until which it reads slowly.
    pub slow_until: Ts,
    /// Whether it is in the foreground.
    pub attentive: bool,
    link: Option<usize>,
    post: Option<usize>,
    /// What a reload finds: the machine's memory, and how long each log was.
    saved: (Memory<Say>, Vec<usize>),
    looks_at: Ts,
    heard: Ts,
}

impl Device {
    /// A device that was never connected.
    pub fn new(machine: ClientConnection<Say>, view: View, agent: Option<u128>, logs: Vec<ClientLog>, to_say: u32, attentive: bool, now: Ts) -> Self {
        let saved = (machine.memory(), vec![0; logs.len()]);
        Self { machine, view, agent, logs, to_say, slow_until: Ts(0), attentive, link: None, post: None, saved, looks_at: Ts(i64::MAX), heard: now }
    }
    /// Whether this is the device's link or POST.
    fn is_its(&self, link: usize) -> bool {
        self.link == Some(link) || self.post == Some(link)
    }
}

impl World {
    /// Steps a device's machine and carries out its outputs.
    fn step(&mut self, d: usize, input: Input<Item, Say>) {
        let (now, chance) = (self.diary.now, self.diary.random.bits());
        let said = matches!(input, Input::Say(_));
        let mut todo = self.devices[d].machine.step(now, chance, input);
        let unsent_changed = said || todo.iter().any(|output| matches!(output, Output::Answered(..)));
        if self.variant == Some(Variant::ResendsTheNewestOnly) {
            keep_newest(&mut todo);
        }
        for output in todo {
            self.carry_out(d, output);
        }
        let device = &mut self.devices[d];
        let due = device.machine.due().max(now.plus(1));
        if due < device.looks_at || device.looks_at <= now {
            device.looks_at = due;
            self.diary.at(due, Happening::Tick(d));
        }
        let device = &self.devices[d];
        if device.attentive && device.machine.is_live() {
            let link = device.link.map(|link| &self.links[link]).filter(|link| link.carries == Carries::Frames(Transport::Socket));
            let (silent, deaf) = (now.since(device.heard), link.and_then(|link| link.deaf_since).map_or(0, |since| now.since(since)));
            if silent > HONEST_WITHIN_MS || deaf > DEAF_WITHIN_MS {
                self.diary.violate(format!("device {d} heard nothing for {silent} ms, was not heard for {deaf} ms, and does not say so"));
            }
        }
        // The unanswered sends are saved at once; what was applied is saved now and then, with its cursor.
        let (keeps, early) = (self.diary.random.below(4) == 0, self.variant == Some(Variant::CursorBeforeApply));
        if !(keeps || early || unsent_changed) {
            return;
        }
        let device = &mut self.devices[d];
        let memory = device.machine.memory();
        if keeps {
            device.saved = (memory, device.logs.iter().map(|log| log.steps.len()).collect());
        } else {
            device.saved.0.unsent = memory.unsent;
            if early {
                device.saved.0.cursors = memory.cursors;
            }
        }
    }

    fn carry_out(&mut self, d: usize, output: Output<Item, Say>) {
        let log = |device: &mut Device, c: usize| device.logs.iter().position(|log| log.conversation == c);
        match output {
            Output::Connect(transport, hello) => {
                let link = self.dial(d, Carries::Frames(transport));
                self.diary.tell(|| format!("device {d} connects by {transport:?} as link {link}, {:?}", hello.cursors.iter().map(|c| c.1).collect::<Vec<_>>()));
                self.devices[d].link = Some(link);
                self.links[link].up.queue.clear();
                let hello = hello.cursors.iter().map(|(stream, cursor)| (chat::index(*stream), *cursor)).collect();
                self.links[link].session = Some(self.session(link, hello));
                for log in &mut self.devices[d].logs {
                    log.connections += 1;
                }
            }
            Output::Drop => {
                let (link, post) = (self.devices[d].link.take(), self.devices[d].post.take());
                for link in link.into_iter().chain(post) {
                    self.drop_link(link);
                }
            }
            Output::Send(sent) => self.write(d, Up::Send(chat::index(sent.conversation), sent.client_id, sent.body)),
            Output::Ping => self.write(d, Up::Ping),
            Output::Get(stream, from, to) => self.write(d, Up::Get(chat::index(stream), from, to)),
            Output::Post(all) => {
                let link = self.dial(d, Carries::Post);
                self.devices[d].post = Some(link);
                let all: Vec<Up> = all.iter().map(|sent| Up::Send(chat::index(sent.conversation), sent.client_id, sent.body)).collect();
                self.diary.tell(|| format!("device {d} posts {} as link {link}", all.len()));
                self.links[link].session = Some(self.session(link, Vec::new()));
                self.links[link].up.push(Ts(0), all);
            }
            Output::Apply(stream, item) => {
                let device = &mut self.devices[d];
                if let Some(n) = log(device, chat::index(stream)) {
                    device.logs[n].steps.push(Step::Entry(seen_entry(&item)));
                }
                self.check_leak(d, &item);
            }
            Output::Reset(stream, seq, items) => {
                let device = &mut self.devices[d];
                if let Some(n) = log(device, chat::index(stream)) {
                    device.logs[n].steps.push(Step::Reset(seq, items.iter().map(seen_entry).collect()));
                }
                items.iter().for_each(|item| self.check_leak(d, item));
            }
            Output::Answered(id, answer) => {
                self.diary.tell(|| format!("device {d} is answered {answer:?} for {}", short(id)));
                let answer = match answer {
                    Ok(seq) => Answer::Ok(seq),
                    Err(code) => Answer::No(code),
                };
                for log in &mut self.devices[d].logs {
                    if log.sent.contains(&id) {
                        log.answers.push((id, answer.clone()));
                    }
                }
            }
            Output::Gone(stream) => self.diary.violate(format!("device {d} was told that {stream} is gone")),
        }
    }

    fn check_leak(&mut self, d: usize, item: &Item) {
        if item.staff && self.devices[d].view == View::Customer {
            self.diary.violate(format!("device {d} is a customer's and was given the staff's entry {}", item.seq));
        }
    }

    /// Opens a link to one of the nodes.
    fn dial(&mut self, d: usize, carries: Carries) -> usize {
        let node = self.below(self.nodes.len() as i64) as usize;
        self.links.push(Link { node, device: d, carries, up: Pipe::default(), down: Pipe::default(), session: None, deaf_since: None, dropped: false });
        let (link, delay) = (self.links.len() - 1, self.delay());
        self.diary.after(delay, Happening::Reach(link));
        link
    }

    fn write(&mut self, d: usize, frame: Up) {
        let Some(link) = self.devices[d].link else { return };
        let delay = self.delay();
        let at = self.links[link].up.push(self.diary.now.plus(delay), vec![frame]);
        self.diary.at(at, Happening::Arrive(link));
    }

    /// The device drops a link; what it has written may still arrive, and after that the node notices, if it can.
    fn drop_link(&mut self, link: usize) {
        self.links[link].dropped = true;
        if self.chance(50) {
            self.links[link].up.queue.clear();
        }
        let delay = self.delay();
        let last = self.links[link].up.queue.back().map_or(self.diary.now, |(at, _)| *at);
        if !self.links[link].up.dead {
            self.diary.at(last.max(self.diary.now.plus(delay)).plus(1), Happening::Hangup(link));
        }
    }

    /// A link is established: its hello has been written.
    pub fn stands(&mut self, link: usize) {
        let d = self.links[link].device;
        if self.devices[d].link == Some(link) {
            self.step(d, Input::Opened);
        }
    }

    /// A link is gone, and its device is notified.
    pub fn cut(&mut self, link: usize) {
        let d = self.links[link].device;
        if self.devices[d].is_its(link) && !self.links[link].dropped {
            self.links[link].dropped = true;
            self.diary.tell(|| format!("device {d} learns that link {link} is gone"));
            self.step(d, Input::Lost);
        }
    }

    /// The oldest message reaches the device, if the device reads.
    pub fn read(&mut self, link: usize) {
        let d = self.links[link].device;
        let (now, slow) = (self.diary.now, self.devices[d].slow_until);
        let dropped = self.links[link].dropped;
        let pipe = &mut self.links[link].down;
        let Some((at, _)) = pipe.queue.front() else { return };
        if pipe.dead || dropped {
            return;
        }
        let at = (*at).max(pipe.stalled);
        if at > now {
            return self.diary.at(at, Happening::Read(link));
        }
        let Some((_, frames)) = pipe.queue.pop_front() else { return };
        if !pipe.queue.is_empty() {
            let pause = if slow > now { 200 + self.below(3_000) } else { 0 };
            self.diary.after(pause, Happening::Read(link));
        }
        // There is room again for what the node has to write.
        self.diary.after(0, Happening::Wake(link));
        if !self.devices[d].is_its(link) {
            return;
        }
        self.devices[d].heard = now;
        if self.links[link].carries == Carries::Post {
            (self.links[link].dropped, self.devices[d].post) = (true, None);
            self.hangup(link);
            return self.step(d, Input::Posted(frames));
        }
        for frame in frames {
            if self.devices[d].link != Some(link) {
                return;
            }
            self.tell_frame(d, &frame);
            self.step(d, Input::Frame(frame));
        }
        let polled = self.links[link].carries == Carries::Frames(Transport::Poll);
        if polled && self.devices[d].link == Some(link) && self.links[link].session.is_none() {
            self.links[link].dropped = true;
            self.devices[d].link = None;
            self.step(d, Input::Polled);
        }
    }

    fn tell_frame(&mut self, d: usize, frame: &Down) {
        match frame {
            Down::Entries(_, items) | Down::Page(_, items) => {
                self.diary.tell(|| format!("device {d} gets {:?}", items.iter().map(|i| i.seq).collect::<Vec<_>>()))
            }
            Down::Reset(_, _, seq, _) => self.diary.tell(|| format!("device {d} is reset to {seq}")),
            Down::Busy(id, _) => self.diary.tell(|| format!("device {d} is told busy for {}", short(*id))),
            Down::Close(code) => self.diary.tell(|| format!("device {d} is cut off: {code}")),
            _ => {}
        }
    }

    /// A device checks its clock.
    pub fn tick(&mut self, d: usize) {
        if self.devices[d].looks_at <= self.diary.now {
            self.devices[d].looks_at = Ts(i64::MAX);
            self.step(d, Input::Tick);
        }
    }

    /// Somebody sends a new message.
    pub fn say(&mut self, d: usize) {
        if self.devices[d].to_say == 0 {
            return;
        }
        self.devices[d].to_say -= 1;
        let n = self.below(self.devices[d].logs.len() as i64) as usize;
        let of_hundred = self.below(100);
        let what = match (self.devices[d].agent.is_some(), of_hundred) {
            (false, 0..3) => Say::Human,
            (true, 0..15) => Say::Note,
            (true, 15..22) => Say::Take,
            (true, 22..24) => Say::Resolve,
            _ => Say::Text,
        };
        let client_id = self.diary.random.uuid();
        let log = &mut self.devices[d].logs[n];
        log.sent.push(client_id);
        let conversation = chat::stream(log.conversation);
        self.diary.tell(|| format!("device {d} says {what:?} {}", short(client_id)));
        self.step(d, Input::Say(Sent { client_id, conversation, body: what }));
        // In bursts, as people write when they explain themselves.
        let pause = if self.chance(60) { self.below(40) } else { self.below(2_500) };
        if self.devices[d].to_say > 0 {
            self.diary.after(pause, Happening::Say(d));
        }
    }

    /// The page is reloaded: what was not saved is lost.
    pub fn reload(&mut self, d: usize) {
        self.diary.tell(|| format!("device {d} is loaded again"));
        self.carry_out(d, Output::Drop);
        let (memory, lengths) = self.devices[d].saved.clone();
        let now = self.diary.now;
        let lost_state = self.variant.is_none() && self.below(4) == 0;
        let device = &mut self.devices[d];
        let mut memory = memory;
        if lost_state {
            // Without any state the device asks for a reset.
            memory.cursors.iter_mut().for_each(|(_, cursor)| *cursor = None);
        } else {
            device.logs.iter_mut().zip(lengths).for_each(|(log, length)| log.steps.truncate(length));
        }
        device.saved.0 = memory.clone();
        device.machine = ClientConnection::new(memory, chat::transports(&mut self.diary.random), device.attentive, now);
        device.heard = now;
        self.step(d, Input::Tick);
    }

    /// The device moves to a different network.
    pub fn move_over(&mut self, d: usize) {
        let to = [Transport::Socket, Transport::Stream, Transport::Poll][self.below(3) as usize];
        self.diary.tell(|| format!("device {d} goes over to {to:?}"));
        self.step(d, Input::Move(to));
    }

    /// The browser reports that it is online.
    pub fn online(&mut self, d: usize) {
        self.step(d, Input::Online);
    }
}

fn seen_entry(item: &Item) -> Seen {
    Seen { seq: item.seq, print: item.print, said: item.said }
}

/// Planted: of several sends that leave together, only the last one does.
fn keep_newest(todo: &mut Vec<Output<Item, Say>>) {
    let newest = todo.iter().rposition(|output| matches!(output, Output::Send(_)));
    let mut at = 0..todo.len();
    todo.retain(|output| at.next() == newest || !matches!(output, Output::Send(_)));
    for output in todo {
        if let Output::Post(all) = output {
            all.drain(..all.len().saturating_sub(1));
        }
    }
}

/// Enough of an id to follow it through a trace.
pub fn short(id: uuid::Uuid) -> String {
    id.simple().to_string()[..6].to_owned()
}
