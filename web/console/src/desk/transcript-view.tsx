import type { ConversationView } from "@yingda/api/conversation";
import { useTranslation } from "react-i18next";
import { dayInWords, hourMinuteSecond } from "../lib/format";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useLive } from "../live/context";
import type { Segment } from "./transcript";
import { Blocks } from "./transcript-blocks";
import type { Shared } from "./transcript-props";
import { Uploads, UploadView } from "./transcript-sending";
import type { Uploading } from "./uploads";
import "./answer-line.css";

/** The conversation beside its answer line, which shows who owned it at every moment. */
export function TranscriptView({
  segments,
  view,
  conversation,
  customer,
  zone,
  uploads,
  queueName,
  onEdit,
  acts,
  goTo,
}: Shared & { segments: readonly Segment[]; view: ConversationView; uploads: readonly Uploading[] }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const live = useLive();
  const failed = view.pending
    .filter((one) => one.code !== undefined && one.name === undefined)
    .map((one) => one.client_id);
  const shared = { conversation, customer, zone, queueName, onEdit, acts, goTo, marks: view.marks.customer };
  const refused = uploads.filter((one) => one.clientId === null);
  return (
    <div className="transcript">
      <Uploads value={uploads}>
        {segments.map((segment) => (
          <section key={segment.key} className={segment.episode ? "episode" : undefined}>
            {segment.episode && (
              <p className="divider">
                <span>
                  {t("line.episode", { number: segment.episode.number })}
                  <i className="dot" />
                  {dayInWords(segment.episode.at, zone, language)}
                </span>
              </p>
            )}
            <ul
              className={`own own-${segment.owner}${segment.end ? (segment.end.settled ? " own-settled" : " own-open") : ""}`}
            >
              <Blocks blocks={segment.blocks} {...shared} />
              {segment.end && (
                <li className={`node node-end${segment.end.settled ? " node-settled" : ""}`}>
                  <span>
                    {segment.end.settled
                      ? t(
                          `line.resolved.${segment.end.by === "customer" || segment.end.by === "agent" ? segment.end.by : "system"}`,
                        )
                      : t("line.abandoned")}
                  </span>
                  <i className="dot" />
                  <time>{hourMinuteSecond(segment.end.at, zone)}</time>
                </li>
              )}
            </ul>
            {segment.after.length > 0 && (
              <ul className="own own-after">
                <Blocks blocks={segment.after} {...shared} />
              </ul>
            )}
          </section>
        ))}
      </Uploads>
      {failed.length > 1 && (
        <div className="resend-all">
          <button type="button" className="link b" onClick={() => live.resend(conversation, ...failed)}>
            {t("message.resend_all", { count: failed.length })}
          </button>
        </div>
      )}
      {(refused.length > 0 || view.typing?.by === "customer") && (
        <ul className={`own own-tail own-${segments[segments.length - 1]?.owner ?? "agent"}`}>
          {refused.length > 0 && (
            <li className="run run-agent run-mine">
              <ul className="run-items">
                {refused.map((one) => (
                  <UploadView key={one.key} upload={one} />
                ))}
              </ul>
            </li>
          )}
          {view.typing?.by === "customer" && (
            <li className="run run-customer">
              <span className="av sm" aria-hidden="true">
                {initial(customer)}
              </span>
              <div className="run-items">
                <div className="bubble typing">
                  <span className="typing-dots" aria-hidden="true">
                    <i />
                    <i />
                    <i />
                  </span>
                  {t("row.typing")}
                </div>
              </div>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
