/** All of the customer's conversations: the list, and the download. */
import { isolated } from "@yingda/api/direction";
import { urlOf } from "@yingda/api/operations";
import { BEST_SCORE } from "@yingda/api/rating";
import type { OwnConversation, OwnConversations } from "@yingda/api/types";
import { chat, right } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api";
import { openChat, useJoined } from "../../chat";
import { useWords } from "../../context";
import { when } from "../../format";
import { useResource } from "../../resource";
import { Refused, useAct } from "../../ui/form";
import { Icon } from "../../ui/icon";
import { Boxes, Empty, Failed, Skeleton } from "../../ui/states";

const readPage = (cursor: string): Promise<OwnConversations> =>
  call("GET", "/customer/conversations", { query: { cursor } });

/** The state of a conversation in the customer's terms: a left message is not over before it is answered. */
export function standing(talk: Pick<OwnConversation, "state" | "left_at">): "open" | "left" | "ended" {
  if (talk.state !== "resolved" && talk.state !== "closed") return "open";
  return talk.left_at === null ? "ended" : "left";
}

function Talk({ talk }: { talk: OwnConversation }): JSX.Element {
  const { t, lang } = useWords();
  const where = standing(talk);
  return (
    <li>
      <a class="talk" href={`/account/conversations/${talk.id}`}>
        <span class="talk-words">
          <span class="talk-preview" dir="auto">
            {talk.preview || t("account.nothing_said")}
          </span>
          <span class="soft num">
            {when(talk.created_at, lang)}
            {talk.agent_name === null ? "" : ` · ${isolated(talk.agent_name)}`}
            {talk.score === null ? "" : ` · ${t("account.rated", { n: talk.score, best: BEST_SCORE })}`}
          </span>
        </span>
        <span class={where === "ended" ? "tag" : "tag brand"}>{t(`account.${where}`)}</span>
        <Icon d={right} />
      </a>
    </li>
  );
}

export function Talks(): JSX.Element {
  const { t } = useWords();
  // Opening this page always reads afresh.
  const [look] = useState(() => Date.now());
  const first = useResource(`customer talks ${String(look)}`, () => readPage(""));
  const joined = useJoined();
  const [since] = useState(joined);
  const act = useAct();
  const [rest, setRest] = useState<OwnConversation[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what joined is a reason to read again
  useEffect(() => {
    if (joined === since) return;
    // Conversations that joined may push others from the first page to the next.
    setRest([]);
    setNext(undefined);
    first.again();
  }, [joined]);
  const items = [...(first.data?.items ?? []), ...rest];
  const further = next === undefined ? (first.data?.next ?? null) : next;
  const more = async (): Promise<void> => {
    const page = await readPage(further ?? "");
    setRest([...rest, ...page.items]);
    setNext(page.next);
  };
  return (
    <section class="card talks" aria-labelledby="talks">
      <h2 id="talks">{t("account.talks")}</h2>
      {first.data ? (
        items.length === 0 ? (
          <Empty text={t("account.no_talks")}>
            <button type="button" class="btn primary" onClick={() => openChat()}>
              <Icon d={chat} />
              {t("shell.ask")}
            </button>
          </Empty>
        ) : (
          <>
            <ul class="lines">
              {items.map((talk) => (
                <Talk key={talk.id} talk={talk} />
              ))}
            </ul>
            <Refused act={act} fields={[]} />
            {further === null ? null : (
              <button type="button" class="btn wide" disabled={act.busy} onClick={() => void act.run(more)}>
                {act.busy ? t("account.working") : t("account.earlier")}
              </button>
            )}
            <div class="export">
              <p class="strong">{t("account.export")}</p>
              <p class="soft">{t("account.export_means")}</p>
              <div class="row wrap-lines">
                <a class="btn" href={urlOf("/customer/export", { query: { format: "html" } })} download>
                  {t("account.export_html")}
                </a>
                <a class="btn" href={urlOf("/customer/export", { query: { format: "json" } })} download>
                  {t("account.export_json")}
                </a>
                <a class="btn" href={urlOf("/customer/export", { query: { format: "zip" } })} download>
                  {t("account.export_zip")}
                </a>
              </div>
            </div>
          </>
        )
      ) : first.error ? (
        <Failed what="account.error_talks" resource={first} />
      ) : (
        <Skeleton slow={first.slow}>
          <Boxes count={5} class="line-bone" />
        </Skeleton>
      )}
    </section>
  );
}
