import { alert, chat, check, checks, clip, doc, headset, right } from "@yingda/tokens/icons.ts";
import { tickOf, type Tick } from "@yingda/api/conversation";
import { pressed } from "@yingda/api/keys";
import { isHidden, ownerOf } from "@yingda/api/kinds";
import type { Pending } from "@yingda/api/unsent";
import { bytes } from "@yingda/api/sizes";
import type { Entry, FileCard, MessageBody, ProductCard } from "@yingda/api/types";
import { drop, older } from "../connection";
import { goodsOf, looked } from "../products";
import { askHuman, resend } from "../saying";
import { send, unload } from "../uploads";
import { edit } from "../writing";
import { h, type Child } from "../dom";
import { isClosed } from "../leaving";
import { clock, day, lang, pick, reason, t, type Key } from "../text";
import { ui, type Looked, type Upload } from "../ui";
import { Chips, choose, siteQuestions } from "./chips";
import { elder, files, judge, leftMessage, linked, people, recommend } from "./lazy";
import { judgements, stretches, type Told } from "./lines";
import { Face, Icon, Sep } from "./parts";
import { Product } from "./product";
import { waitNote } from "./wait";

/** drawn dashed by the style sheet */
const RING = "M4.5 12a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0";
const MARKS: Record<Tick, [string, Key]> = {
  sending: [RING, "tick.sending"],
  accepted: [check, "tick.accepted"],
  delivered: [checks, "tick.delivered"],
  read: [checks, "tick.read"],
};
const GAP = 10 * 60000;
/** What has to be told of a message besides its words, or because they are gone. */
const toldOf = (e: Partial<Entry>, b: Told): Child =>
  (!b || b.quote || b.corrected_at || b.hidden_numbers) && people()?.said(e, b);
/** A message as drawn: stored, or still being sent, when the file's card may not be known. */
type Shown =
  | Exclude<MessageBody, { type: "file" | "product" }>
  | { type: "left_message"; text: string; contact: string | null; ord: number }
  | { type: "file"; file?: FileCard }
  | { type: "product"; product: ProductCard | null };

