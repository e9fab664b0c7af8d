import { createContext, use } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { hourMinute } from "../lib/format";
import { Icon } from "../lib/icon";
import { useProblemText } from "../lib/problem";
import { langOf, withLinks } from "../lib/words";
import { useLive, useStatus } from "../live/context";
import type { PendingItem } from "./transcript";
import type { Shared } from "./transcript-props";
import { TickMark, type Tick } from "./transcript-tick";
import type { Uploading } from "./uploads";

/** The files that are being uploaded into the conversation. */
export const Uploads = createContext<readonly Uploading[]>([]);

interface PendingProps extends Pick<Shared, "conversation" | "zone" | "onEdit"> {
  item: PendingItem;
  last: boolean;
}

/** A send that has no entry yet: a file that is on its way here, or what is on its way to the server. */
export function PendingView(props: PendingProps) {
  const upload = use(Uploads).find((one) => one.clientId === props.item.pending.client_id);
  return upload ? <UploadView upload={upload} /> : <SendingView {...props} />;
}

/** A send that is confirmed within a second is shown by a symbol, not by text. */
function SendingView({ conversation, item, last, zone, onEdit }: PendingProps) {
  const { t } = useTranslation("desk");
  const live = useLive();
  const text = useProblemText();
  const down = useStatus().state === "down";
  const now = useNow(500);
  const { pending } = item;
  const failed = pending.code !== undefined;
  // To us, a conversation that someone else serves does not exist; the author of a message in it wants to know that.
  const reason = text(pending.code === "not_found" || pending.code === "not_permitted" ? "not_yours" : pending.code);
  const { body, name } = pending;
  const written = body.type === "text" || body.type === "note" ? body : null;
  const files = body.type === "note" ? (body.files ?? []) : [];
  const words =
    [written?.text, files.length > 0 && t("file.count", { count: files.length })].filter(Boolean).join("\n") ||
    (name ?? t(body.type === "product" ? "card.word" : "file.sending"));
  const tick: Tick = failed ? "failed" : pending.seq !== undefined ? "accepted" : down ? "waiting" : "sending";
  return (
    <li className="said" tabIndex={-1}>
      <span className="sr">{t("who.you")}</span>
      <div
        className={`bubble${failed ? " bubble-failed" : ""}${pending.body.type === "note" ? " bubble-note" : ""}`}
        lang={langOf(words)}
        dir="auto"
      >
        {withLinks(words)}
      </div>
      {failed ? (
        <div className="meta">
          <span className="hot" role="alert">
            {t("tick.failed_why", { reason })}
          </span>
          {name === undefined && (
            <button type="button" className="link b" onClick={() => live.resend(conversation, pending.client_id)}>
              {t("message.resend")}
            </button>
          )}
          {written && (
            <button
              type="button"
              className="link"
              onClick={() => {
                const mode = written.type === "note" ? "note" : "reply";
                onEdit({ mode, text: written.text, files, quote: written.quote ?? undefined }, pending.client_id);
              }}
            >
              {t("message.edit")}
            </button>
          )}
          <button type="button" className="link" onClick={() => live.drop(conversation, pending.client_id)}>
            {t("message.delete")}
          </button>
        </div>
      ) : (
        last && (
          <div className="meta">
            <time>{hourMinute(item.at, zone)}</time>
            <TickMark tick={tick} words={tick !== "sending" || now - item.at > 1000} />
          </div>
        )
      )}
    </li>
  );
}

/** A file on its way to the server. */
export function UploadView({ upload }: { upload: Uploading }) {
  const { t } = useTranslation("desk");
  const text = useProblemText();
  const percent = Math.round(upload.share * 100);
  return (
    <li className="said" tabIndex={-1}>
      <div className={`bubble file${upload.code ? " bubble-failed" : ""}`}>
        <Icon name={upload.code ? "alert" : "clip"} className={upload.code ? "hot" : undefined} />
        <span className="el" dir="auto">
          {upload.name}
        </span>
        {!upload.code && <progress max={100} value={percent} aria-label={t("file.progress", { name: upload.name })} />}
        {!upload.code && <span className="s1 t3 n">{t("file.percent", { percent })}</span>}
      </div>
      <div className="meta">
        {upload.code ? (
          <>
            <span className="hot">{t("tick.failed_why", { reason: text(upload.code) })}</span>
            {upload.retry && (
              <button type="button" className="link b" onClick={upload.retry}>
                {t("message.resend")}
              </button>
            )}
            <button type="button" className="link" onClick={upload.remove}>
              {t("message.delete")}
            </button>
          </>
        ) : (
          <button type="button" className="link" onClick={upload.remove}>
            {t("file.cancel")}
          </button>
        )}
      </div>
    </li>
  );
}
