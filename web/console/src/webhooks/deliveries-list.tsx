import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Delivery, DeliveryState, Webhook } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { count, dayAndTime } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { Confirm } from "../lib/confirm";
import { counted } from "./counted";
import { shortName } from "./events";
import { deliveries, useReplay, useReplayAll } from "./queries";

const states: readonly DeliveryState[] = ["dead", "pending", "delivered"];

/** What the last attempt led to, and when the next one is. */
function LastTry({ of }: { of: Delivery }) {
  const { t } = useTranslation("webhooks");
  const me = useMe();
  return (
    <>
      {of.last_code === null ? <span className="t3">{t("not_yet")}</span> : t(`code.${of.last_code}`)}
      {of.next_at !== null && of.attempts > 0 && (
        <span className="t3 webhook-next">{t("next_at", { time: dayAndTime(of.next_at, me.time_zone) })}</span>
      )}
    </>
  );
}

/** The deliveries to an endpoint: sent, waiting, or given up. */
export function DeliveriesList({ webhook, onOpen }: { webhook: Webhook; onOpen(id: string): void }) {
  const { t } = useTranslation("webhooks");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const [state, setState] = useState<DeliveryState>(webhook.dead > 0 ? "dead" : "delivered");
  const pages = useInfiniteQuery(deliveries(webhook.id, state));
  const replay = useReplay();
  const replayAll = useReplayAll();
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const word = (one: DeliveryState) =>
    one === "dead"
      ? t("tab.dead", { count: counted(webhook.dead, language) })
      : one === "pending"
        ? t("tab.pending", { count: counted(webhook.pending, language) })
        : t("tab.delivered");
  const refuse = (error: unknown) => toast(text(error), "hot");
  const columns: readonly Column<Delivery>[] = [
    {
      id: "event",
      title: t("column.event"),
      isHeading: true,
      cell: (one) => (
        <button type="button" className="y-text-button" onClick={() => onOpen(one.id)}>
          {one.type === "test" ? t("event.test") : t(`event.${shortName(one.type)}`)}
          <span className="sr">{one.id}</span>
        </button>
      ),
    },
    {
      id: "last",
      title: t("column.last"),
      className: "s2",
      narrow: "line",
      cell: (one) => <LastTry of={one} />,
    },
    {
      id: "attempts",
      title: t("column.attempts"),
      align: "end",
      className: "n",
      narrow: "nowhere",
      cell: (one) => count(one.attempts, language),
    },
    {
      id: "created",
      title: t("column.created"),
      className: "t3 s2",
      narrow: "untitled",
      cell: (one) => (
        <time dateTime={new Date(one.created_at).toISOString()}>{dayAndTime(one.created_at, me.time_zone)}</time>
      ),
    },
    {
      id: "acts",
      title: t("acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (one) =>
        one.state === "dead" &&
        one.type !== "test" && (
          <Button
            size="small"
            aria-label={t("replay.one", { id: one.id })}
            disabled={replay.isPending}
            onClick={() =>
              replay.mutate(
                { webhook: webhook.id, id: one.id },
                { onSuccess: () => toast(t("replayed", { count: 1 })), onError: refuse },
              )
            }
          >
            {t("replay")}
          </Button>
        ),
    },
  ];

  return (
    <section className="card" aria-label={t("deliveries.of", { url: webhook.url })}>
      <header className="wrap">
        <h2>{t("deliveries")}</h2>
        <span className="grow" />
        <Choice<DeliveryState>
          label={t("deliveries.which")}
          value={state}
          options={states.map((value) => ({ value, word: word(value) }))}
          onChange={setState}
        />
        {state === "dead" && webhook.dead > 0 && (
          <Confirm
            ask={t("replay_all.ask", { count: webhook.dead, n: counted(webhook.dead, language) })}
            what={t("replay_all.what")}
            act={t("replay_all")}
            disabled={replayAll.isPending}
            onConfirm={() =>
              replayAll.mutate(webhook.id, {
                onSuccess: (all) => toast(t("replayed", { count: all })),
                onError: refuse,
              })
            }
          >
            {t("replay_all")}
          </Confirm>
        )}
      </header>
      <Table
        label={t("deliveries.of", { url: webhook.url })}
        of={pages}
        empty={<p>{t(`deliveries.empty.${state}`)}</p>}
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        busy={pages.isFetchingNextPage}
      />
    </section>
  );
}