/** The text as it was written, with web addresses as links. A number and its unit stay together. */
function words(text: string): Child {
  const said = text.replace(/(\d) (?=[A-Za-z]{1,4}\b)/g, "$1\xa0");
  return (/:\/\//.test(said) && linked()?.linked(said)) || said;
}

/** Before anything is said: what can be asked, about the product being looked at if there is one. */
const toAsk = (product: Looked | null): Child => (product ? recommend()?.About({ product }) : siteQuestions());

const isBare = (b: Shown): boolean => b.type === "product" || (b.type === "file" && !!b.file);

function content(b: Shown, last: boolean): Child {
  if (b.type === "file") {
    const loaded = b.file && files();
    return loaded && b.file ? loaded.File({ card: b.file }) : [<Icon d={clip} />, " ", b.file?.name];
  }
  if (b.type === "product") return b.product && <Product product={b.product} />;
  if (b.type === "left_message")
    return leftMessage()?.Left({ text: words(b.text), contact: b.contact }) ?? words(b.text);
  return [
    words(b.type === "answer" && ui.elder ? (elder()?.plain(b.text) ?? b.text) : b.text),
    b.type === "answer" && b.source && (
      <div class="src">
        <Icon d={doc} />
        <span>
          {t("chat.source")}
          <Sep />
          <bdi>{b.source.title}</bdi>
        </span>
      </div>
    ),
    b.type === "answer" && b.options.length > 0 && (
      <div class="opt">
        {b.options.map((o) => (
          <button disabled={!last} dir="auto" onClick={choose(o)}>
            {o.text}
            <Icon d={right} />
          </button>
        ))}
        {last && (
          <button class="none" onClick={() => document.querySelector("textarea")?.focus()}>
            {t("chat.neither")}
          </button>
        )}
      </div>
    ),
  ];
}

/** Nobody was available when a human agent was wanted. */
const isOut = (b: { outcome: string }): boolean => /closed|danger/.test(b.outcome);

interface Row {
  key?: string | number;
  who: string;
  name?: string;
  number?: string;
  at?: number;
  first?: boolean;
  lang?: string;
  bare?: boolean;
  class?: string;
  foot?: Child;
  children?: Child;
}

function Message(m: Row) {
  const role =
    m.who === "agent"
      ? m.number
        ? t("agent.number", { n: m.number })
        : t("chat.agent")
      : t(ui.elder && elder() ? "elder.robot" : "chat.ai");
  const time = clock(m.at ?? 0);
  const mine = m.who === "me";
  return (
    <article
      class={`m ${m.who} ${m.class ?? ""}`}
      tabIndex={-1}
      data-n={m.key}
      aria-live={mine ? "off" : undefined}
      aria-label={mine ? undefined : `${m.name}, ${role}, ${time}`}
    >
      {m.first && [
        <Face who={m.who} name={m.name} />,
        <div class="who">
          <b dir="auto">{m.name}</b>
          <Sep />
          {role}
          <Sep />
          {time}
        </div>,
      ]}
      <div class={m.bare ? "bare" : "bub"} lang={m.lang !== lang ? m.lang : undefined} dir="auto">
        {m.children}
      </div>
      {m.foot}
    </article>
  );
}

const Mark = ({ tick, said, label }: { tick: Tick; said: boolean; label?: Key }) => (
  <div class={`tick ${tick}`}>
    <Icon d={MARKS[tick][0]} />
    <span class={said ? "" : "sr"}>{t(label ?? MARKS[tick][1])}</span>
  </div>
);

/** What is said of a message that is stored while its sender waits for a person. */
const labelOf = (tick: Tick): Key | undefined =>
  tick === "accepted" && ownerOf(ui.c.state) === "queue" ? "tick.queued" : undefined;

const Failed = (p: { code: string; again?: () => void; edit?: () => void; away(): void }) => (
  <div class="tick failed" role="alert">
    <Icon d={alert} />
    {/* why is said in words that come with a part */}
    {t("tick.failed", { why: (people(), reason(p.code)) })}
    {p.again && <button onClick={p.again}>{t("chat.resend")}</button>}
    {p.edit && (
      <button class="quiet" onClick={p.edit}>
        {t("chat.edit")}
      </button>
    )}
    <button class="quiet" onClick={p.away}>
      {t("chat.delete")}
    </button>
  </div>
);

/** A line across the log; nothing if the entry needs none. */
function systemLine(e: Entry): Child {
  if (e.kind !== "opened") return people()?.line(e);
  const product = e.body?.product && goodsOf(e.body.product);
  return product && <Product product={product} title />;
}

function pendingRow(p: Pending, last: boolean): Child {
  const b = p.body;
  const shown: Shown | null =
    b.type === "file"
      ? { type: "file", file: ui.cards.get(b.file) }
      : b.type === "product"
        ? { type: "product", product: goodsOf(b.product) }
        : b.type === "text" || b.type === "choice" || b.type === "leave_message"
          ? ({ ...b, ord: 0, type: b.type === "leave_message" ? "left_message" : b.type } as Shown)
          : null;
  const off = ui.status?.state === "down";
  const { code, seq, client_id: id, name } = p;
  return (
    shown && (
      <Message
        key={id}
        who="me"
        bare={isBare(shown)}
        class={code ? "fail" : seq ? "" : "pend"}
        foot={
          code ? (
            <Failed
              code={code}
              again={name ? undefined : () => resend(id)}
              edit={b.type === "text" ? () => edit(id, b.text) : undefined}
              away={() => drop(id)}
            />
          ) : (
            <Mark
              tick={seq ? "accepted" : "sending"}
              said={last && (off || !!seq || Date.now() - p.at > 1000)}
              label={!seq && off ? "tick.waiting" : undefined}
            />
          )
        }
      >
        {name ? [<Icon d={clip} />, " ", name] : [toldOf({}, b as Told), content(shown, false)]}
      </Message>
    )
  );
}

function uploadRow(u: Upload): Child {
  const { code, progress } = u;
  const label = t("upload.progress", { n: progress });
  const away = () => unload(u);
  return (
    <Message
      who="me"
      class={code ? "fail" : "pend"}
      foot={
        code ? (
          <Failed code={code} again={/network|internal|busy/.test(code) ? () => void send(u) : undefined} away={away} />
        ) : (
          <div class="tick">
            {label}
            <button onClick={away}>{t("chat.cancel")}</button>
          </div>
        )
      }
    >
      <Icon d={clip} /> {u.file.name} <small>{bytes(u.file.size)}</small>
      {!code && <progress max={100} value={progress} aria-label={label} />}
    </Message>
  );
}

export function Log() {
  const { c, site } = ui;
  const botName = site ? pick(site.bot_name) : "";
  const messages = c.entries.filter((e) => e.kind === "message");
  const last = messages.at(-1);
  const lastMine = messages.filter((e) => e.by.kind === "customer").pop();
  const answered = messages.filter((e) => e.by.kind === "bot").pop()?.seq ?? 0;
  // of earlier episodes, nothing can be said any more
  const begun = c.entries.filter((e) => e.kind === "reopened").pop()?.seq ?? 0;
  const uploadOf = (p: Pending) => ui.uploads.find((u) => u.id === p.client_id);
  const own = c.pending.filter((p) => /text|choice|file|product|leave_m/.test(p.body.type));
  const pending = own.filter((p) => !uploadOf(p));
  const failed = pending.filter((p) => p.code && !p.name);
  const fromStart = !c.entries[0] || c.entries[0].seq === 1;
  const asked =
    c.typing ??
    (!pending.length && c.state === "bot" && last?.by.kind === "customer" && Date.now() - last.at < 15000
      ? { by: "bot" }
      : null);
  const easy = ui.elder && elder();
  const product = looked();
  let at = 0;
  let run = "";
  let number = "";

  const row = (e: Entry): Child => {
    if (isHidden("chat", e)) return;
    if (e.kind === "assigned") number = e.body?.number ?? "";
    const when = e.at - at > GAP && e.kind !== "reopened" && <div class="sys">{day(e.at)}</div>;
    if (when || e.kind !== "message") run = "";
    if (e.kind !== "message") {
      const line = systemLine(e);
      if (line) at = e.at;
      return line && [when, line];
    }
    at = e.at;
    const b = e.body;
    const mine = e.by.kind === "customer";
    const who = mine ? "me" : e.by.kind === "agent" ? "agent" : "bot";
    const name = who === "bot" ? botName : (e.by.name ?? "");
    const first = !mine && run !== who + name;
    run = who + name;
    const newest = e === last && !pending.length && c.state === "bot";
    const tick = e.seq < answered ? "read" : tickOf(c, e, "customer");
    return [
      when,
      <Message
        key={e.seq}
        who={who}
        name={name}
        number={number}
        at={at}
        first={first}
        bare={b ? isBare(b) : false}
        lang={b?.type === "answer" ? b.lang : undefined}
        foot={[
          mine && <Mark tick={tick} said={e === lastMine && !pending.length} label={labelOf(tick)} />,
          people()?.acts(e),
        ]}
      >
        {[toldOf(e, b as Told), b && content(b, newest)]}
      </Message>,
      // easy mode has few choices, so it asks nothing about an answer
      !easy &&
        b?.type === "answer" &&
        /confident|attribute/.test(b.outcome) &&
        judge()?.Judge({ answer: b.ord, open: e.seq === answered && e.seq > begun && c.state !== "closed" }),
      // what is shown below the last answer disappears after the next turn
      newest &&
        !easy &&
        b?.type === "answer" && [
          (b.offer_human || isOut(b) || judgements(c, b.ord).at(-1) === false) && (
            <div class="opt offer">
              <button onClick={askHuman}>
                <span>
                  {t(isClosed() ? "chat.message" : "chat.human")}
                  <small>{isClosed() ? t("left.sub") : waitNote() || t("human.sub")}</small>
                </span>
                <Icon d={isClosed() ? chat : headset} />
              </button>
            </div>
          ),
          b.outcome === "attribute" && b.source ? (
            recommend()?.Line({ of: b.source.id, answer: b.ord, related: b.related })
          ) : (
            <Chips list={b.related} />
          ),
        ],
      newest && easy && who === "bot" && easy.Turn({ text: b && "text" in b ? b.text : "" }),
    ];
  };

  const list = stretches(c);
  return (
    <div class="log" role="log" aria-live="polite" aria-label={t("chat.log")} tabIndex={0} onKeyDown={walk}>
      {!fromStart && (
        <button class="chip more" onClick={older}>
          {t("chat.more")}
        </button>
      )}
      {list.map((s, i) => (
        <section class={`seg ${s.owner} ${s.end ?? ""}`}>
          {!i && fromStart && site && (
            <Message who="bot" name={botName} at={c.entries[0]?.at ?? Date.now()} first>
              {pick(site.greeting)}
            </Message>
          )}
          {s.entries.map(row)}
          {i === list.length - 1 && [
            s.owner === "queue" && people()?.QueueBlock(),
            product && <Product product={product} title />,
            !c.entries.length &&
              !pending.length &&
              site &&
              (easy ? easy.Turn({ text: pick(site.greeting) }) : toAsk(product)),
            own.map((p) => {
              const u = uploadOf(p);
              return u ? uploadRow(u) : pendingRow(p, p === pending.at(-1));
            }),
            failed.length > 1 && (
              <button class="chip more" onClick={() => resend(...failed.map((p) => p.client_id))}>
                {t("chat.resend_all", { n: failed.length })}
              </button>
            ),
            ui.uploads.filter((u) => !u.id).map(uploadRow),
            asked && (
              <div class={`m ${asked.by}`} aria-live="off">
                <Face who={asked.by} name={c.typing?.name} />
                <div class="bub typing" role="img" aria-label={t("chat.typing", { name: c.typing?.name ?? botName })}>
                  <i />
                  <i />
                  <i />
                </div>
              </div>
            ),
          ]}
        </section>
      ))}
    </div>
  );
}

/** Arrow keys move from message to message. */
function walk(e: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const key = pressed(e);
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const target = e.target as HTMLElement;
  if (!step || !target.matches(".log,article")) return;
  const all = [...e.currentTarget.querySelectorAll("article")];
  const i = all.indexOf(target);
  (i < 0 ? all.at(-1) : all[i + step])?.focus();
  e.preventDefault();
}
