import { applyStaffFrame } from "@yingda/api/amend";
import { emptyConversation, withPending, type ConversationView } from "@yingda/api/conversation";
import { newId } from "@yingda/api/ids";
import { isOfCompany, type CompanyKind } from "@yingda/api/kind";
import { Shelf } from "@yingda/api/shelf";
import type { Frame, Status, StreamOptions } from "@yingda/api/stream";
import type { AgentState, Conversation, Me, Panel, SendBody } from "@yingda/api/types";
import { serverNow, setServerClock } from "../lib/clock";
import { noteTime } from "../lib/response-times";
import { createStore, type Store } from "../lib/store";
import { keepMine, readMine, rowOf, whereTheyWent, type Left } from "./left";
import "./kinds";
import { applySummary, listsFrom, type Lists, offeredTo } from "./lists";
import { Asked, dropped } from "./asked";
import { speakIf } from "./attention";
import { browserPlace } from "./place";
import { isSaid } from "./said";
import { openShared, type SharedStream } from "./tabs/shared";
import { ticker } from "./ticker";

/** How much earlier than the page, in milliseconds, a change counts as later: what is read while it is written may not have it. */
const beforeThePage = 5_000;

/** The maximum number of conversations followed at the same time; the server allows twenty. */
const watchedAtMost = 8;

export interface PanelNow {
  value: Panel;
  receivedAt: number;
}

/** What other parts of the console do when something happens. */
export interface LiveEvents {
  message(conversation: Conversation): void;
  assigned(conversation: Conversation): void;
  woken(conversation: Conversation): void;
  /** A conversation is offered to the agent, who has a short time to accept it. */
  offered(conversation: Conversation): void;
  own(state: AgentState, since: number): void;
  changed(what: CompanyKind | "resolved" | "everything"): void;
  /** Taking, transferring, handing back or resolving a conversation was refused, or acknowledging an alert. */
  refused(code: string): void;
}

/** The changes since this page began to load, with which the stream begins; false if they may be more than those. */
function sincePage({ entries }: Extract<Frame, { t: "entries" | "reset" }>) {
  const began = serverNow() - performance.now() - beforeThePage;
  const [oldest] = entries;
  return oldest !== undefined && (oldest.seq === 1 || oldest.at < began) && entries.filter(({ at }) => at >= began);
}

/** The console's connection, which the tabs of one person share, and everything that arrives through it. */
export class Live {
  readonly status: Store<Status>;
  readonly lists = createStore<Lists | null>(null);
  readonly panel = createStore<PanelNow | null>(null);
  readonly unsent = createStore(0);
  /** false while the browser refuses to store unsent messages */
  readonly kept = createStore(true);
  /** the server speaks a newer protocol than this page */
  readonly outdated = createStore(false);
  /** what was taken away while this console was unreachable */
  readonly left = createStore<readonly Left[]>([]);
  private readonly stream: SharedStream;
  private readonly views = new Map<string, Store<ConversationView>>();
  private watched: string[] = [];
  /** When the messages of this page were sent that were not answered yet, on the page's own clock. */
  private readonly sentAt = new Map<string, number>();
  /** the conversations of the files that are uploading, by client id */
  private readonly uploading = new Map<string, string>();
  private readonly asked = new Asked(
    (id) => this.stream.pending(id),
    (id) => [...this.uploading.values()].includes(id),
  );
  private wantsPanel = false;
  private tenantSeq: number | null = null;
  private countTimer: ReturnType<typeof setTimeout> | undefined;
  private events: LiveEvents | null = null;
  private readonly shelf: Shelf;
  /** what this agent had and was seen to end */
  private readonly settled = new Set<string>();
  /** the lists may have changed without notice: the page has just started, or the connection was lost */
  private doubtful = true;

  constructor(private readonly me: Pick<Me, "agent" | "tenant" | "role" | "is_viewing">) {
    this.shelf = new Shelf(browserPlace, `yingda.console.outbox.${me.agent}.`, newId("o"), (list, kept) => {
      this.count(list.length);
      this.kept.set(kept);
    });
    // What they may see depends on the role as which they look.
    const name = ["yingda-live", me.tenant.id, me.agent, me.role, me.is_viewing ? "viewing" : ""].join(".");
    const options: StreamOptions = {
      attentive: () => true,
      ticker,
      hello: () => ({ cursors: this.cursors(), lists: ["mine", "queue"], panel: this.wantsPanel }),
      onFrame: (frame) => this.take(frame),
      onStatus: (status) => {
        this.doubtful ||= status.state !== "live";
        this.status.set({ ...status });
        if (status.state === "down") this.asked.lose();
      },
      storage: this.shelf,
    };
    this.stream = openShared(options, name);
    this.status = createStore<Status>(this.stream.status);
  }

