import { alert, bot as botIcon, check, checks, clip, doc, headset, image, right } from "@yingda/tokens/icons.ts";
import { tickOf, type Tick } from "@yingda/api/conversation";
import type { Pending } from "@yingda/api/outbox";
import type { Entry, FileCard, MessageBody, MessageEntry, SendBody } from "@yingda/api/types";
import { Fragment, h, type Child } from "../dom";
import { askHuman, cardOf, draw, drop, forget, older, resend, say, send, ui } from "../app";
import { isPicture, picture, save } from "../files";
import { bytes, clock, day, lang, pick, reason, t, type Key } from "../text";
import { ownerOf, stretches, type Stretch } from "./lines";
import { Icon, Product, Sep } from "./parts";
import { QueueBlock } from "./queue";
import { SCORES } from "./rating";

/** drawn with dashes by the style sheet */
const RING = "M4.5 12a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0";
const MARKS: Record<Tick, [string, Key]> = {
  sending: [RING, "tick.sending"],
  accepted: [check, "tick.accepted"],
  delivered: [checks, "tick.delivered"],
  read: [checks, "tick.read"],
};
const GAP = 10 * 60000;

export const Face = ({ who, name }: { who: string; name?: string }) =>
  who === "agent" ? (
    <span class="av" aria-hidden="true">
      {[...(name ?? "")][0]}
    </span>
  ) : (
    <span class={who === "queue" ? "av wait" : "av bot"} aria-hidden="true">
      <Icon d={who === "queue" ? headset : botIcon} />
    </span>
  );

