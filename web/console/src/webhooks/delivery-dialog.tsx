import { Button, Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { dayAndTime } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { count } from "../lib/format";
import { toast } from "../lib/toast";
import { delivery, useReplay } from "./queries";
import { shortName } from "./events";

/** Formatted JSON, or the text unchanged. */
function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** One delivery: its content, and the result of every attempt. */
export function DeliveryDialog({ webhook, id, onClose }: { webhook: string; id: string; onClose(): void }) {
  const { t } = useTranslation("webhooks");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const found = useQuery(delivery(webhook, id));
  const replay = useReplay();
  const one = found.data;
  const again = () =>
    replay.mutate(
      { webhook, id },
      {
        onSuccess: () => toast(t("replayed", { count: 1 })),
        onError: (error) => toast(text(error), isProblem(error, "delivery_not_dead") ? "plain" : "hot"),
      },
    );
  return (
    <Dialog
      open
      title={one?.type === "test" ? t("test.title") : t("delivery.title")}
      closeLabel={t("close")}
      onClose={onClose}
      placement="end"
      width="34rem"
    >
      <Failed of={found} />
      {found.isPending && (
        <div className="webhook-form" role="status" aria-label={t("loading")}>
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      )}
      {one && (
        <div className="webhook-form">
          <p className="row wrap" role="status">
            <span className={one.state === "dead" ? "tag hot" : one.state === "delivered" ? "tag ok" : "tag"}>
              {t(`state.${one.state}`)}
            </span>
            <b>{one.type === "test" ? t("event.test") : t(`event.${shortName(one.type)}`)}</b>
            {one.next_at !== null && one.attempts > 0 && (
              <span className="s2 t3">{t("next_at", { time: dayAndTime(one.next_at, me.time_zone) })}</span>
            )}
          </p>
          <dl className="webhook-facts">
            <dt>{t("field.url")}</dt>
            <dd>
              <code>{one.url}</code>
            </dd>
            <dt>{t("delivery.id")}</dt>
            <dd>
              <code>{one.id}</code>
            </dd>
            {one.conversation !== null && (
              <>
                <dt>{t("delivery.conversation")}</dt>
                <dd>
                  <code>{one.conversation}</code>
                </dd>
              </>
            )}
          </dl>
          <section>
            <h3>{t("attempts")}</h3>
            {one.tried.length === 0 && <p className="s2 t3">{t("attempts.none")}</p>}
            <ol className="webhook-attempts" aria-label={t("attempts")}>
              {one.tried.map((attempt) => (
                <li key={attempt.number}>
                  <span className="row wrap">
                    <span className={attempt.code === "delivered" ? "tag ok" : "tag hot"}>
                      {attempt.status ?? t("no_status")}
                    </span>
                    <span>{t(`code.${attempt.code}`)}</span>
                    <span className="end s2 t3">
                      <time dateTime={new Date(attempt.at).toISOString()}>{dayAndTime(attempt.at, me.time_zone)}</time>
                      <i className="dot" />
                      {t("took", { ms: count(attempt.duration_ms, language) })}
                    </span>
                  </span>
                  {attempt.excerpt !== "" && (
                    <pre tabIndex={0} aria-label={t("answer")}>
                      {attempt.excerpt}
                    </pre>
                  )}
                </li>
              ))}
            </ol>
          </section>
          <section>
            <h3>{t("request")}</h3>
            {one.request === null ? (
              <p className="s2 t3">{t("request.gone")}</p>
            ) : (
              <pre tabIndex={0} aria-label={t("request")}>
                {laidOut(one.request)}
              </pre>
            )}
          </section>
          {one.state === "dead" && one.type !== "test" && (
            <div className="row webhook-acts">
              <Button type="primary" loading={replay.isPending} onClick={again}>
                {t("replay")}
              </Button>
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