  start(events: LiveEvents) {
    this.events = events;
    speakIf(() => this.stream.isFirst());
    this.stream.start();
    this.shelf.takeOver((list) => {
      this.stream.adopt(list);
      for (const id of this.views.keys()) this.refresh(id);
    });
  }
  stop() {
    this.events = null;
    speakIf(null);
    this.stream.stop();
  }
  retryNow() {
    this.stream.retryNow();
  }
  lastFrameAt() {
    return this.stream.status.lastFrameAt;
  }

  /** The current state of a conversation; its entries are followed once it is watched. */
  conversation(id: string): Store<ConversationView> {
    return this.views.get(id) ?? this.open(id);
  }

  private open(id: string): Store<ConversationView> {
    const view = createStore(withPending(emptyConversation(id), this.stream.pending(id)));
    this.views.set(id, view);
    return view;
  }

  watch(id: string) {
    this.conversation(id);
    this.renew(id);
    if (this.watched[this.watched.length - 1] === id) return;
    const known = this.watched.includes(id);
    this.watched = [...this.watched.filter((other) => other !== id), id].slice(-watchedAtMost);
    for (const other of this.views.keys()) if (!this.watched.includes(other)) this.views.delete(other);
    if (!known) this.stream.follow();
  }

  /** We may read it again after losing the right to: it is loaded afresh. */
  private renew(id: string) {
    const view = this.views.get(id);
    if (!view || view.get().gone === null) return;
    view.set(withPending(emptyConversation(id), this.stream.pending(id)));
    this.stream.follow();
  }

  followPanel(on: boolean) {
    if (this.wantsPanel === on) return;
    this.wantsPanel = on;
    this.stream.follow();
  }

  send(id: string, body: SendBody): string {
    const clientId = this.stream.send(id, body);
    if (isSaid(body)) this.sentAt.set(clientId, performance.now());
    this.refresh(id);
    return clientId;
  }

  /**
   * Sends what somebody waits for: null once it is stored, the code with which it was refused, or one of `asked.ts`. If `over` is aborted, it is not sent unless
   * it was already.
   */
  ask(id: string, body: SendBody, over?: AbortSignal): Promise<string | null> {
    const clientId = this.send(id, body);
    over?.addEventListener("abort", () => this.drop(id, clientId));
    return this.asked.wait(id, clientId);
  }

  /** Keeps the place of a file that is being uploaded. */
  chosen(id: string, name: string): string {
    const clientId = this.stream.chosen(id, name);
    this.uploading.set(clientId, id);
    this.refresh(id);
    return clientId;
  }

  /** Its upload has ended, with the file to send in its place or with null. */
  uploaded(id: string, clientId: string, file: string | null) {
    this.uploading.delete(clientId);
    this.stream.uploaded(clientId, file);
    this.refresh(id);
  }

  resend(id: string, ...clientIds: string[]) {
    this.stream.resend(...clientIds);
    this.refresh(id);
  }
  drop(id: string, clientId: string) {
    this.asked.answer(clientId, dropped);
    this.uploading.delete(clientId);
    this.stream.drop(clientId);
    this.refresh(id);
  }
  mark(id: string, received: number, read: number) {
    this.stream.mark(id, received, read);
  }
  typing(id: string, on: boolean) {
    this.stream.typing(id, on);
  }
  /** Requests older entries: at most 100, so that they arrive in one piece. */
  older(id: string, most = 50) {
    const first = this.views.get(id)?.get().entries[0]?.seq ?? 0;
    if (first > 1) this.stream.get(id, Math.max(1, first - most), first - 1);
  }

  private cursors(): Record<string, number | null> {
    const cursors: Record<string, number | null> = {};
    for (const id of this.watched) cursors[id] = this.views.get(id)?.get().seq ?? null;
    cursors[this.me.tenant.id] = this.tenantSeq;
    return cursors;
  }

  private refresh(id: string) {
    const view = this.conversation(id);
    view.set((before) => withPending(before, this.stream.pending(id)));
  }

  /** A send that is answered within a second is never shown as unsent. */
  private count(unsent: number) {
    clearTimeout(this.countTimer);
    if (unsent <= this.unsent.get()) this.unsent.set(unsent);
    else this.countTimer = setTimeout(() => this.unsent.set(unsent), 1000);
  }

  /** Notes how long a message waited for its acknowledgement. */
  private measure(frame: Frame) {
    if ((frame.t !== "ok" && frame.t !== "no") || !frame.client_id) return;
    const at = this.sentAt.get(frame.client_id);
    if (at !== undefined && frame.t === "ok") noteTime("send_to_ack", performance.now() - at);
    this.sentAt.delete(frame.client_id);
  }

