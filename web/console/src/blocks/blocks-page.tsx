import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { RowActs } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useLiftBlock, visitorBlocks } from "./queries";

/** The visitors from whom the company takes nothing. */
export function BlocksPage() {
  const { t } = useTranslation("settings");
  const zone = useMe().time_zone;
  const found = useInfiniteQuery(visitorBlocks);
  const lift = useLiftBlock();
  const refused = useRefused();
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <ListPage
      title={t("side.visitor_blocks")}
      of={found}
      rows={all}
      loading={<LoadingRows rows={3} className="card settings-rows settings-card" />}
      empty={
        <>
          <p>{t("blocks.none")}</p>
          <p>{t("blocks.what")}</p>
        </>
      }
    >
      <ul className="card settings-rows settings-card" aria-label={t("side.visitor_blocks")}>
        {all.map((one) => (
          <li key={one.visitor} className="row" aria-label={one.reason}>
            <div className="grow">
              <div dir="auto">{one.reason}</div>
              <div className="s2 t3">
                {t("blocks.since", { time: dayAndTime(one.at, zone) })}
                <i className="dot" />
                {one.until === null ? t("blocks.ever") : t("blocks.until", { time: dayAndTime(one.until, zone) })}
              </div>
            </div>
            <Link className="link" to="/inbox/$conversation" params={{ conversation: one.conversation }} search={{}}>
              {t("blocks.open")}
            </Link>
            <RowActs
              name={one.reason}
              acts={[
                {
                  word: t("blocks.lift"),
                  asks: { ask: t("blocks.ask"), what: t("blocks.lift.what") },
                  disabled: lift.isPending,
                  run: () => lift.mutate(one.visitor, { onSuccess: () => toast(t("blocks.lifted")), onError: refused }),
                },
              ]}
            />
          </li>
        ))}
      </ul>
    </ListPage>
  );
}
