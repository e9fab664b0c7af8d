import { Button } from "@yingda/antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { span } from "../lib/format";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { reload } from "../lib/reload";
import { useKept, useLive, useOutdated, useStatus } from "../live/context";

/** How long the message that the connection is back is shown, in milliseconds. */
const backFor = 3000;

/** Whether the connection came back a moment ago. */
function useBack(): boolean {
  const live = useLive();
  const [back, setBack] = useState(false);
  useEffect(() => {
    let last = live.status.get().state;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = live.status.subscribe(() => {
      const { state } = live.status.get();
      if (state === last) return;
      clearTimeout(timer);
      setBack(state === "live" && last === "down");
      if (state === "live") timer = setTimeout(() => setBack(false), backFor);
      last = state;
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [live]);
  return back;
}

/**
 * What is wrong with the connection, what happens next, and what becomes of the draft. It is shown in a space above the composer that is always kept free, so
 * that nothing moves when it appears; screen readers announce it without the countdown.
 */
export function LinkStrip() {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const live = useLive();
  const status = useStatus();
  const kept = useKept();
  const outdated = useOutdated();
  const back = useBack();
  const down = status.state === "down" && !outdated;
  useNow(down ? 500 : 600_000);
  const wait = status.retryAt === null ? 0 : Math.max(0, status.retryAt - Date.now());
  const said = outdated
    ? t("link.outdated")
    : down
      ? t(status.offline ? "link.offline" : status.reached ? "link.reached" : "link.lost")
      : back
        ? t("link.back")
        : kept
          ? ""
          : t("link.not_kept");
  const doing =
    !down || status.reached ? "" : wait > 500 ? t("link.in", { wait: span(wait, language) }) : t("link.trying");
  return (
    <div className="link-place">
      <span className="sr" role="status">
        {said}
      </span>
      {said !== "" && (
        <div className={back && !down ? "link-strip link-back" : "link-strip"}>
          <Icon name={back && !down ? "check" : "alert"} />
          <span className="grow" aria-hidden="true">
            {said}
            {doing && (
              <span className="nowrap">
                <i className="dot" />
                {doing}
              </span>
            )}
          </span>
          {outdated && (
            <Button size="small" onClick={reload}>
              {t("link.reload")}
            </Button>
          )}
          {down && !status.reached && (
            <Button size="small" onClick={() => live.retryNow()}>
              {t("link.retry")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
