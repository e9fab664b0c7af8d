/** One past conversation, to read again. */
import { withoutUndone, wordsOf } from "@yingda/api/kinds";
import { urlOf } from "@yingda/api/operations";
import type { Entry, OwnTranscript } from "@yingda/api/types";
import { chat, doc, left } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../../api";
import { openChat } from "../../chat";
import { useWords } from "../../context";
import { when } from "../../format";
import { useResource } from "../../resource";
import { Icon } from "../../ui/icon";
import { withLinks } from "../../ui/links";
import { PageTitle } from "../../ui/page-title";
import { Boxes, Empty, Failed, Skeleton } from "../../ui/states";

/** Reads all entries, however many pages that takes. */
async function readAll(id: string): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: OwnTranscript = await call("GET", "/customer/conversations/{id}", { path: { id }, query: { after } });
    all.push(...page.items);
    after = page.next;
  }
  return all;
}

type Message = Extract<Entry, { kind: "message" }>;

/** What a message says, in short, where another one quotes it. */
function Quote({ of }: { of: Message }): JSX.Element {
  const { t, pick } = useWords();
  const { body } = of;
  const words =
    body?.type === "file"
      ? body.file.name
      : body?.type === "product"
        ? pick(body.product.name)
        : body && "text" in body
          ? body.text
          : t(of.gone === "recalled" ? "account.recalled" : "account.removed");
  return (
    <blockquote class="said-quote" dir="auto">
      {words}
    </blockquote>
  );
}

/** Whether numbers are hidden in what was written. */
const hides = ({ body }: Message): boolean => !!body && "hidden_numbers" in body && !!body.hidden_numbers;

function Words({ entry }: { entry: Message }): JSX.Element {
  const { t, pick } = useWords();
  const { body } = entry;
  if (!body) return <i>{t(entry.gone === "recalled" ? "account.recalled" : "account.removed")}</i>;
  switch (body.type) {
    case "file":
      return (
        <a class="link" href={urlOf("/files/{id}", { path: { id: body.file.id } })} target="_blank" rel="noopener">
          <Icon d={doc} />
          <bdi>{body.file.name}</bdi>
        </a>
      );
    case "product":
      return (
        <a class="link" dir="auto" href={`/goods/${encodeURIComponent(body.product.id)}`}>
          {pick(body.product.name)}
        </a>
      );
    default:
      return <>{"text" in body ? withLinks(body.text) : t("account.removed")}</>;
  }
}

const isMessage = (entry: Entry): entry is Message => entry.kind === "message";

function Line({ entry, entries }: { entry: Entry; entries: readonly Entry[] }): JSX.Element | null {
  const { t, maybe, lang } = useWords();
  const at = (
    <time class="soft num" dateTime={new Date(entry.at).toISOString()}>
      {when(entry.at, lang)}
    </time>
  );
  const aside = (text: string): JSX.Element => (
    <li class="said-aside">
      {text} {at}
    </li>
  );
  if (!isMessage(entry)) {
    const words = wordsOf("hall", entry);
    return words ? aside(maybe(words[0], words[1]) ?? "") : null;
  }
  const mine = entry.by.kind === "customer";
  const who = mine ? t("account.me") : (entry.by.name ?? "");
  const text = entry.body?.type === "text" ? entry.body : null;
  const quoted = text?.quote && entries.filter(isMessage).find(({ seq }) => seq === text.quote);
  return (
    <li class={mine ? "said mine" : entry.by.kind === "bot" ? "said by-bot" : "said"}>
      <p class="said-head">
        <b dir="auto">{who}</b>
        {entry.by.kind === "bot" ? <span class="tag">{t("account.bot")}</span> : null}
        {at}
        {text?.corrected_at ? <span class="soft">{t("account.edited")}</span> : null}
      </p>
      {quoted ? <Quote of={quoted} /> : null}
      <div class="said-words" dir="auto">
        <Words entry={entry} />
      </div>
      {hides(entry) ? <p class="soft">{t("account.numbers_hidden")}</p> : null}
    </li>
  );
}

export function TalkPage({ id }: { id: string }): JSX.Element {
  const { t, lang } = useWords();
  const [look] = useState(() => Date.now());
  const resource = useResource(`customer talk ${id} ${String(look)}`, () => readAll(id));
  const entries = resource.data;
  const first = entries?.[0];
  return (
    <div class="wrap talk-page">
      <a class="link" href="/account">
        <Icon d={left} />
        {t("account.talks")}
      </a>
      <PageTitle title={first ? t("account.talk_of", { time: when(first.at, lang) }) : t("account.talk")} />
      {entries ? (
        entries.length === 0 ? (
          <Empty text={t("account.nothing_said")} />
        ) : (
          <>
            <ol class="transcript" aria-label={t("account.talk")}>
              {withoutUndone(entries).map((entry) => (
                <Line key={entry.seq} entry={entry} entries={entries} />
              ))}
            </ol>
            <button type="button" class="btn" onClick={() => openChat()}>
              <Icon d={chat} />
              {t("account.go_on_in_chat")}
            </button>
          </>
        )
      ) : resource.error ? (
        <Failed what="account.error_talk" resource={resource} />
      ) : (
        <Skeleton slow={resource.slow}>
          <Boxes count={6} class="line-bone" />
        </Skeleton>
      )}
    </div>
  );
}
