import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useTitleOf } from "../lib/people";
import { useLeft, useLive } from "../live/context";

/** After an interruption: the conversations that went back to the queue or to a colleague in the meantime. Nothing leaves the list without notice. */
export function LeftNotice() {
  const { t } = useTranslation("desk");
  const live = useLive();
  const left = useLeft();
  const titleOf = useTitleOf();
  const queued = left.filter((one) => one.now === "queued");
  return (
    <div role="status">
      {left.length > 0 && (
        <div className="notice warn left-notice">
          <Icon name="alert" />
          <div className="grow">
            <p className="b">
              {queued.length > 0 ? t("left.queued", { count: queued.length }) : t("left.taken", { count: left.length })}
            </p>
            <ul>
              {left.map((one) => (
                <li key={one.id}>
                  {one.now === "queued" ? (
                    <Link
                      to="/inbox/$conversation"
                      params={{ conversation: one.id }}
                      search={{ list: "queue" }}
                      dir="auto"
                    >
                      {titleOf(one)}
                    </Link>
                  ) : (
                    <>
                      <bdi>{titleOf(one)}</bdi>
                      <i className="dot" />
                      <span className="t2">
                        {one.now.colleague ? t("left.with", { name: one.now.colleague }) : t("left.elsewhere")}
                      </span>
                    </>
                  )}
                </li>
              ))}
            </ul>
          </div>
          <button type="button" className="ib s" aria-label={t("left.seen")} onClick={() => live.left.set([])}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
