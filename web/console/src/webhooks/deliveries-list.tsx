import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { DeliveryState, Webhook } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { Confirm } from "../lib/confirm";
import { counted } from "./counted";
import { shortName } from "./events";
import { deliveries, useReplay, useReplayAll } from "./queries";

const states: readonly DeliveryState[] = ["dead", "pending", "delivered"];

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
      <Failed of={pages} />
      {pages.isPending && (
        <div className="webhook-form webhook-wait" role="status" aria-label={t("loading")}>
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      )}
      {pages.isSuccess && rows.length === 0 && <p className="empty">{t(`deliveries.empty.${state}`)}</p>}
      {rows.length > 0 && (
        <table className="webhook-table" aria-busy={pages.isFetchingNextPage}>
          <thead>
            <tr>
              <th scope="col">{t("column.event")}</th>
              <th scope="col">{t("column.last")}</th>
              <th scope="col" className="r">
                {t("column.attempts")}
              </th>
              <th scope="col">{t("column.created")}</th>
              <th scope="col">
                <span className="sr">{t("acts")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <button type="button" className="y-text-button" onClick={() => onOpen(one.id)}>
                    {one.type === "test" ? t("event.test") : t(`event.${shortName(one.type)}`)}
                    <span className="sr">{one.id}</span>
                  </button>
                </th>
                <td className="s2">
                  {one.last_code === null ? <span className="t3">{t("not_yet")}</span> : t(`code.${one.last_code}`)}
                  {one.next_at !== null && one.attempts > 0 && (
                    <span className="t3 webhook-next">
                      {t("next_at", { time: dayAndTime(one.next_at, me.time_zone) })}
                    </span>
                  )}
                </td>
                <td className="r n">{count(one.attempts, language)}</td>
                <td className="t3 s2">
                  <time dateTime={new Date(one.created_at).toISOString()}>
                    {dayAndTime(one.created_at, me.time_zone)}
                  </time>
                </td>
                <td className="r">
                  {one.state === "dead" && one.type !== "test" && (
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
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pages.hasNextPage && (
        <div className="webhook-more">
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("more")}
          </Button>
        </div>
      )}
    </section>
  );
}