  private take(frame: Frame) {
    this.measure(frame);
    switch (frame.t) {
      case "welcome":
        setServerClock(frame.now);
        break;
      case "lists":
        this.listed(listsFrom(frame.mine ?? [], frame.queue ?? []));
        break;
      case "summary":
        this.summary(frame.conversation);
        break;
      case "gone":
        this.goneFromLists(frame.stream);
        break;
      case "panel": {
        const { t: _, ...value } = frame;
        this.panel.set({ value, receivedAt: Date.now() });
        return;
      }
      case "presence":
        if (frame.agent === this.me.agent) this.events?.own(frame.state, frame.since);
        return;
      case "entries":
      case "reset":
        if (frame.stream === this.me.tenant.id) {
          this.tenant(frame);
          return;
        }
        break;
      default:
        break;
    }
    if (frame.t === "no" && frame.client_id) this.refused(frame.client_id, frame.code);
    if (frame.t === "no" && frame.client_id) this.asked.answer(frame.client_id, frame.code);
    this.asked.look();
    if (frame.t === "no" && frame.code === "upgrade_required") this.outdated.set(true);
    for (const [id, view] of this.views) {
      const before = view.get();
      let after = applyStaffFrame(before, frame);
      if (frame.t === "no" && frame.client_id) after = withPending(after, this.stream.pending(id));
      if (after !== before) view.set(after);
      if (after.gap && !before.gap) this.stream.follow();
    }
  }

  /** Rows that left without notice are listed by name, not dropped. */
  private listed(lists: Lists) {
    const before = this.lists.get()?.mine;
    const rows = before ? [...before.values()].map(rowOf) : readMine(this.me.agent);
    this.lists.set(lists);
    keepMine(this.me.agent, lists.mine.values());
    if (!this.doubtful) return;
    this.doubtful = false;
    void whereTheyWent(rows, lists.mine, lists.queue).then((left) => {
      if (left.length > 0)
        this.left.set((known) => [...known.filter((one) => !left.some((other) => other.id === one.id)), ...left]);
    });
  }

  private refused(clientId: string, code: string) {
    const pending = this.stream.pending().find((one) => one.client_id === clientId);
    if (!pending || isSaid(pending.body)) return;
    this.stream.drop(clientId);
    if (!this.asked.has(clientId)) this.events?.refused(code);
  }

  private tenant(frame: Extract<Frame, { t: "entries" | "reset" }>) {
    const first = this.tenantSeq === null;
    this.tenantSeq =
      frame.t === "reset" ? frame.seq : Math.max(this.tenantSeq ?? 0, ...frame.entries.map((entry) => entry.seq));
    const news = first ? sincePage(frame) : frame.t === "entries" && frame.entries;
    if (!news) {
      // What was read while the stream was lost may be outdated without notice.
      this.events?.changed("everything");
      return;
    }
    for (const what of new Set(news.map(({ kind }) => kind).filter(isOfCompany))) this.events?.changed(what);
  }

  /** A row that others serve, or that waits for others, leaves the lists. After an interruption the lists come whole: only then is it said where it went. */
  private goneFromLists(id: string) {
    const before = this.lists.get();
    if (this.doubtful) return;
    if (!before?.queue.has(id) && !before?.mine.has(id)) return;
    const [mine, queue] = [new Map(before.mine), new Map(before.queue)];
    const wasMine = mine.delete(id);
    queue.delete(id);
    this.lists.set({ mine, queue });
    if (!wasMine) return;
    keepMine(this.me.agent, mine.values());
    this.events?.changed("resolved");
  }

  private summary(conversation: Conversation) {
    const before = this.lists.get();
    if (!before) return;
    const known = before.mine.get(conversation.id);
    const after = applySummary(before, conversation, this.me.agent);
    this.lists.set(after);
    keepMine(this.me.agent, after.mine.values());
    const mine = after.mine.get(conversation.id);
    const offer = offeredTo(after, this.me.agent);
    if (offer && offer.offer?.until !== offeredTo(before, this.me.agent)?.offer?.until) this.events?.offered(offer);
    if (mine) this.left.set((left) => left.filter((one) => one.id !== mine.id));
    if (mine || after.queue.has(conversation.id)) this.renew(conversation.id);
    if (mine && !known) this.events?.assigned(mine);
    else if (mine && known?.state === "snoozed" && mine.state === "active" && mine.paused_at !== null)
      this.events?.woken(mine);
    else if (mine && known && mine.unread > known.unread) this.events?.message(mine);
    const settled = conversation.settled !== null && conversation.agent?.id === this.me.agent;
    // An end that was taken back, or an ended conversation that goes on, is one fewer.
    const goesOn = conversation.settled === null && this.settled.delete(conversation.id);
    if (settled) this.settled.add(conversation.id);
    if (settled || goesOn || (known !== undefined) !== (mine !== undefined)) this.events?.changed("resolved");
  }
}