/** Words as they were written; web addresses become links. */
function words(text: string): Child {
  return text.split(/(https?:\/\/[^\s<>"'，。；！？）]+)/).map((part, i) =>
    i % 2 ? (
      <a href={part} target="_blank" rel="noopener noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

function File({ card }: { card: FileCard | undefined }) {
  if (!card) return <Icon d={clip} />;
  if (isPicture(card)) {
    const url = picture(card.id, draw);
    const open = () => {
      if (url) ui.picture = { url, name: card.name };
      draw();
    };
    return (
      <button class="shot" aria-label={t("file.open", { name: card.name })} onClick={open}>
        {url ? <img src={url} alt={card.name} width={card.width} height={card.height} /> : <Icon d={image} />}
      </button>
    );
  }
  return (
    <button class="file" aria-label={t("file.save", { name: card.name })} onClick={() => void save(card)}>
      <Icon d={doc} />
      <span class="grow">
        {card.name}
        <small>{bytes(card.size)}</small>
      </span>
    </button>
  );
}

const choose = (o: { id: string; text: string }) => () => say({ type: "choice", text: o.text, answer: o.id });

function Answer({ body, last }: { body: MessageBody & { type: "answer" }; last: boolean }) {
  return (
    <Fragment>
      {words(body.text)}
      {body.source && (
        <div class="src">
          <Icon d={doc} />
          <span>
            {t("chat.source")} <Sep /> {body.source.title}
          </span>
        </div>
      )}
      {last && body.options.length > 0 && (
        <div class="opt">
          {body.options.map((o) => (
            <button onClick={choose(o)}>
              {o.text}
              <Icon d={right} />
            </button>
          ))}
          <button class="none" onClick={() => document.querySelector("textarea")?.focus()}>
            {t("chat.neither")}
          </button>
        </div>
      )}
    </Fragment>
  );
}

/** What stands under the last answer: a way to a person, and questions that belong to it. Gone after the next turn. */
function Next({ body }: { body: MessageBody & { type: "answer" } }) {
  return (
    <Fragment>
      {body.offer_human && (
        <div class="opt offer">
          <button onClick={askHuman}>
            <span>
              {t("chat.human")}
              <small>{t("human.sub")}</small>
            </span>
            <Icon d={headset} />
          </button>
        </div>
      )}
      <Chips list={body.related} />
    </Fragment>
  );
}

export function Chips({ list }: { list: readonly { id: string; text: string }[] }) {
  return list.length ? (
    <div class="qs">
      {list.slice(0, 3).map((q) => (
        <button class="chip" onClick={choose(q)}>
          {q.text}
        </button>
      ))}
    </div>
  ) : null;
}

interface Row {
  who: "customer" | "bot" | "agent";
  name: string;
  at: number;
  first: boolean;
  lang?: string;
  children: Child;
  /** bubble needs no ground of its own */
  bare?: boolean;
  class?: string;
  foot?: Child;
}

let number = "";
function Message(m: Row) {
  const bubble = (
    <div class={m.bare ? "bare" : "bub"} lang={m.lang !== lang ? m.lang : undefined}>
      {m.children}
    </div>
  );
  if (m.who === "customer")
    return (
      <article class={`m me ${m.class ?? ""}`} tabIndex={-1} aria-live="off">
        {bubble}
        {m.foot}
      </article>
    );
  const role = m.who === "agent" ? (number ? t("agent.number", { n: number }) : t("chat.agent")) : t("chat.ai");
  return (
    <article class={`m ${m.who}`} tabIndex={-1} aria-label={`${m.name}, ${role}, ${clock(m.at)}`}>
      {m.first && (
        <Fragment>
          <Face who={m.who} name={m.name} />
          <div class="who">
            <b>{m.name}</b>
            <Sep />
            {role}
            <Sep />
            <time>{clock(m.at)}</time>
          </div>
        </Fragment>
      )}
      {bubble}
      {m.foot}
    </article>
  );
}

function Mark({ tick, said, label }: { tick: Tick; said: boolean; label: string }) {
  return (
    <div class={`tick ${tick}`}>
      <Icon d={MARKS[tick][0]} />
      <span class={said ? "" : "sr"}>{label}</span>
    </div>
  );
}

function content(b: MessageBody, last: boolean): { node: Child; bare?: boolean } {
  switch (b.type) {
    case "answer":
      return { node: <Answer body={b} last={last} /> };
    case "file":
      return { node: <File card={b.file} />, bare: isPicture(b.file) };
    case "product":
      return { node: <Product product={b.product} />, bare: true };
    default:
      return { node: words(b.text) };
  }
}

/** A line across the log. Null where an entry needs none. */
function systemLine(e: Entry): Child {
  const agent = ui.c.agent?.name ?? "";
  const line = (text: string) => <div class="sys line">{text}</div>;
  const plain = (...parts: string[]) => <div class="sys">{parts.map((p, i) => [i > 0 && <Sep />, p])}</div>;
  switch (e.kind) {
    case "opened":
    case "human_requested":
    case "routing":
    case "note":
    case "bot_superseded":
      return null;
    case "queued":
      return plain(e.body?.queue ? t("chat.queued", { queue: e.body.queue }) : t("chat.asked"));
    case "assigned":
      return (
        <Fragment>
          {line(t("chat.joined", { name: e.body?.name ?? "" }))}
          <p class="sum">{t("joined.sees", { name: e.body?.name ?? "" })}</p>
        </Fragment>
      );
    case "transferred":
      return line(t("chat.transferred", { from: e.body?.from_name ?? "", to: e.body?.to_name ?? "" }));
    case "returned":
      return plain(t("chat.returned"));
    case "left_queue":
      return plain(t("chat.left"));
    case "resolved": {
      const by = e.body?.by;
      return plain(by === "customer" ? t("resolved.customer") : by === "agent" && agent ? t("resolved.agent", { name: agent }) : t("resolved.system"), t("resolved.again"));
    }
    case "reopened":
      return plain(t("chat.reopened"), day(e.at));
    case "rated":
      return plain(t("chat.rated", { n: e.body?.score ?? 0, word: t(SCORES[(e.body?.score ?? 3) - 1] ?? "rate.3") }));
    case "closed":
      return plain(t("chat.closed"));
    default:
      return plain(t("chat.unknown"));
  }
}

export function Log() {
  const { c, site } = ui;
  const botName = site ? pick(site.bot_name) : "";
  const messages = c.entries.filter((e) => e.kind === "message");
  const lastMessage = messages[messages.length - 1];
  const lastMine = [...messages].reverse().find((e) => e.by.kind === "customer");
  const answeredTo = Math.max(0, ...messages.filter((e) => e.by.kind === "bot").map((e) => e.seq));
  const pending = c.pending.filter((p) => /text|choice|file|product/.test(p.body.type));
  const fromStart = !c.entries[0] || c.entries[0].seq === 1;
  let at = 0;
  let who = "";
  number = "";

  const entryRow = (e: Entry): Child => {
    if (e.kind === "assigned") number = e.body?.number ?? "";
    const when = e.at - at > GAP && e.kind !== "reopened" ? <div class="sys">{day(e.at)}</div> : null;
    if (when || e.kind !== "message") who = "";
    if (e.kind !== "message") {
      const line = systemLine(e);
      if (line) at = e.at;
      return line && [when, line];
    }
    at = e.at;
    const speaker = e.by.kind === "agent" || e.by.kind === "customer" ? e.by.kind : "bot";
    const name = speaker === "bot" ? (e.by.name ?? botName) : (e.by.name ?? "");
    const first = who !== speaker + name;
    who = speaker + name;
    const inside = e.body ? content(e.body, e === lastMessage && !pending.length) : { node: <em>{t(e.gone === "recalled" ? "gone.recalled" : "gone.erased")}</em> };
    const foot = speaker === "customer" ? <Ticks e={e} said={e === lastMine && !pending.length} answered={e.seq < answeredTo} /> : null;
    return [
      when,
      <Message key={e.seq} who={speaker} name={name} at={e.at} first={first} bare={inside.bare} lang={e.body?.type === "answer" ? e.body.lang : undefined} foot={foot}>
        {inside.node}
      </Message>,
      e === lastMessage && !pending.length && e.body?.type === "answer" && c.state === "bot" && <Next body={e.body} />,
    ];
  };

  const line = stretches(c);
  const questions = (site?.questions ?? []).map((q) => ({ id: q.id, text: pick(q.text) }));
  return (
    <div class="log" role="log" aria-live="polite" aria-label={t("chat.log")} tabIndex={0} onKeyDown={walk}>
      {!fromStart && (
        <button class="chip more" onClick={older}>
          {t("chat.more")}
        </button>
      )}
      {line.map((s, i) => (
        <section class={`seg ${s.owner} ${s.end ?? ""}`} key={`${i}${s.owner}`}>
          {i === 0 && fromStart && site && (
            <Message who="bot" name={botName} at={c.entries[0]?.at ?? Date.now()} first>
              {pick(site.greeting)}
            </Message>
          )}
          {s.entries.map(entryRow)}
          {s.owner === "queue" && i === line.length - 1 && <QueueBlock />}
          {i === line.length - 1 && (
            <Fragment>
              {ui.product && <Product product={ui.product} title />}
              {!c.entries.length && !pending.length && <Chips list={questions} />}
              {pending.map((p) => (
                <PendingRow p={p} last={p === pending[pending.length - 1]} />
              ))}
              {ui.uploads.map((u) => (
                <article class={`m me ${u.code ? "fail" : "pend"}`}>
                  <div class="bub">
                    <Icon d={clip} /> {u.file.name} <small>{bytes(u.file.size)}</small>
                    {!u.code && <progress max={100} value={u.progress} aria-label={t("upload.progress", { n: u.progress })} />}
                  </div>
                  {u.code ? (
                    <Failed why={reason(u.code)} again={/network|other/.test(u.code) ? () => void send(u) : undefined} away={() => forget(u)} />
                  ) : (
                    <div class="tick">
                      {t("upload.progress", { n: u.progress })}
                      <button onClick={() => forget(u)}>
                        {t("chat.cancel")}
                      </button>
                    </div>
                  )}
                </article>
              ))}
              <Typing thinking={pending.length === 0 && lastMessage?.by.kind === "customer" && c.state === "bot" && Date.now() - lastMessage.at < 15000} name={botName} />
            </Fragment>
          )}
        </section>
      ))}
    </div>
  );
}

function Ticks({ e, said, answered }: { e: MessageEntry; said: boolean; answered: boolean }) {
  const tick = answered ? "read" : tickOf(ui.c, e, "customer");
  const queued = tick === "accepted" && ownerOf(ui.c.state) === "queue";
  return <Mark tick={tick} said={said} label={t(queued ? "tick.queued" : MARKS[tick][1])} />;
}

function Failed(p: { why: string; again?: () => void; away(): void }) {
  return (
    <div class="tick failed" role="alert">
      <Icon d={alert} />
      {t("tick.failed", { why: p.why })}
      {p.again && (
        <button onClick={p.again}>
          {t("chat.resend")}
        </button>
      )}
      <button class="quiet" onClick={p.away}>
        {t("chat.delete")}
      </button>
    </div>
  );
}

function pendingContent(b: SendBody): { node: Child; bare?: boolean } {
  if (b.type === "text" || b.type === "choice") return { node: words(b.text) };
  if (b.type === "file") {
    const card = cardOf(b.file);
    return { node: <File card={card} />, bare: card && isPicture(card) };
  }
  const product = b.type === "product" && ui.goods.get(b.product);
  return { node: product ? <Product product={product} /> : null, bare: true };
}

function PendingRow({ p, last }: { p: Pending; last: boolean }) {
  const inside = pendingContent(p.body);
  const off = ui.status?.state === "down";
  return (
    <Message key={p.client_id} who="customer" name="" at={p.at} first bare={inside.bare} class={p.code ? "fail" : p.seq ? "" : "pend"}
      foot={
        p.code ? (
          <Failed why={reason(p.code)} again={() => resend(p.client_id)} away={() => drop(p.client_id)} />
        ) : (
          <Mark tick={p.seq ? "accepted" : "sending"} said={last && (off || p.seq !== undefined || Date.now() - p.at > 1000)} label={t(p.seq ? "tick.accepted" : off ? "tick.waiting" : "tick.sending")} />
        )
      }
    >
      {inside.node}
    </Message>
  );
}

function Typing({ thinking, name }: { thinking: boolean; name: string }) {
  const by = ui.c.typing;
  if (!by && !thinking) return null;
  const agent = by?.by === "agent";
  const label = t("chat.typing", { name: by?.name ?? name });
  return (
    <div class={`m ${agent ? "agent" : "bot"}`} aria-live="off">
      <Face who={agent ? "agent" : "bot"} name={by?.name} />
      <div class="bub typing" role="img" aria-label={label}>
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}

/** Arrow keys walk from message to message. */
function walk(e: KeyboardEvent): void {
  const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
  const target = e.target as HTMLElement;
  if (!step || !target.matches(".log,article")) return;
  const all = [...(e.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("article")];
  const i = all.indexOf(target);
  (i < 0 ? all[all.length - 1] : all[i + step])?.focus();
  e.preventDefault();
}

export type { Stretch };
